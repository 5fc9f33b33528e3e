//! The lines of widgets in the markup of a page.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use url::Url;

use super::{Page, Reason, Site};
use crate::model::site_check::CheckKind;

/// Scripts that add others in the browser, by what stands in their address.
const TAG_MANAGERS: [(&str, &str); 3] =
    [("googletagmanager.com", "Google Tag Manager"), ("tealiumiq.com", "Tealium"), ("matomo", "Matomo Tag Manager")];

/// What matters of a page's markup.
#[derive(Debug, Default)]
pub struct Markup {
    scripts: Vec<Script>,
    /// Texts of scripts that stand in the page.
    inside: String,
    comments: String,
    base: Option<String>,
    /// Policies that the page gives itself.
    pub policies: Vec<String>,
}

#[derive(Debug, Default)]
struct Script {
    src: String,
    kind: String,
    nonce: Option<String>,
    manual: bool,
}

/// A line that looks like one of a widget.
#[derive(Debug)]
pub struct Line {
    address: Url,
    kind: String,
    /// The nonce that it carries.
    pub nonce: Option<String>,
    manual: bool,
    same_key: bool,
    same_origin: bool,
}

/// Reads the markup as a browser does that runs scripts: what stands in `noscript` and other raw texts is not seen.
pub fn read(body: &[u8]) -> Markup {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut markup = Markup::default();
    let mut in_script = false;
    for token in Tokenizer::new_with_emitter(body, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let value = |name: &[u8]| {
                    tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned())
                };
                in_script = &**tag.name == b"script";
                match &**tag.name {
                    b"script" => markup.scripts.push(Script {
                        src: value(b"src").or_else(|| value(b"data-src")).unwrap_or_default(),
                        // Where the address waits in another attribute, something else starts the script.
                        kind: if tag.attributes.contains_key(b"src".as_slice()) {
                            value(b"type").unwrap_or_default()
                        } else {
                            "data-src".to_owned()
                        },
                        nonce: value(b"nonce"),
                        manual: value(b"data-manual").is_some(),
                    }),
                    b"base" if markup.base.is_none() => markup.base = value(b"href"),
                    b"meta"
                        if value(b"http-equiv")
                            .is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy")) =>
                    {
                        markup.policies.extend(value(b"content"));
                    }
                    _ => {}
                }
            }
            Token::EndTag(_) => in_script = false,
            Token::String(text) if in_script => markup.inside.push_str(&String::from_utf8_lossy(&text)),
            Token::Comment(text) => markup.comments.push_str(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    markup
}

/// The lines of widgets: of this one, of another site's, of another Beseda's.
pub fn lines(site: &Site, page: &Page, markup: &Markup) -> Vec<Line> {
    let base = markup.base.as_deref().and_then(|base| page.url.join(base).ok()).unwrap_or_else(|| page.url.clone());
    let line = |script: &Script| {
        let address = base.join(&script.src).ok()?;
        let key = key_of(&address)?;
        Some(Line {
            same_key: key == site.key,
            same_origin: address.origin() == site.origin.origin(),
            kind: script.kind.clone(),
            nonce: script.nonce.clone(),
            manual: script.manual,
            address: address.clone(),
        })
    };
    markup.scripts.iter().filter(|script| !script.src.is_empty()).filter_map(line).collect()
}

/// The key in `…/w/KEY.js`.
fn key_of(address: &Url) -> Option<&str> {
    let (_, file) = address.path().split_once("/w/")?;
    let key = file.strip_suffix(".js")?;
    let sound = key.len() >= 8 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    sound.then_some(key)
}

impl Line {
    /// Whether it is this site's own.
    pub fn is_mine(&self) -> bool {
        self.same_key && self.same_origin
    }

    /// Whether browsers run it.
    pub fn runs(&self) -> bool {
        let kind = self.kind.to_ascii_lowercase();
        kind.is_empty()
            || kind == "module"
            // An optimiser of the page renames the type and runs the script itself.
            || kind.ends_with("text/javascript")
            || kind.ends_with("application/javascript")
            || kind.ends_with("ecmascript")
    }

    /// What is wrong with it, or to be known.
    pub fn faults(&self, page: &Page) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !self.runs() {
            reasons.push(Reason::of(CheckKind::LineInactive, &self.kind));
        }
        if page.url.scheme() == "https" && self.address.scheme() == "http" {
            reasons.push(Reason::of(CheckKind::MixedContent, self.address.as_str()));
        }
        if self.manual {
            reasons.push(Reason::new(CheckKind::WaitsForStart));
        }
        reasons
    }
}

/// Why the line of this site is not there.
pub fn absence(site: &Site, lines: &[Line], markup: &Markup) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let file = format!("/w/{}.js", site.key);
    for line in lines {
        // The same key elsewhere is this site's line with a wrong address.
        reasons.push(if line.same_origin {
            Reason::of(CheckKind::OtherKey, key_of(&line.address).unwrap_or_default())
        } else {
            Reason::of(CheckKind::OtherAddress, &line.address.origin().ascii_serialization())
        });
    }
    if markup.comments.contains(&file) {
        reasons.push(Reason::new(CheckKind::LineInComment));
    }
    if markup.inside.contains(&file) {
        reasons.push(Reason::new(CheckKind::LineInScript));
    }
    if reasons.is_empty() {
        reasons.push(Reason::new(CheckKind::LineMissing));
    }
    let manager = TAG_MANAGERS.iter().find(|(address, _)| {
        markup.inside.contains(address) || markup.scripts.iter().any(|script| script.src.contains(address))
    });
    reasons.extend(manager.map(|(_, name)| Reason::of(CheckKind::TagManager, name)));
    reasons.dedup();
    reasons
}
