//! Of what an operator is told, and the devices that are told it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::account::LoggedIn;
use crate::domain::push;
use crate::model::DeviceId;
use crate::model::operator::{self, Sound, Stay};
use crate::model::push::PushDevice as Device;

/// An operator's own settings of notifications.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Notifications {
    assigned: bool,
    message: bool,
    unassigned: bool,
    empty: bool,
    sound: Sound,
    volume: u8,
    show_text: bool,
    stay: Stay,
    quiet_in_view: bool,
}

impl Notifications {
    /// As only this operator may see them.
    pub fn new(notifications: &operator::Notifications) -> Self {
        Notifications {
            assigned: notifications.assigned,
            message: notifications.message,
            unassigned: notifications.unassigned,
            empty: notifications.empty,
            sound: notifications.sound,
            volume: notifications.volume,
            show_text: notifications.show_text,
            stay: notifications.stay,
            quiet_in_view: notifications.quiet_in_view,
        }
    }
}

/// A device of one's own that gets pushes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PushDevice {
    id: DeviceId,
    label: String,
    this_session: bool,
    endpoint_host: String,
    created_at: i64,
    sent_at: Option<i64>,
    received_at: Option<i64>,
    opened_at: Option<i64>,
    failure: Option<String>,
    gone_at: Option<i64>,
}

impl PushDevice {
    /// As only its operator may see it: neither the address nor the keys, by which others could push to it.
    pub fn new(who: &LoggedIn, device: &Device) -> Self {
        let origin = push::origin(&device.endpoint, true).unwrap_or_default();
        PushDevice {
            id: device.id,
            label: device.label.clone(),
            this_session: device.session_id == who.session_id,
            endpoint_host: origin.split("://").nth(1).unwrap_or_default().to_owned(),
            created_at: device.created_at,
            sent_at: device.sent_at,
            received_at: device.received_at,
            opened_at: device.opened_at,
            failure: device.failure.clone(),
            gone_at: device.gone_at,
        }
    }
}
