//! Operators, the project and its channels.

use schemars::JsonSchema;
use serde::Serialize;

use super::channel::snippet;
use super::{Crm, Notifications};
use crate::domain::presence::{Presence, PresenceSeq};
use crate::domain::viewer::Viewer;
use crate::model::attachment::FileKind;
use crate::model::operator::{AvatarVersion, Role, Theme};
use crate::model::project::Language;
use crate::model::settings::ChatSettings;
use crate::model::{self, ChannelId, OperatorId, Seq, limits};
use crate::store::operator::LastChange;

/// A colleague.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Operator {
    id: OperatorId,
    seq: Seq,
    name: String,
    email: String,
    role: Role,
    away: bool,
    online: bool,
    presence_seq: PresenceSeq,
    deleted_at: Option<i64>,
    avatar: Option<AvatarVersion>,
}

impl Operator {
    /// As every colleague may see it.
    pub fn new(operator: &model::operator::Operator, presence: &Presence) -> Self {
        let (online, presence_seq) = presence.has_operator(operator.id);
        Operator {
            id: operator.id,
            seq: operator.seq,
            name: operator.name.clone(),
            email: operator.email.clone(),
            role: operator.role,
            away: operator.away,
            online: online && operator.deleted_at.is_none(),
            presence_seq,
            deleted_at: operator.deleted_at,
            avatar: operator.avatar.clone(),
        }
    }
}

/// A colleague in the administrators' list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OperatorRow {
    #[serde(flatten)]
    operator: Operator,
    open_chat_count: i64,
    last_seen_at: Option<i64>,
    invitation_expires_at: Option<i64>,
    changed_by_id: Option<OperatorId>,
    changed_at: Option<i64>,
}

impl OperatorRow {
    /// As administrators may see it: chats in work, when it was last here, until when an invitation holds, who changed it last.
    pub fn new(
        operator: &model::operator::Operator,
        presence: &Presence,
        open_chat_count: i64,
        last_seen_at: Option<i64>,
        invitation_expires_at: Option<i64>,
        last_change: &LastChange,
    ) -> Self {
        OperatorRow {
            operator: Operator::new(operator, presence),
            open_chat_count,
            last_seen_at,
            invitation_expires_at,
            changed_by_id: last_change.by_id,
            changed_at: last_change.at,
        }
    }
}

/// A link for a colleague to set an own password.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Invitation {
    url: String,
    expires_at: i64,
}

impl Invitation {
    /// `origin` is the address under which people reach this server. The token stands behind the `#`, which browsers keep to
    /// themselves: it is in no log of a proxy.
    pub fn new(invitation: &crate::domain::invitation::Invitation, origin: &str) -> Self {
        Invitation { url: format!("{origin}/invite#{}", invitation.token), expires_at: invitation.expires_at }
    }
}

/// Whom a link invites.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Invited {
    project: String,
    name: String,
    email: String,
    expires_at: i64,
}

impl Invited {
    /// As whoever has the link may see it.
    pub fn new(project: &model::project::Project, operator: &model::operator::Operator, expires_at: i64) -> Self {
        Invited {
            project: project.name.clone(),
            name: operator.name.clone(),
            email: operator.email.clone(),
            expires_at,
        }
    }
}

/// The operator who is logged in, with own settings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Me {
    id: OperatorId,
    name: String,
    email: String,
    role: Role,
    language: Language,
    theme: Theme,
    client_only: bool,
    enter_sends: bool,
    away: bool,
    contacts_hidden: bool,
    notifications: Notifications,
}

impl Me {
    /// As only this operator may see it.
    pub fn new(operator: &model::operator::Operator, viewer: &Viewer) -> Self {
        Me {
            id: operator.id,
            name: operator.name.clone(),
            email: operator.email.clone(),
            role: operator.role,
            language: operator.preferences.language,
            theme: operator.preferences.theme,
            client_only: operator.preferences.client_only,
            enter_sends: operator.preferences.enter_sends,
            away: operator.away,
            contacts_hidden: viewer.contacts_hidden,
            notifications: Notifications::new(&operator.preferences.notifications),
        }
    }
}

/// The project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Project {
    name: String,
    language: Language,
    time_zone: String,
    crm: Option<Crm>,
    files: FileRules,
    yellow_minutes: i64,
    red_minutes: i64,
    show_typing: bool,
}

/// What files may be sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileRules {
    max_bytes: i64,
    kinds: Vec<FileKind>,
    at_once: usize,
}

impl FileRules {
    /// As everybody may see it, visitors too.
    pub fn new(files: &model::attachment::FileRules) -> Self {
        FileRules { max_bytes: files.max_bytes, kinds: files.kinds.clone(), at_once: limits::FILES_AT_ONCE }
    }
}

impl Project {
    /// As every operator may see it.
    pub fn new(project: &model::project::Project, crm: Option<&model::crm::Connection>, chats: ChatSettings) -> Self {
        Project {
            name: project.name.clone(),
            language: project.language,
            time_zone: project.time_zone.clone(),
            crm: crm.map(Crm::new),
            files: FileRules::new(&project.files),
            yellow_minutes: chats.yellow_minutes,
            red_minutes: chats.red_minutes,
            show_typing: chats.show_typing,
        }
    }
}

/// A channel with its line for the site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Channel {
    id: ChannelId,
    kind: &'static str,
    name: String,
    key: String,
    snippet: String,
}

impl Channel {
    /// `origin` is the address under which people reach this server.
    pub fn new(channel: &model::channel::Channel, origin: &str) -> Self {
        Channel {
            id: channel.id,
            kind: "site",
            name: channel.name.clone(),
            key: channel.key.clone(),
            snippet: snippet(channel, origin),
        }
    }
}

/// What the owner did of the first steps, as seen by looking.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Checklist {
    /// The widget was seen on a page other than the demo's.
    pub code_seen: bool,
    /// A visitor wrote from the demo shop.
    pub demo_written: bool,
    /// A site's widget does not look as it came.
    pub look_changed: bool,
    /// There is a second operator.
    pub colleague_added: bool,
    /// The working hours were saved.
    pub hours_saved: bool,
}
