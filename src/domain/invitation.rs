//! Invitations: a link with which a colleague sets an own password, once and within [`limits::INVITATION_MS`].

use super::audit::Note;
use super::viewer::Viewer;
use super::{Domain, account, operator_edit, text, token};
use crate::error::{Code, Result};
use crate::model::audit::AuditKind;
use crate::model::operator::Operator;
use crate::model::project::Language;
use crate::model::{OperatorId, limits};
use crate::store::{self, Source, Tx};

/// A link that was just made; only its maker ever has the token.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// What the link carries.
    pub token: String,
    /// When it holds no more.
    pub expires_at: i64,
}

/// Makes a link for an operator, by the owner. A former one is worthless then; the present password stays until the link is
/// used.
///
/// # Errors
/// `owner_only`, `operator_not_found`, `use_own_settings` for the owner's own.
pub fn make(domain: &Domain, viewer: &Viewer, id: OperatorId) -> Result<Invitation> {
    viewer.need_owner()?;
    let made = token::make()?;
    let by = viewer.operator_id;
    domain.write_as(viewer, move |tx| {
        let operator = operator_edit::present(tx, id)?;
        if id == by {
            return Err(Code::UseOwnSettings.into());
        }
        Note::new(tx, by, AuditKind::OperatorInvited, &operator.name).whole()?;
        insert(tx, &operator, made)
    })
}

/// Stores the link of an operator.
///
/// # Errors
/// Those of the store.
pub fn insert(tx: &Tx, operator: &Operator, token: String) -> Result<Invitation> {
    let expires_at = tx.now() + limits::INVITATION_MS;
    store::invitation::set(tx, operator.id, &token::hash(&token), expires_at)?;
    Ok(Invitation { token, expires_at })
}

/// Takes an operator's link back; none is as good.
///
/// # Errors
/// `owner_only`, `operator_not_found`.
pub fn withdraw(tx: &Tx, viewer: &Viewer, id: OperatorId) -> Result<()> {
    viewer.need_owner()?;
    let operator = operator_edit::present(tx, id)?;
    if store::invitation::remove(tx, id)? {
        Note::new(tx, viewer.operator_id, AuditKind::InvitationWithdrawn, &operator.name).whole()?;
    }
    Ok(())
}

/// Whom a link invites, and until when.
///
/// # Errors
/// `invitation_invalid`.
pub fn find(source: &impl Source, token: &str, now: i64) -> Result<(Operator, i64)> {
    if !token::is_well_formed(token) {
        return Err(Code::InvitationInvalid.into());
    }
    let found = store::invitation::by_token(source, &token::hash(token))?;
    let (id, expires_at) = found.filter(|(_, expires_at)| *expires_at > now).ok_or(Code::InvitationInvalid)?;
    let operator = store::operator::get(source, id)?.filter(|operator| operator.deleted_at.is_none());
    Ok((operator.ok_or(Code::InvitationInvalid)?, expires_at))
}

/// An invitation that was just used.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Whom it was for.
    pub operator: Operator,
    /// The session that began with it.
    pub session_token: String,
    /// Their sockets have to close.
    pub ended_sessions: Vec<i64>,
}

/// Sets the password of whom a link invites, and the language that they chose, and begins a session; the link is used up, and
/// older sessions end.
///
/// # Errors
/// `invitation_invalid`, those of the password, `busy`.
pub fn accept(domain: &Domain, token: &str, password: &str, language: Language) -> Result<Accepted> {
    let now = domain.clock.now();
    domain.store.read(|reader| find(reader, token, now).map(drop))?;
    text::password("password", password)?;
    let hash = domain.passwords.hash(password)?;
    let token = token.to_owned();
    domain.store.write(move |tx| {
        let (mut operator, _) = find(tx, &token, tx.now())?;
        operator.preferences.language = language;
        store::operator::set_preferences(tx, operator.id, &operator.preferences)?;
        store::operator::set_password(tx, operator.id, &hash)?;
        store::invitation::remove(tx, operator.id)?;
        let ended_sessions = store::session::end_others(tx, operator.id, None)?;
        let session_token = account::begin_session(tx, operator.id)?;
        Note::new(tx, operator.id, AuditKind::InvitationAccepted, &operator.name).secret("password")?;
        Ok(Accepted { operator, session_token, ended_sessions })
    })
}
