//! Operators: adding them, and their own settings.

use super::audit::Note;
use super::invitation::Invitation;
use super::viewer::Viewer;
use super::{Domain, invitation, text, token};
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::operator::{Operator, Preferences, Role};
use crate::model::project::Language;
use crate::model::{OperatorId, limits};
use crate::store::operator::NewOperator;
use crate::store::{self, Tx};

/// A new operator as the form has it.
#[derive(Clone, Debug)]
pub struct Application {
    /// 1 to 60 characters; visitors see it.
    pub name: String,
    /// The login.
    pub email: String,
    /// 10 characters to 71 bytes.
    pub password: String,
    /// What the operator may do.
    pub role: Role,
    /// Language of the pages at first.
    pub language: Language,
}

impl Application {
    /// Checks every field and says all that is wrong at once.
    ///
    /// # Errors
    /// Those of [`text`], gathered.
    pub fn checked(mut self) -> Result<Application> {
        let mut errors = Vec::new();
        let mut keep = |result: Result<String>, field: &mut String| match result {
            Ok(value) => *field = value,
            Err(error) => errors.push(error),
        };
        keep(text::line("name", &self.name, limits::NAME_CHARS), &mut self.name);
        keep(text::email("email", &self.email), &mut self.email);
        errors.extend(text::password("password", &self.password).err());
        Error::gather(errors)?;
        Ok(self)
    }
}

/// Adds an operator, by the owner.
///
/// # Errors
/// `owner_only`, `email_taken`, `operators_too_many`, those of the fields; `busy` when too many passwords wait.
pub fn add(domain: &Domain, viewer: &Viewer, application: Application) -> Result<Operator> {
    add_and(domain, viewer, application, |_, operator| Ok(operator))
}

/// Adds an operator who sets an own password by the link that is returned too; until then nobody knows the password.
///
/// # Errors
/// Those of [`add`].
pub fn add_invited(domain: &Domain, viewer: &Viewer, mut application: Application) -> Result<(Operator, Invitation)> {
    application.password = token::make()?;
    let link_token = token::make()?;
    add_and(domain, viewer, application, move |tx, operator| {
        let invitation = invitation::insert(tx, &operator, link_token)?;
        Ok((operator, invitation))
    })
}

fn add_and<T: Send + 'static>(
    domain: &Domain,
    viewer: &Viewer,
    application: Application,
    then: impl FnOnce(&Tx, Operator) -> Result<T> + Send + 'static,
) -> Result<T> {
    viewer.need_owner()?;
    let application = application.checked()?;
    let password_hash = domain.passwords.hash(&application.password)?;
    let by = viewer.operator_id;
    domain.write_as(viewer, move |tx| {
        let operator = insert(tx, &application, &password_hash)?;
        let note = Note::new(tx, by, AuditKind::OperatorAdded, &operator.name);
        note.field("email", None, Some(&operator.email))?;
        note.field("role", None, Some(operator.role.as_str()))?;
        then(tx, operator)
    })
}

/// Stores a checked application.
///
/// # Errors
/// `email_taken`, `operators_too_many`.
pub fn insert(tx: &Tx, application: &Application, password_hash: &str) -> Result<Operator> {
    if store::operator::by_email(tx, &application.email)?.is_some() {
        return Err(Error::new(Code::EmailTaken).field("email"));
    }
    if store::operator::count(tx)? >= limits::OPERATORS {
        return Err(Error::new(Code::OperatorsTooMany).with("limit", limits::OPERATORS));
    }
    let id = store::operator::insert(
        tx,
        &NewOperator {
            name: &application.name,
            email: &application.email,
            password_hash,
            role: application.role,
            language: application.language,
        },
    )?;
    get(tx, id)
}

/// Changes an operator's own settings, as they stand at the moment of writing, and whether it is away, when that is said.
///
/// # Errors
/// What `change` refuses, and those of the store.
pub fn set_preferences(
    domain: &Domain,
    viewer: &Viewer,
    change: impl FnOnce(Preferences) -> Result<Preferences> + Send + 'static,
    away: Option<bool>,
) -> Result<Operator> {
    let id = viewer.operator_id;
    domain.write_as(viewer, move |tx| {
        let known = get(tx, id)?;
        let preferences = change(known.preferences)?;
        if preferences != known.preferences {
            store::operator::set_preferences(tx, id, &preferences)?;
        }
        if let Some(away) = away.filter(|away| *away != known.away) {
            store::operator::set_away(tx, id, away)?;
        }
        get(tx, id)
    })
}

fn get(source: &impl store::Source, id: OperatorId) -> Result<Operator> {
    store::operator::get(source, id)?.ok_or_else(|| Error::internal("an operator vanished"))
}
