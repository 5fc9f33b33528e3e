//! Content Security Policies of pages: what they forbid the widget (CSP Level 3, sections 4 and 6).

use url::Url;

use super::line::Markup;
use super::{Page, Reason, Site};
use crate::model::limits;
use crate::model::site_check::CheckKind;

/// What to add to one directive of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name.
    pub name: String,
    /// What is missing in it.
    pub add: String,
    /// The whole directive as it should be.
    pub whole: String,
}

/// What the widget loads, each with the directives that rule it, the most particular first.
const NEEDS: [(&[&str], Need); 3] = [
    (&["script-src-elem", "script-src", "default-src"], Need::Scripts),
    (&["connect-src", "default-src"], Need::Connections),
    (&["img-src", "default-src"], Need::Pictures),
];

#[derive(Clone, Copy)]
enum Need {
    Scripts,
    Connections,
    Pictures,
}

impl Need {
    /// Sources that have to be allowed, each with addresses that are loaded from it.
    fn sources(self, site: &Site) -> Vec<(String, Vec<Url>)> {
        let origin = site.origin.origin().ascii_serialization();
        let at = |path: &str| site.origin.join(path).ok();
        let here = |paths: &[&str]| (origin.clone(), paths.iter().filter_map(|path| at(path)).collect::<Vec<_>>());
        let file = format!("/w/{}.js", site.key);
        match self {
            Need::Scripts => vec![here(&[&file, "/a/0/widget/window.js"])],
            Need::Connections => {
                let socket = origin.replacen("http", "ws", 1);
                let address = Url::parse(&format!("{socket}/ws/visitor")).ok().into_iter().collect();
                vec![here(&["/w/x/attachments"]), (socket, address)]
            }
            // Pictures that a visitor is about to send are shown from this device.
            Need::Pictures => {
                let own = Url::parse("blob:https://page.invalid/0").ok().into_iter().collect();
                vec![here(&["/avatars/1/0/96", "/w/file/1"]), ("blob:".to_owned(), own)]
            }
        }
    }
}

/// What the page's policies forbid the widget; `nonce` is the one of its line.
pub fn missing(site: &Site, page: &Page, markup: &Markup, nonce: Option<&str>) -> Vec<Reason> {
    let headers = page.headers.iter().filter(|(name, _)| name == "content-security-policy");
    let policies = headers.flat_map(|(_, value)| value.split(',')).chain(markup.policies.iter().map(String::as_str));
    let mut reasons: Vec<Reason> = Vec::new();
    for policy in policies.take(limits::SITE_POLICIES).map(Policy::parse) {
        let scripts = policy.ruling(&["script-src-elem", "script-src", "default-src"]);
        if scripts.is_some_and(|(_, sources)| has(sources, "'strict-dynamic'") && !is_nonced(sources, nonce)) {
            reasons.push(Reason::new(CheckKind::PolicyNonce));
        }
        let directives: Vec<Directive> =
            NEEDS.iter().filter_map(|(names, need)| policy.lacks(names, *need, site, page, nonce)).collect();
        if !directives.is_empty() {
            let mut reason = Reason::new(CheckKind::Policy);
            reason.directives = directives;
            reasons.push(reason);
        }
    }
    reasons.dedup();
    reasons
}

/// One policy: its directives in their order.
struct Policy<'p> {
    directives: Vec<(String, Vec<&'p str>)>,
}

impl<'p> Policy<'p> {
    /// Of a policy that no shop has, the beginning: another server wrote it, and each name is compared with all before it.
    fn parse(text: &'p str) -> Policy<'p> {
        let text = &text[..text.floor_char_boundary(limits::SITE_POLICY_BYTES)];
        let mut directives: Vec<(String, Vec<&str>)> = Vec::new();
        for part in text.split(';').take(limits::SITE_POLICY_DIRECTIVES) {
            let mut words = part.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
            // The first of a name counts.
            if directives.iter().all(|(known, _)| *known != name) {
                directives.push((name, words.collect()));
            }
        }
        Policy { directives }
    }

    /// The first of these directives that the policy has.
    fn ruling(&self, names: &[&str]) -> Option<(&str, &[&'p str])> {
        let of = |name: &&str| self.directives.iter().find(|(known, _)| known == name);
        names.iter().find_map(of).map(|(name, sources)| (name.as_str(), sources.as_slice()))
    }

    fn lacks(&self, names: &[&str], need: Need, site: &Site, page: &Page, nonce: Option<&str>) -> Option<Directive> {
        let (name, known) = self.ruling(names)?;
        if matches!(need, Need::Scripts) && (is_nonced(known, nonce) || has(known, "'strict-dynamic'")) {
            return None;
        }
        let allowed = |addresses: &[Url]| {
            addresses.iter().all(|address| known.iter().any(|source| allows(source, address, &page.url)))
        };
        let sources = need.sources(site).into_iter();
        let missing: Vec<String> =
            sources.filter(|(_, addresses)| !allowed(addresses)).map(|(source, _)| source).collect();
        if missing.is_empty() {
            return None;
        }
        // What falls back on default-src gets a directive of its own, with what was allowed before.
        let name = if name == "default-src" { names.iter().rev().nth(1).copied().unwrap_or(name) } else { name };
        let kept = known.iter().filter(|source| !source.eq_ignore_ascii_case("'none'")).copied();
        let whole: Vec<&str> = std::iter::once(name).chain(kept).chain(missing.iter().map(String::as_str)).collect();
        Some(Directive { name: name.to_owned(), add: missing.join(" "), whole: whole.join(" ") })
    }
}

fn has(sources: &[&str], word: &str) -> bool {
    sources.iter().any(|source| source.eq_ignore_ascii_case(word))
}

/// Whether the line carries a nonce of the policy; modules that it loads inherit it.
fn is_nonced(sources: &[&str], nonce: Option<&str>) -> bool {
    nonce.is_some_and(|nonce| !nonce.is_empty() && sources.contains(&format!("'nonce-{nonce}'").as_str()))
}

/// Whether a source lets an address through. Not every browser lets sockets through by a source for `https`, so that one
/// does not count here.
fn allows(source: &str, address: &Url, page: &Url) -> bool {
    let scheme = address.scheme();
    if source == "*" {
        return scheme != "blob";
    }
    if source.eq_ignore_ascii_case("'self'") {
        let same_place =
            address.host_str() == page.host_str() && address.port_or_known_default() == page.port_or_known_default();
        return scheme != "blob" && same_place;
    }
    if let Some(wanted) = source.strip_suffix(':').filter(|word| !word.contains('/')) {
        return is_scheme(wanted, scheme);
    }
    if source.starts_with('\'') {
        return false;
    }
    let (wanted, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => (page.scheme(), source),
    };
    let (place, path) = match rest.split_once('/') {
        Some((place, path)) => (place, format!("/{path}")),
        None => (rest, String::new()),
    };
    let (host, port) = match place.rsplit_once(':').filter(|(_, port)| *port == "*" || port.parse::<u16>().is_ok()) {
        Some((host, port)) => (host, Some(port)),
        None => (place, None),
    };
    is_scheme(wanted, scheme) && is_host(host, address) && is_port(port, address) && is_path(&path, address)
}

fn is_scheme(wanted: &str, scheme: &str) -> bool {
    let wanted = wanted.to_ascii_lowercase();
    wanted == scheme || matches!((wanted.as_str(), scheme), ("http", "https") | ("ws", "wss"))
}

fn is_host(wanted: &str, address: &Url) -> bool {
    let wanted = wanted.to_ascii_lowercase();
    let host = address.host_str().unwrap_or_default();
    match wanted.strip_prefix('*') {
        Some("") => true,
        Some(end) => host.ends_with(end),
        None => wanted == host,
    }
}

fn is_port(wanted: Option<&str>, address: &Url) -> bool {
    match wanted {
        Some("*") => true,
        Some(port) => port.parse().ok() == address.port_or_known_default(),
        None => address.port().is_none(),
    }
}

fn is_path(wanted: &str, address: &Url) -> bool {
    match wanted {
        "" | "/" => true,
        folder if folder.ends_with('/') => address.path().starts_with(folder),
        file => address.path() == file,
    }
}
