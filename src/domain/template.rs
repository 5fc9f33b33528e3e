//! Prepared answers: the owner keeps everybody's, each operator also has own ones that nobody else sees.

use super::audit::Note;
use super::text;
use super::viewer::Viewer;
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::template::Template;
use crate::model::{OperatorId, Seq, TemplateId, limits};
use crate::store::{self, Source, Tx};

/// Title and text as the form has them, checked: 1 to [`limits::TEMPLATE_TITLE_CHARS`] and 1 to
/// [`limits::TEMPLATE_TEXT_CHARS`] characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Of one line.
    pub title: String,
    /// Of any number of lines.
    pub text: String,
}

impl Words {
    /// Checks both and says all that is wrong at once.
    ///
    /// # Errors
    /// `text_empty`, `text_too_long`, `text_control`, gathered.
    pub fn new(title: &str, text: &str) -> Result<Words> {
        let title = text::line("title", title, limits::TEMPLATE_TITLE_CHARS);
        let text = text::lines("text", text, limits::TEMPLATE_TEXT_CHARS);
        match (title, text) {
            (Ok(title), Ok(text)) => Ok(Words { title, text }),
            (title, text) => {
                Error::gather(title.err().into_iter().chain(text.err()).collect())?;
                Err(Error::internal("faults were lost"))
            }
        }
    }
}

/// One of the two lists that an operator has, if the viewer may change it: everybody's only the owner.
///
/// # Errors
/// `owner_only`.
pub fn list(viewer: &Viewer, private: bool) -> Result<Option<OperatorId>> {
    if private {
        return Ok(Some(viewer.operator_id));
    }
    viewer.need_owner()?;
    Ok(None)
}

/// Everybody's templates and the viewer's own after them, each list in its order.
///
/// # Errors
/// Those of the store.
pub fn all(source: &impl Source, viewer: &Viewer) -> Result<Vec<Template>> {
    let mut all = store::template::of(source, None)?;
    all.extend(store::template::of(source, Some(viewer.operator_id))?);
    Ok(all)
}

/// Adds a template at the end of everybody's, or of the viewer's own.
///
/// # Errors
/// `owner_only`, `template_title_taken`, `templates_too_many`.
pub fn add(tx: &Tx, viewer: &Viewer, words: &Words, private: bool) -> Result<Template> {
    let of = list(viewer, private)?;
    check_count(tx, of)?;
    check_title(tx, of, &words.title, None)?;
    insert(tx, viewer, of, words)
}

/// Adds a template that was checked.
pub(super) fn insert(tx: &Tx, viewer: &Viewer, of: Option<OperatorId>, words: &Words) -> Result<Template> {
    let id = store::template::insert(tx, of, &words.title, &words.text)?;
    if of.is_none() {
        let note = Note::new(tx, viewer.operator_id, AuditKind::TemplateAdded, &words.title);
        note.field("text", None, Some(&words.text))?;
    }
    store::template::get(tx, id)?.ok_or_else(|| Code::TemplateNotFound.into())
}

/// Replaces title and text, if nobody did since `seen`; `private` also moves it to the end of the other list. The same again
/// makes no event.
///
/// # Errors
/// `owner_only`, `template_not_found` also for a colleague's own, `template_changed`, `template_title_taken`,
/// `templates_too_many`.
pub fn change(
    tx: &Tx,
    viewer: &Viewer,
    id: TemplateId,
    seen: Seq,
    words: &Words,
    private: Option<bool>,
) -> Result<Template> {
    let known = find(tx, viewer, id)?;
    let of = match private {
        Some(private) => list(viewer, private)?,
        None => known.operator_id,
    };
    let changed = Template { operator_id: of, title: words.title.clone(), text: words.text.clone(), ..known.clone() };
    if changed == known {
        return Ok(known);
    }
    if known.seq > seen {
        return Err(Code::TemplateChanged.into());
    }
    check_title(tx, of, &words.title, Some(id))?;
    if of != known.operator_id {
        check_count(tx, of)?;
        store::template::set_operator(tx, id, of)?;
    }
    store::template::update(tx, id, &words.title, &words.text)?;
    if known.operator_id.is_none() || of.is_none() {
        note_change(tx, viewer, &known, &changed)?;
    }
    store::template::get(tx, id)?.ok_or_else(|| Code::TemplateNotFound.into())
}

/// Writes what differs; a template that was or becomes private is removed or added for all others.
pub(super) fn note_change(tx: &Tx, viewer: &Viewer, known: &Template, changed: &Template) -> Result<()> {
    let by = viewer.operator_id;
    match (known.operator_id, changed.operator_id) {
        (None, None) => {
            let note = Note::new(tx, by, AuditKind::TemplateChanged, &known.title);
            note.field("title", Some(&known.title), Some(&changed.title))?;
            note.field("text", Some(&known.text), Some(&changed.text))
        }
        (None, Some(_)) => {
            Note::new(tx, by, AuditKind::TemplateRemoved, &known.title).field("text", Some(&known.text), None)
        }
        _ => Note::new(tx, by, AuditKind::TemplateAdded, &changed.title).field("text", None, Some(&changed.text)),
    }
}

/// Removes a template; removing it again succeeds.
///
/// # Errors
/// `owner_only`.
pub fn remove(tx: &Tx, viewer: &Viewer, id: TemplateId) -> Result<()> {
    let known = match find(tx, viewer, id) {
        Ok(known) => known,
        Err(error) if error.code == Code::TemplateNotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    store::template::delete(tx, id)?;
    if known.operator_id.is_none() {
        let note = Note::new(tx, viewer.operator_id, AuditKind::TemplateRemoved, &known.title);
        note.field("text", Some(&known.text), None)?;
    }
    Ok(())
}

/// Puts everybody's templates, or the viewer's own, into another order: `ids` names each of them once.
///
/// # Errors
/// `owner_only`; `templates_changed` when others are there by now.
pub fn order(tx: &Tx, viewer: &Viewer, ids: &[TemplateId], private: bool) -> Result<()> {
    let of = list(viewer, private)?;
    let known: Vec<TemplateId> = store::template::of(tx, of)?.iter().map(|template| template.id).collect();
    if known == ids {
        return Ok(());
    }
    let sorted = |ids: &[TemplateId]| {
        let mut sorted = ids.to_vec();
        sorted.sort_unstable();
        sorted
    };
    if sorted(&known) != sorted(ids) {
        return Err(Error::new(Code::TemplatesChanged).field("ids"));
    }
    store::template::place(tx, ids)?;
    if of.is_none() {
        Note::new(tx, viewer.operator_id, AuditKind::TemplatesOrdered, "").whole()?;
    }
    Ok(())
}

/// A template that the viewer may change.
fn find(tx: &Tx, viewer: &Viewer, id: TemplateId) -> Result<Template> {
    let known = store::template::get(tx, id)?;
    match known {
        Some(known) if known.operator_id == Some(viewer.operator_id) => Ok(known),
        Some(known) if known.operator_id.is_none() => viewer.need_owner().map(|()| known),
        // A colleague's own is none for all others, the owner too.
        _ => Err(Code::TemplateNotFound.into()),
    }
}

/// How many templates a list may have.
pub(super) fn most(of: Option<OperatorId>) -> usize {
    if of.is_some() { limits::TEMPLATES_PRIVATE } else { limits::TEMPLATES }
}

fn check_count(tx: &Tx, of: Option<OperatorId>) -> Result<()> {
    let most = most(of);
    if store::template::count(tx, of)? >= most {
        return Err(Error::new(Code::TemplatesTooMany).with("limit", most));
    }
    Ok(())
}

fn check_title(tx: &Tx, of: Option<OperatorId>, title: &str, own: Option<TemplateId>) -> Result<()> {
    match store::template::by_title(tx, of, title)? {
        Some(other) if own != Some(other) => Err(Error::new(Code::TemplateTitleTaken).field("title")),
        _ => Ok(()),
    }
}
