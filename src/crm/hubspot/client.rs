//! Who a phone or email belongs to in HubSpot.

use serde_json::{Value, json};

use super::{CONTACT, DEAL, Hubspot, VERSION, state, text};
use crate::crm::address::{self, encoded};
use crate::crm::fault::{Cause, Fault};
use crate::crm::{Client, Deal, DealState};
use crate::model::lead::{Contacts, Target};
use crate::model::limits;

const PROPERTIES: [&str; 7] =
    ["email", "hs_additional_emails", "firstname", "lastname", "phone", "mobilephone", "hubspot_owner_id"];

/// The contact with this email, which HubSpot gives at once, or else with this phone, by the search.
pub(super) fn card(crm: &Hubspot, contacts: &Contacts) -> Result<Option<Value>, Fault> {
    if let Some(email) = &contacts.email {
        let names = PROPERTIES.join(",");
        let path = format!("/crm/objects/{VERSION}/contacts/{}?idProperty=email&properties={names}", encoded(email));
        match crm.get(&path) {
            Ok(card) => return Ok(Some(card)),
            Err(fault) if fault.cause == Cause::Refused => {}
            Err(fault) => return Err(fault),
        }
    }
    match &contacts.phone {
        Some(phone) => by_phone(crm, phone),
        None => Ok(None),
    }
}

fn by_phone(crm: &Hubspot, phone: &str) -> Result<Option<Value>, Fault> {
    let national = address::national(phone);
    if national.len() < 7 {
        return Ok(None);
    }
    let whole = format!("+{}", address::digits(phone));
    let ends = format!("*{national}");
    let groups: Vec<Value> = [
        ("hs_searchable_calculated_phone_number", "EQ", &national),
        ("hs_searchable_calculated_phone_number", "CONTAINS_TOKEN", &ends),
        ("hs_searchable_calculated_mobile_number", "CONTAINS_TOKEN", &ends),
        ("phone", "EQ", &whole),
        ("mobilephone", "EQ", &whole),
    ]
    .into_iter()
    .map(|(name, operator, value)| json!({"filters": [{"propertyName": name, "operator": operator, "value": value}]}))
    .collect();
    let body = json!({"filterGroups": groups, "properties": PROPERTIES, "limit": 5, "after": "0", "sorts": []});
    let path = format!("/crm/objects/{VERSION}/contacts/search");
    let answer = crm.post(&path, &body).map_err(|failure| failure.fault)?;
    let mut cards = answer["results"].as_array().into_iter().flatten();
    Ok(cards.find(|card| has_phone(card, phone)).cloned())
}

/// Whether a card has this phone, in any writing.
fn has_phone(card: &Value, phone: &str) -> bool {
    let properties = &card["properties"];
    ["phone", "mobilephone"].iter().any(|name| address::same_phone(&text(&properties[name]), phone))
}

pub(super) fn find(crm: &Hubspot, contacts: &Contacts) -> Result<Option<Client>, Fault> {
    let Some(card) = card(crm, contacts)? else { return Ok(None) };
    let id = text(&card["id"]);
    let get = |name: &str| text(&card["properties"][name]);
    let full = |names: [&str; 2]| {
        let values =
            names.map(get).into_iter().flat_map(|value| value.split(';').map(str::to_owned).collect::<Vec<_>>());
        values.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect::<Vec<_>>()
    };
    let owner = get("hubspot_owner_id");
    let responsible = match crm.owners("") {
        Ok(owners) => owners.into_iter().find(|known| known.id == owner).map(|known| known.name),
        Err(fault) if fault.cause == Cause::Rights => None,
        Err(fault) => return Err(fault),
    };
    Ok(Some(Client {
        name: [get("firstname"), get("lastname")].join(" ").trim().to_owned(),
        phones: full(["phone", "mobilephone"]),
        emails: full(["email", "hs_additional_emails"]),
        responsible,
        url: crm.card_url(&card, CONTACT, &id),
        deals: deals(crm, &id)?,
        id,
    }))
}

fn deals(crm: &Hubspot, contact: &str) -> Result<Vec<Deal>, Fault> {
    let answer = crm.get(&format!("/crm/objects/{VERSION}/contacts/{contact}?associations=deals"))?;
    let rows = answer["associations"]["deals"]["results"].as_array().into_iter().flatten();
    let mut ids: Vec<u64> = rows.filter_map(|row| text(&row["id"]).parse().ok()).collect();
    // A deal can be tied in several ways; newer ones have greater numbers.
    ids.sort_unstable_by(|left, right| right.cmp(left));
    ids.dedup();
    ids.truncate(limits::CRM_DEALS);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let inputs: Vec<Value> = ids.iter().map(|id| json!({"id": id.to_string()})).collect();
    let properties = ["dealname", "dealstage", "pipeline", "amount", "deal_currency_code"];
    let body = json!({"inputs": inputs, "properties": properties, "propertiesWithHistory": []});
    let path = format!("/crm/objects/{VERSION}/deals/batch/read");
    let answer = match crm.post(&path, &body) {
        Ok(answer) => answer,
        // The key may see contacts and no deals.
        Err(failure) if failure.fault.cause == Cause::Rights => return Ok(Vec::new()),
        Err(failure) => return Err(failure.fault),
    };
    let pipelines = crm.pipelines()?;
    let currency = text(&crm.details()?["companyCurrency"]);
    let mut cards: Vec<&Value> = answer["results"].as_array().into_iter().flatten().collect();
    cards.sort_by_key(|card| std::cmp::Reverse(text(&card["id"]).parse::<u64>().unwrap_or(0)));
    Ok(cards.into_iter().map(|card| deal(crm, card, &pipelines, &currency)).collect())
}

fn deal(crm: &Hubspot, card: &Value, pipelines: &[Value], currency: &str) -> Deal {
    let get = |name: &str| text(&card["properties"][name]);
    let (id, stage_id, pipeline) = (text(&card["id"]), get("dealstage"), get("pipeline"));
    let pipeline = pipelines.iter().find(|known| known["id"] == pipeline.as_str());
    let stages = pipeline.and_then(|pipeline| pipeline["stages"].as_array()).into_iter().flatten();
    let stage = stages.into_iter().find(|stage| stage["id"] == stage_id.as_str());
    let own = get("deal_currency_code");
    let currency = if own.is_empty() { currency.to_owned() } else { own };
    Deal {
        target: Target::Deal,
        title: get("dealname"),
        stage: stage.map_or(stage_id.clone(), |stage| text(&stage["label"])),
        state: stage.map_or(DealState::Open, |stage| state(&stage["metadata"])),
        sum: Some(get("amount")).filter(|sum| !sum.is_empty()),
        currency: Some(currency).filter(|currency| !currency.is_empty()),
        url: crm.card_url(card, DEAL, &id),
        id,
    }
}
