//! The audit log.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::OperatorId;
use crate::model::audit::{self as model, AuditKind};

/// A field that somebody changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AuditEntry {
    id: i64,
    operator_id: OperatorId,
    kind: AuditKind,
    subject: String,
    field: Option<String>,
    old: Option<String>,
    new: Option<String>,
    changed_at: i64,
}

/// Entries, newest first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AuditPage {
    entries: Vec<AuditEntry>,
    has_older: bool,
    /// All that can stand in the log, to choose from.
    kinds: &'static [AuditKind],
}

impl AuditPage {
    /// As administrators may see it; `has_older` says whether the last one is not the oldest.
    pub fn new(entries: Vec<model::AuditEntry>, has_older: bool) -> Self {
        let view = |entry: model::AuditEntry| AuditEntry {
            id: entry.id,
            operator_id: entry.operator_id,
            kind: entry.kind,
            subject: entry.subject,
            field: entry.field,
            old: entry.old,
            new: entry.new,
            changed_at: entry.changed_at,
        };
        AuditPage { entries: entries.into_iter().map(view).collect(), has_older, kinds: AuditKind::ALL }
    }
}
