//! Of what an operator is told, and the devices that are told it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::operator::{self, Sound, Stay};

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
