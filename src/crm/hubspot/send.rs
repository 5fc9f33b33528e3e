//! A lead on its way into HubSpot: contact, deal, the tie between them, notes with the dialogue.

use serde_json::{Map, Value, json};

use super::{DEAL, Hubspot, MARK, VERSION, client, fields, text};
use crate::crm::Sent;
use crate::crm::fault::{Cause, Fault};
use crate::crm::field::{self, Field, Misfit, Value as Checked};
use crate::crm::step::{self, Journal};
use crate::crm::transcript::{self, Markup};
use crate::model::lead::Lead;
use crate::model::limits;

/// Numbers of HubSpot's own ties from a note to a contact and to a deal.
const NOTE_TO_CONTACT: i64 = 202;
const NOTE_TO_DEAL: i64 = 214;

pub(super) fn send(crm: &Hubspot, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
    let rows = crm.properties()?;
    let offered = fields(&rows);
    let (extras, mut left_out) = field::sorted(&lead.fields, &offered, &lead.time_zone);
    let marks = has_mark(crm, &rows)?;
    let owner = match &lead.operator {
        Some(operator) => crm.owner_of(&operator.email)?,
        None => None,
    };
    let contact = contact(crm, lead, owner.as_deref(), journal)?;

    let mut properties = deal(crm, lead, owner.as_deref());
    for (field, values) in &extras {
        match encoded(crm, values)? {
            Ok(value) => drop(properties.insert(field.id.clone(), json!(value))),
            Err(misfit) => left_out.push((field.name.clone(), misfit)),
        }
    }
    let mut card = Value::Null;
    let id = if marks {
        // Asked again, HubSpot finds the deal by its mark and changes it.
        step::repeatable(journal, "deal", || {
            let input = json!({"idProperty": MARK, "id": lead.uid.as_str(), "properties": properties});
            let path = format!("/crm/objects/{VERSION}/deals/batch/upsert");
            let answer =
                crm.post(&path, &json!({"inputs": [input]})).map_err(|failure| named(failure.fault, &extras))?;
            card = answer["results"][0].clone();
            made(&card["id"])
        })?
    } else {
        step::once(
            journal,
            "deal",
            |since| same_deal(crm, &properties, since),
            || {
                let body = json!({"properties": properties, "associations": []});
                let path = format!("/crm/objects/{VERSION}/deals");
                card = crm.post(&path, &body).map_err(|failure| named(failure.fault, &extras))?;
                made(&card["id"])
            },
        )?
    };
    if let Some(contact) = &contact {
        step::repeatable(journal, "tie", || {
            let path = format!("/crm/objects/{VERSION}/deals/{id}/associations/default/contacts/{contact}");
            crm.put(&path)?;
            Ok("done".to_owned())
        })?;
    }
    let ends = Ends { deal: &id, contact: contact.as_deref(), owner: owner.as_deref() };
    notes(crm, lead, &ends, &left_out, journal)?;
    let url = crm.card_url(&card, DEAL, &id);
    Ok(Sent { id, url, merged: false, left_out, moved_to: None })
}

impl Hubspot<'_> {
    fn put(&self, path: &str) -> Result<Value, Fault> {
        let request = crate::crm::call::Request::json("PUT", format!("{}{path}", self.base), &json!({}));
        self.ask(request).map_err(|failure| failure.fault)
    }
}

/// Whether deals can carry our mark; its property is made when it is not there.
fn has_mark(crm: &Hubspot, rows: &[Value]) -> Result<bool, Fault> {
    if let Some(row) = rows.iter().find(|row| row["name"] == MARK) {
        return Ok(row["hasUniqueValue"].as_bool() == Some(true) && row["archived"].as_bool() != Some(true));
    }
    let property = json!({
        "name": MARK, "label": "Beseda lead id", "type": "string", "fieldType": "text",
        "groupName": "dealinformation", "hasUniqueValue": true,
    });
    match crm.post(&format!("/crm/properties/{VERSION}/deals"), &property) {
        Ok(_) => Ok(true),
        // Made meanwhile.
        Err(failure) if failure.status == 409 => Ok(true),
        Err(failure) if matches!(failure.fault.cause, Cause::Rights | Cause::Refused) => Ok(false),
        Err(failure) => Err(failure.fault),
    }
}

/// The contact: the one that is there, or a new one; none without phone and email, by which it could be known again.
fn contact(
    crm: &Hubspot,
    lead: &Lead,
    owner: Option<&str>,
    journal: &mut dyn Journal,
) -> Result<Option<String>, Fault> {
    let known = &lead.client;
    if known.phone.is_none() && known.email.is_none() {
        return Ok(None);
    }
    let find = || Ok(client::card(crm, known)?.map(|card| text(&card["id"])));
    let id = step::once(
        journal,
        "contact",
        |_| find(),
        || {
            if let Some(id) = find()? {
                return Ok(id);
            }
            let mut properties = Map::new();
            let values = [
                ("email", known.email.as_deref()),
                ("phone", known.phone.as_deref()),
                ("firstname", known.name.as_deref()),
                ("hubspot_owner_id", owner),
                ("lifecyclestage", Some("lead")),
            ];
            for (name, value) in values {
                if let Some(value) = value {
                    let value: String = transcript::clean(value).chars().take(limits::HUBSPOT_TEXT_CHARS).collect();
                    properties.insert(name.to_owned(), json!(value));
                }
            }
            let body = json!({"properties": properties, "associations": []});
            match crm.post(&format!("/crm/objects/{VERSION}/contacts"), &body) {
                Ok(card) => made(&card["id"]),
                Err(failure) => match existing(failure.status, &failure.fault.words) {
                    Some(id) => Ok(id),
                    None => Err(failure.fault),
                },
            }
        },
    )?;
    Ok(Some(id))
}

/// The id that a conflict names: «Contact already exists. Existing ID: 37765128953».
fn existing(status: u16, words: &str) -> Option<String> {
    let (_, after) = words.split_once("ID:").filter(|_| status == 409)?;
    let id: String = after.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (!id.is_empty()).then_some(id)
}

fn deal(crm: &Hubspot, lead: &Lead, owner: Option<&str>) -> Map<String, Value> {
    let mut properties = Map::new();
    let title = transcript::title(lead, limits::HUBSPOT_TITLE_CHARS);
    let values = [
        ("dealname", Some(title.as_str())),
        ("pipeline", crm.pipeline.as_deref()),
        ("dealstage", crm.stage.as_deref()),
        ("hubspot_owner_id", owner),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            properties.insert(name.to_owned(), json!(value));
        }
    }
    properties
}

/// The deal of this name that was made since we asked for one; for accounts where deals carry no mark.
fn same_deal(crm: &Hubspot, properties: &Map<String, Value>, since: i64) -> Result<Option<String>, Fault> {
    let filters = json!([
        {"propertyName": "dealname", "operator": "EQ", "value": properties["dealname"]},
        // Clocks differ a little.
        {"propertyName": "createdate", "operator": "GTE", "value": (since - limits::CRM_SETTLE_MS).to_string()},
    ]);
    let body = json!({
        "filterGroups": [{"filters": filters}], "properties": ["dealname"], "limit": 1, "after": "0", "sorts": [],
    });
    let path = format!("/crm/objects/{VERSION}/deals/search");
    let answer = crm.post(&path, &body).map_err(|failure| failure.fault)?;
    Ok(Some(text(&answer["results"][0]["id"])).filter(|id| !id.is_empty()))
}

/// What a note is tied to.
struct Ends<'a> {
    deal: &'a str,
    contact: Option<&'a str>,
    owner: Option<&'a str>,
}

fn notes(
    crm: &Hubspot,
    lead: &Lead,
    ends: &Ends,
    left_out: &[(String, Misfit)],
    journal: &mut dyn Journal,
) -> Result<(), Fault> {
    let tie = |id: &str, sort: i64| json!({"to": {"id": id}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": sort}]});
    let mut ties = vec![tie(ends.deal, NOTE_TO_DEAL)];
    ties.extend(ends.contact.map(|id| tie(id, NOTE_TO_CONTACT)));
    let notes = transcript::notes(lead, left_out, Markup::Html, limits::HUBSPOT_NOTE_BYTES);
    for (number, (note, heading)) in notes.texts.iter().zip(&notes.headings).enumerate() {
        step::once(
            journal,
            &format!("note{number}"),
            |_| same_note(crm, ends.deal, heading),
            || {
                // Notes are shown by their times: a moment between them keeps the order.
                let at = lead.made_at + i64::try_from(number).unwrap_or(0);
                let mut properties = json!({"hs_timestamp": at.to_string(), "hs_note_body": note});
                if let Some(owner) = ends.owner {
                    properties["hubspot_owner_id"] = json!(owner);
                }
                let body = json!({"properties": properties, "associations": ties});
                let answer =
                    crm.post(&format!("/crm/objects/{VERSION}/notes"), &body).map_err(|failure| failure.fault)?;
                made(&answer["id"])
            },
        )?;
    }
    Ok(())
}

/// The note with this heading among those of the deal.
fn same_note(crm: &Hubspot, deal: &str, heading: &str) -> Result<Option<String>, Fault> {
    let answer = crm.get(&format!("/crm/objects/{VERSION}/deals/{deal}?associations=notes"))?;
    let ids = answer["associations"]["notes"]["results"].as_array().into_iter().flatten();
    let inputs: Vec<Value> = ids.take(limits::HUBSPOT_BATCH).map(|row| json!({"id": text(&row["id"])})).collect();
    if inputs.is_empty() {
        return Ok(None);
    }
    let body = json!({"inputs": inputs, "properties": ["hs_note_body"], "propertiesWithHistory": []});
    let path = format!("/crm/objects/{VERSION}/notes/batch/read");
    let answer = crm.post(&path, &body).map_err(|failure| failure.fault)?;
    let same = |row: &&Value| text(&row["properties"]["hs_note_body"]).contains(heading);
    Ok(answer["results"].as_array().into_iter().flatten().find(same).map(|row| text(&row["id"])))
}

/// The id in an answer; one without it says nothing about what was done.
fn made(id: &Value) -> Result<String, Fault> {
    Some(text(id)).filter(|id| !id.is_empty()).ok_or_else(|| Fault::new(Cause::Broken, "no id"))
}

/// The same fault with the name of the field as people know it.
fn named(fault: Fault, extras: &[(&Field, Vec<Checked>)]) -> Fault {
    let known = extras.iter().find(|(field, _)| Some(&field.id) == fault.field.as_ref());
    let name = known.map(|(field, _)| field.name.clone()).or_else(|| fault.field.clone());
    fault.of_field(name)
}

/// Values as HubSpot wants them: one text, several joined by semicolons.
fn encoded(crm: &Hubspot, values: &[Checked]) -> Result<Result<String, Misfit>, Fault> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        all.push(match value {
            Checked::Text(text) | Checked::Number(text) | Checked::Choice(text) => text.clone(),
            Checked::Boolean(yes) => yes.to_string(),
            Checked::Date(date) => date.to_string(),
            Checked::Moment(at) => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Checked::User(user) if user.contains('@') => match crm.owner_of(user)? {
                Some(id) => id,
                None => return Ok(Err(Misfit::NotUser)),
            },
            Checked::User(id) => id.clone(),
        });
    }
    Ok(Ok(all.join(";")))
}
