//! One's own name, email and password.

use super::operator_edit::{Changed, Changes};
use super::viewer::Viewer;
use super::{Domain, audit, operator_edit};
use crate::error::{Code, Error, Result};
use crate::model::operator::Operator;
use crate::store;

/// Changes the viewer's own name, email or password. Another email or password needs the present password; another password
/// ends all other sessions.
///
/// # Errors
/// `password_wrong`, `login_throttled` after many wrong ones, `email_taken`, those of the fields, `busy`.
pub fn change(
    domain: &Domain,
    viewer: &Viewer,
    session_id: i64,
    changes: Changes,
    old_password: Option<&str>,
) -> Result<Changed> {
    let changes = Changes { administrator: None, ..changes }.checked()?;
    let id = viewer.operator_id;
    let known = domain.store.read(|reader| operator_edit::present(reader, id))?;
    let new_email = changes.email.as_ref().is_some_and(|email| *email != known.email);
    let proven = if new_email || changes.password.is_some() {
        Some(prove(domain, &known, old_password.unwrap_or_default())?)
    } else {
        None
    };
    let password_hash = changes.password.as_deref().map(|password| domain.passwords.hash(password)).transpose()?;
    domain.write_as(viewer, move |tx| {
        let known = operator_edit::present(tx, id)?;
        let name = changes.name.as_deref().unwrap_or(&known.name);
        let email = changes.email.as_deref().unwrap_or(&known.email);
        let fits = match &proven {
            Some(proven) => store::operator::by_email(tx, &known.email)?.is_some_and(|(_, hash)| hash == *proven),
            // What is the present email may be another one by now.
            None => email == known.email,
        };
        if !fits {
            return Err(Error::new(Code::PasswordWrong).field("old_password"));
        }
        operator_edit::set_identity(tx, id, &known, name, email)?;
        let mut ended_sessions = Vec::new();
        if let Some(hash) = &password_hash {
            store::operator::set_password(tx, id, hash)?;
            store::invitation::remove(tx, id)?;
            ended_sessions = store::session::end_others(tx, id, Some(session_id))?;
        }
        let operator = operator_edit::present(tx, id)?;
        audit::operator(tx, id, &known, &operator, password_hash.is_some())?;
        Ok(Changed { operator, ended_sessions })
    })
}

/// Whoever sits at a colleague's open page does not know the password, and does not get to guess it for long. Returns the hash
/// that was proven: the owner may set another password meanwhile, and that one holds.
fn prove(domain: &Domain, known: &Operator, password: &str) -> Result<String> {
    let guesses = format!("own {}", known.id);
    domain.logins.take(&guesses).map_err(|wait_ms| Error::new(Code::LoginThrottled).with("retry_after_ms", wait_ms))?;
    let hash = domain.store.read(|reader| Ok(store::operator::by_email(reader, &known.email)?))?.map(|(_, hash)| hash);
    let fits = domain.passwords.verify(password, hash.clone());
    let fits = fits.inspect_err(|_| domain.logins.give_back(&guesses))?;
    match hash.filter(|_| fits) {
        Some(hash) => {
            domain.logins.clear(&guesses);
            Ok(hash)
        }
        None => Err(Error::new(Code::PasswordWrong).field("old_password")),
    }
}
