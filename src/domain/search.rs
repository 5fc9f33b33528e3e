//! Finding a client by number, name, phone or email. Whoever does not see contacts finds by a whole phone or email only,
//! and by the name as it is shown: otherwise a search would tell, piece by piece, what is hidden.

use super::contact;
use super::mask::Unaware;
use super::phone::{self, Country, Phone};
use super::presence::Presence;
use super::view::operator as view;
use super::viewer::Viewer;
use super::{Domain, scan, text};
use crate::error::{Code, Error, Result};
use crate::model::chat::Chat;
use crate::model::visitor::ContactKind;
use crate::model::{VisitorId, limits};
use crate::store::search::Parts;
use crate::store::{self, Reader};

/// Words before the number by which pages call a client without a name.
const NUMBER_WORDS: [&str; 4] = ["гость", "guest", "№", "#"];

/// What is searched for. Its pace is judged by the same text that is looked for: a character more or less is no way past it.
#[derive(Clone, Debug)]
pub struct Query(String);

impl Query {
    /// Reads what was typed, 1 to [`limits::SEARCH_CHARS`] characters; control characters become spaces.
    ///
    /// # Errors
    /// `query_invalid`.
    pub fn parse(typed: &str) -> Result<Query> {
        let query = text::cut(typed, limits::SEARCH_CHARS + 1);
        if query.is_empty() || query.chars().count() > limits::SEARCH_CHARS {
            let reason = format!("1 to {} characters", limits::SEARCH_CHARS);
            return Err(Error::new(Code::QueryInvalid).field("q").with("reason", reason));
        }
        Ok(Query(query))
    }

    fn phone(&self, country: Country) -> Option<Phone> {
        Phone::parse(&self.0, country)
    }

    /// In lower case.
    fn email(&self) -> Option<String> {
        text::email("q", &self.0).ok()
    }

    /// Whether it is a whole phone or email, wherever the project is.
    fn is_whole(&self) -> bool {
        self.email().is_some() || [Country::Russia, Country::Unknown].map(|country| self.phone(country)) != [None, None]
    }
}

/// The newest chat that `viewer` may see of each client whom `query` finds, latest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn search(
    reader: &Reader,
    viewer: &Viewer,
    presence: &Presence,
    query: &Query,
    limit: usize,
) -> Result<Vec<view::Chat>> {
    let mut chats: Vec<Chat> = Vec::new();
    for visitor_id in visitors(reader, viewer, query)? {
        let known = store::chat::of_visitor(reader, visitor_id, limits::CHATS_TOLD)?;
        chats.extend(known.into_iter().find(|chat| viewer.may_see(chat)));
    }
    chats.sort_by_key(|chat| std::cmp::Reverse((chat.active_at, chat.id)));
    let unaware = Unaware::read(reader)?;
    Ok(chats.iter().take(limit).filter_map(|chat| view::Chat::new(viewer, chat, presence, &unaware)).collect())
}

/// Counts a search for a whole phone or email by somebody who does not see contacts: a hidden one could be found by trying.
///
/// # Errors
/// `search_too_fast` over [`limits::CONTACT_SEARCHES_PER_WINDOW`] or [`limits::CONTACT_SEARCHES_PER_LONG_WINDOW`].
pub fn check_pace(domain: &Domain, viewer: &Viewer, query: &Query) -> Result<()> {
    if !viewer.contacts_hidden || !query.is_whole() {
        return Ok(());
    }
    let who = viewer.operator_id.0.to_string();
    let too_fast = |retry_after_ms: i64| Error::new(Code::SearchTooFast).with("retry_after_ms", retry_after_ms);
    domain.contact_searches_long.check(&who).map_err(too_fast)?;
    domain.contact_searches.take(&who).map_err(too_fast)?;
    domain.contact_searches_long.take(&who).map_err(too_fast)
}

/// Who fits, each once, at most about [`limits::SEARCH_FITTING`].
fn visitors(reader: &Reader, viewer: &Viewer, query: &Query) -> Result<Vec<VisitorId>> {
    let folded = scan::folded(&query.0);
    let mut found: Vec<VisitorId> = number(&folded).into_iter().collect();
    if let Some(phone) = query.phone(contact::country(reader)?) {
        found.extend(store::search::by_contact(reader, ContactKind::Phone, phone.as_str(), limits::SEARCH_FITTING)?);
    }
    if let Some(email) = query.email() {
        found.extend(store::search::by_contact(reader, ContactKind::Email, &email, limits::SEARCH_FITTING)?);
    }
    found.extend(if viewer.contacts_hidden {
        by_shown_name(reader, &folded)?
    } else {
        by_part(reader, &query.0, &folded)?
    });
    found.sort_unstable();
    found.dedup();
    found.reverse();
    found.truncate(limits::SEARCH_FITTING);
    Ok(found)
}

/// The number of a client, by itself or as pages write it.
fn number(folded: &str) -> Option<VisitorId> {
    let word = NUMBER_WORDS.iter().find_map(|word| folded.strip_prefix(word));
    let digits = word.unwrap_or(folded).trim();
    digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok().map(VisitorId)).flatten()
}

fn by_part(reader: &Reader, query: &str, folded: &str) -> Result<Vec<VisitorId>> {
    let long_enough = |part: &String| part.chars().count() >= limits::SEARCH_PART_CHARS;
    let is_phone =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || phone::is_dash(c) || matches!(c, '+' | '(' | ')' | '.');
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    // In Russia 8 is said where +7 is written.
    let digits = match digits.strip_prefix('8') {
        Some(rest) if digits.len() > limits::SEARCH_PART_CHARS && !query.starts_with('+') => rest.to_owned(),
        _ => digits,
    };
    let parts = Parts {
        name: Some(folded.to_owned()).filter(long_enough),
        phone: query.chars().all(is_phone).then_some(digits).filter(long_enough),
        email: Some(query.to_lowercase()).filter(long_enough),
    };
    Ok(store::search::by_part(reader, &parts, limits::SEARCH_FITTING)?)
}

/// Looks at nothing but what is shown: how long it takes tells nothing of the rest.
fn by_shown_name(reader: &Reader, folded: &str) -> Result<Vec<VisitorId>> {
    let wanted = folded.trim_end_matches('.');
    if wanted.chars().count() < limits::SEARCH_PART_CHARS {
        return Ok(Vec::new());
    }
    Ok(store::search::by_shown_name(reader, wanted, limits::SEARCH_FITTING)?)
}
