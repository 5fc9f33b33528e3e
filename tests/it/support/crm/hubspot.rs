//! A fake HubSpot: values are text, only what is asked for comes back, the search lags, conflicts name an id in words.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Protocol, Reply, Seen, national};

/// A service key.
pub const KEY: &str = "pat-eu1-0123456789abcdef";

const V: &str = "2026-09";

type Card = (u64, Map<String, Value>);

/// The account.
pub struct Hubspot {
    /// Contacts, deals, notes: id and properties.
    pub cards: BTreeMap<&'static str, Vec<Card>>,
    /// Ties: sort and id, to sort and id.
    pub ties: Vec<(&'static str, u64, &'static str, u64)>,
    pub owners: Vec<Value>,
    pub properties: Vec<Value>,
    /// Scopes that the key has not.
    pub missing: Vec<&'static str>,
    /// Cards younger than this (by id) are not in the search yet.
    pub search_knows_below: u64,
    next_id: u64,
}

impl Hubspot {
    pub fn new() -> Hubspot {
        let owner = |id: &str, name: &str, email: &str, sort: &str| json!({"id": id, "userId": 900, "firstName": name, "lastName": "", "email": email, "type": sort, "archived": false});
        let property = |name: &str, label: &str, sort: &str, form: &str, more: Value| {
            let mut about = json!({
                "name": name, "label": label, "type": sort, "fieldType": form, "options": [], "calculated": false,
                "hidden": false, "archived": false, "hasUniqueValue": false,
                "modificationMetadata": {"readOnlyValue": false},
            });
            about.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            about
        };
        let options = json!({"options": [
            {"label": "Чёрный", "value": "black", "hidden": false}, {"label": "Зелёный", "value": "green", "hidden": false},
            {"label": "Старый", "value": "old", "hidden": true},
        ]});
        let owners = json!({"externalOptions": true, "referencedObjectType": "OWNER"});
        let mut all_owners = vec![
            owner("51", "Ольга", "olga@example.com", "PERSON"),
            owner("52", "Мария", "Maria@Example.com", "PERSON"),
        ];
        all_owners.push(owner("53", "Очередь", "", "QUEUE"));
        all_owners.extend((100..250).map(|n| owner(&n.to_string(), "С", &format!("n{n}@example.com"), "PERSON")));
        Hubspot {
            cards: BTreeMap::new(),
            ties: Vec::new(),
            owners: all_owners,
            properties: vec![
                property("dealname", "Deal name", "string", "text", json!({})),
                property("amount", "Сумма", "number", "number", json!({})),
                property("city", "Город", "string", "text", json!({})),
                property("kind", "Сорт", "enumeration", "select", options.clone()),
                property("kinds", "Сорта", "enumeration", "checkbox", options),
                property("wholesale", "Опт", "bool", "booleancheckbox", json!({})),
                property("day", "День", "date", "date", json!({})),
                property("at", "Когда", "datetime", "date", json!({})),
                property("buyer", "Закупщик", "enumeration", "select", owners),
                property("hs_score", "Счёт", "number", "number", json!({"calculated": true})),
                property(
                    "hs_read",
                    "Только чтение",
                    "string",
                    "text",
                    json!({"modificationMetadata": {"readOnlyValue": true}}),
                ),
            ],
            missing: Vec::new(),
            search_knows_below: u64::MAX,
            next_id: 37_765_128_953,
        }
    }

    pub fn of(&self, sort: &str) -> &[Card] {
        self.cards.get(sort).map_or(&[], Vec::as_slice)
    }

    pub fn add(&mut self, sort: &'static str, properties: &Value) -> u64 {
        self.next_id += 1;
        let mut properties = properties.as_object().unwrap().clone();
        properties.insert("createdate".into(), json!("1795536333000"));
        self.cards.entry(sort).or_default().push((self.next_id, properties));
        self.next_id
    }

    pub fn tied(&self, from: &str, id: u64, to: &str) -> Vec<u64> {
        let ties = self.ties.iter().filter(|(a, x, b, _)| *a == from && *x == id && *b == to).map(|(.., y)| *y);
        let back = self.ties.iter().filter(|(a, _, b, y)| *b == from && *y == id && *a == to).map(|(_, x, ..)| *x);
        ties.chain(back).collect()
    }

    fn validate(&self, sort: &str, properties: &Map<String, Value>) -> Option<Reply> {
        let mut wrong = Vec::new();
        for (name, value) in properties {
            let about = self.properties.iter().find(|about| about["name"] == name.as_str());
            let mut fault = |error: &str, message: String| {
                wrong.push(json!({"isValid": false, "message": message, "error": error, "name": name}));
            };
            let Some(value) = value.as_str() else {
                fault("INVALID_STRING", format!("{name} is no text"));
                continue;
            };
            match about {
                Some(about)
                    if about["fieldType"] == "select"
                        && about["externalOptions"] != true
                        && !about["options"].as_array().unwrap().iter().any(|option| option["value"] == value) =>
                {
                    fault("INVALID_OPTION", format!("{value} was not one of the allowed options: [black, green]"));
                }
                Some(about) if about["type"] == "number" && value.parse::<f64>().is_err() => {
                    fault("INVALID_NUMBER", format!("{value} was not a valid number."));
                }
                None if sort == "deals" && !["pipeline", "dealstage", "hubspot_owner_id"].contains(&name.as_str()) => {
                    fault("PROPERTY_DOESNT_EXIST", format!("Property \"{name}\" does not exist"));
                }
                _ => {}
            }
        }
        if wrong.is_empty() {
            return None;
        }
        let message = format!("Property values were not valid: {}", json!(wrong));
        Some(error(400, &message, "VALIDATION_ERROR"))
    }

    fn create(&mut self, sort: &'static str, body: &Value) -> Reply {
        assert!(body["associations"].is_array(), "the description demands the list");
        let properties = body["properties"].as_object().unwrap().clone();
        if let Some(refusal) = self.validate(sort, &properties) {
            return refusal;
        }
        if sort == "contacts"
            && let Some(email) = properties.get("email")
            && let Some((id, _)) = self.of("contacts").iter().find(|(_, known)| known.get("email") == Some(email))
        {
            return error(409, &format!("Contact already exists. Existing ID: {id}"), "CONFLICT");
        }
        if sort == "notes" {
            assert!(
                properties["hs_timestamp"].is_string() && properties["hs_note_body"].as_str().unwrap().len() <= 65_536
            );
        }
        let id = self.add(sort, &Value::Object(properties.clone()));
        for tie in body["associations"].as_array().unwrap() {
            let number = tie["types"][0]["associationTypeId"].as_i64().unwrap();
            let to = if number == 214 { "deals" } else { "contacts" };
            self.ties.push((sort, id, to, tie["to"]["id"].as_str().unwrap().parse().unwrap()));
        }
        Reply::json(201, &card(id, &properties, None))
    }

    fn upsert(&mut self, body: &Value) -> Reply {
        let input = &body["inputs"][0];
        let (mark, value) = (input["idProperty"].as_str().unwrap(), input["id"].clone());
        let unique = self.properties.iter().any(|about| about["name"] == mark && about["hasUniqueValue"] == true);
        if !unique {
            return error(400, &format!("{mark} is not a unique property"), "VALIDATION_ERROR");
        }
        let mut properties = input["properties"].as_object().unwrap().clone();
        if let Some(refusal) = self.validate("deals", &properties) {
            return refusal;
        }
        properties.insert(mark.to_owned(), value.clone());
        let known = self.of("deals").iter().find(|(_, known)| known.get(mark) == Some(&value)).map(|(id, _)| *id);
        let (id, new) = match known {
            Some(id) => (id, false),
            None => (self.add("deals", &Value::Object(properties.clone())), true),
        };
        let mut made = card(id, &properties, None);
        made["new"] = json!(new);
        made["url"] = json!(format!("https://app-eu1.hubspot.com/contacts/4242/record/0-3/{id}"));
        Reply::json(200, &json!({"status": "COMPLETE", "results": [made]}))
    }

    fn search(&self, sort: &str, body: &Value) -> Reply {
        assert!(body["after"].is_string() && body["sorts"].is_array(), "the description demands them");
        let groups = body["filterGroups"].as_array().unwrap();
        assert!(groups.len() <= 5);
        let fits = |properties: &Map<String, Value>, filter: &Value| {
            let name = filter["propertyName"].as_str().unwrap();
            let value = filter["value"].as_str().unwrap();
            let stored = match name {
                "hs_searchable_calculated_phone_number" => national(text(properties, "phone")),
                "hs_searchable_calculated_mobile_number" => national(text(properties, "mobilephone")),
                name => text(properties, name).to_owned(),
            };
            match filter["operator"].as_str().unwrap() {
                "EQ" => stored == value,
                "CONTAINS_TOKEN" => !stored.is_empty() && stored.ends_with(value.trim_start_matches('*')),
                "GTE" => stored.parse::<i64>().unwrap() >= value.parse::<i64>().unwrap(),
                other => panic!("{other}"),
            }
        };
        let found = self.of(sort).iter().filter(|(id, properties)| {
            let any =
                |group: &Value| group["filters"].as_array().unwrap().iter().all(|filter| fits(properties, filter));
            *id < self.search_knows_below && groups.iter().any(any)
        });
        let rows: Vec<Value> = found.map(|(id, properties)| card(*id, properties, Some(&body["properties"]))).collect();
        Reply::json(200, &json!({"total": rows.len(), "results": rows}))
    }

    fn tied_rows(&self, sort: &str, id: u64, to: &str) -> Value {
        let rows: Vec<Value> =
            self.tied(sort, id, to).iter().map(|id| json!({"id": id.to_string(), "type": "x"})).collect();
        json!({to: {"results": rows}})
    }

    fn read(&self, sort: &str, seen: &Seen, wanted: &str) -> Reply {
        let by = seen.asked("idProperty").unwrap_or_default();
        let found = self.of(sort).iter().find(|(id, properties)| match by.as_str() {
            "" => id.to_string() == wanted,
            name => text(properties, name).eq_ignore_ascii_case(wanted),
        });
        let Some((id, properties)) = found else { return error(404, "resource not found", "OBJECT_NOT_FOUND") };
        let asked = seen.asked("properties").unwrap_or_default();
        let asked = json!(asked.split(',').collect::<Vec<_>>());
        let mut card = card(*id, properties, Some(&asked));
        if let Some(to) = seen.asked("associations") {
            card["associations"] = self.tied_rows(sort, *id, &to);
        }
        Reply::json(200, &card)
    }
}

impl Protocol for Hubspot {
    fn answer(&mut self, seen: &Seen) -> Reply {
        if seen.header("authorization") != format!("Bearer {KEY}") {
            return error(401, "Authentication credentials not found.", "INVALID_AUTHENTICATION");
        }
        let path: Vec<String> = seen.path().split('/').skip(1).map(|part| part.replace("%40", "@")).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let write = seen.method != "GET" && !seen.path().ends_with("/search") && !seen.path().ends_with("/read");
        let scope = match path[..] {
            ["crm", "objects", _, "deals", ..] => format!("crm.objects.deals.{}", if write { "write" } else { "read" }),
            ["crm", "objects", ..] => format!("crm.objects.contacts.{}", if write { "write" } else { "read" }),
            ["crm", "owners", ..] => "crm.objects.owners.read".to_owned(),
            ["crm", "properties", ..] if write => "crm.schemas.deals.write".to_owned(),
            _ => String::new(),
        };
        if self.missing.contains(&scope.as_str()) {
            let mut reply = json!({"status": "error", "message": "This app hasn't been granted all required scopes", "category": "MISSING_SCOPES"});
            reply["errors"] = json!([{"message": "One or more scopes", "context": {"requiredScopes": [scope]}}]);
            return Reply::json(403, &reply);
        }
        let sort = |name: &str| match name {
            "contacts" => "contacts",
            "deals" => "deals",
            _ => "notes",
        };
        match (seen.method.as_str(), &path[..]) {
            ("GET", ["account-info", V, "details"]) => Reply::json(
                200,
                &json!({
                    "portalId": 4242, "uiDomain": "app-eu1.hubspot.com", "timeZone": "Europe/Moscow", "companyCurrency": "EUR",
                }),
            ),
            ("GET", ["crm", "owners", V]) => {
                let email = seen.asked("email").unwrap_or_default().to_lowercase();
                let fits =
                    |owner: &&Value| email.is_empty() || owner["email"].as_str().unwrap().to_lowercase() == email;
                let after: usize = seen.asked("after").map_or(0, |after| after.parse().unwrap());
                let limit: usize = seen.asked("limit").map_or(100, |limit| limit.parse().unwrap());
                let all: Vec<&Value> = self.owners.iter().filter(fits).collect();
                let mut body = json!({"results": all.iter().skip(after).take(limit).collect::<Vec<_>>()});
                if after + limit < all.len() {
                    body["paging"] = json!({"next": {"after": (after + limit).to_string()}});
                }
                Reply::json(200, &body)
            }
            ("GET", ["crm", "properties", V, "deals"]) => Reply::json(200, &json!({"results": self.properties})),
            ("POST", ["crm", "properties", V, "deals"]) => {
                let property = seen.json();
                if self.properties.iter().any(|about| about["name"] == property["name"]) {
                    return error(409, "A property with this name exists", "OBJECT_ALREADY_EXISTS");
                }
                self.properties.push(property.clone());
                Reply::json(201, &property)
            }
            ("GET", ["crm", "pipelines", V, "deals"]) => Reply::json(200, &pipelines()),
            ("GET", ["crm", "objects", V, name]) => {
                let cards =
                    self.of(name).iter().take(1).map(|(id, properties)| card(*id, properties, Some(&json!([]))));
                Reply::json(200, &json!({"results": cards.collect::<Vec<_>>()}))
            }
            ("POST", ["crm", "objects", V, name]) => self.create(sort(name), &seen.json()),
            ("POST", ["crm", "objects", V, "deals", "batch", "upsert"]) => self.upsert(&seen.json()),
            ("POST", ["crm", "objects", V, name, "search"]) => self.search(name, &seen.json()),
            ("POST", ["crm", "objects", V, name, "batch", "read"]) => {
                let body = seen.json();
                let ids: Vec<&str> =
                    body["inputs"].as_array().unwrap().iter().map(|input| input["id"].as_str().unwrap()).collect();
                let found = self.of(name).iter().filter(|(id, _)| ids.contains(&id.to_string().as_str()));
                let rows: Vec<Value> =
                    found.map(|(id, properties)| card(*id, properties, Some(&body["properties"]))).collect();
                Reply::json(200, &json!({"status": "COMPLETE", "results": rows}))
            }
            ("PUT", ["crm", "objects", V, from, id, "associations", "default", to, other]) => {
                let tie = (sort(from), id.parse().unwrap(), sort(to), other.parse().unwrap());
                if !self.ties.contains(&tie) {
                    self.ties.push(tie);
                }
                Reply::json(200, &json!({"status": "COMPLETE", "results": [{}]}))
            }
            ("GET", ["crm", "objects", V, name, id]) => self.read(name, seen, id),
            _ => Reply::page(404, "Not Found"),
        }
    }
}

/// A card with the properties that were asked for; all that were given, right after it was made.
fn card(id: u64, properties: &Map<String, Value>, asked: Option<&Value>) -> Value {
    let mut shown = properties.clone();
    if let Some(asked) = asked {
        shown.retain(|name, _| asked.as_array().unwrap().iter().any(|one| one == name.as_str()));
        for name in asked.as_array().unwrap().iter().filter_map(Value::as_str) {
            shown.entry(name).or_insert(Value::Null);
        }
    }
    json!({"id": id.to_string(), "properties": shown, "archived": false})
}

fn text<'v>(properties: &'v Map<String, Value>, name: &str) -> &'v str {
    properties.get(name).and_then(Value::as_str).unwrap_or("")
}

fn error(status: u16, message: &str, category: &str) -> Reply {
    let body = json!({"status": "error", "message": message, "correlationId": "c", "category": category});
    Reply::json(status, &body)
}

fn pipelines() -> Value {
    let stage = |id: &str, label: &str, order: i64, probability: &str, closed: &str| json!({"id": id, "label": label, "displayOrder": order, "metadata": {"probability": probability, "isClosed": closed}});
    json!({"results": [
        {"id": "7001", "label": "Опт", "displayOrder": 0, "stages": [stage("8001", "Запрос", 0, "0.1", "false")]},
        {"id": "default", "label": "Продажи", "displayOrder": 1, "stages": [
            stage("closedwon", "Выиграна", 2, "1.0", "true"), stage("appointment", "Встреча", 0, "0.2", "false"),
            stage("closedlost", "Проиграна", 3, "0.0", "true"),
        ]},
    ]})
}
