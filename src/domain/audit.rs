//! The audit log: every change that owners and administrators make writes what it changed, in the same transaction.
//!
//! A field with a secret is named without its values.

use super::text;
use crate::error::{Error, Result};
use crate::model::audit::AuditKind;
use crate::model::channel::Channel;
use crate::model::crm::{Connection, ExtraField, ValueSource};
use crate::model::look::Look;
use crate::model::operator::Operator;
use crate::model::schedule::{Interval, Schedule};
use crate::model::settings::Settings;
use crate::model::{OperatorId, limits};
use crate::store::audit::NewEntry;
use crate::store::{self, Tx};

/// A change under way: who does what to what.
pub struct Note<'a> {
    tx: &'a Tx<'a>,
    by: OperatorId,
    kind: AuditKind,
    subject: &'a str,
}

impl<'a> Note<'a> {
    /// `by` does `kind` to what is called `subject`.
    pub fn new(tx: &'a Tx<'a>, by: OperatorId, kind: AuditKind, subject: &'a str) -> Note<'a> {
        Note { tx, by, kind, subject }
    }

    /// Writes that it was done to the whole.
    ///
    /// # Errors
    /// Those of the store.
    pub fn whole(&self) -> Result<()> {
        self.write(None, None, None)
    }

    /// Writes what stood in a field and what stands there since; nothing when it is the same.
    ///
    /// # Errors
    /// Those of the store.
    pub fn field(&self, field: &str, old: Option<&str>, new: Option<&str>) -> Result<()> {
        if old == new { Ok(()) } else { self.write(Some(field), old, new) }
    }

    /// Writes that a secret was replaced.
    ///
    /// # Errors
    /// Those of the store.
    pub fn secret(&self, field: &str) -> Result<()> {
        self.write(Some(field), None, None)
    }

    fn write(&self, field: Option<&str>, old: Option<&str>, new: Option<&str>) -> Result<()> {
        let cut = |value: &str| value.chars().take(limits::AUDIT_VALUE_CHARS).collect::<String>();
        let (old, new) = (old.map(cut), new.map(cut));
        let entry = NewEntry {
            operator_id: self.by,
            kind: self.kind,
            subject: self.subject,
            field,
            old: old.as_deref(),
            new: new.as_deref(),
        };
        Ok(store::audit::insert(self.tx, &entry)?)
    }
}

/// What differs between an operator before and after.
///
/// # Errors
/// Those of the store.
pub fn operator(tx: &Tx, by: OperatorId, old: &Operator, new: &Operator, new_password: bool) -> Result<()> {
    let note = Note::new(tx, by, AuditKind::OperatorChanged, &old.name);
    note.field("name", Some(&old.name), Some(&new.name))?;
    note.field("email", Some(&old.email), Some(&new.email))?;
    note.field("role", Some(old.role.as_str()), Some(new.role.as_str()))?;
    let picture = |operator: &Operator| operator.avatar.as_ref().map(|version| version.0.clone());
    note.field("avatar", picture(old).as_deref(), picture(new).as_deref())?;
    if new_password { note.secret("password") } else { Ok(()) }
}

/// What differs between the hours before and after: zone, what the widget does outside and with nobody there, each weekday, each special day.
///
/// # Errors
/// Those of the store.
pub fn schedule(tx: &Tx, by: OperatorId, old: Option<&Schedule>, new: &Schedule) -> Result<()> {
    let note = Note::new(tx, by, AuditKind::ScheduleChanged, "");
    note.field("time_zone", old.and_then(|old| old.time_zone.as_deref()), new.time_zone.as_deref())?;
    note.field("outside", old.map(|old| old.outside.as_str()), Some(new.outside.as_str()))?;
    note.field("nobody", old.map(|old| old.nobody.as_str()), Some(new.nobody.as_str()))?;
    for (day, intervals) in new.week.iter().enumerate() {
        let before = old.and_then(|old| old.week.get(day)).map(|intervals| hours(intervals));
        // In the first hours a closed day is none that somebody closed.
        if before.is_some() || !intervals.is_empty() {
            note.field(&format!("week[{day}]"), before.as_deref(), Some(&hours(intervals)))?;
        }
    }
    let none = Vec::new();
    let known = old.map_or(&none, |old| &old.special_days);
    for day in known {
        let after = new.special_days.iter().find(|other| other.date == day.date);
        note.field(
            &day.date,
            Some(&named(&day.name, &day.intervals)),
            after.map(|day| named(&day.name, &day.intervals)).as_deref(),
        )?;
    }
    for day in new.special_days.iter().filter(|day| known.iter().all(|other| other.date != day.date)) {
        note.field(&day.date, None, Some(&named(&day.name, &day.intervals)))?;
    }
    Ok(())
}

/// `09:00–13:00, 14:00–18:00`; empty: closed.
fn hours(intervals: &[Interval]) -> String {
    intervals.iter().map(|interval| super::schedule::words(*interval)).collect::<Vec<_>>().join(", ")
}

fn named(name: &Option<String>, intervals: &[Interval]) -> String {
    let name = name.as_deref().unwrap_or_default();
    text::cut(&format!("{name} {}", hours(intervals)), limits::AUDIT_VALUE_CHARS)
}

/// What differs between the settings before and after.
///
/// # Errors
/// Those of the store.
pub fn settings(tx: &Tx, by: OperatorId, old: &Settings, new: &Settings) -> Result<()> {
    let note = Note::new(tx, by, AuditKind::SettingsChanged, "");
    let words = |settings: &Settings| {
        let kinds: Vec<&str> = settings.files.kinds.iter().map(|kind| kind.as_str()).collect();
        [
            ("contacts.administrators", settings.contacts.administrators.to_string()),
            ("contacts.operators", settings.contacts.operators.to_string()),
            ("files.max_bytes", settings.files.max_bytes.to_string()),
            ("files.kinds", kinds.join(", ")),
            ("chats.reopen_hours", settings.chats.reopen_hours.to_string()),
            ("chats.empty_days", settings.chats.empty_days.to_string()),
            ("chats.yellow_minutes", settings.chats.yellow_minutes.to_string()),
            ("chats.red_minutes", settings.chats.red_minutes.to_string()),
            ("chats.show_typing", settings.chats.show_typing.to_string()),
            ("project.name", settings.project.name.clone()),
            ("project.language", settings.project.language.as_str().to_owned()),
            ("project.time_zone", settings.project.time_zone.clone()),
            ("project.accent", settings.project.accent.clone()),
        ]
    };
    for ((field, before), (_, after)) in words(old).iter().zip(words(new).iter()) {
        note.field(field, Some(before), Some(after))?;
    }
    Ok(())
}

/// What differs between the connection to a CRM before and after.
///
/// # Errors
/// Those of the store.
pub fn crm(tx: &Tx, by: OperatorId, old: Option<&Connection>, new: &Connection) -> Result<()> {
    let note = Note::new(tx, by, AuditKind::CrmChanged, &new.account);
    let words = |crm: &Connection| {
        [
            ("kind", Some(crm.kind.as_str().to_owned())),
            ("account", Some(crm.account.clone())),
            ("address", Some(place(&crm.address)).filter(|place| !place.is_empty())),
            ("target", Some(crm.target.as_str().to_owned())),
            ("pipeline", crm.pipeline.clone()),
            ("stage", crm.stage.clone()),
        ]
    };
    let before = old.map(words);
    for (n, (field, after)) in words(new).iter().enumerate() {
        let before = before.as_ref().and_then(|before| before.get(n)).and_then(|(_, value)| value.as_deref());
        note.field(field, before, after.as_deref())?;
    }
    if old.is_some_and(|old| old.address != new.address && place(&old.address) == place(&new.address)) {
        note.secret("address")?;
    }
    if old.is_none_or(|old| old.secret != new.secret) { note.secret("secret") } else { Ok(()) }
}

/// Scheme and host of an address: what is behind them is often as good as a secret, of a webhook above all.
fn place(address: &str) -> String {
    let (scheme, rest) = address.split_at(address.find("://").map_or(0, |at| at + 3));
    let host = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    format!("{scheme}{}", host.rsplit('@').next().unwrap_or_default())
}

/// What differs between the additional fields of leads before and after; each by its name.
///
/// # Errors
/// Those of the store.
pub fn crm_fields(tx: &Tx, by: OperatorId, old: &[ExtraField], new: &[ExtraField]) -> Result<()> {
    let note = Note::new(tx, by, AuditKind::CrmFieldsChanged, "");
    let words = |field: &ExtraField| match field.source {
        ValueSource::Fixed => format!("{}: {}", field.source.as_str(), field.value),
        source => source.as_str().to_owned(),
    };
    let name = |field: &ExtraField| text::cut(&field.name, limits::AUDIT_FIELD_CHARS);
    for field in old {
        let after = new.iter().find(|other| other.field == field.field);
        note.field(&name(field), Some(&words(field)), after.map(words).as_deref())?;
    }
    let known = |field: &&ExtraField| old.iter().any(|other| other.field == field.field);
    for field in new.iter().filter(|field| !known(field)) {
        note.field(&name(field), None, Some(&words(field)))?;
    }
    let order = |fields: &[ExtraField]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>().join(", ");
    if old.len() == new.len() && new.iter().all(|field| known(&field)) {
        note.field("order", Some(&order(old)), Some(&order(new)))?;
    }
    Ok(())
}

/// What differs between a site before and after; of its look each part.
///
/// # Errors
/// Those of the store.
pub fn channel(tx: &Tx, by: OperatorId, old: &Channel, new: &Channel) -> Result<()> {
    let note = Note::new(tx, by, AuditKind::ChannelChanged, &old.name);
    note.field("name", Some(&old.name), Some(&new.name))?;
    note.field("enabled", Some(&old.enabled.to_string()), Some(&new.enabled.to_string()))?;
    note.field("domains", Some(&old.domains.join(", ")), Some(&new.domains.join(", ")))?;
    let parts = |look: &Look| serde_json::to_value(look).map_err(Error::internal);
    let (before, after) = (parts(&old.look)?, parts(&new.look)?);
    for (name, value) in after.as_object().into_iter().flatten() {
        let before = before.get(name).map(plain);
        note.field(&format!("look.{name}"), before.as_deref(), Some(&plain(value)))?;
    }
    Ok(())
}

/// A word as it is, anything else as JSON.
fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Removes all but the newest [`limits::AUDIT_KEPT`] entries.
///
/// # Errors
/// Those of the store.
pub fn prune(tx: &Tx) -> Result<usize> {
    Ok(store::audit::prune(tx, limits::AUDIT_KEPT)?)
}
