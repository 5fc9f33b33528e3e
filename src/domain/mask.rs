//! Hiding contacts of clients from roles that do not see them: phones `+7 ••• •••-12-34`, emails `iv•••@mail.ru`, names in
//! messengers `@iv•••`, names `Иван П.`; in their own fields and in every text that carries them.
//!
//! A [`Mask`] is made for one viewer and one visitor and given to the views, which put everything that people typed
//! through it; for a viewer who sees contacts it copies.
//!
//! What is known of the visitor (the end of its phone, the local part of its email, its surname) is recognised in texts of
//! those who know it: the visitor, its browser, and operators who see contacts. In texts of the others only the shape of a
//! contact counts: otherwise whoever types guesses would be told which of them is hidden.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::phone::{self, Country, Phone};
use super::scan::{self, Contact, Phones};
use super::settings;
use super::viewer::Viewer;
use crate::error::Result;
use crate::model::visitor::{self as model, ContactKind, Visitor};
use crate::model::{ChatId, OperatorId};
use crate::store;

/// Characters of an email's local part that stay.
const EMAIL_CHARS_SHOWN: usize = 2;
/// What stands for a hidden character.
pub const BULLET: char = '•';
/// What stands for hidden characters.
const BULLETS: &str = "•••";
/// Letters that an inflected surname may have beyond its stem.
const ENDING_CHARS: usize = 3;
/// Bytes of an email's local part that is recognised without its host, at least.
const LOCAL_BYTES: usize = 5;
/// Letters of a surname that may be inflected, at least.
const STEM_CHARS: usize = 3;

/// What one viewer may see of one visitor's contacts.
#[derive(Clone, Debug)]
pub struct Mask(Option<Hidden>);

/// The operators from whom contacts are hidden now, deleted ones too.
#[derive(Clone, Debug, Default)]
pub struct Unaware(Arc<HashSet<OperatorId>>);

#[derive(Clone, Debug, Default)]
struct Hidden {
    known: Known,
    /// What stands in for `known` in texts of those who do not know it.
    nothing: Known,
    unaware: Unaware,
}

/// What is known of the visitor, to be recognised in texts: however much it is, a text is looked through once.
#[derive(Clone, Debug, Default)]
struct Known {
    phones: Phones,
    /// The local parts of its emails that can be told from ordinary words, lower case.
    locals: HashSet<String>,
    /// The words of its names after the first, as they are compared.
    surnames: HashSet<String>,
    /// What is left of them without the letter that changes when they are inflected.
    stems: HashSet<String>,
}

/// A part of a text and what is shown instead.
struct Cover {
    range: Range<usize>,
    shown: String,
}

impl Unaware {
    /// Who it is, as the project's settings have it now.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(source: &impl store::Source) -> Result<Unaware> {
        let contacts = settings::get(source)?.contacts;
        if contacts.administrators && contacts.operators {
            return Ok(Unaware::default());
        }
        let operators = store::operator::all(source)?.into_iter();
        let unaware = operators.filter(|operator| contacts.hidden_from(operator.role)).map(|operator| operator.id);
        Ok(Unaware(Arc::new(unaware.collect())))
    }
}

impl Mask {
    /// Hides nothing: for what the program does by itself.
    pub fn nothing() -> Mask {
        Mask(None)
    }

    /// What `viewer` may see of `visitor`.
    pub fn new(viewer: &Viewer, visitor: &Visitor, unaware: &Unaware) -> Mask {
        if !viewer.contacts_hidden {
            return Mask(None);
        }
        // What else is hidden by a phone or email that the viewer guessed would tell how good the guess was.
        let own = |known: &&model::Known| known.guessed_by_id == Some(viewer.operator_id);
        let guess = |kind: ContactKind, value: &str| {
            let mut same = visitor.known.iter().filter(|known| known.kind == kind && known.value == value).peekable();
            same.peek().is_some() && same.all(|known| own(&known))
        };
        let mut known = Known::default();
        visitor.name.iter().for_each(|name| known.add_name(name));
        let phone = visitor.phone.iter().filter(|phone| !guess(ContactKind::Phone, phone));
        phone.for_each(|phone| known.add_phone(phone));
        let email = visitor.email.iter().filter(|email| !guess(ContactKind::Email, &email.to_lowercase()));
        email.for_each(|email| known.add_email(email));
        for once in &visitor.known {
            match once.kind {
                ContactKind::Name => known.add_name(&once.value),
                ContactKind::Phone | ContactKind::Email if own(&once) => {}
                ContactKind::Phone => known.add_phone(&once.value),
                ContactKind::Email => known.add_email(&once.value),
            }
        }
        Mask(Some(Hidden { known, nothing: Known::default(), unaware: unaware.clone() }))
    }

    /// What `viewer` may see of `visitor`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of_visitor(source: &impl store::Source, viewer: &Viewer, visitor: &Visitor) -> Result<Mask> {
        if !viewer.contacts_hidden {
            return Ok(Mask(None));
        }
        Ok(Mask::new(viewer, visitor, &Unaware::read(source)?))
    }

    /// What `viewer` may see of a chat's visitor.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of_chat(source: &impl store::Source, viewer: &Viewer, chat_id: ChatId) -> Result<Mask> {
        if !viewer.contacts_hidden {
            return Ok(Mask(None));
        }
        match store::chat::get(source, chat_id)? {
            Some(chat) => Mask::of_visitor(source, viewer, &chat.visitor),
            None => Ok(Mask(Some(Hidden::default()))),
        }
    }

    /// The same, where somebody with these contacts is spoken of too.
    pub fn knowing<'a>(
        &self,
        name: Option<&str>,
        phones: impl IntoIterator<Item = &'a String>,
        emails: impl IntoIterator<Item = &'a String>,
    ) -> Mask {
        let Some(mut hidden) = self.0.clone() else { return Mask(None) };
        phones.into_iter().for_each(|phone| hidden.known.add_phone(phone));
        emails.into_iter().for_each(|email| hidden.known.add_email(email));
        name.into_iter().for_each(|name| hidden.known.add_name(name));
        Mask(Some(hidden))
    }

    /// Whether something may be hidden.
    pub fn hides(&self) -> bool {
        self.0.is_some()
    }

    /// A text of any length and sort that the visitor or its browser wrote: a message, a title, an address of a page.
    pub fn text(&self, text: &str) -> String {
        self.text_by(None, text)
    }

    /// A text that an operator wrote; `None`: the visitor or its browser.
    pub fn text_by(&self, author: Option<OperatorId>, text: &str) -> String {
        match &self.0 {
            Some(hidden) => hidden.known_to(author).hide(text),
            None => text.to_owned(),
        }
    }

    /// The beginning of a text. Cut after hiding: a number that is cut in two would not be recognised.
    pub fn beginning_by(&self, author: Option<OperatorId>, text: &str, chars: usize) -> String {
        self.text_by(author, text).chars().take(chars).collect()
    }

    /// [`Mask::beginning_by`] of what the visitor or its browser wrote.
    pub fn beginning(&self, text: &str, chars: usize) -> String {
        self.beginning_by(None, text, chars)
    }

    /// The visitor's name.
    pub fn name(&self, name: &str) -> String {
        if self.hides() { hide_name(name) } else { name.to_owned() }
    }

    /// A phone in E.164, grouped for people.
    pub fn phone(&self, phone: &str) -> String {
        let phone = Phone::stored(phone);
        if self.hides() { phone.masked() } else { phone.grouped() }
    }

    /// A phone as another program writes it.
    pub fn foreign_phone(&self, phone: &str) -> String {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        if self.hides() { phone::masked_tail(&digits) } else { phone.to_owned() }
    }

    /// An email.
    pub fn email(&self, email: &str) -> String {
        if self.hides() { hide_email(email) } else { email.to_owned() }
    }

    /// Puts back what [`Mask::text_by`] hid of `old`, where it stands by itself and unchanged in `new`, which was made from it;
    /// `author` wrote `old`, `None`: several did. Nothing is put back when it would show more than `new` does.
    pub fn unhide(&self, author: impl Into<Option<OperatorId>>, old: &str, new: &str) -> String {
        let Some(hidden) = &self.0 else { return new.to_owned() };
        let known = hidden.known_to(author.into());
        let mut originals: HashMap<String, Vec<&str>> = HashMap::new();
        for cover in known.covers(old).into_iter().rev() {
            originals.entry(cover.shown).or_default().push(&old[cover.range]);
        }
        let mut by_length: Vec<String> = originals.keys().cloned().collect();
        by_length.sort_by_key(|shown| std::cmp::Reverse(shown.len()));
        let mut out = String::with_capacity(new.len());
        let mut at = 0;
        while let Some(c) = new[at..].chars().next() {
            let stands_here = |shown: &&String| {
                new[at..].starts_with(shown.as_str()) && stands_alone(&new[..at], &new[at + shown.len()..])
            };
            let shown = by_length.iter().find(stands_here);
            if let Some((shown, originals)) = shown.and_then(|shown| Some((shown, originals.get_mut(shown)?))) {
                out.push_str(originals.last().copied().unwrap_or_default());
                if originals.len() > 1 {
                    originals.pop();
                }
                at += shown.len();
            } else {
                out.push(c);
                at += c.len_utf8();
            }
        }
        if known.hide(&out) == known.hide(new) { out } else { new.to_owned() }
    }
}

impl Hidden {
    fn known_to(&self, author: Option<OperatorId>) -> &Known {
        if author.is_some_and(|author| self.unaware.0.contains(&author)) { &self.nothing } else { &self.known }
    }
}

/// Whether nothing around a hidden contact could make another of it.
fn stands_alone(before: &str, after: &str) -> bool {
    let glues = |c: char| c.is_alphanumeric() || matches!(c, '@' | '.' | '•' | '+' | '-' | '_' | '%');
    let mut next = after.chars();
    let ends = match next.next() {
        // The end of a sentence.
        Some('.') => next.next().is_none_or(char::is_whitespace),
        Some(c) => !glues(c),
        None => true,
    };
    ends && !before.chars().next_back().is_some_and(glues)
}

/// The words of a text as they are compared.
fn folded_words(text: &str) -> Vec<String> {
    scan::words(&scan::units(text)).into_iter().map(|(_, word)| word).collect()
}

impl Known {
    fn add_phone(&mut self, phone: &str) {
        self.phones.add(phone.chars().filter(char::is_ascii_digit).collect());
    }

    fn add_email(&mut self, email: &str) {
        self.locals.extend(local_of(&scan::folded(email)).map(str::to_owned));
    }

    fn add_name(&mut self, name: &str) {
        for surname in name.split_whitespace().skip(1).flat_map(folded_words) {
            self.stems.extend(stem(&surname).map(str::to_owned));
            self.surnames.insert(surname);
        }
    }

    /// Whether a word is a surname, perhaps inflected.
    fn is_surname(&self, word: &str) -> bool {
        let ends = word.char_indices().rev().map(|(at, _)| at).take(ENDING_CHARS);
        self.surnames.contains(word)
            || std::iter::once(word.len()).chain(ends).any(|end| self.stems.contains(&word[..end]))
    }

    fn hide(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for cover in self.covers(text) {
            out.push_str(&text[from..cover.range.start]);
            out.push_str(&cover.shown);
            from = cover.range.end;
        }
        out.push_str(&text[from..]);
        out
    }

    /// What is hidden of a text, in its order, nothing twice.
    fn covers(&self, text: &str) -> Vec<Cover> {
        let units = scan::units(text);
        let contacts = scan::contacts(&units, &self.phones).into_iter().map(|hit| Cover {
            shown: match &hit.contact {
                Contact::Phone { digits, plus } => hide_digits(digits, *plus),
                Contact::Email(email) => hide_email(email),
            },
            range: hit.range,
        });
        let mut covers: Vec<Cover> = contacts.collect();
        let handles = scan::handles(&units).into_iter();
        let shown =
            handles.map(|(range, before, name)| Cover { range, shown: format!("{before}{}", hide_local(&name)) });
        covers = merged(covers, shown);
        if !self.locals.is_empty() {
            let found = scan::locals(&units).into_iter().filter(|(_, local)| self.locals.contains(local));
            covers = merged(covers, found.map(|(range, local)| Cover { range, shown: hide_local(&local) }));
        }
        if !self.surnames.is_empty() {
            let found = scan::words(&units).into_iter().filter(|(_, word)| self.is_surname(word));
            covers =
                merged(covers, found.map(|(range, word)| Cover { shown: initial(&text[range.clone()], &word), range }));
        }
        covers
    }
}

/// Both in their order; those that overlap become one. Each list is in order and touches itself nowhere.
fn merged(covers: Vec<Cover>, further: impl Iterator<Item = Cover>) -> Vec<Cover> {
    let mut all: Vec<Cover> = Vec::with_capacity(covers.len());
    let mut covers = covers.into_iter().peekable();
    let mut further = further.peekable();
    loop {
        let is_first = |cover: &Cover| covers.peek().is_none_or(|known| cover.range.start < known.range.start);
        let Some(next) = further.next_if(is_first).or_else(|| covers.next()) else { return all };
        match all.last_mut().filter(|before| before.range.end > next.range.start) {
            // The longer one tells what both are.
            Some(before) if before.range.end >= next.range.end => {}
            Some(before) if next.range.start == before.range.start => *before = next,
            Some(before) => {
                before.shown.push_str(&next.shown);
                before.range.end = next.range.end;
            }
            None => all.push(next),
        }
    }
}

/// The initial of a surname, as it is written where it can be seen, else as it is compared.
fn initial(written: &str, word: &str) -> String {
    let c = written.chars().next().filter(|c| c.is_alphabetic()).or_else(|| word.chars().next());
    c.map(|c| format!("{}.", c.to_uppercase())).unwrap_or_default()
}

/// The local part of an email, when it is long enough to be told from an ordinary word.
fn local_of(email: &str) -> Option<&str> {
    email.split_once('@').map(|(local, _)| local).filter(|local| local.len() >= LOCAL_BYTES)
}

/// With the country code where one stands there; one that goes without saying is not added.
fn hide_digits(digits: &str, plus: bool) -> String {
    let country = if digits.len() == phone::RUSSIAN_DIGITS { Country::Unknown } else { Country::Russia };
    match Phone::from_digits(digits, plus, country) {
        Some(phone) => phone.masked(),
        None => phone::masked_tail(digits),
    }
}

fn hide_email(email: &str) -> String {
    let (local, host) = email.rsplit_once('@').unwrap_or((email, ""));
    format!("{}@{host}", hide_local(local))
}

fn hide_local(local: &str) -> String {
    // Of a short one less: two of two letters would be all of it.
    let shown = EMAIL_CHARS_SHOWN.min(local.chars().count().saturating_sub(1));
    local.chars().take(shown).chain(BULLETS.chars()).collect()
}

/// A name as it is shown to those from whom contacts are hidden, whoever they are: its first word and an initial.
pub fn hide_name(name: &str) -> String {
    if !Known::default().covers(name).is_empty() {
        // Anybody may have typed it: of what is known only its own words count.
        let mut known = Known::default();
        known.add_name(name);
        return known.hide(name);
    }
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    match words.next().and_then(|word| word.chars().find(|c| c.is_alphanumeric())) {
        Some(initial) => format!("{first} {}.", initial.to_uppercase()),
        None => first.to_owned(),
    }
}

/// What stays of a folded surname when it is inflected; `None`: it is too short to be told from other words then.
fn stem(surname: &str) -> Option<&str> {
    if surname.chars().count() <= STEM_CHARS {
        return None;
    }
    Some(surname.strip_suffix(['а', 'я', 'о', 'е', 'и', 'ы', 'й', 'ь']).unwrap_or(surname))
}

#[cfg(test)]
mod tests;
