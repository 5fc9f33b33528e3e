//! The first start: a project with its site channel, and the owner.

use subtle::ConstantTimeEq;

use super::operator::{self, Application};
use super::push::crypt::Vapid;
use super::{Domain, account, text, token};
use crate::error::{Code, Error, Result};
use crate::model::attachment::{FileKind, FileRules};
use crate::model::limits;
use crate::model::look::Look;
use crate::model::operator::{Operator, Role};
use crate::model::project::{Language, Project};
use crate::store::{self, Tx};

/// The colour of a project whose owner chose none.
pub const ACCENT: &str = "#3457D5";

/// What the set-up page asks.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The shop's name, 1 to 60 characters.
    pub project_name: String,
    /// IANA time zone.
    pub time_zone: String,
    /// The owner.
    pub owner: Application,
}

/// Makes the project's row with its key pair, and its site channel, when the file is new.
///
/// # Errors
/// Those of the store.
pub fn prepare(domain: &Domain, name: &str, language: Language) -> Result<()> {
    let name = text::line("project_name", name, limits::NAME_CHARS)?;
    let key = token::make_key()?;
    let vapid_key = Vapid::make()?;
    let file_secret = token::hash(&token::make()?);
    domain.store.write(move |tx| {
        if store::project::get(tx)?.is_some() {
            return Ok(());
        }
        let project = Project {
            name: name.clone(),
            language,
            time_zone: "UTC".into(),
            accent: ACCENT.into(),
            files: FileRules { max_bytes: limits::FILE_BYTES, kinds: FileKind::ALL.to_vec() },
        };
        store::project::make(tx, &project, &vapid_key, &file_secret)?;
        store::channel::insert_site(tx, &key, &name, &Look::standard(ACCENT), None)?;
        Ok(())
    })
}

/// Whether the project has its owner.
///
/// # Errors
/// Those of the store.
pub fn is_done(domain: &Domain) -> Result<bool> {
    domain.store.read(|reader| Ok(store::operator::has_owner(reader)?))
}

/// A new token for the set-up link; former ones are worthless then.
///
/// # Errors
/// Those of the store.
pub fn make_link_token(domain: &Domain) -> Result<String> {
    let made = token::make()?;
    let hash = token::hash(&made);
    domain.store.write(move |tx| Ok(store::project::set_setup_token_hash(tx, &hash)?))?;
    Ok(made)
}

/// Whether a set-up link is the valid one.
///
/// # Errors
/// `setup_link_invalid`, `setup_done`.
pub fn check_link(source: &impl store::Source, link_token: &str) -> Result<()> {
    if store::operator::has_owner(source)? {
        return Err(Code::SetupDone.into());
    }
    let expected = store::project::setup_token_hash(source)?.ok_or(Code::SetupLinkInvalid)?;
    let fits: bool = expected.ct_eq(&token::hash(link_token)).into();
    if fits { Ok(()) } else { Err(Code::SetupLinkInvalid.into()) }
}

/// Makes the owner and names the project, by the one-time link. Returns the owner, and the token of a session that began.
///
/// # Errors
/// `setup_link_invalid`, `setup_done`, those of the fields.
pub fn by_link(domain: &Domain, link_token: String, set_up: SetUp) -> Result<(Operator, String)> {
    domain.store.read(|reader| check_link(reader, &link_token))?;
    let (set_up, password_hash) = checked(domain, set_up)?;
    domain.store.write(move |tx| {
        check_link(tx, &link_token)?;
        let owner = finish(tx, &set_up, &password_hash)?;
        let session_token = account::begin_session(tx, owner.id)?;
        Ok((owner, session_token))
    })
}

/// Makes the owner from settings of the program; nothing happens when there is one.
///
/// # Errors
/// Those of the fields.
pub fn by_settings(domain: &Domain, set_up: SetUp) -> Result<()> {
    if is_done(domain)? {
        return Ok(());
    }
    let (set_up, password_hash) = checked(domain, set_up)?;
    domain.store.write(move |tx| finish(tx, &set_up, &password_hash).map(drop))
}

fn checked(domain: &Domain, mut set_up: SetUp) -> Result<(SetUp, String)> {
    let mut errors = Vec::new();
    match text::line("project_name", &set_up.project_name, limits::NAME_CHARS) {
        Ok(name) => set_up.project_name = name,
        Err(error) => errors.push(error),
    }
    errors.extend(text::time_zone("time_zone", &set_up.time_zone).err());
    match set_up.owner.clone().checked() {
        Ok(owner) => set_up.owner = Application { role: Role::Owner, ..owner },
        Err(error) if error.errors.is_empty() => errors.push(error),
        Err(error) => errors.extend(error.errors),
    }
    Error::gather(errors)?;
    let hash = domain.passwords.hash(&set_up.owner.password)?;
    Ok((set_up, hash))
}

fn finish(tx: &Tx, set_up: &SetUp, password_hash: &str) -> Result<Operator> {
    if store::operator::has_owner(tx)? {
        return Err(Code::SetupDone.into());
    }
    store::project::set_up(tx, &set_up.project_name, set_up.owner.language, &set_up.time_zone)?;
    // It was made before anybody said what the shop is called.
    store::channel::rename_first(tx, &set_up.project_name)?;
    operator::insert(tx, &set_up.owner, password_hash)
}
