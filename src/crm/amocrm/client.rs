//! Who a phone or email belongs to in amoCRM.

use std::collections::HashMap;

use serde_json::Value;

use super::{Amocrm, query, rows_of, state, text};
use crate::crm::address;
use crate::crm::fault::{Cause, Fault};
use crate::crm::{Client, Deal};
use crate::model::lead::{Contacts, Target};
use crate::model::limits;

/// Contacts that really have this phone or email, those with the phone first: the CRM's search looks in every field.
pub(super) fn candidates(crm: &Amocrm, contacts: &Contacts) -> Result<Vec<Value>, Fault> {
    let mut found: Vec<Value> = Vec::new();
    let phone = contacts.phone.as_deref().map(|phone| (address::national(phone), "PHONE", phone));
    let email = contacts.email.as_deref().map(|email| (email.to_owned(), "EMAIL", email));
    for (searched, code, value) in phone.into_iter().chain(email) {
        let answer = match crm.get(&format!("/api/v4/contacts?{}&with=leads&limit=50", query(&searched))) {
            Err(fault) if fault.cause == Cause::Rights => continue,
            result => result?,
        };
        let same = if code == "PHONE" { address::same_phone } else { address::same_email };
        for contact in rows_of(&answer, "contacts") {
            let has = values(contact, code).iter().any(|known| same(known, value));
            if has && !found.iter().any(|known| known["id"] == contact["id"]) {
                found.push(contact.clone());
            }
        }
    }
    Ok(found)
}

fn values(contact: &Value, code: &str) -> Vec<String> {
    let fields = contact["custom_fields_values"].as_array().into_iter().flatten();
    let fields = fields.filter(|field| field["field_code"] == code);
    let values = fields.flat_map(|field| field["values"].as_array().into_iter().flatten());
    values.map(|value| text(&value["value"])).filter(|value| !value.is_empty()).collect()
}

pub(super) fn find(crm: &Amocrm, contacts: &Contacts) -> Result<Option<Client>, Fault> {
    let found = candidates(crm, contacts)?;
    let Some(contact) = found.first() else { return Ok(None) };
    let mut ids: Vec<i64> = rows_of(contact, "leads").filter_map(|lead| lead["id"].as_i64()).collect();
    ids.sort_unstable_by(|left, right| right.cmp(left));
    ids.truncate(limits::CRM_DEALS);
    let id = text(&contact["id"]);
    let assigned = text(&contact["responsible_user_id"]);
    let responsible = crm.users_if_allowed()?.iter().find(|user| user.id == assigned).map(|user| user.name.clone());
    Ok(Some(Client {
        name: text(&contact["name"]),
        phones: values(contact, "PHONE"),
        emails: values(contact, "EMAIL"),
        responsible,
        url: Some(crm.card_url("contacts", &id)),
        id,
        deals: deals(crm, &ids)?,
    }))
}

fn deals(crm: &Amocrm, ids: &[i64]) -> Result<Vec<Deal>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter: Vec<String> = ids.iter().map(|id| format!("filter%5Bid%5D%5B%5D={id}")).collect();
    let answer = crm.get(&format!("/api/v4/leads?{}&limit={}", filter.join("&"), limits::AMOCRM_PAGE))?;
    let mut rows: Vec<Value> = rows_of(&answer, "leads").cloned().collect();
    let asked = |row: &Value| row["id"].as_i64().is_some_and(|id| ids.contains(&id));
    if !rows.iter().all(asked) {
        // An account that does not know the filter gives all deals; then each is asked for, the newest few.
        rows.clear();
        for id in &ids[..ids.len().min(limits::AMOCRM_SINGLE_DEALS)] {
            match crm.get(&format!("/api/v4/leads/{id}")) {
                Ok(row) => rows.push(row),
                Err(fault) if matches!(fault.cause, Cause::Refused | Cause::Rights) => {}
                Err(fault) => return Err(fault),
            }
        }
    }
    rows.sort_by_key(|row| -row["id"].as_i64().unwrap_or(0));
    let stages = stage_names(crm)?;
    let currency = Some(text(&crm.get("/api/v4/account")?["currency"])).filter(|currency| !currency.is_empty());
    let deal = |row: &Value| {
        let id = text(&row["id"]);
        let key = (text(&row["pipeline_id"]), text(&row["status_id"]));
        Deal {
            target: Target::Deal,
            title: text(&row["name"]),
            stage: stages.get(&key).cloned().unwrap_or_else(|| key.1.clone()),
            state: state(&row["status_id"]),
            sum: Some(text(&row["price"])).filter(|sum| !sum.is_empty() && sum != "0"),
            currency: currency.clone(),
            url: Some(crm.card_url("leads", &id)),
            id,
        }
    };
    Ok(rows.iter().map(deal).collect())
}

/// Names of stages by pipeline and stage.
fn stage_names(crm: &Amocrm) -> Result<HashMap<(String, String), String>, Fault> {
    let answer = crm.get("/api/v4/leads/pipelines")?;
    let mut names = HashMap::new();
    for pipeline in rows_of(&answer, "pipelines") {
        for status in rows_of(pipeline, "statuses") {
            names.insert((text(&pipeline["id"]), text(&status["id"])), text(&status["name"]));
        }
    }
    Ok(names)
}
