//! Any other CRM: a signed request to an address of the owner's (Standard Webhooks 1.0.0).
//!
//! A repeat is the same request: `webhook-id` and the body, which is made once and kept, to the byte; only time and signature
//! are new. So the standard wants it, and so a receiver that took the first one without our knowing can tell the second, and
//! it would be wrong to send something else under the id that it may know: it would be dropped. What is sent after a refusal
//! is another message: it is made anew and has another `webhook-id`; `lead_id` in it says which lead it corrects.

use std::cell::RefCell;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::address::{self, Web};
use super::call::{Answer, Http, Request};
use super::fault::{Cause, Fault};
use super::field::Field;
use super::step::{self, Journal};
use super::transcript;
use super::{Account, Client, Crm, Place, Sent, Settings, User};
use crate::clock::Clock;
use crate::model::lead::{Contacts, Extra, Lead, Line, Target};
use crate::model::limits;
use crate::model::visit::MARKS;

/// How a secret begins; base64 of its bytes follows.
const SECRET_PREFIX: &str = "whsec_";

/// Bytes of a new secret; 24 to 64 are allowed.
const SECRET_BYTES: usize = 32;

/// The connector.
pub(super) struct Webhook<'a> {
    http: &'a dyn Http,
    clock: Clock,
    address: Web,
    url: String,
    keys: Vec<Vec<u8>>,
    secrets: Vec<String>,
}

/// A new secret to sign with.
///
/// # Errors
/// The system's words when it gives no random bytes.
pub fn make_secret() -> Result<String, String> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes)))
}

impl<'a> Webhook<'a> {
    /// `secret` may hold two secrets with a space between, while the receiver changes from one to the other.
    pub(super) fn new(settings: &Settings, http: &'a dyn Http, clock: Clock) -> Result<Self, Fault> {
        let typed = settings.address.trim();
        let web = address::web(typed).filter(|web| web.tls || settings.plain_http);
        let address = web.filter(|_| address::is_web(typed)).ok_or_else(|| Fault::new(Cause::Https, ""))?;
        let secrets: Vec<String> = settings.secret.split_whitespace().map(str::to_owned).collect();
        let keys: Option<Vec<Vec<u8>>> = secrets.iter().map(|secret| key(secret)).collect();
        let keys = keys.filter(|keys| !keys.is_empty()).ok_or_else(|| Fault::new(Cause::WebhookSecret, ""))?;
        Ok(Webhook { http, clock, address, url: typed.to_owned(), keys, secrets })
    }

    fn post(&self, id: &str, body: Vec<u8>) -> Result<Answer, Fault> {
        let at = self.clock.now() / 1_000;
        let signatures: Vec<String> = self.keys.iter().map(|key| signature(key, id, at, &body)).collect();
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        let request = Request { method: "POST", url: self.url.clone(), headers, body: Some(body) };
        let read = self.http.exchange(&request).map_err(Fault::from).and_then(read);
        read.map_err(|fault| self.secrets.iter().fold(fault, |fault, secret| fault.hiding(secret)))
    }
}

impl Crm for Webhook<'_> {
    fn check(&self) -> Result<Account, Fault> {
        let id = format!("test_{}", self.clock.now());
        let body = json!({"type": "beseda.test", "timestamp": iso(self.clock.now()), "data": {"version": 1}});
        self.post(&id, body.to_string().into_bytes())?;
        Ok(Account { name: self.address.authority.clone(), ..Account::default() })
    }

    fn places(&self) -> Result<Vec<Place>, Fault> {
        Ok(Vec::new())
    }

    fn fields(&self, _: Target) -> Result<Vec<Field>, Fault> {
        Ok(Vec::new())
    }

    fn users(&self) -> Result<Vec<User>, Fault> {
        Ok(Vec::new())
    }

    fn send(&self, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
        let said = RefCell::new(Value::Null);
        let mut is_first = false;
        let mut make = || {
            is_first = true;
            payload(lead).to_string().into_bytes()
        };
        let sent = journal.body(&mut make).map_err(step::broken)?;
        let id = step::repeatable(journal, "card", || {
            let answer = self.post(&delivery_id(lead), sent)?;
            let body = answer.json().filter(Value::is_object).unwrap_or(Value::Null);
            let id = match &body["id"] {
                Value::String(id) => id.clone(),
                Value::Number(id) => id.to_string(),
                _ => String::new(),
            };
            *said.borrow_mut() = body["url"].clone();
            Ok(id)
        });
        let id = match id {
            // It left nothing here: the next attempt says what holds by then, without what was taken back meanwhile.
            Err(fault) if is_first && matches!(fault.cause, Cause::Unreachable | Cause::Certificate) => {
                journal.forget_body().map_err(step::broken)?;
                return Err(fault);
            }
            id => id?,
        };
        let said = said.into_inner();
        let url = said.as_str().filter(|url| address::is_web(url)).map(str::to_owned);
        Ok(Sent { id, url, ..Sent::default() })
    }

    fn find_client(&self, _: &Contacts) -> Result<Option<Client>, Fault> {
        Ok(None)
    }

    fn answers_questions(&self) -> bool {
        false
    }
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    (24..=64).contains(&bytes.len()).then_some(bytes)
}

/// `v1,` and base64 of the HMAC-SHA256 over id, time and body.
fn signature(key: &[u8], id: &str, at: i64, body: &[u8]) -> String {
    // HMAC takes keys of any length, so there is no other case.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn read(answer: Answer) -> Result<Answer, Fault> {
    let cause = match answer.status {
        200..=299 => return Ok(answer),
        300..=399 | 404 | 405 => Cause::Address,
        401 | 403 => Cause::Secret,
        // The receiver wants no more.
        410 => Cause::Blocked,
        408 | 425 | 429 => Cause::Busy,
        500.. => Cause::Broken,
        _ => Cause::Refused,
    };
    let words = match (cause, answer.words()) {
        (_, words) if words.is_empty() => format!("HTTP {}", answer.status),
        // What an operator reads and can mend; the number would tell nothing.
        (Cause::Refused, words) => words,
        (_, words) => format!("HTTP {}: {words}", answer.status),
    };
    Err(Fault::new(cause, words).after(answer.retry_after_ms))
}

/// What a receiver knows a repeat by. It holds no dot, which would end it in what is signed.
fn delivery_id(lead: &Lead) -> String {
    match lead.delivery {
        1 => lead.uid.as_str().to_owned(),
        n => format!("{}_{n}", lead.uid.as_str()),
    }
}

/// The body, at most [`limits::WEBHOOK_BODY_BYTES`] long. Long additional fields are cut first, and the oldest messages left
/// out then; all else has limits of its own, which fit together.
fn payload(lead: &Lead) -> Value {
    let fields = fields(lead);
    let whole = body(lead, &fields, 0);
    let size = whole.to_string().len();
    if size <= limits::WEBHOOK_BODY_BYTES {
        return whole;
    }
    let sizes = lead.lines.iter().map(|entry| line(entry).to_string().len() + 1);
    let mut left = size;
    let skipped = sizes.take_while(|bytes| {
        let over = left > limits::WEBHOOK_BODY_BYTES;
        left = if over { left - bytes } else { left };
        over
    });
    body(lead, &fields, skipped.count())
}

/// Additional fields with their values, and whether some were cut.
struct Fields {
    values: Map<String, Value>,
    truncated: bool,
}

/// Together at most [`limits::WEBHOOK_FIELDS_BYTES`] long; if they are longer, each value has the same share.
fn fields(lead: &Lead) -> Fields {
    let with = |value: &dyn Fn(&str) -> String| {
        let entry = |extra: &Extra| (extra.id.clone(), Value::String(value(&extra.value)));
        lead.fields.iter().map(entry).collect::<Map<String, Value>>()
    };
    let size = |values: &Map<String, Value>| json!(values).to_string().len();
    let whole = with(&|value| value.to_owned());
    if size(&whole) <= limits::WEBHOOK_FIELDS_BYTES {
        return Fields { values: whole, truncated: false };
    }
    let names = size(&with(&|_| String::new()));
    let share = limits::WEBHOOK_FIELDS_BYTES.saturating_sub(names) / whole.len();
    Fields { values: with(&|value| beginning(value, share)), truncated: true }
}

/// As much of a text as is at most so many bytes long in JSON, without its quotes.
fn beginning(text: &str, bytes: usize) -> String {
    let size = |text: &str| json!(text).to_string().len() - 2;
    if size(text) <= bytes {
        return text.to_owned();
    }
    const CUT: char = '…';
    let mut left = bytes.saturating_sub(CUT.len_utf8());
    let fits = |c: &char| {
        let taken = size(c.encode_utf8(&mut [0; 4]));
        let fits = taken <= left;
        left = left.saturating_sub(taken);
        fits
    };
    text.chars().take_while(fits).chain([CUT]).collect()
}

fn body(lead: &Lead, fields: &Fields, skipped: usize) -> Value {
    let (client, source) = (&lead.client, &lead.source);
    let mut from: Map<String, Value> =
        MARKS.iter().zip(&source.marks).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    from.insert("referrer".into(), json!(source.referrer));
    from.insert("first_page".into(), json!(Some(&source.first_url).filter(|url| !url.is_empty())));
    json!({
        "type": "lead.created",
        "timestamp": iso(lead.made_at),
        "data": {
            "version": 1,
            "lead_id": lead.uid.as_str(),
            "title": transcript::title(lead, limits::LEAD_TITLE_CHARS),
            "chat_id": lead.chat_id.to_string(),
            "chat_url": lead.chat_url,
            "comment": lead.comment,
            "client": {"name": client.name, "phone": client.phone, "email": client.email, "messenger": null},
            "operator": lead.operator.as_ref().map(|operator| json!({"name": operator.name, "email": operator.email})),
            "channel": {"kind": "site", "name": lead.channel},
            "source": from,
            "page": lead.page.as_ref().map(|(url, title)| json!({"url": url, "title": title})),
            "fields": fields.values,
            "fields_truncated": fields.truncated,
            "transcript": lead.lines[skipped..].iter().map(line).collect::<Vec<_>>(),
            "transcript_truncated": skipped > 0,
        },
    })
}

fn line(line: &Line) -> Value {
    let files: Vec<Value> = line.file.iter().map(|(name, size)| json!({"name": name, "size": size})).collect();
    json!({"at": iso(line.at), "from": line.author.as_str(), "name": line.name, "text": line.text, "files": files})
}

/// `2026-01-02T03:04:05.678Z`.
fn iso(at: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        let key = key("whsec_YmVzZWRhLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODlhYmM=").unwrap();
        let body = r#"{"type":"lead.created","timestamp":"2026-01-02T03:04:05Z","data":{"name":"Иван"}}"#;
        assert_eq!(body.len(), 85);
        let signature = signature(&key, "msg_01JGFJJZ00TESTVECTOR000000", 1_767_323_045, body.as_bytes());
        assert_eq!(signature, "v1,cFn991FCOD3DEedjNMlMVY+WA1paWv04xXAj6byO0bc=");
    }

    #[test]
    fn a_secret_has_its_form() {
        assert_eq!(key("whsec_c2hvcnQ="), None);
        assert_eq!(key("YmVzZWRhLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODlhYmM="), None);
        assert_eq!(key(&make_secret().unwrap()).map(|key| key.len()), Some(SECRET_BYTES));
    }
}
