//! The audit log, for administrators.

use super::{Call, Handled};
use crate::domain::view::operator as view;
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::{OperatorId, limits};
use crate::store::{self, audit::Filter};

/// A page of it: `operator`, `kind`, `since` and `until` choose, `before` pages.
pub fn list(call: &Call) -> Handled {
    let query = call.query(&["operator", "kind", "since", "until", "before"])?;
    let number = |name: &'static str| query.get(name).map(|value| parsed(name, value)).transpose();
    let kind = query.get("kind").map(|word| AuditKind::parse(word).ok_or_else(|| invalid("kind", "no such kind")));
    let filter = Filter {
        operator_id: number("operator")?.map(OperatorId),
        kind: kind.transpose()?,
        since: number("since")?.unwrap_or(i64::MIN),
        until: number("until")?.unwrap_or(i64::MAX),
        before: number("before")?.unwrap_or(i64::MAX),
    };
    let mut entries =
        call.api.domain.store.read(|reader| Ok(store::audit::page(reader, &filter, limits::AUDIT_PAGE + 1)?))?;
    let has_older = entries.len() > limits::AUDIT_PAGE;
    entries.truncate(limits::AUDIT_PAGE);
    call.json(200, &view::AuditPage::new(entries, has_older))
}

fn parsed(name: &'static str, value: &str) -> Result<i64> {
    value.parse().map_err(|_| invalid(name, "a whole number is needed"))
}

fn invalid(name: &'static str, reason: &'static str) -> Error {
    Error::new(Code::QueryInvalid).field(name).with("reason", reason)
}
