//! Prepared answers: the owner keeps them, every operator inserts them.

use super::text;
use crate::error::{Code, Error, Result};
use crate::model::template::Template;
use crate::model::{TemplateId, limits};
use crate::store::{self, Tx};

/// Title and text as the form has them, checked: 1 to [`limits::TEMPLATE_TITLE_CHARS`] and 1 to
/// [`limits::TEMPLATE_TEXT_CHARS`] characters.
#[derive(Clone, Debug)]
pub struct Words {
    title: String,
    text: String,
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

/// Adds a template.
///
/// # Errors
/// `template_title_taken`, `templates_too_many`.
pub fn add(tx: &Tx, words: &Words) -> Result<Template> {
    if store::template::count(tx)? >= limits::TEMPLATES {
        return Err(Error::new(Code::TemplatesTooMany).with("limit", limits::TEMPLATES));
    }
    check_title(tx, words, None)?;
    let id = store::template::insert(tx, &words.title, &words.text)?;
    Ok(Template { id, title: words.title.clone(), text: words.text.clone() })
}

/// Replaces title and text.
///
/// # Errors
/// `template_not_found`, `template_title_taken`.
pub fn change(tx: &Tx, id: TemplateId, words: &Words) -> Result<Template> {
    store::template::get(tx, id)?.ok_or(Code::TemplateNotFound)?;
    check_title(tx, words, Some(id))?;
    let template = Template { id, title: words.title.clone(), text: words.text.clone() };
    store::template::update(tx, &template)?;
    Ok(template)
}

/// Removes a template; removing it again succeeds.
///
/// # Errors
/// Those of the store.
pub fn remove(tx: &Tx, id: TemplateId) -> Result<()> {
    if store::template::get(tx, id)?.is_some() {
        store::template::delete(tx, id)?;
    }
    Ok(())
}

fn check_title(tx: &Tx, words: &Words, own: Option<TemplateId>) -> Result<()> {
    match store::template::by_title(tx, &words.title)? {
        Some(other) if own != Some(other) => Err(Error::new(Code::TemplateTitleTaken).field("title")),
        _ => Ok(()),
    }
}
