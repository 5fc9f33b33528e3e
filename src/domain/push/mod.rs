//! Devices that get pushes: registering them, taking them off, and what they say of what came.

pub mod crypt;

use crypt::{AUTH_BYTES, DeviceKeys, POINT_BYTES, Vapid};

use super::account::LoggedIn;
use super::viewer::Viewer;
use super::{Domain, device, notice};
use crate::error::{Code, Error, Result};
use crate::model::push::{Notice, NoticeKind, PushDevice};
use crate::model::{DeviceId, OperatorId, limits};
use crate::store::push::NewDevice;
use crate::store::{self, Tx};

/// A browser's subscription, as the page sends it.
#[derive(Clone, Debug)]
pub struct Subscription {
    endpoint: String,
    keys: DeviceKeys,
}

impl Subscription {
    /// Checks it. `plain`: addresses without TLS will do, for tests.
    ///
    /// # Errors
    /// `push_endpoint_invalid`, `push_key_invalid` with the field.
    pub fn new(endpoint: &str, p256dh: &str, auth: &str, plain: bool) -> Result<Subscription> {
        if origin(endpoint, plain).is_none() {
            return Err(Error::new(Code::PushEndpointInvalid).field("endpoint"));
        }
        let bytes = |field: &'static str, text: &str, count: usize| {
            let bytes = crypt::decode(text).filter(|bytes| bytes.len() == count);
            bytes.ok_or_else(|| Error::new(Code::PushKeyInvalid).field(field))
        };
        let keys = DeviceKeys { p256dh: bytes("p256dh", p256dh, POINT_BYTES)?, auth: bytes("auth", auth, AUTH_BYTES)? };
        // A point that is not on the curve shows when it is used.
        crypt::encrypt(&keys, b"").map_err(|_| Error::new(Code::PushKeyInvalid).field("p256dh"))?;
        Ok(Subscription { endpoint: endpoint.to_owned(), keys })
    }
}

/// Scheme, host and port of an endpoint: `https://host` (or `http://host`, where `plain` will do) without a name or a
/// password; `None` when it is not one.
pub fn origin(endpoint: &str, plain: bool) -> Option<&str> {
    let secure = endpoint.starts_with("https://") || (plain && endpoint.starts_with("http://"));
    let visible = endpoint.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    if !secure || !visible || endpoint.len() > limits::ENDPOINT_CHARS {
        return None;
    }
    let start = endpoint.find("://")? + 3;
    let end = endpoint.get(start..)?.find(['/', '?', '#']).map_or(endpoint.len(), |at| start + at);
    let host = endpoint.get(start..end)?;
    let port_is_sound = host
        .rsplit_once(':')
        .filter(|(_, port)| !port.ends_with(']'))
        .is_none_or(|(_, port)| port.parse::<u16>().is_ok_and(|port| port > 0));
    let sound = !host.is_empty() && !host.starts_with(':') && !host.contains('@') && port_is_sound;
    endpoint.get(..end).filter(|_| sound)
}

/// Registers the browser of a session; the same one again gets new keys, and may go to another operator. Whether it is new.
/// Pages say at each start what is known already: that changes nothing, and is not counted.
///
/// # Errors
/// `push_devices_too_many`, `push_too_fast`; `login_needed` when the session ended meanwhile.
pub fn register(
    domain: &Domain,
    who: &LoggedIn,
    subscription: Subscription,
    user_agent: &str,
) -> Result<(PushDevice, bool)> {
    let (operator_id, session_id, label) = (who.operator.id, who.session_id, label(user_agent));
    let known = domain.store.read(|reader| Ok(store::push::by_endpoint(reader, &subscription.endpoint)?))?;
    let unchanged = known.filter(|known| {
        (known.operator_id, known.session_id) == (operator_id, session_id)
            && (&known.p256dh, &known.auth) == (&subscription.keys.p256dh, &subscription.keys.auth)
            && known.label == label
            && known.gone_at.is_none()
    });
    if let Some(known) = unchanged {
        return Ok((known, false));
    }
    domain.pushes.take(&format!("register {operator_id}")).map_err(too_fast)?;
    domain.write_as(&who.viewer(), move |tx| {
        if !store::session::exists(tx, session_id)? {
            return Err(Code::LoginNeeded.into());
        }
        let new = NewDevice {
            operator_id,
            session_id,
            endpoint: &subscription.endpoint,
            p256dh: &subscription.keys.p256dh,
            auth: &subscription.keys.auth,
            label: &label,
        };
        let (id, is_new) = match store::push::by_endpoint(tx, new.endpoint)? {
            Some(known) => {
                if known.operator_id != operator_id {
                    // What waits for it is for somebody else.
                    store::outbox::remove_target(tx, &notice::target(known.id))?;
                    make_room(tx, operator_id)?;
                }
                store::push::renew(tx, known.id, &new)?;
                (known.id, false)
            }
            None => {
                make_room(tx, operator_id)?;
                (store::push::insert(tx, &new)?, true)
            }
        };
        let device = store::push::get(tx, id)?.ok_or_else(|| Error::internal("a device vanished"))?;
        Ok((device, is_new))
    })
}

/// Leaves room for one more device: those that are gone make it first.
fn make_room(tx: &Tx, operator_id: OperatorId) -> Result<()> {
    let mut known = store::push::of_operator(tx, operator_id)?;
    if known.len() < limits::PUSH_DEVICES {
        return Ok(());
    }
    known.retain(|device| device.gone_at.is_some());
    match known.first() {
        Some(gone) => Ok(store::push::delete(tx, gone.id)?),
        None => Err(Error::new(Code::PushDevicesTooMany).with("limit", limits::PUSH_DEVICES)),
    }
}

/// Takes a device of the operator's own off, with all that waits for it.
///
/// # Errors
/// `push_device_not_found`.
pub fn remove(tx: &Tx, operator_id: OperatorId, id: DeviceId) -> Result<()> {
    own(tx, operator_id, id)?;
    store::outbox::remove_target(tx, &notice::target(id))?;
    Ok(store::push::delete(tx, id)?)
}

/// Sends a push to a device of the operator's own, for seeing that it comes.
///
/// # Errors
/// `push_device_not_found`, `push_device_gone`, `push_too_fast`.
pub fn test(domain: &Domain, viewer: &Viewer, id: DeviceId) -> Result<()> {
    let operator_id = viewer.operator_id;
    domain.store.read(|reader| own(reader, operator_id, id))?;
    domain.pushes.take(&format!("test {operator_id}")).map_err(too_fast)?;
    domain.write_as(viewer, move |tx| {
        if own(tx, operator_id, id)?.gone_at.is_some() {
            return Err(Code::PushDeviceGone.into());
        }
        // Somebody waits for it: what failed before is tried now and does not hold it up.
        store::outbox::hurry(tx, &notice::target(id))?;
        let kind = NoticeKind::Test;
        notice::queue(tx, &Notice { kind, device_id: id, operator_id, chat_id: None, at: tx.now(), unread: false })
    })
}

/// Notes that a push came, or that somebody opened it. One of a device that was taken off meanwhile is nobody's.
///
/// # Errors
/// `receipt_invalid`, `push_too_fast`.
pub fn received(domain: &Domain, token: &str, opened: bool) -> Result<()> {
    let vapid_key = domain.store.read(|reader| Ok(store::project::vapid_key(reader)?))?;
    let id = crypt::device_of_receipt(&vapid_key, token).ok_or(Code::ReceiptInvalid)?;
    domain.receipts.take(&id.to_string()).map_err(too_fast)?;
    domain.store.write(move |tx| Ok(store::push::received(tx, DeviceId(id), opened)?))
}

/// What browsers subscribe with.
///
/// # Errors
/// Those of the store.
pub fn public_key(source: &impl store::Source) -> Result<String> {
    Ok(Vapid::read(&store::project::vapid_key(source)?)?.public_key())
}

fn own(source: &impl store::Source, operator_id: OperatorId, id: DeviceId) -> Result<PushDevice> {
    let device = store::push::get(source, id)?.filter(|device| device.operator_id == operator_id);
    device.ok_or_else(|| Code::PushDeviceNotFound.into())
}

/// «Chrome 146 · Windows 10»; empty for a browser that does not say what it is.
fn label(user_agent: &str) -> String {
    let device = device::of(user_agent, "", "");
    let parts: Vec<String> = [device.browser, device.system].into_iter().flatten().collect();
    parts.join(" · ")
}

fn too_fast(wait_ms: i64) -> Error {
    Error::new(Code::PushTooFast).with("retry_after_ms", wait_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_addresses_of_services_over_tls() {
        let check = |endpoint: &str, plain: bool, expected: Option<&str>| {
            assert_eq!(origin(endpoint, plain), expected, "{endpoint}");
        };
        check("https://push.example/send/a?b=c", false, Some("https://push.example"));
        check("https://push.example:8443/a", false, Some("https://push.example:8443"));
        check("https://[2001:db8::1]/a", false, Some("https://[2001:db8::1]"));
        check("https://push.example", false, Some("https://push.example"));
        check("http://push.example/a", true, Some("http://push.example"));
        let long = format!("https://push.example/{}", "a".repeat(limits::ENDPOINT_CHARS));
        for wrong in [
            "",
            "https://",
            "http://push.example/",
            "ftp://push.example/",
            "https:///a",
            "https://a@push.example/",
            "https://push.example:0/",
            "https://push.example:99999/",
            "https://push.example:x/",
            "https://пуш.рф/",
            "https://push example/",
            "https://push.example\\@b/",
            "javascript:alert(1)",
            &long,
        ] {
            check(wrong, false, None);
        }
        let edge = format!("https://push.example/{}", "a".repeat(limits::ENDPOINT_CHARS - 21));
        check(&edge, false, Some("https://push.example"));
    }
}
