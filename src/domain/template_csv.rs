//! Templates as a table: out for a spreadsheet, and in from one. A title that is there already gets the table's text.

use std::collections::HashMap;

use super::csv;
use super::template::{self, Words};
use super::viewer::Viewer;
use crate::error::{Code, Error, Result};
use crate::model::project::Language;
use crate::model::template::Template;
use crate::model::{OperatorId, limits};
use crate::store::{self, Source, Tx};

/// The names of both columns as a table in `language` has them; in a table that is read either will do.
const fn head(language: Language) -> [&'static str; 2] {
    match language {
        Language::Ru => ["название", "текст"],
        Language::En => ["title", "text"],
    }
}

/// A list as a table in `language`, in its order; spreadsheets want `;` in Russian.
///
/// # Errors
/// Those of the store.
pub fn export(source: &impl Source, viewer: &Viewer, private: bool, language: Language) -> Result<String> {
    let of = private.then_some(viewer.operator_id);
    let all = store::template::of(source, of)?;
    let rows = all.iter().map(|template| vec![template.title.as_str(), template.text.as_str()]);
    let separator = if language == Language::Ru { b';' } else { b',' };
    csv::write(separator, std::iter::once(head(language).to_vec()).chain(rows))
}

/// A row that cannot be taken.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its number in a spreadsheet, from 1.
    pub row: u64,
    /// What is wrong.
    pub error: Error,
}

/// What a table would do, or did.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Titles that are new.
    pub added: usize,
    /// Titles whose text differs.
    pub changed: usize,
    /// Titles that are there as they are in the table.
    pub unchanged: usize,
    /// Rows that cannot be taken, at most [`limits::IMPORT_FAULTS`].
    pub faults: Vec<Fault>,
}

/// Reads a table for one of `viewer`'s lists, before the writer is asked, for whom all wait.
///
/// # Errors
/// `owner_only`, `csv_not_utf8`, `csv_empty`; `templates_too_many` over [`limits::IMPORT_ROWS`].
pub fn read(viewer: &Viewer, bytes: &[u8], private: bool) -> Result<Vec<csv::Row>> {
    let of = template::list(viewer, private)?;
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(Code::CsvNotUtf8))?;
    let rows = csv::read(text, is_head)?;
    match rows.len() {
        0 => Err(Code::CsvEmpty.into()),
        1..=limits::IMPORT_ROWS => Ok(rows),
        _ => Err(Error::new(Code::TemplatesTooMany).with("limit", template::most(of))),
    }
}

/// Says what the rows of a table would do; writes them when `dry` is false and none is wrong, all or nothing.
///
/// # Errors
/// `owner_only`, `templates_too_many`; `import_has_faults` when they should be written and one is wrong.
pub fn import(tx: &Tx, viewer: &Viewer, rows: &[csv::Row], private: bool, dry: bool) -> Result<Import> {
    let of = template::list(viewer, private)?;
    let known: HashMap<String, Template> =
        store::template::of(tx, of)?.into_iter().map(|template| (template.title.clone(), template)).collect();
    let mut import = Import::default();
    let mut taken: HashMap<String, u64> = HashMap::new();
    let mut wanted = Vec::new();
    for row in rows {
        match checked(row, &taken) {
            Ok(words) => {
                taken.insert(words.title.clone(), row.number);
                match known.get(&words.title) {
                    Some(same) if same.text == words.text => import.unchanged += 1,
                    Some(_) => import.changed += 1,
                    None => import.added += 1,
                }
                wanted.push(words);
            }
            Err(error) => import.faults.push(Fault { row: row.number, error }),
        }
    }
    let most = template::most(of);
    if known.len() + import.added > most {
        return Err(Error::new(Code::TemplatesTooMany).with("limit", most));
    }
    if !import.faults.is_empty() && !dry {
        return Err(Error::new(Code::ImportHasFaults).with("count", import.faults.len()));
    }
    import.faults.truncate(limits::IMPORT_FAULTS);
    if !dry {
        write(tx, viewer, of, &known, &wanted)?;
    }
    Ok(import)
}

fn write(
    tx: &Tx,
    viewer: &Viewer,
    of: Option<OperatorId>,
    known: &HashMap<String, Template>,
    wanted: &[Words],
) -> Result<()> {
    for words in wanted {
        match known.get(&words.title) {
            Some(same) if same.text == words.text => {}
            Some(old) => {
                store::template::update(tx, old.id, &words.title, &words.text)?;
                if of.is_none() {
                    let changed = Template { text: words.text.clone(), ..old.clone() };
                    template::note_change(tx, viewer, old, &changed)?;
                }
            }
            None => drop(template::insert(tx, viewer, of, words)?),
        }
    }
    Ok(())
}

fn checked(row: &csv::Row, taken: &HashMap<String, u64>) -> Result<Words> {
    let [title, text] = row.cells.as_slice() else {
        return Err(Error::new(Code::CsvColumns).with("wanted", head(Language::En).len()).with("got", row.cells.len()));
    };
    let words = Words::new(title, text)?;
    if let Some(first) = taken.get(&words.title) {
        let first = i64::try_from(*first).unwrap_or(i64::MAX);
        return Err(Error::new(Code::CsvTitleTwice).field("title").with("row", first));
    }
    Ok(words)
}

fn is_head(cells: &[String]) -> bool {
    let words: Vec<String> = cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
    Language::ALL.iter().any(|language| words == head(*language))
}
