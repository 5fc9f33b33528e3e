//! Operators, as colleagues and visitors are told of them.

use std::collections::HashMap;

use crate::domain::Domain;
use crate::domain::presence::PresenceSeq;
use crate::domain::view::operator as operator_view;
use crate::domain::view::visitor::Status;
use crate::model::OperatorId;
use crate::model::operator::Operator;
use crate::model::schedule::Hours;
use crate::store;

/// All operators by their ids.
///
/// # Errors
/// Those of the store.
pub fn roster(domain: &Domain) -> crate::error::Result<HashMap<OperatorId, Operator>> {
    let all = domain.store.read(|reader| Ok(store::operator::all(reader)?))?;
    Ok(all.into_iter().map(|operator| (operator.id, operator)).collect())
}

/// Who is there to answer. Who is connected is read before `roster` and `hours`, so that its number is never newer than what
/// it numbers.
pub fn status(
    (ids, presence_seq): (Vec<OperatorId>, PresenceSeq),
    roster: &HashMap<OperatorId, Operator>,
    hours: Option<Hours>,
) -> Status {
    let operators = ids.iter().filter_map(|id| roster.get(id));
    let here: Vec<&Operator> = operators.filter(|operator| operator.deleted_at.is_none() && !operator.away).collect();
    Status::new(&here, presence_seq, hours)
}

/// All operators, as their colleagues see them.
pub fn colleagues(domain: &Domain, roster: &HashMap<OperatorId, Operator>) -> Vec<operator_view::Operator> {
    let mut all: Vec<&Operator> = roster.values().collect();
    all.sort_by_key(|operator| operator.id);
    all.into_iter().map(|operator| operator_view::Operator::new(operator, &domain.presence)).collect()
}
