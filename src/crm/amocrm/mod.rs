//! amoCRM, outside Russia called Kommo, by a long-lived token.
//!
//! The account has an address of its own (`NAME.amocrm.ru`, `NAME.kommo.com`), the token goes into the header. Requests carry
//! arrays, answers are HAL; nothing found is 204 without a body. One wrong value refuses a whole request.

mod client;
mod fault;
mod send;

use std::cell::OnceCell;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use self::fault::Failure;
use super::address::{self, Web, encoded};
use super::call::{Http, Request};
use super::fault::{Cause, Fault};
use super::field::{Choice, Field, FieldKind};
use super::step::Journal;
use super::{Account, Client, Crm, DealState, Place, Sent, Settings, Stage, User};
use crate::model::lead::{Contacts, Lead, Target};
use crate::model::limits;

/// Endings of the addresses of accounts.
const VENDOR: [&str; 3] = [".amocrm.ru", ".kommo.com", ".amocrm.com"];

/// Numbers of the stages that every pipeline has.
const WON: i64 = 142;
const LOST: i64 = 143;

/// Code of the lead's field that carries our mark; made by the first lead.
const MARK_CODE: &str = "BESEDA_ID";

/// The connector.
pub(super) struct Amocrm<'a> {
    http: &'a dyn Http,
    /// Scheme and host.
    base: String,
    token: String,
    expires_at: Option<i64>,
    pipeline: Option<String>,
    stage: Option<String>,
    users: OnceCell<Vec<User>>,
}

impl<'a> Amocrm<'a> {
    pub(super) fn new(settings: &Settings, http: &'a dyn Http) -> Result<Self, Fault> {
        let wrong = || Fault::new(Cause::Address, "https://….amocrm.ru");
        let web = web(settings).ok_or_else(wrong)?;
        // The token is shown to the account's own host only.
        let account = VENDOR.iter().any(|end| web.host().ends_with(end)) && !web.host().starts_with("www.");
        if !web.tls && !settings.plain_http {
            return Err(Fault::new(Cause::Https, ""));
        }
        let sound = settings.plain_http || account;
        if !sound {
            return Err(wrong());
        }
        let token = settings.secret.trim().to_owned();
        let claims = claims(&token).ok_or_else(|| Fault::new(Cause::Token, ""))?;
        Ok(Amocrm {
            http,
            base: web.origin(),
            token,
            expires_at: claims["exp"].as_i64().map(|seconds| seconds.saturating_mul(1_000)),
            pipeline: settings.pipeline.clone(),
            stage: settings.stage.clone(),
            users: OnceCell::new(),
        })
    }

    fn get(&self, path: &str) -> Result<Value, Fault> {
        self.ask(Request::get(format!("{}{path}", self.base))).map_err(|failure| failure.fault)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.ask(Request::json("POST", format!("{}{path}", self.base), body))
    }

    fn ask(&self, request: Request) -> Result<Value, Failure> {
        let answer = self.http.exchange(&request.bearer(&self.token)).map_err(Fault::from);
        let read = answer.map_err(Failure::from).and_then(|answer| fault::read(&answer));
        read.map_err(|failure| Failure { fault: failure.fault.hiding(&self.token), ..failure })
    }

    /// All rows of a collection, page by page.
    fn all(&self, path: &str, name: &str) -> Result<Vec<Value>, Fault> {
        let mut rows = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        for page in 1..=limits::CRM_PAGES {
            let answer = self.get(&format!("{path}{joint}page={page}&limit={}", limits::AMOCRM_PAGE))?;
            rows.extend(rows_of(&answer, name).cloned());
            if answer["_links"]["next"]["href"].is_null() {
                break;
            }
        }
        Ok(rows)
    }

    fn lead_fields(&self) -> Result<Vec<Value>, Fault> {
        self.all("/api/v4/leads/custom_fields", "custom_fields")
    }

    fn all_users(&self) -> Result<&[User], Fault> {
        if let Some(known) = self.users.get() {
            return Ok(known);
        }
        let rows = self.all("/api/v4/users", "users")?;
        let active = rows.iter().filter(|row| row["rights"]["is_active"].as_bool() != Some(false));
        let user = |row: &Value| User {
            id: text(&row["id"]),
            name: text(&row["name"]),
            email: text(&row["email"]).trim().to_lowercase(),
        };
        Ok(self.users.get_or_init(|| active.map(user).collect()))
    }

    /// The users, or none where the token's owner may not see them.
    fn users_if_allowed(&self) -> Result<&[User], Fault> {
        match self.all_users() {
            Err(fault) if fault.cause == Cause::Rights => Ok(&[]),
            result => result,
        }
    }

    fn card_url(&self, sort: &str, id: &str) -> String {
        format!("{}/{sort}/detail/{id}", self.base)
    }
}

impl Crm for Amocrm<'_> {
    fn check(&self) -> Result<Account, Fault> {
        let account = self.get("/api/v4/account")?;
        if account["id"].is_null() {
            return Err(Fault::new(Cause::Strange, "/api/v4/account"));
        }
        let mut rights = vec!["account".to_owned()];
        let mut missing = Vec::new();
        for (right, path) in [
            ("users", "/api/v4/users?limit=1"),
            ("leads/pipelines", "/api/v4/leads/pipelines"),
            ("leads/custom_fields", "/api/v4/leads/custom_fields?limit=1"),
            ("contacts", "/api/v4/contacts?limit=1"),
        ] {
            match self.get(path) {
                Ok(_) => rights.push(right.to_owned()),
                Err(fault) if fault.cause == Cause::Rights => missing.push(right.to_owned()),
                Err(fault) => return Err(fault),
            }
        }
        let current = text(&account["current_user_id"]);
        let users = self.users_if_allowed()?;
        Ok(Account {
            name: text(&account["name"]),
            user: users.iter().find(|user| user.id == current).map(|user| user.name.clone()),
            rights,
            missing,
            expires_at: self.expires_at,
            moved_to: None,
        })
    }

    fn places(&self) -> Result<Vec<Place>, Fault> {
        let answer = self.get("/api/v4/leads/pipelines")?;
        let mut pipelines: Vec<&Value> =
            rows_of(&answer, "pipelines").filter(|pipeline| pipeline["is_archive"].as_bool() != Some(true)).collect();
        pipelines.sort_by_key(|pipeline| pipeline["is_main"].as_bool() != Some(true));
        let place = |pipeline: &&Value| Place {
            target: Target::Deal,
            pipeline: Some(text(&pipeline["id"])),
            name: text(&pipeline["name"]),
            // Into the stage of incoming leads (type 1) none can be put directly.
            stages: rows_of(pipeline, "statuses").filter(|status| status["type"] != 1).map(stage).collect(),
        };
        Ok(pipelines.iter().map(place).collect())
    }

    fn fields(&self, _: Target) -> Result<Vec<Field>, Fault> {
        Ok(fields(&self.lead_fields()?))
    }

    fn users(&self) -> Result<Vec<User>, Fault> {
        self.all_users().map(<[User]>::to_vec)
    }

    fn send(&self, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
        send::send(self, lead, journal)
    }

    fn find_client(&self, contacts: &Contacts) -> Result<Option<Client>, Fault> {
        client::find(self, contacts)
    }
}

/// The account's address, of which the name alone is enough.
pub(super) fn web(settings: &Settings) -> Option<Web> {
    let typed = settings.address.trim();
    let name_only = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let typed = if name_only { format!("{typed}{}", VENDOR[0]) } else { typed.to_owned() };
    address::web(&typed)
}

/// The claims of a JWT, unproven: the CRM proves them.
fn claims(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (_, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || signature.is_empty() || !token.is_ascii() || token.contains(char::is_whitespace) {
        return None;
    }
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?).ok()?;
    claims.is_object().then_some(claims)
}

/// Fields that can be filled, the built-in ones first.
fn fields(rows: &[Value]) -> Vec<Field> {
    let own = |id: &str, kind, multiple| Field {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        multiple,
        required: false,
        crm_type: id.to_owned(),
        choices: Vec::new(),
        chars_max: None,
    };
    let mut fields = vec![own("price", FieldKind::Integer, false), own("tags", FieldKind::Text, true)];
    for row in rows {
        let (crm_type, code) = (text(&row["type"]), text(&row["code"]));
        let kind = match crm_type.as_str() {
            "text" | "textarea" | "streetaddress" | "tracking_data" => FieldKind::Text,
            "url" => FieldKind::Url,
            "numeric" | "monetary" => FieldKind::Number,
            "checkbox" => FieldKind::Boolean,
            "select" | "radiobutton" | "multiselect" => FieldKind::Choice,
            "date" | "birthday" => FieldKind::Date,
            "date_time" => FieldKind::Moment,
            // Addresses in parts, legal persons, files, lists of goods.
            _ => continue,
        };
        if code == MARK_CODE || send::TRACKING.iter().any(|(_, known)| *known == code) {
            continue;
        }
        let choice = |row: &Value| Choice { id: text(&row["id"]), name: text(&row["value"]) };
        fields.push(Field {
            id: text(&row["id"]),
            name: text(&row["name"]),
            kind,
            multiple: crm_type == "multiselect",
            required: row["required_statuses"].as_array().is_some_and(|statuses| !statuses.is_empty()),
            choices: row["enums"].as_array().into_iter().flatten().map(choice).collect(),
            chars_max: (crm_type != "textarea").then_some(limits::AMOCRM_TEXT_CHARS),
            crm_type,
        });
    }
    fields
}

fn stage(status: &Value) -> Stage {
    Stage { id: text(&status["id"]), name: text(&status["name"]), state: state(&status["id"]) }
}

fn state(status_id: &Value) -> DealState {
    match status_id.as_i64() {
        Some(WON) => DealState::Won,
        Some(LOST) => DealState::Lost,
        _ => DealState::Open,
    }
}

/// Rows of a collection of HAL; of an empty answer none.
fn rows_of<'v>(answer: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    answer["_embedded"][name].as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn query(value: &str) -> String {
    format!("query={}", encoded(value))
}
