//! A prepared answer.

use super::TemplateId;

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// What it is found by; no two alike.
    pub title: String,
    /// What it inserts; may carry placeholders, which the page fills.
    pub text: String,
}
