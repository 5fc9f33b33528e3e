//! A lead on its way into Bitrix24: contact (for deals), card, comments with the dialogue.

use serde_json::{Map, Value, json};

use super::{Bitrix24, CONTACT, DEAL, LEAD, ORIGINATOR, client, number_of, text};
use crate::crm::fault::{Cause, Fault};
use crate::crm::field::{self, Field, Misfit, Value as Checked};
use crate::crm::step::{self, Journal};
use crate::crm::transcript::{self, Markup};
use crate::crm::{Sent, address};
use crate::model::lead::{Lead, Target};
use crate::model::limits;

/// Marks of `utm_*` with the fields that Bitrix24 has for them, in the order of [`crate::model::visit::MARKS`].
const UTM_FIELDS: [&str; 5] = ["utmSource", "utmMedium", "utmCampaign", "utmContent", "utmTerm"];

pub(super) fn send(crm: &Bitrix24, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
    // An account without leads turns each into a deal by itself, and its card would not be the one we know.
    let target = if crm.target == Target::Lead && !crm.has_leads()? { Target::Deal } else { crm.target };
    let entity = number_of(target);
    let fields = if lead.fields.is_empty() { Vec::new() } else { crm.fields_of(target)? };
    let (extras, mut left_out) = field::sorted(&lead.fields, &fields, &lead.time_zone);
    let responsible = responsible(crm, lead)?;
    let contact = contact(crm, lead, target, responsible.as_deref(), journal)?;

    let mut card = card(crm, lead, target, responsible.as_deref(), contact.as_deref());
    let mut sent_extras = Vec::new();
    for (field, values) in &extras {
        match encoded(crm, field, values)? {
            Ok(value) => {
                card.insert(field.id.clone(), value);
                sent_extras.push(*field);
            }
            Err(misfit) => left_out.push((field.name.clone(), misfit)),
        }
    }
    let mut echo = Value::Null;
    let id = step::once(
        journal,
        "card",
        |_| marked(crm, entity, lead),
        || {
            let answer = crm.call("crm.item.add", &json!({"entityTypeId": entity, "fields": card}))?;
            echo = answer["result"]["item"].clone();
            made(&echo["id"])
        },
    )?;
    // A field that was switched off or deleted meanwhile is ignored without a word, and reads back as null.
    let ignored = sent_extras.iter().filter(|field| echo.is_object() && echo[&field.id].is_null());
    left_out.extend(ignored.map(|field| (field.name.clone(), Misfit::Gone)));

    comments(crm, lead, entity, &id, &left_out, journal)?;
    let (url, moved_to) = (crm.card_url(entity, &id), crm.moved_to.borrow().clone());
    Ok(Sent { id, url, merged: false, left_out, moved_to })
}

impl Bitrix24<'_> {
    /// The fields; that this employee may not read them does not stop a lead.
    fn fields_of(&self, target: Target) -> Result<Vec<Field>, Fault> {
        crate::crm::Crm::fields(self, target)
    }
}

/// The employee with the operator's email; none when there is no such, or emails may not be read.
fn responsible(crm: &Bitrix24, lead: &Lead) -> Result<Option<String>, Fault> {
    let Some(operator) = &lead.operator else { return Ok(None) };
    let found = match crm.users_where(json!({"ACTIVE": true, "EMAIL": operator.email})) {
        Ok(found) => found,
        Err(fault) if matches!(fault.cause, Cause::Rights | Cause::Refused) => Vec::new(),
        Err(fault) => return Err(fault),
    };
    Ok(found.into_iter().find(|user| address::same_email(&user.email, &operator.email)).map(|user| user.id))
}

/// The contact that the card belongs to. A lead carries its client itself and is only tied to a contact that is there; a
/// deal needs one, which is made when there is something to know it by.
fn contact(
    crm: &Bitrix24,
    lead: &Lead,
    target: Target,
    responsible: Option<&str>,
    journal: &mut dyn Journal,
) -> Result<Option<String>, Fault> {
    if lead.client.phone.is_none() && lead.client.email.is_none() {
        return Ok(None);
    }
    let found = || Ok(client::ids(crm, "CONTACT", &lead.client)?.first().cloned());
    if target == Target::Lead {
        return found();
    }
    let id = step::once(
        journal,
        "contact",
        |_| found(),
        || match found()? {
            Some(id) => Ok(id),
            None => {
                let mut fields = person(lead);
                fields.insert("originatorId".into(), json!(ORIGINATOR));
                fields.insert("originId".into(), json!(lead.uid.as_str()));
                if let Some(id) = responsible {
                    fields.insert("assignedById".into(), json!(id));
                }
                let answer = crm.call("crm.item.add", &json!({"entityTypeId": CONTACT, "fields": fields}))?;
                made(&answer["result"]["item"]["id"])
            }
        },
    )?;
    Ok(Some(id))
}

fn card(
    crm: &Bitrix24,
    lead: &Lead,
    target: Target,
    responsible: Option<&str>,
    contact: Option<&str>,
) -> Map<String, Value> {
    let mut card = if target == Target::Lead { person(lead) } else { Map::new() };
    let mut put = |name: &str, value: Value| drop(card.insert(name.to_owned(), value));
    put("title", json!(transcript::title(lead, limits::BITRIX24_TITLE_CHARS)));
    put("originatorId", json!(ORIGINATOR));
    put("originId", json!(lead.uid.as_str()));
    for (name, value) in UTM_FIELDS.into_iter().zip(&lead.source.marks) {
        if let Some(value) = value {
            put(name, json!(transcript::clean(value)));
        }
    }
    let source = [transcript::source(lead), lead.source.referrer.clone().unwrap_or_default(), lead.chat_url.clone()];
    let source = source.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let source = transcript::clean(&source);
    put("sourceDescription", json!(transcript::first_bytes(&source, limits::BITRIX24_TEXT_BYTES)));
    if let Some(id) = responsible {
        put("assignedById", json!(id));
    }
    if let Some(id) = contact {
        put("contactIds", json!([id]));
    }
    if crm.target == target {
        if let (Target::Deal, Some(pipeline)) = (target, &crm.pipeline) {
            put("categoryId", json!(pipeline.parse::<i64>().unwrap_or(0)));
        }
        if let Some(stage) = &crm.stage {
            put("stageId", json!(stage));
        }
    }
    card
}

/// Name, phone and email.
fn person(lead: &Lead) -> Map<String, Value> {
    let mut fields = Map::new();
    let name = lead.client.name.as_deref().map(transcript::clean).unwrap_or_default();
    if !name.is_empty() {
        let name: String = name.chars().take(limits::BITRIX24_NAME_CHARS).collect();
        fields.insert("name".into(), json!(name));
    }
    let contacts = [("PHONE", &lead.client.phone), ("EMAIL", &lead.client.email)];
    let many: Vec<Value> = contacts
        .into_iter()
        .filter_map(|(sort, value)| Some(json!({"typeId": sort, "valueType": "WORK", "value": value.as_ref()?})))
        .collect();
    if !many.is_empty() {
        fields.insert("fm".into(), json!(many));
    }
    fields
}

/// The card that carries this lead's mark.
fn marked(crm: &Bitrix24, entity: i64, lead: &Lead) -> Result<Option<String>, Fault> {
    let uid = lead.uid.as_str();
    let select = json!(["id", "originId"]);
    let order = json!({"id": "DESC"});
    let filter = json!({"=originatorId": ORIGINATOR, "=originId": uid});
    let filtered = json!({"entityTypeId": entity, "filter": filter, "select": select, "order": order});
    let answer = match crm.call("crm.item.list", &filtered) {
        // Where these fields cannot be filtered by, the newest cards are looked through.
        Err(fault) if fault.cause == Cause::Refused => {
            crm.call("crm.item.list", &json!({"entityTypeId": entity, "select": select, "order": order}))?
        }
        result => result?,
    };
    let items = answer["result"]["items"].as_array();
    let item = items.into_iter().flatten().find(|item| text(&item["originId"]) == uid);
    Ok(item.map(|item| text(&item["id"])).filter(|id| !id.is_empty()))
}

/// The dialogue, as numbered comments in the card's timeline.
fn comments(
    crm: &Bitrix24,
    lead: &Lead,
    entity: i64,
    id: &str,
    left_out: &[(String, Misfit)],
    journal: &mut dyn Journal,
) -> Result<(), Fault> {
    let sort = if entity == LEAD { "lead" } else { "deal" };
    debug_assert!(entity == LEAD || entity == DEAL);
    let notes = transcript::notes(lead, left_out, Markup::BbCode, limits::BITRIX24_COMMENT_BYTES);
    let id: i64 = id.parse().unwrap_or(0);
    for (number, (note, heading)) in notes.texts.iter().zip(&notes.headings).enumerate() {
        let look = |_| {
            let filter = json!({"ENTITY_ID": id, "ENTITY_TYPE": sort});
            let params = json!({"filter": filter, "select": ["ID", "COMMENT"], "order": {"ID": "DESC"}});
            let answer = crm.call("crm.timeline.comment.list", &params)?;
            let comments = answer["result"].as_array();
            let same = |comment: &&Value| text(&comment["COMMENT"]).contains(heading.as_str());
            Ok(comments.into_iter().flatten().find(same).map(|comment| text(&comment["ID"])))
        };
        step::once(journal, &format!("note{number}"), look, || {
            let fields = json!({"ENTITY_TYPE": sort, "ENTITY_ID": id, "COMMENT": note});
            made(&crm.call("crm.timeline.comment.add", &json!({"fields": fields}))?["result"])
        })?;
    }
    Ok(())
}

/// The id in an answer; one without it says nothing about what was done.
fn made(id: &Value) -> Result<String, Fault> {
    Some(text(id)).filter(|id| !id.is_empty()).ok_or_else(|| Fault::new(Cause::Broken, "no id"))
}

/// Values as Bitrix24 wants them for this field.
fn encoded(crm: &Bitrix24, field: &Field, values: &[Checked]) -> Result<Result<Value, Misfit>, Fault> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        all.push(match value {
            Checked::Text(text) => json!(text),
            Checked::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| json!(number)),
            Checked::Boolean(yes) => json!(if *yes { "Y" } else { "N" }),
            Checked::Date(date) => json!(date.to_string()),
            Checked::Moment(at) => json!(at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()),
            Checked::Choice(id) => id.parse::<i64>().map_or_else(|_| json!(id), |id| json!(id)),
            Checked::User(user) => match user_id(crm, user)? {
                Some(id) => json!(id),
                None => return Ok(Err(Misfit::NotUser)),
            },
        });
    }
    Ok(Ok(if field.multiple { json!(all) } else { all.into_iter().next().unwrap_or(Value::Null) }))
}

fn user_id(crm: &Bitrix24, user: &str) -> Result<Option<String>, Fault> {
    let by_email = user.contains('@');
    let filter = if by_email { json!({"ACTIVE": true, "EMAIL": user}) } else { json!({"ACTIVE": true, "ID": user}) };
    let found = crm.users_where(filter)?;
    let same = |known: &&super::User| if by_email { address::same_email(&known.email, user) } else { known.id == user };
    Ok(found.iter().find(same).map(|known| known.id.clone()))
}
