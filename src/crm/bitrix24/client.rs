//! Who a phone or email belongs to in Bitrix24.

use serde_json::{Value, json};

use super::{Bitrix24, CONTACT, DEAL, LEAD, full_name, state, text};
use crate::crm::address;
use crate::crm::fault::{Cause, Fault};
use crate::crm::{Client, Deal};
use crate::model::lead::{Contacts, Target};
use crate::model::limits;

/// Ids of the cards of one sort (`CONTACT`, `LEAD`) that have this phone or email, those with the phone first.
pub(super) fn ids(crm: &Bitrix24, sort: &str, contacts: &Contacts) -> Result<Vec<String>, Fault> {
    let mut found: Vec<String> = Vec::new();
    let phones = contacts.phone.as_deref().map(writings).unwrap_or_default();
    let emails: Vec<String> = contacts.email.iter().cloned().collect();
    for (kind, values) in [("PHONE", phones), ("EMAIL", emails)] {
        if values.is_empty() {
            continue;
        }
        let answer =
            crm.call("crm.duplicate.findbycomm", &json!({"type": kind, "values": values, "entity_type": sort}))?;
        // Nothing found is an empty array instead of an object.
        let ids = answer["result"][sort].as_array().into_iter().flatten().map(text);
        for id in ids.filter(|id| !id.is_empty()) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    Ok(found)
}

/// The forms in which a phone may be stored: numbers are compared whole.
fn writings(phone: &str) -> Vec<String> {
    let (all, national) = (address::digits(phone), address::national(phone));
    let mut forms = vec![format!("+{all}"), all.clone()];
    if all.len() == 11 && all.starts_with('7') {
        forms.push(format!("8{national}"));
        forms.push(national);
    }
    forms
}

pub(super) fn find(crm: &Bitrix24, contacts: &Contacts) -> Result<Option<Client>, Fault> {
    let known = ids(crm, "CONTACT", contacts)?;
    if !known.is_empty() {
        let cards = list(crm, CONTACT, json!({"@id": known}), json!(["*"]))?;
        // The first that was found and may be read.
        let card = known.iter().find_map(|id| cards.iter().find(|card| text(&card["id"]) == *id));
        if let Some(card) = card {
            let filter = json!({"contactId": card["id"]});
            let mut deals = deals(crm, DEAL, &filter)?;
            deals.extend(self::deals(crm, LEAD, &filter)?);
            return Ok(Some(client(crm, CONTACT, card, deals)?));
        }
    }
    let leads = ids(crm, "LEAD", contacts)?;
    if leads.is_empty() {
        return Ok(None);
    }
    let filter = json!({"@id": leads});
    let cards = list(crm, LEAD, filter.clone(), json!(["*"]))?;
    let Some(card) = cards.first() else { return Ok(None) };
    let deals = deals(crm, LEAD, &filter)?;
    Ok(Some(client(crm, LEAD, card, deals)?))
}

fn list(crm: &Bitrix24, entity: i64, filter: Value, select: Value) -> Result<Vec<Value>, Fault> {
    let params = json!({"entityTypeId": entity, "filter": filter, "select": select, "order": {"id": "DESC"}});
    let answer = crm.call("crm.item.list", &params)?;
    Ok(answer["result"]["items"].as_array().cloned().unwrap_or_default())
}

fn client(crm: &Bitrix24, entity: i64, card: &Value, deals: Vec<Deal>) -> Result<Client, Fault> {
    let id = text(&card["id"]);
    let many = |sort: &str, first: &str| -> Vec<String> {
        let fm = card["fm"].as_array().into_iter().flatten();
        let values: Vec<String> =
            fm.filter(|entry| entry["typeId"] == sort).map(|entry| text(&entry["value"])).collect();
        if values.is_empty() {
            [text(&card[first])].into_iter().filter(|value| !value.is_empty()).collect()
        } else {
            values
        }
    };
    let assigned = text(&card["assignedById"]);
    let responsible = match crm.users_where(json!({"ID": assigned})) {
        Ok(users) => users.into_iter().find(|user| user.id == assigned).map(|user| user.name),
        Err(fault) if matches!(fault.cause, Cause::Rights | Cause::Refused) => None,
        Err(fault) => return Err(fault),
    };
    Ok(Client {
        name: full_name(&card["name"], &card["lastName"]),
        phones: many("PHONE", "phone"),
        emails: many("EMAIL", "email"),
        responsible,
        url: crm.card_url(entity, &id),
        id,
        deals,
    })
}

fn deals(crm: &Bitrix24, entity: i64, filter: &Value) -> Result<Vec<Deal>, Fault> {
    let select = json!(["id", "title", "stageId", "stageSemanticId", "categoryId", "opportunity", "currencyId"]);
    let cards = match list(crm, entity, filter.clone(), select) {
        Ok(cards) => cards,
        // An employee may see contacts and no deals.
        Err(fault) if fault.cause == Cause::Rights => Vec::new(),
        Err(fault) => return Err(fault),
    };
    let statuses = if cards.is_empty() { &[] } else { crm.statuses()? };
    let deal = |card: &Value| {
        let (id, stage) = (text(&card["id"]), text(&card["stageId"]));
        let category = text(&card["categoryId"]);
        let list = match (entity, category.as_str()) {
            (LEAD, _) => "STATUS".to_owned(),
            (_, "" | "0") => "DEAL_STAGE".to_owned(),
            _ => format!("DEAL_STAGE_{category}"),
        };
        let name = statuses.iter().find(|status| status.list == list && status.id == stage);
        let currency = Some(text(&card["currencyId"])).filter(|currency| !currency.is_empty());
        Deal {
            target: if entity == LEAD { Target::Lead } else { Target::Deal },
            title: text(&card["title"]),
            stage: name.map_or(stage.clone(), |status| status.name.clone()),
            state: state(&text(&card["stageSemanticId"])),
            sum: Some(text(&card["opportunity"])).filter(|sum| !sum.is_empty() && sum != "0"),
            currency,
            url: crm.card_url(entity, &id),
            id,
        }
    };
    Ok(cards.iter().take(limits::CRM_DEALS).map(deal).collect())
}
