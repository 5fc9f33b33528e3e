//! The widget's loader with its configuration, and the owner's colour.

use std::collections::{BTreeMap, HashMap};

use rouille::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Call, Handled, page};
use crate::assets;
use crate::domain::consent::Terms;
use crate::domain::theme::Theme;
use crate::domain::view::operator::ThemeColours;
use crate::domain::view::visitor::Face;
use crate::domain::{channel, setup};
use crate::edge::Answer;
use crate::error::{Code, Error, Result};
use crate::model::channel::Channel;
use crate::model::look::{ConsentKind, Greeting, Look, LookLanguage, LookTheme, Visitors};
use crate::model::project::{Language, Project};
use crate::model::{ChannelId, OperatorId, Seq};
use crate::store::{self, Reader};
use crate::text::{self, consent_words};

/// Stands in `assets/widget/loader.js` where the configuration goes.
const PLACE: &str = "\"{{config}}\"";

/// The words that the loader says itself; the window's come with it, in one language.
const LOADER_WORDS: [&str; 5] = ["w.launcher", "w.close", "w.unread", "w.noLoad", "w.hide"];

/// What a widget is told of its site, in the loader and as `KEY.json`. What is standard is left out: `assets/widget/types.js`
/// says what that is.
///
/// ```text
/// { key, version, assets, origin, language: 'auto' | 'ru' | 'en', title: the shop's name,
///   texts: { 'w.launcher': [Russian, English], … the loader's own, and those that the owner changed; 'w.title' only then },
///   theme: { fill, on_fill, fill_hover, soft, accent_text, edge } for the light scheme, dark?: the same for the dark one,
///   look?: { theme, side, offset_x, offset_y, launcher, icon, faces, hide_on_phones, hidden_pages, sound, open_on_message }
///          each only where it is not the standard one, named as in `Look`,
///   greetings?: [{ text, address_contains?, seconds?, visitors?: 'new' | 'returning', operator?: Face }],
///   consent?: { kind: 'line' | 'box', policy_url, document_url, text: [Russian, English], version },
///   off?: true, when the owner switched the site off: nothing is drawn, nothing connects }
/// ```
#[derive(Serialize)]
struct Config<'a> {
    key: &'a str,
    version: Seq,
    assets: String,
    origin: String,
    language: LookLanguage,
    title: &'a str,
    /// Russian and English of each: keys stand once.
    texts: BTreeMap<&'a str, [&'a str; 2]>,
    theme: ThemeColours,
    #[serde(skip_serializing_if = "Option::is_none")]
    dark: Option<ThemeColours>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    look: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    greetings: Vec<GreetingConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<ConsentConfig>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    off: bool,
}

#[derive(Serialize)]
struct GreetingConfig<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    address_contains: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitors: Option<Visitors>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<Face>,
}

#[derive(Serialize)]
struct ConsentConfig {
    kind: ConsentKind,
    policy_url: String,
    document_url: String,
    text: [String; 2],
    version: String,
}

/// Parts of a look that widgets get under the same names, where they are not the standard ones.
const LOOK_PARTS: [&str; 11] = [
    "theme",
    "side",
    "offset_x",
    "offset_y",
    "launcher",
    "icon",
    "faces",
    "hide_on_phones",
    "hidden_pages",
    "sound",
    "open_on_message",
];

/// Another look, to be seen before it is saved.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewBody {
    look: Look,
}

/// All that a config is made of.
struct Site {
    channel: Channel,
    project: Project,
    version: Seq,
    faces: HashMap<OperatorId, Face>,
}

/// `KEY.js`, the one script that a shop's page carries, and `KEY.json`, for open pages when the owner changed something.
pub fn loader(call: &Call) -> Handled {
    let file = call.path.get("file").map(String::as_str).unwrap_or_default();
    let (key, end) = file.rsplit_once('.').ok_or(Code::NoSuchPath)?;
    if !matches!(end, "js" | "json") {
        return Err(Code::NoSuchPath.into());
    }
    let site = call.api.domain.store.read(|reader| site(reader, key))?;
    let config = serde_json::to_string(&config(call, &site)?).map_err(Error::internal)?;
    if end == "json" {
        return Ok(revalidated(call, "application/json", config));
    }
    let script =
        call.api.assets.text("widget/loader.js").ok_or_else(|| Error::internal("no loader among the assets"))?;
    Ok(revalidated(call, "text/javascript; charset=utf-8", without_layout(&script).replacen(PLACE, &config, 1)))
}

/// What the widget would be told of a look that is typed in the settings: not checked, for it is only looked at.
pub fn preview(call: &Call) -> Handled {
    let id = ChannelId(call.id("id")?);
    let body: PreviewBody = call.body()?;
    let site = call.api.domain.store.read(|reader| {
        let channel = store::channel::get(reader, id)?.ok_or(Code::ChannelNotFound)?;
        of_channel(reader, Channel { look: body.look, enabled: true, ..channel })
    })?;
    call.json(200, &config(call, &site)?)
}

fn site(reader: &Reader, key: &str) -> Result<Site> {
    of_channel(reader, channel::by_key(reader, key)?)
}

fn of_channel(reader: &Reader, channel: Channel) -> Result<Site> {
    let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
    let mut faces = HashMap::new();
    for id in channel.look.greetings.iter().filter_map(|greeting| greeting.operator_id) {
        let operator = store::operator::get(reader, id)?.filter(|operator| operator.deleted_at.is_none());
        faces.extend(operator.map(|operator| (id, Face::new(&operator))));
    }
    Ok(Site { version: channel::version(reader, &channel)?, channel, project, faces })
}

fn config<'a>(call: &Call, site: &'a Site) -> Result<Config<'a>> {
    let look = &site.channel.look;
    let theme = theme_of(&look.accent)?;
    let greeting = |greeting: &'a Greeting| GreetingConfig {
        text: &greeting.text,
        address_contains: &greeting.address_contains,
        seconds: (greeting.seconds > 0).then_some(greeting.seconds),
        visitors: Some(greeting.visitors).filter(|visitors| *visitors != Visitors::All),
        operator: greeting.operator_id.and_then(|id| site.faces.get(&id).cloned()),
    };
    Ok(Config {
        key: &site.channel.key,
        version: site.version,
        assets: call.api.assets.base(),
        origin: call.origin(),
        language: look.language,
        title: &site.project.name,
        texts: texts(site),
        theme: ThemeColours::new(&theme.light),
        dark: (look.theme != LookTheme::Light).then(|| ThemeColours::new(&theme.dark)),
        look: look_parts(look)?,
        greetings: look.greetings.iter().map(greeting).collect(),
        consent: Terms::of(look, consent_words).map(|terms| ConsentConfig {
            kind: terms.kind,
            policy_url: terms.policy_url,
            document_url: terms.document_url,
            text: terms.texts,
            version: terms.version,
        }),
        off: !site.channel.enabled,
    })
}

fn look_parts(look: &Look) -> Result<Map<String, Value>> {
    let parts = |look: &Look| serde_json::to_value(look).map_err(Error::internal);
    let (mut known, standard) = (parts(look)?, parts(&Look::standard(&look.accent))?);
    let mut differing = Map::new();
    for name in LOOK_PARTS {
        let value = known.get_mut(name).map(Value::take);
        if let Some(value) = value.filter(|value| standard.get(name) != Some(value)) {
            differing.insert(name.to_owned(), value);
        }
    }
    Ok(differing)
}

/// The loader's own words, and those that the owner chose; a language without them keeps the standard ones.
fn texts(site: &Site) -> BTreeMap<&str, [&str; 2]> {
    let catalogues = text::catalogues();
    let all = |language| catalogues.entries(language, "w.").collect::<BTreeMap<_, _>>();
    let (russian, english) = (all(Language::Ru), all(Language::En));
    let standard = |key: &str| match key {
        "w.title" => [site.project.name.as_str(); 2],
        key => [&russian, &english].map(|words| words.get(key).copied().unwrap_or_default()),
    };
    let mut texts: BTreeMap<&str, [&str; 2]> = LOADER_WORDS.into_iter().map(|key| (key, standard(key))).collect();
    let own = &site.channel.look.texts;
    for (key, both) in [
        ("w.launcher", &own.launcher),
        ("w.title", &own.title),
        ("w.online", &own.online),
        ("w.leave", &own.offline),
        ("w.placeholder", &own.placeholder),
        ("w.formTitle", &own.form_title),
        ("w.ended", &own.ended),
    ] {
        let Some(both) = both else { continue };
        let [ru, en] = standard(key);
        texts.insert(key, [chosen(&both.ru, ru), chosen(&both.en, en)]);
    }
    texts
}

fn chosen<'a>(own: &'a str, standard: &'a str) -> &'a str {
    if own.is_empty() { standard } else { own }
}

/// The script without indentation and types, which are for those who read it here.
fn without_layout(script: &str) -> String {
    let mut text = String::with_capacity(script.len());
    for line in script.lines().map(str::trim) {
        let start = text.len();
        let mut rest = line;
        while let Some((before, (_, after))) = rest.split_once("/** ").and_then(|(b, a)| Some((b, a.split_once("*/")?)))
        {
            text.push_str(before);
            rest = after.trim_start();
        }
        text.push_str(rest);
        if text.len() > start {
            text.push('\n');
        }
    }
    text
}

/// The owner's colour, for both schemes of the pages.
pub fn theme(call: &Call) -> Handled {
    let project = call.api.domain.store.read(|reader| Ok(store::project::get(reader)?))?;
    let project = project.ok_or_else(|| Error::internal("a file without a project"))?;
    Ok(revalidated(call, "text/css; charset=utf-8", theme_of(&project.accent)?.css()))
}

fn theme_of(accent: &str) -> Result<Theme> {
    let theme = Theme::derive(accent).or_else(|| Theme::derive(setup::ACCENT));
    theme.ok_or_else(|| Error::internal("no theme can be made of the accent"))
}

/// Something that may change at any time: browsers ask each time, and get 304 when it did not (RFC 9110, section 13.1.2).
fn revalidated(call: &Call, media_type: &'static str, body: String) -> Answer {
    let digest = Sha256::digest(body.as_bytes());
    let tag = digest.iter().take(8).fold(String::from("\""), |tag, byte| tag + &format!("{byte:02x}")) + "\"";
    let known = call.request.header("if-none-match").is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let response = if known {
        Response::empty_204().with_status_code(304)
    } else if call.takes_gzip() {
        let zipped = assets::gzip(body.as_bytes());
        Response::from_data(media_type, zipped).with_additional_header("Content-Encoding", "gzip")
    } else {
        Response::from_data(media_type, body)
    };
    Answer::Response(page::shared(response, "no-cache").with_additional_header("ETag", tag))
}
