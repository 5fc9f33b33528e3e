//! A prepared answer.

use super::{OperatorId, Seq, TemplateId};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// The last change of its words or of whose it is.
    pub seq: Seq,
    /// Whose it is alone; `None`: everybody's.
    pub operator_id: Option<OperatorId>,
    /// What it is found by; no two alike among everybody's, or among one operator's.
    pub title: String,
    /// What it inserts; may carry placeholders, which the page fills.
    pub text: String,
}
