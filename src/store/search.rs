//! Finding visitors by who they are. Answers are bounded; rights are looked at by who asks.

use rusqlite::{Params, named_params};

use super::Result;
use super::reader::Source;
use crate::model::visitor::ContactKind;
use crate::model::{VisitorId, limits};

const BY_PHONE: &str = "
SELECT id
FROM visitors
WHERE phone = :phone
ORDER BY id DESC
LIMIT :n";

const BY_EMAIL: &str = "
SELECT id
FROM visitors
WHERE email_key = :email
ORDER BY id DESC
LIMIT :n";

const BY_FOUND: &str = "
SELECT visitor_id
FROM visitor_found
WHERE kind = :kind AND value = :value
ORDER BY id DESC
LIMIT :n";

const BY_PART: &str = "
SELECT id
FROM (SELECT id, name_key, phone, email_key
      FROM visitors INDEXED BY visitors_named
      WHERE name_key IS NOT NULL OR phone IS NOT NULL OR email_key IS NOT NULL
      ORDER BY id DESC
      LIMIT :probed)
WHERE instr(name_key, :name) > 0 OR instr(phone, :phone) > 0 OR instr(email_key, :email) > 0
ORDER BY id DESC
LIMIT :n";

const BY_SHOWN_NAME: &str = "
SELECT id
FROM (SELECT id, shown_name_key
      FROM visitors INDEXED BY visitors_shown
      WHERE shown_name_key IS NOT NULL
      ORDER BY id DESC
      LIMIT :probed)
WHERE instr(shown_name_key, :name) > 0
ORDER BY id DESC
LIMIT :n";

/// What a name, a phone and an email may hold; `None` is held by none.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Folded.
    pub name: Option<String>,
    /// Digits.
    pub phone: Option<String>,
    /// In lower case.
    pub email: Option<String>,
}

/// Visitors who have this phone or email, or typed this contact in a message, at most `n` of each, newest first.
pub fn by_contact(source: &impl Source, kind: ContactKind, value: &str, n: usize) -> Result<Vec<VisitorId>> {
    let mut found = match kind {
        ContactKind::Phone => ids(source, BY_PHONE, named_params! { ":phone": value, ":n": n })?,
        ContactKind::Email => ids(source, BY_EMAIL, named_params! { ":email": value, ":n": n })?,
        ContactKind::Name => Vec::new(),
    };
    found.extend(ids(source, BY_FOUND, named_params! { ":kind": kind, ":value": value, ":n": n })?);
    Ok(found)
}

/// Of the newest [`limits::SEARCH_PROBED`] visitors with a name, phone or email those that hold one of `parts`, at most
/// `n`, newest first.
pub fn by_part(source: &impl Source, parts: &Parts, n: usize) -> Result<Vec<VisitorId>> {
    let values = named_params! {
        ":name": parts.name, ":phone": parts.phone, ":email": parts.email, ":probed": limits::SEARCH_PROBED, ":n": n,
    };
    ids(source, BY_PART, values)
}

/// Of the newest [`limits::SEARCH_PROBED`] visitors with a name those whose name, as it is shown where contacts are hidden,
/// holds `name`, folded; at most `n`, newest first.
pub fn by_shown_name(source: &impl Source, name: &str, n: usize) -> Result<Vec<VisitorId>> {
    ids(source, BY_SHOWN_NAME, named_params! { ":name": name, ":probed": limits::SEARCH_PROBED, ":n": n })
}

fn ids(source: &impl Source, query: &str, values: impl Params) -> Result<Vec<VisitorId>> {
    let mut statement = source.connection().prepare_cached(query)?;
    let rows = statement.query_map(values, |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
