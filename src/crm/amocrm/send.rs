//! A lead on its way into amoCRM: a deal with its contact in one request, then notes with the dialogue.

use std::cell::Cell;

use serde_json::{Value, json};

use super::fault::Failure;
use super::{Amocrm, MARK_CODE, client, fields, query, rows_of, text};
use crate::crm::fault::{Cause, Fault};
use crate::crm::field::{self, Field, Misfit, Value as Checked};
use crate::crm::step::{self, Journal};
use crate::crm::transcript::{self, Markup};
use crate::crm::{Sent, address};
use crate::model::lead::Lead;
use crate::model::limits;
use crate::model::visit::MARKS;

/// Marks and the referrer, with the codes of the fields that accounts have for them.
pub(super) const TRACKING: [(&str, &str); 9] = [
    ("utm_source", "UTM_SOURCE"),
    ("utm_medium", "UTM_MEDIUM"),
    ("utm_campaign", "UTM_CAMPAIGN"),
    ("utm_content", "UTM_CONTENT"),
    ("utm_term", "UTM_TERM"),
    ("gclid", "GCLID"),
    ("yclid", "YCLID"),
    ("fbclid", "FBCLID"),
    ("referrer", "REFERRER"),
];

pub(super) fn send(crm: &Amocrm, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault> {
    let rows = crm.lead_fields()?;
    let offered = fields(&rows);
    let (extras, left_out) = field::sorted(&lead.fields, &offered, &lead.time_zone);
    let mark = mark(lead);
    let marked_field = mark_field(crm, &rows)?;
    let responsible = responsible(crm, lead)?;
    let contact = client::candidates(crm, &lead.client)?.first().map(|contact| contact["id"].clone());

    let request = Request { crm, lead, rows: &rows, extras: &extras, mark: &mark, marked_field, responsible, contact };
    let merged = Cell::new(false);
    let id = step::once(
        journal,
        "lead",
        |_| marked(crm, &mark),
        || {
            let answer = request.create()?;
            let made = if answer.is_array() { &answer[0] } else { &answer["_embedded"]["leads"][0] };
            merged.set(made["merged"].as_bool() == Some(true));
            made_id(&made["id"])
        },
    )?;
    notes(crm, lead, &id, &left_out, journal)?;
    let url = Some(crm.card_url("leads", &id));
    Ok(Sent { id, url, merged: merged.get(), left_out, moved_to: None })
}

/// The mark of a lead: one word, because it is searched for.
fn mark(lead: &Lead) -> String {
    format!("beseda{}", lead.uid.as_str().replace('-', ""))
}

/// The id of the field for marks, made when it is not there; `None`: it cannot be made, and a tag carries the mark.
fn mark_field(crm: &Amocrm, rows: &[Value]) -> Result<Option<Value>, Fault> {
    if let Some(row) = rows.iter().find(|row| text(&row["code"]) == MARK_CODE) {
        return Ok(Some(row["id"].clone()));
    }
    let field = json!([{"type": "text", "name": "Beseda ID", "code": MARK_CODE}]);
    match crm.post("/api/v4/leads/custom_fields", &field) {
        Ok(answer) => Ok(rows_of(&answer, "custom_fields").next().map(|row| row["id"].clone())),
        Err(Failure { fault, .. }) if matches!(fault.cause, Cause::Rights | Cause::Refused) => Ok(None),
        Err(failure) => Err(failure.fault),
    }
}

fn responsible(crm: &Amocrm, lead: &Lead) -> Result<Option<i64>, Fault> {
    let Some(operator) = &lead.operator else { return Ok(None) };
    let users = crm.users_if_allowed()?;
    let found = users.iter().find(|user| address::same_email(&user.email, &operator.email));
    Ok(found.and_then(|user| user.id.parse().ok()))
}

struct Request<'a> {
    crm: &'a Amocrm<'a>,
    lead: &'a Lead,
    rows: &'a [Value],
    extras: &'a [(&'a Field, Vec<Checked>)],
    mark: &'a str,
    marked_field: Option<Value>,
    responsible: Option<i64>,
    contact: Option<Value>,
}

impl Request<'_> {
    /// Creates the deal; a responsible user that was deleted meanwhile is left out.
    fn create(&self) -> Result<Value, Fault> {
        let (mut deal, names) = self.deal();
        let path = if self.contact.is_some() { "/api/v4/leads" } else { "/api/v4/leads/complex" };
        let result = match self.crm.post(path, &json!([deal])) {
            Err(failure) if failure.paths.iter().any(|path| path.contains("responsible_user_id")) => {
                if let Some(deal) = deal.as_object_mut() {
                    deal.remove("responsible_user_id");
                }
                self.crm.post(path, &json!([deal]))
            }
            result => result,
        };
        result.map_err(|failure| failure.fault.of_field(blamed(&failure.paths, &names)))
    }

    /// The deal, and the names of its additional values in their order.
    fn deal(&self) -> (Value, Vec<String>) {
        let lead = self.lead;
        let mut deal = json!({
            "name": transcript::title(lead, limits::AMOCRM_TEXT_CHARS),
            "request_id": self.mark,
        });
        let mut tags = vec![json!({"name": "Beseda"})];
        let (mut values, mut names) = (Vec::new(), Vec::new());
        let mut put = |field: Value, value: Value, name: &str| {
            let (key, id) = if field.is_string() { ("field_code", field) } else { ("field_id", field) };
            values.push(json!({key: id, "values": value}));
            names.push(name.to_owned());
        };
        for (name, code) in TRACKING {
            let value = match MARKS.iter().position(|mark| *mark == name) {
                Some(at) => lead.source.marks[at].as_deref(),
                None => lead.source.referrer.as_deref(),
            };
            // An unknown field would refuse the whole lead.
            let known = self.rows.iter().any(|row| text(&row["code"]) == code);
            if let Some(value) = value.filter(|_| known) {
                let value: String = transcript::clean(value).chars().take(limits::AMOCRM_TEXT_CHARS).collect();
                put(json!(code), json!([{"value": value}]), code);
            }
        }
        match &self.marked_field {
            Some(id) => put(id.clone(), json!([{"value": self.mark}]), MARK_CODE),
            None => tags.push(json!({"name": self.mark})),
        }
        for (field, checked) in self.extras {
            match field.id.as_str() {
                "price" => deal["price"] = encoded(field, &checked[0])["value"].clone(),
                "tags" => tags.extend(checked.iter().map(|tag| json!({"name": encoded(field, tag)["value"]}))),
                id => {
                    let id = id.parse::<i64>().map_or_else(|_| json!(id), |id| json!(id));
                    put(id, checked.iter().map(|value| encoded(field, value)).collect(), &field.name);
                }
            }
        }
        deal["custom_fields_values"] = json!(values);
        let contact = match &self.contact {
            Some(id) => json!({"id": id}),
            None => self.new_contact(),
        };
        deal["_embedded"] = json!({"tags": tags, "contacts": [contact]});
        let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<i64>().ok());
        let wanted = [
            ("pipeline_id", number(&self.crm.pipeline)),
            ("status_id", number(&self.crm.stage)),
            ("responsible_user_id", self.responsible),
        ];
        for (name, value) in wanted {
            if let Some(value) = value {
                deal[name] = json!(value);
            }
        }
        (deal, names)
    }

    fn new_contact(&self) -> Value {
        let client = &self.lead.client;
        let name = client.name.as_ref().or(client.phone.as_ref()).or(client.email.as_ref());
        let name = name.map_or_else(|| transcript::title(self.lead, limits::AMOCRM_TEXT_CHARS), Clone::clone);
        let name: String = transcript::clean(&name).chars().take(limits::AMOCRM_TEXT_CHARS).collect();
        let contacts = [("PHONE", &client.phone), ("EMAIL", &client.email)];
        let values: Vec<Value> = contacts
            .into_iter()
            .filter_map(|(code, value)| Some((code, value.as_ref()?)))
            .map(|(code, value)| json!({"field_code": code, "values": [{"value": value, "enum_code": "WORK"}]}))
            .collect();
        let mut contact = json!({"first_name": name});
        if !values.is_empty() {
            contact["custom_fields_values"] = json!(values);
        }
        if let Some(id) = self.responsible {
            contact["responsible_user_id"] = json!(id);
        }
        contact
    }
}

/// The name of the value that a path counts, if the path is about the deal's own values.
fn blamed(paths: &[String], names: &[String]) -> Option<String> {
    let at = |path: &String| {
        let (before, after) = path.split_once("custom_fields_values.")?;
        // Paths may begin with our deal's place in the array.
        let own = before.trim_end_matches('.').bytes().all(|b| b.is_ascii_digit());
        let number: usize = after.split('.').next()?.parse().ok()?;
        names.get(number).filter(|_| own).cloned()
    };
    paths.iter().find_map(at)
}

fn encoded(field: &Field, value: &Checked) -> Value {
    let number = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    match value {
        Checked::Text(text) | Checked::User(text) => json!({"value": text}),
        Checked::Number(text) => json!({"value": number(text)}),
        Checked::Boolean(yes) => json!({"value": yes}),
        Checked::Date(date) => json!({"value": format!("{date}T12:00:00+00:00")}),
        Checked::Moment(at) => json!({"value": at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()}),
        Checked::Choice(id) => {
            debug_assert!(!field.choices.is_empty());
            json!({"enum_id": number(id)})
        }
    }
}

/// The deal that carries this mark: by the search, and, as that may lag, among the newest.
fn marked(crm: &Amocrm, mark: &str) -> Result<Option<String>, Fault> {
    let newest = format!("/api/v4/leads?order%5Bid%5D=desc&limit={}", limits::AMOCRM_NEWEST);
    for path in [format!("/api/v4/leads?{}&limit=50", query(mark)), newest] {
        let answer = crm.get(&path)?;
        if let Some(deal) = rows_of(&answer, "leads").find(|deal| carries(deal, mark)) {
            return Ok(Some(text(&deal["id"])));
        }
    }
    Ok(None)
}

fn carries(deal: &Value, mark: &str) -> bool {
    let tagged = rows_of(deal, "tags").any(|tag| text(&tag["name"]) == mark);
    let fields = deal["custom_fields_values"].as_array().into_iter().flatten();
    let mut values = fields.flat_map(|field| field["values"].as_array().into_iter().flatten());
    tagged || values.any(|value| text(&value["value"]) == mark)
}

fn notes(
    crm: &Amocrm,
    lead: &Lead,
    id: &str,
    left_out: &[(String, Misfit)],
    journal: &mut dyn Journal,
) -> Result<(), Fault> {
    let notes = transcript::notes(lead, left_out, Markup::Plain, limits::AMOCRM_NOTE_BYTES);
    for (number, (note, heading)) in notes.texts.iter().zip(&notes.headings).enumerate() {
        let look = |_| {
            let answer =
                crm.get(&format!("/api/v4/leads/{id}/notes?order%5Bid%5D=desc&limit={}", limits::AMOCRM_PAGE))?;
            let same = |row: &&Value| text(&row["params"]["text"]).contains(heading.as_str());
            Ok(rows_of(&answer, "notes").find(same).map(|row| text(&row["id"])))
        };
        step::once(journal, &format!("note{number}"), look, || {
            let entity = id.parse::<i64>().map_or_else(|_| json!(id), |id| json!(id));
            let body = json!([{"entity_id": entity, "note_type": "common", "params": {"text": note}}]);
            let answer = crm.post("/api/v4/leads/notes", &body).map_err(|failure| failure.fault)?;
            made_id(&answer["_embedded"]["notes"][0]["id"])
        })?;
    }
    Ok(())
}

/// The id in an answer; one without it says nothing about what was done.
fn made_id(id: &Value) -> Result<String, Fault> {
    Some(text(id)).filter(|id| !id.is_empty()).ok_or_else(|| Fault::new(Cause::Broken, "no id"))
}
