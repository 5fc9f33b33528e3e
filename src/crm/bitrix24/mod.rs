//! Bitrix24, in the cloud and on the shop's own server, by an incoming webhook.
//!
//! The address of the webhook is the secret: `https://HOST/rest/USER/CODE/`. Methods are called by POST with JSON; the answer
//! is `{"result": …}` or `{"error": …, "error_description": …}`. Nothing in Bitrix24 keeps a second copy of a card away, so
//! cards carry our mark in `originatorId` and `originId`, and are looked for before they are asked for again.

mod client;
mod fault;
mod send;

use std::cell::{OnceCell, RefCell};

use serde_json::{Value, json};

use super::call::{Http, Request};
use super::fault::{Cause, Fault};
use super::field::{Choice, Field, FieldKind};
use super::step::Journal;
use super::{Account, Client, Crm, DealState, Place, Sent, Settings, Stage, User, address};
use crate::model::lead::{Contacts, Lead, Target};
use crate::model::limits;

/// Numbers that Bitrix24 gives the sorts of cards.
const LEAD: i64 = 1;
const DEAL: i64 = 2;
const CONTACT: i64 = 3;

/// Who made a card, beside the mark of the lead.
const ORIGINATOR: &str = "beseda";

/// Fields that every lead fills, or that Bitrix24 fills: not offered for choice.
const OWN_FIELDS: &[&str] = &[
    "title",
    "name",
    "fm",
    "comments",
    "assignedById",
    "contactId",
    "contactIds",
    "contacts",
    "stageId",
    "categoryId",
    "originatorId",
    "originId",
    "sourceDescription",
    "utmSource",
    "utmMedium",
    "utmCampaign",
    "utmContent",
    "utmTerm",
    "leadId",
    "quoteId",
    "webformId",
    "xmlId",
    "isManualOpportunity",
    "isRecurring",
];

/// The connector.
pub(super) struct Bitrix24<'a> {
    http: &'a dyn Http,
    target: Target,
    pipeline: Option<String>,
    stage: Option<String>,
    /// The address up to and with the slash behind the code.
    base: RefCell<String>,
    /// User and code, as they stand in the address.
    secret: String,
    moved_to: RefCell<Option<String>>,
    statuses: OnceCell<Vec<Status>>,
}

/// An entry of one of Bitrix24's lists: a stage, a source.
struct Status {
    list: String,
    id: String,
    name: String,
    state: DealState,
}

impl<'a> Bitrix24<'a> {
    pub(super) fn new(settings: &Settings, http: &'a dyn Http) -> Result<Self, Fault> {
        let pasted = if settings.secret.trim().is_empty() { &settings.address } else { &settings.secret };
        let wrong = || Fault::new(Cause::Address, "https://…/rest/1/…/");
        let web = address::web(pasted).ok_or_else(wrong)?;
        let (before, after) = web.path.split_once(address::BITRIX24_PATH).ok_or_else(wrong)?;
        let mut parts = after.split('/').filter(|part| !part.is_empty());
        let user = parts.next().filter(|user| user.bytes().all(|b| b.is_ascii_digit())).ok_or_else(wrong)?;
        let sound = |code: &&str| code.len() >= 8 && code.bytes().all(|b| b.is_ascii_alphanumeric());
        let code = parts.next().filter(sound).ok_or_else(wrong)?;
        if !web.tls && !settings.plain_http {
            return Err(Fault::new(Cause::Https, ""));
        }
        let base = format!("{}{before}{}{user}/{code}/", web.origin(), address::BITRIX24_PATH);
        Ok(Bitrix24 {
            http,
            target: settings.target,
            pipeline: settings.pipeline.clone(),
            stage: settings.stage.clone(),
            base: RefCell::new(base),
            secret: code.to_owned(),
            moved_to: RefCell::new(None),
            statuses: OnceCell::new(),
        })
    }

    /// Calls a method and gives the whole answer.
    fn call(&self, method: &str, params: &Value) -> Result<Value, Fault> {
        self.try_call(method, params).map_err(|fault| fault.hiding(&self.secret))
    }

    fn try_call(&self, method: &str, params: &Value) -> Result<Value, Fault> {
        let url = |base: &str| format!("{base}{method}");
        let here = url(&self.base.borrow());
        let mut answer = self.http.exchange(&Request::json("POST", here, params))?;
        if matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
            let base = self.moved(answer.location.as_deref().unwrap_or(""))?;
            answer = self.http.exchange(&Request::json("POST", url(&base), params))?;
            *self.base.borrow_mut() = base;
        }
        fault::read(method, &answer)
    }

    /// The base address after a redirect: an account that was renamed keeps user and code. The secret goes to the same
    /// host or another account of the same vendor only.
    fn moved(&self, location: &str) -> Result<String, Fault> {
        let refused = || Fault::new(Cause::Address, format!("→ {location}"));
        let old = self.base.borrow().clone();
        let (old, new) = (address::web(&old).ok_or_else(refused)?, address::web(location).ok_or_else(refused)?);
        let vendor = |host: &str| host.rsplit('.').nth(1).is_some_and(|name| name == "bitrix24");
        let same = old.host() == new.host() || (vendor(old.host()) && vendor(new.host()));
        if !same || (old.tls && !new.tls) {
            return Err(refused());
        }
        *self.moved_to.borrow_mut() = Some(new.origin());
        Ok(format!("{}{}", new.origin(), old.path))
    }

    /// All rows of a list, page by page.
    fn all(&self, method: &str, mut params: Value, rows: fn(&Value) -> &Value) -> Result<Vec<Value>, Fault> {
        let mut found = Vec::new();
        for _ in 0..limits::CRM_PAGES {
            let answer = self.call(method, &params)?;
            found.extend(rows(&answer["result"]).as_array().cloned().unwrap_or_default());
            match answer["next"].as_i64() {
                Some(next) => params["start"] = json!(next),
                None => break,
            }
        }
        Ok(found)
    }

    fn users_where(&self, filter: Value) -> Result<Vec<User>, Fault> {
        let params = json!({"FILTER": filter, "select": ["ID", "NAME", "LAST_NAME", "EMAIL"], "start": 0});
        let users = self.all("user.get", params, |result| result)?;
        let user = |row: &Value| User {
            id: text(&row["ID"]),
            name: full_name(&row["NAME"], &row["LAST_NAME"]),
            email: text(&row["EMAIL"]).trim().to_lowercase(),
        };
        Ok(users.iter().map(user).filter(|user| !user.id.is_empty()).collect())
    }

    fn statuses(&self) -> Result<&[Status], Fault> {
        if let Some(known) = self.statuses.get() {
            return Ok(known);
        }
        let rows = self.all("crm.status.list", json!({"order": {"SORT": "ASC"}}), |result| result)?;
        let status = |row: &Value| Status {
            list: text(&row["ENTITY_ID"]),
            id: text(&row["STATUS_ID"]),
            name: text(&row["NAME"]),
            state: state(text(&row["SEMANTICS"]).as_str()),
        };
        Ok(self.statuses.get_or_init(|| rows.iter().map(status).collect()))
    }

    fn stages(&self, list: &str) -> Result<Vec<Stage>, Fault> {
        let of_list = self.statuses()?.iter().filter(|status| status.list == list);
        Ok(of_list
            .map(|status| Stage { id: status.id.clone(), name: status.name.clone(), state: status.state })
            .collect())
    }

    /// Whether the account has leads apart from deals; one that does not say counts as having them.
    fn has_leads(&self) -> Result<bool, Fault> {
        match self.call("crm.settings.mode.get", &json!({})) {
            Ok(answer) => Ok(text(&answer["result"]) != "2"),
            Err(fault) if matches!(fault.cause, Cause::Rights | Cause::Refused) => Ok(true),
            Err(fault) => Err(fault),
        }
    }

    fn card_url(&self, sort: i64, id: &str) -> Option<String> {
        let base = self.base.borrow();
        let (before, _) = base.split_once(address::BITRIX24_PATH)?;
        let sort = match sort {
            LEAD => "lead",
            DEAL => "deal",
            _ => "contact",
        };
        Some(format!("{before}/crm/{sort}/details/{id}/"))
    }
}

impl Crm for Bitrix24<'_> {
    fn check(&self) -> Result<Account, Fault> {
        let granted = self.call("scope", &json!({}))?;
        let granted: Vec<String> = granted["result"].as_array().into_iter().flatten().map(text).collect();
        let profile = self.call("profile", &json!({}))?["result"].clone();
        // «user» and «user_brief» are wider and narrower forms; only the narrow one does not show emails.
        let has =
            |needed: &str| granted.iter().any(|scope| scope == needed || (needed == "user_basic" && scope == "user"));
        let mut missing: Vec<String> =
            ["crm", "user_basic"].into_iter().filter(|right| !has(right)).map(Into::into).collect();
        if missing.is_empty() {
            let entity = if self.has_leads()? { self.target } else { Target::Deal };
            match self.call("crm.item.fields", &json!({"entityTypeId": number_of(entity)})) {
                Err(fault) if fault.cause == Cause::Rights => {
                    missing.push(format!("crm.item.fields: {}", entity.as_str()))
                }
                result => drop(result?),
            }
        }
        let host = address::web(&self.base.borrow()).map(|web| web.authority).unwrap_or_default();
        Ok(Account {
            name: host,
            user: Some(full_name(&profile["NAME"], &profile["LAST_NAME"])).filter(|name| !name.is_empty()),
            rights: granted,
            missing,
            expires_at: None,
            moved_to: self.moved_to.borrow().clone(),
        })
    }

    fn places(&self) -> Result<Vec<Place>, Fault> {
        let mut places = Vec::new();
        if self.has_leads()? {
            places.push(Place {
                target: Target::Lead,
                pipeline: None,
                name: String::new(),
                stages: self.stages("STATUS")?,
            });
        }
        let answer = self.call("crm.category.list", &json!({"entityTypeId": DEAL}))?;
        let mut categories: Vec<&Value> = answer["result"]["categories"].as_array().into_iter().flatten().collect();
        categories.sort_by_key(|category| category["isDefault"] != "Y");
        for category in categories {
            let id = text(&category["id"]);
            let list = if id == "0" { "DEAL_STAGE".to_owned() } else { format!("DEAL_STAGE_{id}") };
            let (name, stages) = (text(&category["name"]), self.stages(&list)?);
            places.push(Place { target: Target::Deal, pipeline: Some(id), name, stages });
        }
        Ok(places)
    }

    fn fields(&self, target: Target) -> Result<Vec<Field>, Fault> {
        let answer = self.call("crm.item.fields", &json!({"entityTypeId": number_of(target)}))?;
        let mut fields = Vec::new();
        for (id, about) in answer["result"]["fields"].as_object().into_iter().flatten() {
            let flag = |name: &str| about[name].as_bool() == Some(true);
            let crm_type = text(&about["type"]);
            let Some(kind) = kind_of(&crm_type) else { continue };
            if flag("isReadOnly") || flag("isDeprecated") || OWN_FIELDS.contains(&id.as_str()) {
                continue;
            }
            let choices = match crm_type.as_str() {
                "crm_status" => {
                    let stages = self.stages(&text(&about["statusType"]))?;
                    stages.into_iter().map(|stage| Choice { id: stage.id, name: stage.name }).collect()
                }
                _ => about["items"].as_array().into_iter().flatten().map(choice).collect(),
            };
            fields.push(Field {
                id: id.clone(),
                name: Some(text(&about["title"])).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone()),
                kind,
                multiple: flag("isMultiple"),
                required: flag("isRequired"),
                crm_type,
                choices,
                chars_max: None,
            });
        }
        Ok(fields)
    }

    fn users(&self) -> Result<Vec<User>, Fault> {
        self.users_where(json!({"ACTIVE": true, "USER_TYPE": "employee"}))
    }

    fn send(&self, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
        send::send(self, lead, journal)
    }

    fn find_client(&self, contacts: &Contacts) -> Result<Option<Client>, Fault> {
        client::find(self, contacts)
    }
}

fn choice(item: &Value) -> Choice {
    Choice { id: text(&item["ID"]), name: text(&item["VALUE"]) }
}

fn kind_of(crm_type: &str) -> Option<FieldKind> {
    Some(match crm_type {
        "string" | "text" => FieldKind::Text,
        "url" => FieldKind::Url,
        "integer" => FieldKind::Integer,
        "double" => FieldKind::Number,
        "boolean" => FieldKind::Boolean,
        "date" => FieldKind::Date,
        "datetime" => FieldKind::Moment,
        "enumeration" | "crm_status" => FieldKind::Choice,
        "employee" | "user" => FieldKind::User,
        // Addresses, files, money with its currency, links to other cards.
        _ => return None,
    })
}

fn number_of(target: Target) -> i64 {
    match target {
        Target::Lead => LEAD,
        Target::Deal => DEAL,
    }
}

fn state(semantics: &str) -> DealState {
    match semantics {
        "S" => DealState::Won,
        "F" => DealState::Lost,
        _ => DealState::Open,
    }
}

/// A string or number as text; ids come as either.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn full_name(name: &Value, last_name: &Value) -> String {
    [text(name), text(last_name)].join(" ").trim().to_owned()
}
