//! Looks at a page of the shop for the widget's line, as a browser would get it.
//!
//! Somebody pressed a button and waits; few pages at a time, and each look ends by itself
//! ([`limits::OUTBOUND_MS`] for each of at most [`limits::SITE_CHECK_REDIRECTS`] redirects).

use std::io::Read;

use flate2::read::GzDecoder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Call, Handled};
use crate::domain::host;
use crate::domain::site_check::{self, Finding, Page, Reason, Site};
use crate::error::{Code, Error};
use crate::model::site_check::CheckKind;
use crate::model::{ChannelId, limits};
use crate::outbound::{Answer, Fault, Outbound};
use crate::store;

/// The page to look at.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    url: String,
}

/// What was found there.
#[derive(Serialize, JsonSchema)]
pub struct SiteCheck {
    /// The page that was looked at in the end.
    url: String,
    /// Whether the line is there, and browsers would run it.
    found: bool,
    /// Why the widget may not be seen, or what is to be known.
    reasons: Vec<CheckReason>,
}

#[derive(Serialize, JsonSchema)]
struct CheckReason {
    kind: CheckKind,
    got: String,
    directives: Vec<CheckDirective>,
}

#[derive(Serialize, JsonSchema)]
struct CheckDirective {
    name: String,
    add: String,
    whole: String,
}

/// Looks.
pub fn check(call: &Call) -> Handled {
    let body: CheckBody = call.body()?;
    let (url, guessed) = site_check::address(&body.url)?;
    let id = ChannelId(call.id("id")?);
    let channel =
        call.api.domain.store.read(|reader| Ok(store::channel::get(reader, id)?.ok_or(Code::ChannelNotFound)?))?;
    let origin = Url::parse(&call.origin()).map_err(Error::internal)?;
    let site = Site {
        key: channel.key.clone(),
        origin,
        enabled: channel.enabled,
        hidden_pages: channel.look.hidden_pages.clone(),
    };
    let place = call.api.site_checks.take()?;
    let (url, mut finding) = match guessed {
        true => look_at_either(call, &site, url),
        false => look(call, &site, url),
    };
    drop(place);
    if !host::is_allowed(&channel.domains, url.host_str()) {
        let host = host::shown(url.host_str().unwrap_or_default());
        finding.reasons.insert(0, Reason::of(CheckKind::DomainRefused, &host));
    }
    call.json(200, &SiteCheck::new(&url, finding))
}

/// Looks at the page by `https`, and where nothing answers by it, by `http`: no scheme was typed.
fn look_at_either(call: &Call, site: &Site, url: Url) -> (Url, Finding) {
    let mut open = url.clone();
    let safe = look(call, site, url);
    let silent = |(_, finding): &(Url, Finding)| {
        finding.reasons.iter().any(|reason| matches!(reason.kind, CheckKind::NoAnswer | CheckKind::AnswerCut))
    };
    if !silent(&safe) || open.set_scheme("http").is_err() {
        return safe;
    }
    Some(look(call, site, open)).filter(|looked| !silent(looked)).unwrap_or(safe)
}

/// Fetches the page, following its redirects, and judges it.
fn look(call: &Call, site: &Site, typed: Url) -> (Url, Finding) {
    let outbound = Outbound::new(call.api.allow_private_addresses).reading(limits::SITE_CHECK_BYTES);
    let mut url = typed.clone();
    for _ in 0..=limits::SITE_CHECK_REDIRECTS {
        let headers = [("accept", "text/html"), ("accept-language", call.language.as_str())];
        let answer = match outbound.send("GET", url.as_str(), &headers, b"") {
            Ok(answer) => answer,
            Err(fault) => return (url.clone(), unseen(reason_of(&fault, &url))),
        };
        let next = answer.location.as_deref().filter(|_| (300..400).contains(&answer.status));
        // Where no page is, nobody is led.
        let next = next.and_then(|next| url.join(next).ok()).filter(|next| matches!(next.scheme(), "http" | "https"));
        if let Some(next) = next {
            url = next;
            continue;
        }
        let mut finding = site_check::judge(site, &page(url.clone(), answer));
        if is_elsewhere(&typed, &url) {
            finding.reasons.push(Reason::of(CheckKind::Redirected, url.as_str()));
        }
        return (url, finding);
    }
    let reason = Reason::of(CheckKind::RedirectsTooMany, url.as_str());
    (url, unseen(reason))
}

fn unseen(reason: Reason) -> Finding {
    Finding { found: false, reasons: vec![reason] }
}

/// Why no page came, each cause a sentence of the owner's own: what the client says of it is for programmers.
fn reason_of(fault: &Fault, url: &Url) -> Reason {
    match fault {
        Fault::AddressRefused(_) => Reason::new(CheckKind::AddressPrivate),
        Fault::NoSuchName(_) => Reason::of(CheckKind::NoSuchName, &host::shown(url.host_str().unwrap_or_default())),
        Fault::NotSent(_) => Reason::new(CheckKind::NoAnswer),
        Fault::NotTrusted(_) => Reason::new(CheckKind::NotTrusted),
        Fault::Unknown(_) => Reason::new(CheckKind::AnswerCut),
    }
}

/// Whether a redirect led to another page, and not only to encryption or a slash.
fn is_elsewhere(typed: &Url, url: &Url) -> bool {
    typed.host_str() != url.host_str() || typed.path().trim_end_matches('/') != url.path().trim_end_matches('/')
}

/// The page of an answer, unpacked where its server packed it unasked.
fn page(url: Url, answer: Answer) -> Page {
    let zipped = answer.header("content-encoding").is_some_and(|coding| coding.trim().eq_ignore_ascii_case("gzip"));
    let Answer { status, mut headers, mut body, mut whole, .. } = answer;
    if zipped {
        let mut plain = Vec::new();
        let read = GzDecoder::new(body.as_slice()).take(limits::SITE_CHECK_BYTES as u64).read_to_end(&mut plain);
        whole &= read.is_ok() && plain.len() < limits::SITE_CHECK_BYTES;
        body = plain;
        headers.retain(|(name, _)| name != "content-encoding");
    }
    Page { url, status, headers, body, whole }
}

impl SiteCheck {
    fn new(url: &Url, finding: Finding) -> SiteCheck {
        let directive = |one: site_check::Directive| CheckDirective { name: one.name, add: one.add, whole: one.whole };
        let reason = |reason: Reason| CheckReason {
            kind: reason.kind,
            got: reason.got,
            directives: reason.directives.into_iter().map(directive).collect(),
        };
        SiteCheck {
            url: url.to_string(),
            found: finding.found,
            reasons: finding.reasons.into_iter().map(reason).collect(),
        }
    }
}
