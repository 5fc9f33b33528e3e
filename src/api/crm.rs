//! The CRM: set up by the owner, with its own words where it refuses.
//!
//! These are the only requests that wait for another server: somebody pressed a button and looks at it. They are few at a
//! time, and each ends by itself ([`limits::CRM_MS`] for each question).

use std::sync::atomic::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::crm::{self, Crm, DealState, Fault, Field, FieldKind, Settings};
use crate::domain::crm as set_up;
use crate::domain::text;
use crate::domain::view::operator as view;
use crate::error::{Code, Error, Result};
use crate::model::crm::{Connection, ExtraField, ValueSource};
use crate::model::lead::{CrmKind, Target};
use crate::model::{OperatorId, limits};
use crate::store;

/// How to reach the CRM, and where leads go. Without `secret` the stored one is used, as long as kind and address stay.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrmBody {
    kind: CrmKind,
    #[serde(default)]
    address: String,
    secret: Option<String>,
    target: Target,
    pipeline: Option<String>,
    stage: Option<String>,
}

/// The CRM; `null`: there is none.
#[derive(Serialize, JsonSchema)]
pub struct Crms {
    connection: Option<view::CrmConnection>,
    fields: Vec<view::LeadField>,
}

/// What a check found.
#[derive(Serialize, JsonSchema)]
pub struct CrmAccount {
    name: String,
    user: Option<String>,
    rights: Vec<String>,
    missing: Vec<String>,
    expires_at: Option<i64>,
    moved_to: Option<String>,
}

/// Places for leads, the default first.
#[derive(Serialize, JsonSchema)]
pub struct Places {
    places: Vec<Place>,
}

#[derive(Serialize, JsonSchema)]
struct Place {
    target: Target,
    pipeline: Option<String>,
    name: String,
    stages: Vec<Stage>,
}

#[derive(Serialize, JsonSchema)]
struct Stage {
    id: String,
    name: String,
    state: DealState,
}

/// Fields of the CRM, and those that were chosen.
#[derive(Serialize, JsonSchema)]
pub struct CrmFields {
    fields: Vec<CrmField>,
    chosen: Vec<view::LeadField>,
}

#[derive(Serialize, JsonSchema)]
struct CrmField {
    field: String,
    name: String,
    kind: FieldKind,
    multiple: bool,
    required: bool,
    crm_type: String,
    choices: Vec<Choice>,
}

#[derive(Serialize, JsonSchema)]
struct Choice {
    id: String,
    name: String,
}

/// Which fields to fill, and with what.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldsBody {
    fields: Vec<FieldBody>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FieldBody {
    field: String,
    source: ValueSource,
    #[serde(default)]
    value: String,
}

/// The CRM's users, with the operators who have the same email.
#[derive(Serialize, JsonSchema)]
pub struct CrmUsers {
    users: Vec<CrmUser>,
}

#[derive(Serialize, JsonSchema)]
struct CrmUser {
    id: String,
    name: String,
    email: String,
    operator_id: Option<OperatorId>,
}

/// A secret for a signed webhook; it is shown once.
#[derive(Serialize, JsonSchema)]
pub struct NewSecret {
    secret: String,
}

/// The CRM.
pub fn get(call: &Call) -> Handled {
    let (connection, fields) =
        call.api.domain.store.read(|reader| Ok((store::crm::get(reader)?, store::crm::fields(reader)?)))?;
    let connection = connection.as_ref().map(view::CrmConnection::new);
    call.json(200, &Crms { connection, fields: fields.iter().map(view::LeadField::new).collect() })
}

/// Looks whether address and secret work, and stores nothing.
pub fn check(call: &Call) -> Handled {
    let connection = typed(call)?;
    let account = connected(call, &connection, |crm| crm.check())?;
    call.json(200, &CrmAccount::new(account))
}

/// Checks and stores.
pub fn save(call: &Call) -> Handled {
    let mut connection = typed(call)?;
    let account = connected(call, &connection, |crm| crm.check())?;
    if !account.missing.is_empty() {
        let error = Error::new(Code::CrmFailed).with("cause", crm::Cause::Rights.as_str());
        return Err(error.with("words", account.missing.join(", ")));
    }
    connection.account = text::cut(&account.name, limits::CRM_NAME_CHARS);
    let saved = call.api.domain.store.write(move |tx| {
        set_up::save(tx, &connection)?;
        set_up::get(tx)
    })?;
    call.json(200, &view::CrmConnection::new(&saved))
}

/// Removes it.
pub fn remove(call: &Call) -> Handled {
    call.api.domain.store.write(set_up::remove)?;
    Ok(call.nothing())
}

/// Where leads can go.
pub fn places(call: &Call) -> Handled {
    let connection = stored(call)?;
    let places = connected(call, &connection, |crm| crm.places())?;
    let stage = |stage: crm::Stage| Stage { id: stage.id, name: stage.name, state: stage.state };
    let place = |place: crm::Place| Place {
        target: place.target,
        pipeline: place.pipeline,
        name: place.name,
        stages: place.stages.into_iter().map(stage).collect(),
    };
    call.json(200, &Places { places: places.into_iter().map(place).collect() })
}

/// Fields that can be filled, and those that are.
pub fn fields(call: &Call) -> Handled {
    let connection = stored(call)?;
    let fields = connected(call, &connection, |crm| crm.fields(connection.target))?;
    let mut chosen = call.api.domain.store.read(|reader| Ok(store::crm::fields(reader)?))?;
    for one in chosen.iter_mut().filter(|_| connection.kind != CrmKind::Webhook) {
        one.gone = fields.iter().all(|field| field.id != one.field);
    }
    answer_fields(call, fields, &chosen)
}

/// Chooses the fields; a fixed value is checked against its field's type. A field that is gone may stay.
pub fn set_fields(call: &Call) -> Handled {
    let body: FieldsBody = call.body()?;
    let connection = stored(call)?;
    let fields = connected(call, &connection, |crm| crm.fields(connection.target))?;
    let (known, zone) = call.api.domain.store.read(|reader| {
        let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
        Ok((store::crm::fields(reader)?, project.time_zone))
    })?;
    let mut chosen = Vec::new();
    let mut wrong = Vec::new();
    for (n, field) in body.fields.iter().enumerate() {
        match chosen_field(n, field, &connection, &fields, &known, &zone) {
            Ok(field) => chosen.push(field),
            Err(error) => wrong.push(error),
        }
    }
    Error::gather(wrong)?;
    let stored = chosen.clone();
    call.api.domain.store.write(move |tx| set_up::set_fields(tx, &stored))?;
    answer_fields(call, fields, &chosen)
}

/// The CRM's users.
pub fn users(call: &Call) -> Handled {
    let connection = stored(call)?;
    let users = connected(call, &connection, |crm| crm.users())?;
    let operators = call.api.domain.store.read(|reader| Ok(store::operator::all(reader)?))?;
    let same = |email: &str| {
        let mut there = operators.iter().filter(|operator| operator.deleted_at.is_none());
        there.find(|operator| !email.is_empty() && operator.email == email).map(|operator| operator.id)
    };
    let user =
        |user: crm::User| CrmUser { operator_id: same(&user.email), id: user.id, name: user.name, email: user.email };
    call.json(200, &CrmUsers { users: users.into_iter().map(user).collect() })
}

/// Makes a secret for a signed webhook.
pub fn make_secret(call: &Call) -> Handled {
    call.no_body()?;
    let secret = crm::make_secret().map_err(Error::internal)?;
    call.json(200, &NewSecret { secret })
}

/// Asks the CRM something.
///
/// # Errors
/// `crm_failed` with the CRM's own words; `busy` when many ask at once.
pub(super) fn connected<T>(
    call: &Call,
    connection: &Connection,
    ask: impl FnOnce(&dyn Crm) -> std::result::Result<T, Fault>,
) -> Result<T> {
    let asks = &call.api.crm_asks;
    if asks.fetch_add(1, Ordering::Relaxed) >= limits::CRM_ASKS {
        asks.fetch_sub(1, Ordering::Relaxed);
        return Err(Error::new(Code::Busy).with("retry_after_ms", limits::CRM_ASKS_WAIT_MS));
    }
    let settings = Settings::of(connection, call.api.allow_private_addresses);
    let clock = &call.api.domain.clock;
    let result = crm::connect(&settings, call.api.crm_http.as_ref(), clock).and_then(|crm| ask(crm.as_ref()));
    asks.fetch_sub(1, Ordering::Relaxed);
    result.map_err(|fault| {
        let error = Error::new(Code::CrmFailed).with("cause", fault.cause.as_str());
        error.with("words", fault.in_words())
    })
}

/// What was typed, with the stored secret where none was.
fn typed(call: &Call) -> Result<Connection> {
    let body: CrmBody = call.body()?;
    let known = call.api.domain.store.read(|reader| Ok(store::crm::get(reader)?))?;
    let address = text::optional_line("address", &body.address, limits::URL_CHARS)?;
    let secret = body.secret.as_deref().map(str::trim).filter(|secret| !secret.is_empty());
    let secret = match secret {
        Some(secret) => text::line("secret", secret, limits::CRM_SECRET_CHARS)?,
        // A secret goes nowhere but where it was given for.
        None => known
            .filter(|known| known.kind == body.kind && known.address == address)
            .map(|known| known.secret)
            .ok_or_else(|| Error::new(Code::CrmSecretNeeded).field("secret"))?,
    };
    let id = |field: &'static str, id: &Option<String>| {
        id.as_deref().filter(|id| !id.is_empty()).map(|id| text::line(field, id, limits::CRM_NAME_CHARS)).transpose()
    };
    Ok(Connection {
        kind: body.kind,
        address,
        secret,
        target: body.target,
        pipeline: id("pipeline", &body.pipeline)?,
        stage: id("stage", &body.stage)?,
        account: String::new(),
        checked_at: call.api.domain.clock.now(),
        fault: None,
    })
}

fn stored(call: &Call) -> Result<Connection> {
    call.api.domain.store.read(|reader| set_up::get(reader))
}

fn answer_fields(call: &Call, fields: Vec<Field>, chosen: &[ExtraField]) -> Handled {
    let choice = |choice: crm::Choice| Choice { id: choice.id, name: choice.name };
    let field = |field: Field| CrmField {
        field: field.id,
        name: field.name,
        kind: field.kind,
        multiple: field.multiple,
        required: field.required,
        crm_type: field.crm_type,
        choices: field.choices.into_iter().map(choice).collect(),
    };
    let chosen = chosen.iter().map(view::LeadField::new).collect();
    call.json(200, &CrmFields { fields: fields.into_iter().map(field).collect(), chosen })
}

/// One choice, checked.
fn chosen_field(
    n: usize,
    body: &FieldBody,
    connection: &Connection,
    fields: &[Field],
    known: &[ExtraField],
    zone: &str,
) -> Result<ExtraField> {
    let at = |part: &str| format!("fields[{n}].{part}");
    let fixed = body.source == ValueSource::Fixed;
    let value =
        if fixed { text::optional_lines("value", &body.value, limits::CRM_VALUE_CHARS) } else { Ok(String::new()) };
    let value = value.map_err(|error| error.field(at("value")))?;
    let of = |name: &str, gone: bool| ExtraField {
        field: body.field.clone(),
        name: text::cut(name, limits::CRM_NAME_CHARS),
        source: body.source,
        value: value.clone(),
        gone,
    };
    if connection.kind == CrmKind::Webhook {
        // A webhook takes any name.
        let name =
            text::line("field", &body.field, limits::CRM_NAME_CHARS).map_err(|error| error.field(at("field")))?;
        return Ok(ExtraField { field: name.clone(), ..of(&name, false) });
    }
    let Some(field) = fields.iter().find(|field| field.id == body.field) else {
        let gone = known.iter().find(|known| known.field == body.field);
        let gone = gone.ok_or_else(|| Error::new(Code::CrmFieldUnknown).field(at("field")))?;
        return Ok(of(&gone.name, true));
    };
    if fixed {
        crm::check(field, &value, zone)
            .map_err(|misfit| Error::new(Code::CrmValueMisfit).field(at("value")).with("misfit", misfit.as_str()))?;
    }
    Ok(of(&field.name, false))
}

impl CrmAccount {
    fn new(account: crm::Account) -> Self {
        CrmAccount {
            name: account.name,
            user: account.user,
            rights: account.rights,
            missing: account.missing,
            expires_at: account.expires_at,
            moved_to: account.moved_to,
        }
    }
}
