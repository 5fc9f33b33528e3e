//! Sites, with all that their owner decides.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::host;
use crate::domain::theme;
use crate::model::look::Look;
use crate::model::{self, ChannelId, OperatorId, Seq};

/// A site in the settings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChannelSettings {
    id: ChannelId,
    seq: Seq,
    kind: &'static str,
    key: String,
    name: String,
    enabled: bool,
    domains: Vec<String>,
    snippet: String,
    identity: bool,
    created_at: i64,
    changed_by_id: Option<OperatorId>,
    changed_at: Option<i64>,
    seen: Option<ChannelSeen>,
    refused: Option<ChannelRefused>,
    chat_count: i64,
    look: Look,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ChannelSeen {
    at: i64,
    url: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ChannelRefused {
    at: i64,
    origin: String,
}

impl ChannelSettings {
    /// As administrators may see it; `origin` is the address under which people reach this server.
    pub fn new(channel: &model::channel::Channel, chat_count: i64, origin: &str) -> Self {
        let model::channel::Channel { seen, refused, .. } = channel;
        ChannelSettings {
            id: channel.id,
            seq: channel.seq,
            kind: "site",
            key: channel.key.clone(),
            name: channel.name.clone(),
            enabled: channel.enabled,
            domains: channel.domains.iter().map(|domain| host::shown(domain)).collect(),
            snippet: snippet(channel, origin),
            identity: channel.identity,
            created_at: channel.created_at,
            changed_by_id: channel.changed_by_id,
            changed_at: channel.changed_at,
            seen: seen.as_ref().map(|seen| ChannelSeen { at: seen.at, url: seen.place.clone() }),
            refused: refused
                .as_ref()
                .map(|refused| ChannelRefused { at: refused.at, origin: host::shown_origin(&refused.place) }),
            chat_count,
            look: channel.look.clone(),
        }
    }
}

/// The line for a site.
pub(super) fn snippet(channel: &model::channel::Channel, origin: &str) -> String {
    format!("<script async src=\"{origin}/w/{}.js\"></script>", channel.key)
}

/// What is made of an accent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Theme {
    light: ThemeColours,
    dark: ThemeColours,
}

/// Colours of one scheme, `#RRGGBB`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThemeColours {
    fill: String,
    on_fill: String,
    fill_hover: String,
    soft: String,
    accent_text: String,
    edge: String,
}

impl Theme {
    /// As everybody may see it.
    pub fn new(theme: &theme::Theme) -> Self {
        Theme { light: ThemeColours::new(&theme.light), dark: ThemeColours::new(&theme.dark) }
    }
}

impl ThemeColours {
    /// As everybody may see them.
    pub fn new(accent: &theme::Accent) -> Self {
        ThemeColours {
            fill: accent.fill.clone(),
            on_fill: accent.on_fill.clone(),
            fill_hover: accent.fill_hover.clone(),
            soft: accent.soft.clone(),
            accent_text: accent.accent_text.clone(),
            edge: accent.edge.clone(),
        }
    }
}
