//! HubSpot, by a service key; a token of an older private app works as well.
//!
//! Values of properties are always text. A deal carries our mark in a property that must be unique, so that HubSpot itself
//! keeps a second copy away. Its search lags behind what was written and is asked only where nothing else helps.

mod client;
mod fault;
mod send;

use std::cell::OnceCell;

use serde_json::Value;

use self::fault::Failure;
use super::address::{self, encoded};
use super::call::{Http, Request};
use super::fault::{Cause, Fault};
use super::field::{Choice, Field, FieldKind};
use super::step::Journal;
use super::{Account, Client, Crm, DealState, Place, Sent, Settings, Stage, User};
use crate::model::lead::{Contacts, Lead, Target};
use crate::model::limits;

/// The one host of all accounts.
const HOST: &str = "https://api.hubapi.com";

/// The version of the API in its paths; each lives 18 months.
const VERSION: &str = "2026-09";

/// Name of the deal's property that carries our mark; made by the first lead.
const MARK: &str = "beseda_lead_id";

/// Numbers that HubSpot gives the sorts of cards, as they stand in addresses.
const CONTACT: &str = "0-1";
const DEAL: &str = "0-3";

/// Properties that every lead fills, or that the owner chooses otherwise.
const OWN_PROPERTIES: [&str; 5] = ["dealname", "pipeline", "dealstage", "hubspot_owner_id", MARK];

/// The connector.
pub(super) struct Hubspot<'a> {
    http: &'a dyn Http,
    /// Scheme and host.
    base: String,
    key: String,
    pipeline: Option<String>,
    stage: Option<String>,
    details: OnceCell<Value>,
}

impl<'a> Hubspot<'a> {
    pub(super) fn new(settings: &Settings, http: &'a dyn Http) -> Result<Self, Fault> {
        let typed = settings.address.trim();
        let web = address::web(if typed.is_empty() { HOST } else { typed });
        let web = web.filter(|web| settings.plain_http || web.origin() == HOST);
        let web = web.ok_or_else(|| Fault::new(Cause::Address, HOST))?;
        let key = settings.secret.trim().to_owned();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Fault::new(Cause::Secret, ""));
        }
        let (pipeline, stage) = (settings.pipeline.clone(), settings.stage.clone());
        Ok(Hubspot { http, base: web.origin(), key, pipeline, stage, details: OnceCell::new() })
    }

    fn get(&self, path: &str) -> Result<Value, Fault> {
        self.ask(Request::get(format!("{}{path}", self.base))).map_err(|failure| failure.fault)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.ask(Request::json("POST", format!("{}{path}", self.base), body))
    }

    fn ask(&self, request: Request) -> Result<Value, Failure> {
        let answer = self.http.exchange(&request.bearer(&self.key)).map_err(Fault::from);
        let read = answer.map_err(Failure::from).and_then(|answer| fault::read(&answer));
        read.map_err(|failure| Failure { fault: failure.fault.hiding(&self.key), ..failure })
    }

    /// Account id, zone, currency and the host of its pages; null where the key may not read them.
    fn details(&self) -> Result<&Value, Fault> {
        if let Some(known) = self.details.get() {
            return Ok(known);
        }
        let details = match self.get(&format!("/account-info/{VERSION}/details")) {
            Err(fault) if matches!(fault.cause, Cause::Rights | Cause::Refused) => Value::Null,
            result => result?,
        };
        Ok(self.details.get_or_init(|| details))
    }

    fn properties(&self) -> Result<Vec<Value>, Fault> {
        let answer = self.get(&format!("/crm/properties/{VERSION}/deals"))?;
        Ok(answer["results"].as_array().cloned().unwrap_or_default())
    }

    fn pipelines(&self) -> Result<Vec<Value>, Fault> {
        let answer = self.get(&format!("/crm/pipelines/{VERSION}/deals"))?;
        Ok(answer["results"].as_array().cloned().unwrap_or_default())
    }

    fn owners(&self, filter: &str) -> Result<Vec<User>, Fault> {
        let mut users = Vec::new();
        let mut after = String::new();
        for _ in 0..limits::CRM_PAGES {
            let answer = self.get(&format!("/crm/owners/{VERSION}?limit={}{filter}{after}", limits::HUBSPOT_PAGE))?;
            let people = answer["results"].as_array().into_iter().flatten();
            users.extend(people.filter(|row| row["type"] != "QUEUE" && row["archived"] != true).map(user));
            match answer["paging"]["next"]["after"].as_str() {
                Some(next) => after = format!("&after={}", encoded(next)),
                None => break,
            }
        }
        Ok(users)
    }

    /// The owner with this email; none where owners may not be read.
    fn owner_of(&self, email: &str) -> Result<Option<String>, Fault> {
        let owners = match self.owners(&format!("&email={}", encoded(email))) {
            Err(fault) if matches!(fault.cause, Cause::Rights | Cause::Refused) => Vec::new(),
            result => result?,
        };
        Ok(owners.into_iter().find(|owner| address::same_email(&owner.email, email)).map(|owner| owner.id))
    }

    /// The address of a card: as HubSpot says it, or put together.
    fn card_url(&self, card: &Value, sort: &str, id: &str) -> Option<String> {
        if let Some(url) = card["url"].as_str() {
            return Some(url.to_owned());
        }
        // That the address is not known does not undo the card.
        let details = self.details().ok()?;
        let host = details["uiDomain"].as_str().unwrap_or("app.hubspot.com");
        Some(format!("https://{host}/contacts/{}/record/{sort}/{id}", details["portalId"].as_i64()?))
    }
}

impl Crm for Hubspot<'_> {
    fn check(&self) -> Result<Account, Fault> {
        let details = self.details()?;
        let (mut rights, mut missing) = (Vec::new(), Vec::new());
        for (right, path) in [
            ("crm.objects.contacts.read", format!("/crm/objects/{VERSION}/contacts?limit=1")),
            ("crm.objects.deals.read", format!("/crm/objects/{VERSION}/deals?limit=1")),
            ("crm.objects.owners.read", format!("/crm/owners/{VERSION}?limit=1")),
            ("crm.pipelines.deals", format!("/crm/pipelines/{VERSION}/deals")),
            ("crm.properties.deals", format!("/crm/properties/{VERSION}/deals")),
        ] {
            match self.get(&path) {
                Ok(_) => rights.push(right.to_owned()),
                Err(fault) if fault.cause == Cause::Rights && fault.missing.is_empty() => {
                    missing.push(right.to_owned())
                }
                Err(fault) if fault.cause == Cause::Rights => missing.extend(fault.missing),
                Err(fault) => return Err(fault),
            }
        }
        missing.dedup();
        let portal = details["portalId"].as_i64().map_or_else(|| "HubSpot".to_owned(), |id| format!("HubSpot {id}"));
        Ok(Account { name: portal, user: None, rights, missing, expires_at: None, moved_to: None })
    }

    fn places(&self) -> Result<Vec<Place>, Fault> {
        let mut pipelines = self.pipelines()?;
        let order = |row: &Value| row["displayOrder"].as_i64().unwrap_or(0);
        pipelines.sort_by_key(|pipeline| (pipeline["id"] != "default", order(pipeline)));
        let place = |pipeline: &Value| {
            let mut rows: Vec<&Value> = pipeline["stages"].as_array().into_iter().flatten().collect();
            rows.sort_by_key(|row| order(row));
            let (id, name) = (text(&pipeline["id"]), text(&pipeline["label"]));
            Place { target: Target::Deal, pipeline: Some(id), name, stages: rows.into_iter().map(stage).collect() }
        };
        Ok(pipelines.iter().map(place).collect())
    }

    fn fields(&self, _: Target) -> Result<Vec<Field>, Fault> {
        Ok(fields(&self.properties()?))
    }

    fn users(&self) -> Result<Vec<User>, Fault> {
        self.owners("")
    }

    fn send(&self, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
        send::send(self, lead, journal)
    }

    fn find_client(&self, contacts: &Contacts) -> Result<Option<Client>, Fault> {
        client::find(self, contacts)
    }
}

fn user(row: &Value) -> User {
    User {
        // The user's own number, `userId`, is another one.
        id: text(&row["id"]),
        name: [text(&row["firstName"]), text(&row["lastName"])].join(" ").trim().to_owned(),
        email: text(&row["email"]).trim().to_lowercase(),
    }
}

fn stage(row: &Value) -> Stage {
    Stage { id: text(&row["id"]), name: text(&row["label"]), state: state(&row["metadata"]) }
}

fn state(metadata: &Value) -> DealState {
    match text(&metadata["probability"]).parse::<f64>() {
        Ok(1.0) => DealState::Won,
        Ok(0.0) if text(&metadata["isClosed"]) != "false" => DealState::Lost,
        _ => DealState::Open,
    }
}

fn fields(properties: &[Value]) -> Vec<Field> {
    let mut fields = Vec::new();
    for row in properties {
        let flag = |value: &Value| value.as_bool() == Some(true);
        let id = text(&row["name"]);
        let own = OWN_PROPERTIES.contains(&id.as_str()) || flag(&row["modificationMetadata"]["readOnlyValue"]);
        if own || flag(&row["archived"]) || flag(&row["hidden"]) || flag(&row["calculated"]) {
            continue;
        }
        let (sort, form, external) = (text(&row["type"]), text(&row["fieldType"]), flag(&row["externalOptions"]));
        let kind = match sort.as_str() {
            "string" | "phone_number" => FieldKind::Text,
            "number" => FieldKind::Number,
            "bool" => FieldKind::Boolean,
            "date" => FieldKind::Date,
            "datetime" => FieldKind::Moment,
            "enumeration" if external && row["referencedObjectType"] == "OWNER" => FieldKind::User,
            "enumeration" if !external => FieldKind::Choice,
            // Choices that are kept elsewhere in HubSpot, scores, texts by parts.
            _ => continue,
        };
        let shown = row["options"].as_array().into_iter().flatten().filter(|option| !flag(&option["hidden"]));
        let choice = |option: &Value| Choice { id: text(&option["value"]), name: text(&option["label"]) };
        fields.push(Field {
            name: text(&row["label"]),
            kind,
            multiple: form == "checkbox",
            required: false,
            choices: shown.map(choice).collect(),
            chars_max: Some(limits::HUBSPOT_TEXT_CHARS),
            crm_type: sort,
            id,
        });
    }
    fields
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
