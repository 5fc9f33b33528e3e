//! Sessions, and one's own settings.

use rouille::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled, auth};
use crate::domain::view::operator as view;
use crate::domain::{account, operator, settings};
use crate::edge::{Answer, one_address};
use crate::error::{Code, Error, Result};
use crate::live::hub::{self, Message};
use crate::model::limits;
use crate::model::look::Look;
use crate::model::operator::{Notifications, Preferences, Role, Sound, Stay, Theme};
use crate::model::project::Language;
use crate::store;

/// What the log-in page sends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginBody {
    email: String,
    password: String,
}

/// An answer that only says that it worked.
#[derive(Serialize, JsonSchema)]
pub struct Done {}

/// Who is logged in, with all that a page needs before chats.
#[derive(Serialize, JsonSchema)]
pub struct Session {
    me: view::Me,
    project: view::Project,
    operators: Vec<view::Operator>,
    channels: Vec<view::Channel>,
    checklist: Option<view::Checklist>,
    version: String,
    demo: bool,
}

/// One's own settings; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeBody {
    language: Option<String>,
    theme: Option<String>,
    client_only: Option<bool>,
    enter_sends: Option<bool>,
    away: Option<bool>,
    notifications: Option<NotificationsBody>,
}

impl MeBody {
    /// The settings with what was sent.
    fn put_into(&self, known: Preferences) -> Result<Preferences> {
        let mut preferences = known;
        if let Some(language) = &self.language {
            preferences.language = word(Language::parse(language), Code::LanguageUnknown, "language")?;
        }
        if let Some(theme) = &self.theme {
            preferences.theme = word(Theme::parse(theme), Code::ThemeUnknown, "theme")?;
        }
        preferences.client_only = self.client_only.unwrap_or(preferences.client_only);
        preferences.enter_sends = self.enter_sends.unwrap_or(preferences.enter_sends);
        if let Some(notifications) = &self.notifications {
            preferences.notifications = notifications.put_into(preferences.notifications)?;
        }
        Ok(preferences)
    }
}

/// One's own settings of notifications; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationsBody {
    assigned: Option<bool>,
    message: Option<bool>,
    unassigned: Option<bool>,
    empty: Option<bool>,
    sound: Option<Sound>,
    volume: Option<u8>,
    show_text: Option<bool>,
    stay: Option<Stay>,
    quiet_in_view: Option<bool>,
}

impl NotificationsBody {
    /// The settings with what was sent.
    fn put_into(&self, known: Notifications) -> Result<Notifications> {
        if self.volume.is_some_and(|volume| volume > limits::VOLUME) {
            let error = Error::new(Code::JsonMismatch).field("notifications.volume");
            return Err(error.with("reason", format!("a number from 0 to {}", limits::VOLUME)));
        }
        Ok(Notifications {
            assigned: self.assigned.unwrap_or(known.assigned),
            message: self.message.unwrap_or(known.message),
            unassigned: self.unassigned.unwrap_or(known.unassigned),
            empty: self.empty.unwrap_or(known.empty),
            sound: self.sound.unwrap_or(known.sound),
            volume: self.volume.unwrap_or(known.volume),
            show_text: self.show_text.unwrap_or(known.show_text),
            stay: self.stay.unwrap_or(known.stay),
            quiet_in_view: self.quiet_in_view.unwrap_or(known.quiet_in_view),
        })
    }
}

/// Begins a session.
pub fn log_in(call: &Call) -> Handled {
    let body: LoginBody = call.body()?;
    let token = account::log_in(&call.api.domain, &body.email, &body.password, &one_address(call.client).to_string())?;
    Ok(with_cookie(call.json(200, &Done {})?, auth::session_cookie(&token, call.secure)))
}

/// Ends it, and its sockets.
pub fn log_out(call: &Call) -> Handled {
    call.no_body()?;
    let session_id = call.who()?.session_id;
    account::log_out(&call.api.domain, session_id)?;
    call.api.live.hub.tell(Message::SessionEnded(session_id));
    // Nothing of what this operator saw stays for the next one at this browser.
    let cleared = Response::empty_204().with_unique_header("Clear-Site-Data", "\"cache\"");
    Ok(with_cookie(Answer::Response(cleared), auth::ended_cookie()))
}

/// Who is logged in.
pub fn session(call: &Call) -> Handled {
    let domain = &call.api.domain;
    let who = call.who()?;
    let roster = hub::roster(domain)?;
    let (project, crm, chats, channels, demo_written) = domain.store.read(|reader| {
        let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
        let (channels, demo_written) = (store::channel::all(reader)?, store::project::is_demo_written(reader)?);
        let chats = settings::get(reader)?.chats;
        Ok((project, store::crm::get(reader)?, chats, channels, demo_written))
    })?;
    let checklist = (who.operator.role == Role::Owner).then(|| view::Checklist {
        code_seen: channels.iter().any(|channel| channel.seen.is_some()),
        demo_written,
        colleague_added: roster.len() > 1,
        look_changed: channels.iter().any(|channel| channel.look != Look::standard(&project.accent)),
        hours_saved: domain.opening.now().is_some(),
    });
    let origin = call.origin();
    call.json(
        200,
        &Session {
            me: view::Me::new(&who.operator, &who.viewer()),
            project: view::Project::new(&project, crm.as_ref(), chats),
            operators: hub::colleagues(domain, &roster),
            channels: channels.iter().map(|channel| view::Channel::new(channel, &origin)).collect(),
            checklist,
            version: call.api.assets.version().to_owned(),
            demo: call.api.demo,
        },
    )
}

/// Changes one's own settings.
pub fn patch_me(call: &Call) -> Handled {
    let body: MeBody = call.body()?;
    let who = call.who()?;
    let away = body.away;
    let changed = operator::set_preferences(&call.api.domain, &who.viewer(), move |known| body.put_into(known), away)?;
    call.json(200, &view::Me::new(&changed, &who.viewer()))
}

fn word<T>(parsed: Option<T>, code: Code, field: &'static str) -> Result<T> {
    parsed.ok_or_else(|| Error::new(code).field(field))
}

pub(super) fn with_cookie(answer: Answer, cookie: String) -> Answer {
    match answer {
        Answer::Response(response) => Answer::Response(response.with_additional_header("Set-Cookie", cookie)),
        other => other,
    }
}
