//! Whether the widget's line stands on a shop's page, and why the widget may not be seen there.
//!
//! Judged from what the page's server answers. Nothing of the page is run: what its scripts add only a browser knows, and
//! where that may be so, it is said.

mod line;
mod policy;

use url::Url;

pub use policy::Directive;

use crate::error::{Code, Error, Result};
use crate::model::limits;
use crate::model::site_check::CheckKind;

/// The widget that should be there.
#[derive(Clone, Debug)]
pub struct Site {
    /// The public key of its line.
    pub key: String,
    /// Where this server is for visitors.
    pub origin: Url,
    /// Whether the channel is on.
    pub enabled: bool,
    /// Parts of addresses of pages on which it is hidden.
    pub hidden_pages: Vec<String>,
}

/// A page as its server sent it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it is, after all redirects.
    pub url: Url,
    /// The status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its beginning, unpacked.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub whole: bool,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What.
    pub kind: CheckKind,
    /// The other side's own word: an address, a status, a header, a name; empty where there is none.
    pub got: String,
    /// What to add to the page's policy.
    pub directives: Vec<Directive>,
}

impl Reason {
    /// A finding without a word of the other side.
    pub fn new(kind: CheckKind) -> Reason {
        Reason::of(kind, "")
    }

    /// A finding with the other side's word, cut to [`limits::URL_CHARS`].
    pub fn of(kind: CheckKind, got: &str) -> Reason {
        Reason { kind, got: got.chars().take(limits::URL_CHARS).collect(), directives: Vec::new() }
    }
}

/// What a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether the line of this site is there, and a browser would take it for a script.
    pub found: bool,
    /// What keeps the widget away, or is to be known, the most important first.
    pub reasons: Vec<Reason>,
}

/// An address as people type it, and whether its scheme is a guess: without one it is taken for `https`.
///
/// # Errors
/// `text_empty`, `url_invalid`, both with field `url`.
pub fn address(typed: &str) -> Result<(Url, bool)> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::new(Code::TextEmpty).field("url"));
    }
    let scheme = typed.split_once("://").map(|(scheme, _)| scheme);
    let guessed = !scheme.is_some_and(|scheme| scheme.chars().all(|letter| letter.is_ascii_alphanumeric()));
    let whole = if guessed { format!("https://{typed}") } else { typed.to_owned() };
    let sound = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
    };
    let url = Some(whole).filter(|whole| whole.chars().count() <= limits::URL_CHARS);
    let mut url = url.and_then(|whole| Url::parse(&whole).ok()).filter(sound);
    if let Some(url) = &mut url {
        url.set_fragment(None);
    }
    url.map(|url| (url, guessed)).ok_or_else(|| Error::new(Code::UrlInvalid).field("url"))
}

/// Looks at a page.
pub fn judge(site: &Site, page: &Page) -> Finding {
    let mut reasons = Vec::new();
    let not_seen = |reason| Finding { found: false, reasons: vec![reason] };
    match page.status {
        401 | 403 | 429 | 503 => return not_seen(Reason::of(CheckKind::Blocked, &page.status.to_string())),
        200..300 => {}
        status => return not_seen(Reason::of(CheckKind::Status, &status.to_string())),
    }
    let media_type = header(page, "content-type").unwrap_or("text/html");
    if !["text/html", "application/xhtml+xml"].iter().any(|html| media_type.to_ascii_lowercase().starts_with(html)) {
        return not_seen(Reason::of(CheckKind::NotHtml, media_type));
    }
    if let Some(coding) = header(page, "content-encoding").filter(|coding| *coding != "identity") {
        return not_seen(Reason::of(CheckKind::NotHtml, coding));
    }

    let markup = line::read(&page.body);
    let lines = line::lines(site, page, &markup);
    let mine = lines.iter().find(|line| line.is_mine());
    let found = mine.is_some_and(|line| line.runs());
    match mine {
        Some(line) => {
            reasons.extend(line.faults(page));
            reasons.extend(policy::missing(site, page, &markup, line.nonce.as_deref()));
        }
        None => reasons.extend(line::absence(site, &lines, &markup)),
    }
    if mine.is_none() {
        if !page.whole {
            reasons.push(Reason::new(CheckKind::TooLong));
        }
        reasons.extend(cache_of(page).map(|sign| Reason::of(CheckKind::Cached, &sign)));
    }
    if !site.enabled {
        reasons.push(Reason::new(CheckKind::SwitchedOff));
    }
    let address = page.url.as_str();
    let hidden = site.hidden_pages.iter().find(|part| address.contains(part.as_str()));
    reasons.extend(hidden.map(|part| Reason::of(CheckKind::PageHidden, part)));
    reasons.truncate(limits::SITE_REASONS);
    Finding { found, reasons }
}

fn header<'p>(page: &'p Page, name: &str) -> Option<&'p str> {
    page.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
}

/// A sign that the page was kept on its way, or may be: the header that says so.
fn cache_of(page: &Page) -> Option<String> {
    let age = header(page, "age").filter(|age| age.parse::<u64>().is_ok_and(|seconds| seconds > 0));
    if let Some(age) = age {
        return Some(format!("Age: {age}"));
    }
    for name in ["cf-cache-status", "x-cache", "x-cache-status", "x-proxy-cache", "x-litespeed-cache", "x-nginx-cache"]
    {
        if let Some(value) = header(page, name).filter(|value| value.to_ascii_lowercase().contains("hit")) {
            return Some(format!("{name}: {value}"));
        }
    }
    let control = header(page, "cache-control")?;
    let kept = control.to_ascii_lowercase().split(',').any(|part| {
        let (name, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
        matches!(name, "max-age" | "s-maxage")
            && value.trim_matches('"').parse::<u64>().is_ok_and(|seconds| seconds > 0)
    });
    kept.then(|| format!("Cache-Control: {control}"))
}

#[cfg(test)]
mod tests;
