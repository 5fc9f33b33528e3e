//! Pushes: the operator's own devices, and what they say of what came.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::account::Done;
use super::{Call, Handled};
use crate::domain::push::{self, Subscription};
use crate::domain::view::operator as view;
use crate::model::DeviceId;
use crate::store;

/// What browsers subscribe with, and one's own devices.
#[derive(Serialize, JsonSchema)]
pub struct Push {
    /// An uncompressed point of P-256, base64url.
    public_key: String,
    devices: Vec<view::PushDevice>,
}

/// A browser's subscription: `PushSubscription.toJSON()` without what is around the keys.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceBody {
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// What a device says of a push.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptBody {
    /// The token of the push.
    receipt: String,
    /// Somebody opened it.
    opened: Option<bool>,
}

/// The key and the list.
pub fn show(call: &Call) -> Handled {
    let who = call.who()?;
    let push = call.api.domain.store.read(|reader| {
        let devices = store::push::of_operator(reader, who.operator.id)?;
        Ok(Push {
            public_key: push::public_key(reader)?,
            devices: devices.iter().map(|device| view::PushDevice::new(who, device)).collect(),
        })
    })?;
    call.json(200, &push)
}

/// Registers this browser.
pub fn register(call: &Call) -> Handled {
    let body: DeviceBody = call.body()?;
    let who = call.who()?;
    let plain = call.api.allow_private_addresses;
    let subscription = Subscription::new(&body.endpoint, &body.p256dh, &body.auth, plain)?;
    let user_agent = call.request.header("user-agent").unwrap_or("");
    let (device, is_new) = push::register(&call.api.domain, who, subscription, user_agent)?;
    call.json(if is_new { 201 } else { 200 }, &view::PushDevice::new(who, &device))
}

/// Takes a device off.
pub fn remove(call: &Call) -> Handled {
    let (id, viewer) = (DeviceId(call.id("id")?), call.who()?.viewer());
    call.api.domain.write_as(&viewer, move |tx| push::remove(tx, viewer.operator_id, id))?;
    Ok(call.nothing())
}

/// Sends a push to a device.
pub fn test(call: &Call) -> Handled {
    call.no_body()?;
    let id = DeviceId(call.id("id")?);
    push::test(&call.api.domain, &call.who()?.viewer(), id)?;
    call.json(202, &Done {})
}

/// Takes a receipt.
pub fn received(call: &Call) -> Handled {
    let body: ReceiptBody = call.body()?;
    push::received(&call.api.domain, &body.receipt, body.opened.unwrap_or(false))?;
    Ok(call.nothing())
}
