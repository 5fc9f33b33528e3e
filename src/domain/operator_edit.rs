//! Changing and deleting operators.
//!
//! Who may what, after R6: the owner everything, except giving up the owner's own access; administrators the name and email of
//! plain operators. Passwords, invitations, access, adding and deleting are the owner's: whoever could make or take over a
//! plain operator's login would see what the owner hides from administrators. One's own email and password are changed in
//! [`super::profile`], where the old password is asked for.

use super::audit::Note;
use super::viewer::Viewer;
use super::{Domain, audit, chat, text};
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::chat::{ChatState, TransitionKind};
use crate::model::operator::{Operator, Role};
use crate::model::{OperatorId, Seq, limits};
use crate::store::{self, Source, Tx};

/// What to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// 1 to 60 characters; visitors see it.
    pub name: Option<String>,
    /// The login.
    pub email: Option<String>,
    /// 10 characters to 71 bytes; ends all sessions of the operator.
    pub password: Option<String>,
    /// Administrator access.
    pub administrator: Option<bool>,
}

impl Changes {
    /// Checks every field and says all that is wrong at once.
    ///
    /// # Errors
    /// Those of [`text`], gathered.
    pub fn checked(mut self) -> Result<Changes> {
        let mut errors = Vec::new();
        let mut keep = |field: &mut Option<String>, check: &dyn Fn(&str) -> Result<String>| {
            if let Some(value) = field {
                match check(value) {
                    Ok(checked) => *value = checked,
                    Err(error) => errors.push(error),
                }
            }
        };
        keep(&mut self.name, &|name| text::line("name", name, limits::NAME_CHARS));
        keep(&mut self.email, &|email| text::email("email", email));
        keep(&mut self.password, &|password| text::password("password", password).map(|()| password.to_owned()));
        Error::gather(errors)?;
        Ok(self)
    }
}

/// An operator after a change, with the sessions that it ended.
#[derive(Clone, Debug)]
pub struct Changed {
    /// As it is now.
    pub operator: Operator,
    /// Their sockets have to close.
    pub ended_sessions: Vec<i64>,
}

/// Changes an operator, if nobody else changed its name, email or role since `seen`. The same values again make no event.
///
/// # Errors
/// `operator_not_found` also for a deleted one, `owner_only`, `administrator_only`, `owner_stays`, `use_own_settings`,
/// `operator_changed`, `email_taken`, those of the fields, `busy`.
pub fn change(domain: &Domain, viewer: &Viewer, id: OperatorId, seen: Seq, changes: Changes) -> Result<Changed> {
    viewer.need_administrator()?;
    let known = domain.store.read(|reader| present(reader, id))?;
    allow(viewer, &known, &changes)?;
    let changes = changes.checked()?;
    let password_hash = changes.password.as_deref().map(|password| domain.passwords.hash(password)).transpose()?;
    let of = *viewer;
    domain.write_as(viewer, move |tx| {
        let known = present(tx, id)?;
        allow(&of, &known, &changes)?;
        check_seen(tx, &known, seen)?;
        apply(tx, &of, &known, &changes, password_hash.as_deref())
    })
}

/// Refuses what this viewer may not change of this operator.
fn allow(viewer: &Viewer, known: &Operator, changes: &Changes) -> Result<()> {
    let for_owner = changes.password.is_some() || changes.administrator.is_some() || known.role != Role::Operator;
    let own = known.id == viewer.operator_id;
    if for_owner && !(own && changes.password.is_none() && changes.administrator.is_none()) {
        viewer.need_owner()?;
    }
    if own && changes.email.is_some() {
        return Err(Error::new(Code::UseOwnSettings).field("email"));
    }
    if own && changes.password.is_some() {
        return Err(Error::new(Code::UseOwnSettings).field("password"));
    }
    if known.role == Role::Owner && changes.administrator == Some(false) {
        return Err(Error::new(Code::OwnerStays).field("administrator"));
    }
    Ok(())
}

/// Refuses what was written without having seen the last change.
fn check_seen(tx: &Tx, known: &Operator, seen: Seq) -> Result<()> {
    let last = store::operator::last_change(tx, known.id)?;
    if last.seq <= seen {
        return Ok(());
    }
    let by = match last.by_id {
        Some(id) => store::operator::get(tx, id)?,
        None => None,
    };
    let error = Error::new(Code::OperatorChanged).with("name", by.map_or_else(String::new, |by| by.name));
    Err(error.with("changed_at", last.at.unwrap_or_default()))
}

fn apply(
    tx: &Tx,
    viewer: &Viewer,
    known: &Operator,
    changes: &Changes,
    password_hash: Option<&str>,
) -> Result<Changed> {
    let id = known.id;
    let name = changes.name.as_deref().unwrap_or(&known.name);
    let email = changes.email.as_deref().unwrap_or(&known.email);
    set_identity(tx, viewer.operator_id, known, name, email)?;
    let role = match changes.administrator {
        Some(true) if known.role == Role::Operator => Role::Administrator,
        Some(false) if known.role == Role::Administrator => Role::Operator,
        _ => known.role,
    };
    if role != known.role {
        store::operator::set_role(tx, id, role)?;
        store::operator::set_changed(tx, id, viewer.operator_id)?;
    }
    let mut ended_sessions = Vec::new();
    if let Some(hash) = password_hash {
        store::operator::set_password(tx, id, hash)?;
        store::invitation::remove(tx, id)?;
        ended_sessions = store::session::end_others(tx, id, None)?;
    }
    let operator = present(tx, id)?;
    audit::operator(tx, viewer.operator_id, known, &operator, password_hash.is_some())?;
    Ok(Changed { operator, ended_sessions })
}

/// Writes name and email when they differ.
///
/// # Errors
/// `email_taken`.
pub(super) fn set_identity(tx: &Tx, by: OperatorId, known: &Operator, name: &str, email: &str) -> Result<()> {
    if (name, email) == (known.name.as_str(), known.email.as_str()) {
        return Ok(());
    }
    if store::operator::by_email(tx, email)?.is_some_and(|(other, _)| other != known.id) {
        return Err(Error::new(Code::EmailTaken).field("email"));
    }
    store::operator::set_identity(tx, known.id, name, email)?;
    Ok(store::operator::set_changed(tx, known.id, by)?)
}

/// What a deletion did.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// As it stays for history and report.
    pub operator: Operator,
    /// Chats that nobody has now.
    pub unassigned_count: usize,
}

/// Deletes an operator, by the owner: sessions end, open chats become unassigned, the email is free again, own templates that
/// nobody else saw go. The row stays for
/// history and report, and can be neither changed nor brought back.
///
/// # Errors
/// `owner_only`, `operator_not_found` also for a deleted one, `owner_stays`.
pub fn delete(tx: &Tx, viewer: &Viewer, id: OperatorId) -> Result<Deleted> {
    viewer.need_owner()?;
    let known = present(tx, id)?;
    if known.role == Role::Owner {
        return Err(Code::OwnerStays.into());
    }
    let chats = store::operator::open_chats(tx, id)?;
    for chat_id in &chats {
        let Some(mut chat) = store::chat::get(tx, *chat_id)? else { continue };
        let from_state = chat.state;
        chat.state = ChatState::New;
        chat.assignee_id = None;
        chat::record(tx, &chat, TransitionKind::Unassign, from_state, Some(viewer.operator_id))?;
    }
    store::push::delete_of(tx, id)?;
    store::invitation::remove(tx, id)?;
    store::template::delete_of(tx, id)?;
    store::operator::delete(tx, id)?;
    let note = Note::new(tx, viewer.operator_id, AuditKind::OperatorDeleted, &known.name);
    note.field("email", Some(&known.email), None)?;
    let operator = store::operator::get(tx, id)?.ok_or(Code::OperatorNotFound)?;
    Ok(Deleted { operator, unassigned_count: chats.len() })
}

/// Whoever was deleted, or is no administrator any more, since the request began may not go on with what it was then.
///
/// # Errors
/// `account_deleted`, `administrator_only`.
pub(super) fn still_may(source: &impl Source, viewer: &Viewer) -> Result<()> {
    let me = store::operator::get(source, viewer.operator_id)?.ok_or(Code::LoginNeeded)?;
    if me.deleted_at.is_some() {
        return Err(Error::new(Code::AccountDeleted).with("operator_id", me.id.0));
    }
    if viewer.role.is_administrator() && !me.role.is_administrator() {
        return Err(Code::AdministratorOnly.into());
    }
    Ok(())
}

/// An operator who was not deleted.
///
/// # Errors
/// `operator_not_found`.
pub(super) fn present(source: &impl Source, id: OperatorId) -> Result<Operator> {
    let known = store::operator::get(source, id)?.filter(|operator| operator.deleted_at.is_none());
    known.ok_or_else(|| Code::OperatorNotFound.into())
}
