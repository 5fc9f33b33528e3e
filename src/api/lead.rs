//! Clients handed to the CRM, and what the CRM knows of a client.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::crm;
use crate::domain::contact::Changes;
use crate::domain::lead::{self, Correction, Draft};
use crate::domain::mask::Mask;
use crate::domain::view::operator as view;
use crate::domain::{crm as set_up, list};
use crate::error::Result;
use crate::lookup::LookState;
use crate::model::lead::{LeadRow, Target};
use crate::model::{ChatId, LeadId};
use crate::store::Tx;

/// What the form says; a contact that is absent is the known one, an empty one is none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadBody {
    uid: String,
    /// The newest lead of the chat that the page knows of; absent or `null`: none.
    besides: Option<LeadId>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    comment: String,
}

/// What is to be another one in a refused lead; what is absent stays.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryBody {
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    title: Option<String>,
    comment: Option<String>,
}

/// What is known by now of a client in the CRM.
#[derive(Serialize, JsonSchema)]
pub struct CrmKnown {
    state: LookState,
    client: Option<CrmClient>,
    words: Option<String>,
    looked_at: Option<i64>,
}

/// A client in the CRM.
#[derive(Serialize, JsonSchema)]
pub struct CrmClient {
    name: String,
    phones: Vec<String>,
    emails: Vec<String>,
    responsible: Option<String>,
    url: Option<String>,
    deals: Vec<CrmDeal>,
}

/// A lead or deal of a client.
#[derive(Serialize, JsonSchema)]
pub struct CrmDeal {
    target: Target,
    title: String,
    stage: String,
    state: crm::DealState,
    sum: Option<String>,
    currency: Option<String>,
    url: Option<String>,
}

/// Queues one.
pub fn create(call: &Call) -> Handled {
    let id = ChatId(call.id("id")?);
    let body: LeadBody = call.body()?;
    let client = Changes { name: body.name, phone: body.phone, email: body.email };
    let draft = Draft {
        uid: body.uid,
        besides: body.besides,
        client,
        title: body.title,
        comment: body.comment,
        origin: call.origin(),
    };
    write(call, 201, move |tx, viewer| lead::create(tx, viewer, id, &draft))
}

/// Tries a refused one again, with what the body corrects in it.
pub fn retry(call: &Call) -> Handled {
    let id = LeadId(call.id("id")?);
    let body: RetryBody = if call.is_empty() { RetryBody::default() } else { call.body()? };
    let client = Changes { name: body.name, phone: body.phone, email: body.email };
    let correction = Correction { client, title: body.title, comment: body.comment };
    write(call, 200, move |tx, viewer| lead::retry(tx, viewer, id, &correction))
}

/// What is known of the client of a chat in the CRM; what is not known is looked up meanwhile.
pub fn client(call: &Call) -> Handled {
    known(call, false)
}

/// The same, and has it looked up anew.
pub fn look(call: &Call) -> Handled {
    call.no_body()?;
    known(call, true)
}

fn known(call: &Call, anew: bool) -> Handled {
    let id = ChatId(call.id("id")?);
    let viewer = call.who()?.viewer();
    let (connection, visitor, mask) = call.api.domain.store.read(|reader| {
        let visitor = list::find(reader, &viewer, id)?.visitor;
        let mask = Mask::of_visitor(reader, &viewer, &visitor)?;
        Ok((set_up::get(reader)?, visitor, mask))
    })?;
    let known = call.api.lookups.of(&visitor, &connection, call.api.domain.clock.now(), anew)?;
    call.json(
        200,
        &CrmKnown {
            state: known.state,
            client: known.client.map(|client| CrmClient::new(client, &mask)),
            words: known.words.map(|words| mask.text(&words)),
            looked_at: known.looked_at,
        },
    )
}

impl CrmClient {
    fn new(client: crm::Client, mask: &Mask) -> Self {
        let mask = &mask.knowing(Some(&client.name), &client.phones, &client.emails);
        CrmClient {
            name: mask.name(&client.name),
            phones: client.phones.iter().map(|phone| mask.foreign_phone(phone)).collect(),
            emails: client.emails.iter().map(|email| mask.email(email)).collect(),
            responsible: client.responsible,
            url: client.url,
            deals: client.deals.into_iter().map(|deal| CrmDeal::new(deal, mask)).collect(),
        }
    }
}

impl CrmDeal {
    fn new(deal: crm::Deal, mask: &Mask) -> Self {
        CrmDeal {
            target: deal.target,
            title: mask.text(&deal.title),
            stage: deal.stage,
            state: deal.state,
            sum: deal.sum,
            currency: deal.currency,
            url: deal.url,
        }
    }
}

fn write(
    call: &Call,
    status: u16,
    job: impl FnOnce(&Tx, &crate::domain::viewer::Viewer) -> Result<LeadRow> + Send + 'static,
) -> Handled {
    let viewer = call.who()?.viewer();
    let view = call.api.domain.write_as(&viewer, move |tx| {
        let lead = job(tx, &viewer)?;
        Ok(view::Lead::new(&lead, &Mask::of_chat(tx, &viewer, lead.chat_id)?))
    })?;
    call.json(status, &view)
}
