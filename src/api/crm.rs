//! The CRM: set up by the owner, with its own words where it refuses.
//!
//! These are the only requests that wait for another server: somebody pressed a button and looks at it. Each holds a thread
//! of its own connection and nothing else, at most [`limits::CRM_ASKS`] of them at a time, and ends within
//! [`limits::CRM_ASK_MS`], however many questions it has for the CRM.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::crm::{self, Cause, Crm, DealState, Fault, Field, FieldKind, Settings};
use crate::domain::crm as set_up;
use crate::domain::text;
use crate::domain::view::operator as view;
use crate::error::{Code, Error, Result};
use crate::model::crm::{Connection, ExtraField, Saved, ValueSource};
use crate::model::lead::{CrmKind, Target};
use crate::model::{self, OperatorId, Seq, limits};
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
    /// The `seq` of the connection that the page was filled with; absent or `null`: there was none.
    seq: Option<Seq>,
}

/// The CRM; `null`: there is none. `fields_seq`: the last saving of `fields`, `null` before the first. `waiting`: leads that are on their way.
#[derive(Serialize, JsonSchema)]
pub struct Crms {
    connection: Option<view::CrmConnection>,
    fields: Vec<view::LeadField>,
    fields_seq: Option<Seq>,
    waiting: i64,
}

/// What a check found; with the places for leads, if no right is missing.
#[derive(Serialize, JsonSchema)]
pub struct CrmAccount {
    name: String,
    user: Option<String>,
    rights: Vec<String>,
    missing: Vec<String>,
    expires_at: Option<i64>,
    moved_to: Option<String>,
    places: Vec<Place>,
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

/// Fields that leads fill.
#[derive(Serialize, JsonSchema)]
pub struct ChosenFields {
    chosen: Vec<view::LeadField>,
    seq: Seq,
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
    /// The `fields_seq` that the page was filled with; absent or `null`: nobody had saved any.
    seq: Option<Seq>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FieldBody {
    field: String,
    source: ValueSource,
    #[serde(default)]
    value: String,
}

/// The CRM's users, with the operators who have the same email, as they were read last; `null`: not yet.
#[derive(Serialize, JsonSchema)]
pub struct CrmUsers {
    users: Vec<CrmUser>,
    read_at: Option<i64>,
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
    let (connection, fields, waiting) =
        call.api.domain.store.read(|reader| {
            Ok((store::crm::get(reader)?, store::crm::fields(reader)?, store::lead::waiting(reader)?))
        })?;
    let fields_seq = connection.as_ref().and_then(|known| known.fields_saved).map(|saved| saved.seq);
    let connection = connection.as_ref().map(view::CrmConnection::new);
    let fields = fields.iter().map(view::LeadField::new).collect();
    call.json(200, &Crms { connection, fields, fields_seq, waiting })
}

/// Looks whether address and secret work. Of the connection that is the project's own the result is noted, a bad one too;
/// after a good one leads that wait go at once. Of another one nothing is stored.
pub fn check(call: &Call) -> Handled {
    let (connection, _) = typed(call)?;
    let kind = connection.kind;
    let found = asked(call, &connection, |crm| {
        let account = crm.check()?;
        let places = if account.missing.is_empty() { crm.places()? } else { Vec::new() };
        Ok((account, places))
    })?;
    if let Ok((account, _)) = &found {
        let facts = account.facts();
        let missing = Fault::new(Cause::Rights, account.missing.join(", ")).stumble();
        let good = account.missing.is_empty();
        call.api.domain.store.write(move |tx| match set_up::is_current(tx, &connection)? {
            true if good => set_up::checked(tx, &facts),
            true => set_up::stumbled(tx, &missing).map(drop),
            false => Ok(()),
        })?;
    }
    let (account, places) = found.map_err(|fault| refused_typed(kind, &fault))?;
    call.json(200, &CrmAccount::new(account, places))
}

/// Checks and stores.
pub fn save(call: &Call) -> Handled {
    let viewer = call.who()?.viewer();
    let (connection, seen) = typed(call)?;
    // Before the CRM is asked, so that nobody waits for it to be refused, and again when it is saved.
    call.api.domain.store.read(|reader| set_up::check_seen(reader, &connection, seen))?;
    let account = asked(call, &connection, |crm| crm.check())?;
    let account = account.map_err(|fault| refused_typed(connection.kind, &fault))?;
    if !account.missing.is_empty() {
        let error = Error::new(Code::CrmFailed).with("cause", Cause::Rights.as_str());
        return Err(error.with("words", account.missing.join(", ")));
    }
    let facts = account.facts();
    let settings = Settings::of(&connection, call.api.allow_private_addresses);
    let saved = call.api.domain.write_as(&viewer, move |tx| {
        set_up::save(tx, viewer.operator_id, connection, seen, &facts, |known| {
            crm::same_host(&settings, &Settings::of(known, settings.plain_http))
        })
    })?;
    call.json(200, &view::CrmConnection::new(&saved))
}

/// Removes it.
pub fn remove(call: &Call) -> Handled {
    let viewer = call.who()?.viewer();
    call.api.domain.write_as(&viewer, move |tx| set_up::remove(tx, viewer.operator_id))?;
    Ok(call.nothing())
}

/// Where leads can go.
pub fn places(call: &Call) -> Handled {
    let connection = stored(call)?;
    let places = connected(call, &connection, |crm| crm.places())?;
    call.json(200, &Places { places: places.into_iter().map(Place::new).collect() })
}

/// Fields that can be filled, and those that are.
pub fn fields(call: &Call) -> Handled {
    let viewer = call.who()?.viewer();
    let connection = stored(call)?;
    let fields = connected(call, &connection, |crm| crm.fields(connection.target))?;
    let ids: Vec<String> = fields.iter().map(|field| field.id.clone()).collect();
    let chosen = call.api.domain.write_as(&viewer, move |tx| {
        if connection.kind != CrmKind::Webhook && set_up::is_current(tx, &connection)? {
            set_up::fields_seen(tx, &ids)?;
        }
        Ok(store::crm::fields(tx)?)
    })?;
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

/// Chooses the fields; a fixed value is checked against its field's type. A field that is gone may stay. The CRM is asked
/// only when a field is new or filled with something else.
pub fn set_fields(call: &Call) -> Handled {
    let body: FieldsBody = call.body()?;
    let viewer = call.who()?.viewer();
    let connection = stored(call)?;
    let (known, zone) = call.api.domain.store.read(|reader| {
        let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
        Ok((store::crm::fields(reader)?, project.time_zone))
    })?;
    let as_it_is = |field: &FieldBody| known.iter().find(|known| field.is(known)).cloned();
    let chosen = match body.fields.iter().map(as_it_is).collect::<Option<Vec<_>>>() {
        Some(same) => same,
        None => {
            if body.fields.len() > limits::CRM_FIELDS {
                return Err(Error::new(Code::CrmFieldsTooMany).field("fields").with("limit", limits::CRM_FIELDS));
            }
            let fields = connected(call, &connection, |crm| crm.fields(connection.target))?;
            let mut chosen = Vec::new();
            let mut wrong = Vec::new();
            for (n, field) in body.fields.iter().enumerate() {
                match chosen_field(n, field, &connection, &fields, &known, &zone) {
                    Ok(field) => chosen.push(field),
                    Err(error) => wrong.push(error),
                }
            }
            Error::gather(wrong)?;
            chosen
        }
    };
    let seen = body.seq.unwrap_or(Seq(0));
    let (chosen, seq) = call.api.domain.write_as(&viewer, move |tx| {
        let seq = set_up::set_fields(tx, viewer.operator_id, &chosen, seen)?;
        Ok((store::crm::fields(tx)?, seq))
    })?;
    call.json(200, &ChosenFields { chosen: chosen.iter().map(view::LeadField::new).collect(), seq })
}

/// The CRM's users, as they were read last: nobody waits for the CRM.
pub fn users(call: &Call) -> Handled {
    let (connection, users, operators) = call
        .api
        .domain
        .store
        .read(|reader| Ok((set_up::get(reader)?, store::crm::users(reader)?, store::operator::all(reader)?)))?;
    let same = |email: &str| {
        let mut there = operators.iter().filter(|operator| operator.deleted_at.is_none());
        there.find(|operator| !email.is_empty() && operator.email == email).map(|operator| operator.id)
    };
    let user = |user: model::crm::CrmUser| CrmUser {
        operator_id: same(&user.email),
        id: user.id,
        name: user.name,
        email: user.email,
    };
    call.json(200, &CrmUsers { users: users.into_iter().map(user).collect(), read_at: connection.users_at })
}

/// Makes a secret for a signed webhook.
pub fn make_secret(call: &Call) -> Handled {
    call.no_body()?;
    let secret = crm::make_secret().map_err(Error::internal)?;
    call.json(200, &NewSecret { secret })
}

/// Asks the CRM something, within [`limits::CRM_ASK_MS`] in all.
///
/// # Errors
/// `crm_failed` with the CRM's own words; `busy` when many ask at once.
pub(super) fn connected<T>(
    call: &Call,
    connection: &Connection,
    ask: impl FnOnce(&dyn Crm) -> std::result::Result<T, Fault>,
) -> Result<T> {
    asked(call, connection, ask)?.map_err(|fault| refused(&fault))
}

fn asked<T>(
    call: &Call,
    connection: &Connection,
    ask: impl FnOnce(&dyn Crm) -> std::result::Result<T, Fault>,
) -> Result<std::result::Result<T, Fault>> {
    let _place = call.api.crm_asks.take()?;
    let settings = Settings::of(connection, call.api.allow_private_addresses);
    let http = call.api.crm_http.within(Duration::from_millis(limits::CRM_ASK_MS));
    let answer = crm::connect(&settings, &http, &call.api.domain.clock).and_then(|crm| ask(crm.as_ref()));
    if let Err(fault) = &answer
        && fault.cause != Cause::Rights
    {
        let (stumble, connection) = (fault.stumble(), connection.clone());
        if stumble.matters() {
            call.api.domain.store.write(move |tx| set_up::question_failed(tx, &connection, &stumble))?;
        }
    }
    Ok(answer)
}

fn refused(fault: &Fault) -> Error {
    Error::new(Code::CrmFailed).with("cause", fault.cause.as_str()).with("words", fault.in_words())
}

/// The same of what was typed: with the field that cannot be right, when the CRM was never asked.
fn refused_typed(kind: CrmKind, fault: &Fault) -> Error {
    let field = match fault.cause {
        // Its address is its secret.
        Cause::Https | Cause::Private if kind == CrmKind::Bitrix24 => "secret",
        Cause::Https | Cause::Private => "address",
        Cause::Token | Cause::WebhookSecret => "secret",
        _ => return refused(fault),
    };
    refused(fault).field(field)
}

/// What was typed, with the stored secret where none was; and the connection that it is to replace.
fn typed(call: &Call) -> Result<(Connection, Seq)> {
    let body: CrmBody = call.body()?;
    let known = call.api.domain.store.read(|reader| Ok(store::crm::get(reader)?))?;
    // Bitrix24's address is its secret, so it is shown nowhere, wherever it was pasted.
    let whole = body.kind == CrmKind::Bitrix24;
    let address = if whole { "" } else { body.address.as_str() };
    let address = text::optional_line("address", address, limits::URL_CHARS)?;
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
    let seen = body.seq.unwrap_or(Seq(0));
    let connection = Connection {
        kind: body.kind,
        address,
        secret,
        target: body.target,
        pipeline: id("pipeline", &body.pipeline)?,
        stage: id("stage", &body.stage)?,
        account: String::new(),
        connected_at: 0,
        checked_at: 0,
        expires_at: None,
        moved_to: None,
        users_at: None,
        failing_since: None,
        paused_until: None,
        last_fault: None,
        saved: Saved { by: call.who()?.operator.id, at: 0, seq: seen },
        fields_saved: None,
    };
    Ok((connection, seen))
}

fn stored(call: &Call) -> Result<Connection> {
    call.api.domain.store.read(|reader| set_up::get(reader))
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

impl FieldBody {
    /// Whether it is what is stored, with nothing to check.
    fn is(&self, known: &ExtraField) -> bool {
        (&self.field, self.source, self.value.as_str()) == (&known.field, known.source, known.value.as_str())
    }
}

impl Place {
    fn new(place: crm::Place) -> Self {
        let stage = |stage: crm::Stage| Stage { id: stage.id, name: stage.name, state: stage.state };
        Place {
            target: place.target,
            pipeline: place.pipeline,
            name: place.name,
            stages: place.stages.into_iter().map(stage).collect(),
        }
    }
}

impl CrmAccount {
    fn new(account: crm::Account, places: Vec<crm::Place>) -> Self {
        CrmAccount {
            name: account.name,
            user: account.user,
            rights: account.rights,
            missing: account.missing,
            expires_at: account.expires_at,
            moved_to: account.moved_to,
            places: places.into_iter().map(Place::new).collect(),
        }
    }
}
