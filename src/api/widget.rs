//! The widget's loader with its configuration, and the owner's colour.

use std::collections::BTreeMap;

use rouille::Response;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Call, Handled, page};
use crate::assets;
use crate::domain::setup;
use crate::domain::theme::Theme;
use crate::edge::Answer;
use crate::error::{Code, Error, Result};
use crate::model::project::{Language, Project};
use crate::store;
use crate::text;

/// Stands in `assets/widget/loader.js` where the configuration goes.
const PLACE: &str = "\"{{config}}\"";

/// The words that the loader says itself; the window's come with it, in one language.
const LOADER_WORDS: [&str; 5] = ["w.launcher", "w.close", "w.unread", "w.noLoad", "w.hide"];

#[derive(Serialize)]
struct Config<'a> {
    key: &'a str,
    assets: String,
    origin: String,
    language: &'static str,
    title: &'a str,
    /// Russian and English of each: keys stand once.
    texts: BTreeMap<&'a str, [&'a str; 2]>,
    theme: BTreeMap<&'static str, &'a str>,
}

/// The one script that a shop's page carries.
pub fn loader(call: &Call) -> Handled {
    let file = call.path.get("file").map(String::as_str).unwrap_or_default();
    let key = file.strip_suffix(".js").ok_or(Code::NoSuchPath)?;
    let (channel, project) = call.api.domain.store.read(|reader| {
        let channel = store::channel::by_key(reader, key)?.ok_or(Code::ChannelNotFound)?;
        let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
        Ok((channel, project))
    })?;
    let theme = theme_of(&project)?;
    let light = &theme.light;
    let catalogues = text::catalogues();
    let english: BTreeMap<_, _> = catalogues.entries(Language::En, "w.").collect();
    let both = |(key, russian)| (key, [russian, english.get(key).copied().unwrap_or(russian)]);
    let config = Config {
        key: &channel.key,
        assets: call.api.assets.base(),
        origin: call.origin(),
        language: "auto",
        title: &project.name,
        texts: catalogues.entries(Language::Ru, "w.").filter(|(key, _)| LOADER_WORDS.contains(key)).map(both).collect(),
        theme: BTreeMap::from([
            ("fill", light.fill.as_str()),
            ("on_fill", light.on_fill.as_str()),
            ("fill_hover", light.fill_hover.as_str()),
            ("soft", light.soft.as_str()),
            ("accent_text", light.accent_text.as_str()),
            ("edge", light.edge.as_str()),
        ]),
    };
    let script =
        call.api.assets.text("widget/loader.js").ok_or_else(|| Error::internal("no loader among the assets"))?;
    let config = serde_json::to_string(&config).map_err(Error::internal)?;
    Ok(revalidated(call, "text/javascript; charset=utf-8", without_layout(&script).replacen(PLACE, &config, 1)))
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
    Ok(revalidated(call, "text/css; charset=utf-8", theme_of(&project)?.css()))
}

fn theme_of(project: &Project) -> Result<Theme> {
    let theme = Theme::derive(&project.accent).or_else(|| Theme::derive(setup::ACCENT));
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
