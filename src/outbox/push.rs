//! Pushes to devices of operators (RFC 8030): whether one is still wanted, its words, the request, and what the answer means.

use std::sync::Arc;

use serde_json::json;

use super::{Courier, Outcome};
use crate::domain::mask::{Mask, Unaware};
use crate::domain::notice::{self, Said};
use crate::domain::push::crypt::{self, DeviceKeys, Vapid};
use crate::domain::push::origin;
use crate::domain::viewer::Viewer;
use crate::domain::{Domain, settings};
use crate::error::{Error, Result};
use crate::model::chat::Chat;
use crate::model::limits;
use crate::model::operator::{Operator, Role};
use crate::model::outbox::Job;
use crate::model::project::Language;
use crate::model::push::{Notice, NoticeKind, PushDevice};
use crate::model::settings::ContactSettings;
use crate::outbound::{Answer, Fault, Outbound};
use crate::store::{self, Tx};
use crate::text::catalogues;

/// Sends pushes.
pub struct PushCourier {
    domain: Arc<Domain>,
    outbound: Outbound,
    public_url: Option<String>,
}

/// All that one push is made of.
struct Push {
    notice: Notice,
    device: PushDevice,
    operator: Operator,
    chat: Option<Chat>,
    /// The operator's open chats with how many messages are unread.
    open: Vec<(crate::model::ChatId, i64)>,
    vapid_key: Vec<u8>,
    contact: String,
    /// Who sees contacts of clients.
    contacts: ContactSettings,
}

impl PushCourier {
    /// `public_url`: the address that people use, under which push services may ask who we are.
    pub fn new(domain: Arc<Domain>, outbound: Outbound, public_url: Option<String>) -> PushCourier {
        PushCourier { domain, outbound, public_url }
    }

    fn attempt(&self, job: &Job) -> Result<Outcome> {
        let Some(push) = self.read(notice::parse(&job.payload)?)? else { return Ok(Outcome::Dropped) };
        if let Some(outcome) = self.waits_for_a_page(&push.notice) {
            return Ok(outcome);
        }
        let first = self.send_with_text(&push, true)?;
        // Too large for this service: the same without what the client wrote.
        match first {
            Ok(answer) if answer.status == 413 => Ok(outcome(self.send_with_text(&push, false)?, self.now())),
            first => Ok(outcome(first, self.now())),
        }
    }

    /// What the push is made of, as it is now; `None`: nobody wants it any more.
    fn read(&self, notice: Notice) -> Result<Option<Push>> {
        self.domain.store.read(|reader| {
            let device = store::push::get(reader, notice.device_id)?;
            let device = device.filter(|device| device.gone_at.is_none() && device.operator_id == notice.operator_id);
            let (Some(device), Some(operator)) = (device, store::operator::get(reader, notice.operator_id)?) else {
                return Ok(None);
            };
            let chat = match notice.chat_id {
                Some(chat_id) => store::chat::get(reader, chat_id)?,
                None => None,
            };
            if !notice::is_wanted(&notice, &operator, chat.as_ref()) {
                return Ok(None);
            }
            let owner = store::operator::all(reader)?.into_iter().find(|operator| operator.role == Role::Owner);
            Ok(Some(Push {
                notice,
                device,
                chat,
                open: store::chat::unread_of_assignee(reader, operator.id, limits::PUSH_CHATS)?,
                vapid_key: store::project::vapid_key(reader)?,
                contact: self.contact(owner.as_ref()),
                contacts: settings::get(reader)?.contacts,
                operator,
            }))
        })
    }

    /// Whom push services may ask: our own address, else the owner.
    fn contact(&self, owner: Option<&Operator>) -> String {
        let secure = self.public_url.as_ref().filter(|url| url.starts_with("https://"));
        let email = owner.map(|owner| owner.email.as_str()).filter(|email| email.is_ascii());
        secure.cloned().unwrap_or_else(|| format!("mailto:{}", email.unwrap_or("nobody@example.com")))
    }

    /// A page of this browser that said something since then has told of it by itself. As long as any page of the operator
    /// is there, the push waits: read in it, there is nothing left to tell.
    fn waits_for_a_page(&self, notice: &Notice) -> Option<Outcome> {
        if notice.kind == NoticeKind::Test {
            return None;
        }
        let presence = &self.domain.presence;
        let here = presence.device_spoke_at(notice.operator_id, notice.device_id);
        let anywhere = presence.operator_spoke_at(notice.operator_id);
        let release_at = notice.at + limits::NOTICE_HOLD_MS;
        if self.now() < release_at {
            let active = anywhere.is_some_and(|at| at >= notice.at - limits::PAGE_ACTIVE_MS);
            return (active || here.is_some()).then_some(Outcome::Hold(release_at));
        }
        here.is_some_and(|at| at > notice.at).then_some(Outcome::Dropped)
    }

    fn send_with_text(&self, push: &Push, with_text: bool) -> Result<std::result::Result<Answer, Fault>> {
        let device = &push.device;
        let Some(origin) = origin(&device.endpoint, self.outbound.allows_private()) else {
            return Ok(Err(Fault::AddressRefused("the address is not one of a push service".into())));
        };
        let keys = DeviceKeys { p256dh: device.p256dh.clone(), auth: device.auth.clone() };
        let body = crypt::encrypt(&keys, content(push, with_text).as_bytes())?;
        let authorization = Vapid::read(&push.vapid_key)?.authorization(origin, &push.contact, self.now())?;
        let topic = crypt::topic(&push.vapid_key, &notice::tag(push.notice.chat_id));
        let ttl = (limits::NOTICE_MS / 1_000).to_string();
        let headers = [
            ("ttl", ttl.as_str()),
            ("urgency", "high"),
            ("topic", &topic),
            ("content-type", "application/octet-stream"),
            ("content-encoding", "aes128gcm"),
            ("authorization", &authorization),
        ];
        Ok(self.outbound.send("POST", &device.endpoint, &headers, &body))
    }

    fn now(&self) -> i64 {
        self.domain.clock.now()
    }
}

impl Courier for PushCourier {
    fn send(&self, job: &Job) -> Outcome {
        self.attempt(job).unwrap_or_else(|error: Error| {
            tracing::error!(job_id = job.id.0, %error, "a push could not be made");
            Outcome::Refused("our fault".to_owned())
        })
    }

    fn settle(&self, tx: &Tx, job: &Job, outcome: &Outcome) -> Result<()> {
        // What cannot be read was refused by that.
        let Ok(Notice { device_id: id, .. }) = notice::parse(&job.payload) else { return Ok(()) };
        let cut = |reason: &str| reason.chars().take(limits::OUTBOX_ERROR_CHARS).collect::<String>();
        match outcome {
            Outcome::Sent => store::push::sent(tx, id)?,
            Outcome::Gone(reason) => {
                store::outbox::remove_target(tx, &job.target)?;
                store::push::gone(tx, id, &cut(reason))?;
            }
            Outcome::Refused(reason) | Outcome::Later { reason, .. } | Outcome::Unknown(reason) => {
                store::push::failed(tx, id, &cut(reason))?;
            }
            Outcome::Hold(_) | Outcome::Dropped => {}
        }
        Ok(())
    }
}

/// What the device gets to read.
fn content(push: &Push, with_text: bool) -> String {
    let Push { notice, operator, chat, .. } = push;
    let language = operator.preferences.language;
    let said = chat.as_ref().map(|chat| {
        // Only what the client or its browser wrote is said.
        let mask = Mask::new(&Viewer::of(operator, push.contacts), &chat.visitor, &Unaware::default());
        notice::said(notice, operator, chat, &mask)
    });
    let (title, body) = words(notice.kind, language, said.as_ref(), with_text);
    let cleared: Vec<_> = push.open.iter().filter(|(_, unread)| *unread == 0).map(|(id, _)| *id).collect();
    let url = match (notice.kind, notice.chat_id) {
        (NoticeKind::Assigned | NoticeKind::Message, Some(id)) => format!("/app/mine/{id}"),
        (_, Some(id)) => format!("/app/unassigned/{id}"),
        (_, None) => "/".to_owned(),
    };
    json!({
        "receipt": crypt::receipt(&push.vapid_key, notice.device_id.0),
        "tag": notice::tag(notice.chat_id),
        "chat_id": notice.chat_id,
        "kind": notice.kind,
        "title": title,
        "body": body,
        "url": url,
        "stay": operator.preferences.notifications.stay,
        "cleared": cleared,
        "badge": push.open.len() - cleared.len(),
    })
    .to_string()
}

/// Title and body, as the pages say them (`assets/operator/notices/notices.js`): the same twice is one notification.
fn words(kind: NoticeKind, language: Language, said: Option<&Said>, with_text: bool) -> (String, String) {
    let say = |key: &str| catalogues().text(language, key, &[]);
    let client = match said.map(|said| &said.client) {
        Some(Ok(name)) => name.clone(),
        Some(Err(number)) => catalogues().text(language, "guest.name", &[("n", (*number).into())]),
        None => String::new(),
    };
    let about = |key: &str| catalogues().text(language, key, &[("client", client.as_str().into())]);
    let text = said.filter(|_| with_text).map_or(String::new(), |said| said.text.clone());
    match kind {
        NoticeKind::Assigned => (about("notify.mine"), text),
        NoticeKind::Unassigned => (about("notify.unassigned"), text),
        NoticeKind::Empty => (about("notify.came"), text),
        NoticeKind::Message => (client, if text.is_empty() { say("notify.wrote") } else { text }),
        NoticeKind::Test => (say("push.testTitle"), say("push.testBody")),
    }
}

/// What an answer of a push service means.
fn outcome(result: std::result::Result<Answer, Fault>, now: i64) -> Outcome {
    let answer = match result {
        Ok(answer) => answer,
        Err(Fault::AddressRefused(reason)) => return Outcome::Refused(reason),
        Err(Fault::NoSuchName(reason) | Fault::NotSent(reason) | Fault::NotTrusted(reason)) => {
            return Outcome::Later { reason, asked_ms: None };
        }
        // Sent twice it is still one notification: of the same topic, under the same tag.
        Err(Fault::Unknown(reason)) => return Outcome::Unknown(reason),
    };
    let reason = in_words(&answer);
    match answer.status {
        200..=299 => Outcome::Sent,
        404 | 410 => Outcome::Gone(reason),
        // Windows has said 406 where others say 429.
        406 | 408 | 425 | 429 | 500..=599 => Outcome::Later { reason, asked_ms: answer.retry_after_ms(now) },
        _ => Outcome::Refused(reason),
    }
}

/// Status and words of the push service, for the operator: `403 Forbidden key`.
fn in_words(answer: &Answer) -> String {
    let text = answer.text();
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(limits::FAILURE_CHARS).collect();
    format!("{} {}", answer.status, line.trim()).trim_end().to_owned()
}
