//! A fake amoCRM: HAL, arrays in, whole requests refused for one wrong value, 204 for nothing found.

use serde_json::{Value, json};

use super::{Protocol, Reply, Seen, national};

/// A token as the account makes them: a JWT whose claims end in 2031.
pub const TOKEN: &str =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhY2NvdW50X2lkIjo0MiwiZXhwIjoxOTI0OTkyMDAwfQ.c2lnbmF0dXJl";

/// The account.
pub struct Amocrm {
    pub contacts: Vec<Value>,
    pub deals: Vec<Value>,
    /// Deal and text.
    pub notes: Vec<(i64, String)>,
    pub users: Vec<Value>,
    pub fields: Vec<Value>,
    /// Whether the token's owner is an administrator.
    pub administrator: bool,
    /// Whether fields may be made.
    pub makes_fields: bool,
    /// Whether deals can be filtered by id; otherwise all come.
    pub knows_filters: bool,
    /// Whether the search knows what was just written.
    pub search_lags: bool,
    /// Folds new deals into this one.
    pub merges_into: Option<i64>,
    next_id: i64,
}

impl Amocrm {
    pub fn new() -> Amocrm {
        let user = |id: i64, name: &str, email: &str, active: bool| json!({"id": id, "name": name, "email": email, "lang": "ru", "rights": {"is_admin": id == 1, "is_active": active}});
        let field = |id: i64, name: &str, code: Value, sort: &str, enums: Value| json!({"id": id, "name": name, "code": code, "type": sort, "sort": id, "enums": enums, "required_statuses": []});
        let enums = json!([{"id": 501, "value": "Чёрный", "sort": 1}, {"id": 502, "value": "Зелёный", "sort": 2}]);
        Amocrm {
            contacts: Vec::new(),
            deals: Vec::new(),
            notes: Vec::new(),
            users: vec![
                user(1, "Ольга", "olga@example.com", true),
                user(3, "Мария Сенина", "MARIA@example.com", true),
                user(4, "Иван", "ivan@example.com", false),
            ],
            fields: vec![
                field(11, "utm_source", json!("UTM_SOURCE"), "tracking_data", Value::Null),
                field(12, "utm_campaign", json!("UTM_CAMPAIGN"), "tracking_data", Value::Null),
                field(13, "referrer", json!("REFERRER"), "tracking_data", Value::Null),
                field(21, "Город", Value::Null, "text", Value::Null),
                field(22, "Сорт", Value::Null, "select", enums.clone()),
                field(23, "Сорта", Value::Null, "multiselect", enums),
                field(24, "Опт", Value::Null, "checkbox", Value::Null),
                field(25, "Когда", Value::Null, "date_time", Value::Null),
                field(26, "Вес", Value::Null, "numeric", Value::Null),
                field(27, "Подробно", Value::Null, "textarea", Value::Null),
                field(28, "Доставка", Value::Null, "smart_address", Value::Null),
            ],
            administrator: true,
            makes_fields: true,
            knows_filters: true,
            search_lags: false,
            merges_into: None,
            next_id: 9_774_765,
        }
    }

    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// Puts a client there, as its people do, with a deal of this stage.
    pub fn add_client(&mut self, name: &str, values: &[(&str, &str)], deals: &[(&str, i64, i64)]) -> i64 {
        let id = self.id();
        let mut ids = Vec::new();
        for (title, status, price) in deals {
            let deal = self.id();
            ids.push(json!({"id": deal}));
            self.deals.push(json!({
                "id": deal, "name": title, "price": price, "pipeline_id": 100, "status_id": status, "_embedded": {"tags": []},
            }));
        }
        let field = |(code, value): &(&str, &str)| {
            json!({"field_id": 1, "field_name": code, "field_code": code, "field_type": "multitext",
                   "values": [{"value": value, "enum_id": 1, "enum_code": "WORK"}]})
        };
        self.contacts.push(json!({
            "id": id, "name": name, "responsible_user_id": 3,
            "custom_fields_values": values.iter().map(field).collect::<Vec<_>>(), "_embedded": {"leads": ids},
        }));
        id
    }

    fn create(&mut self, seen: &Seen, complex: bool) -> Reply {
        let body = seen.json();
        let Some(deals) = body.as_array() else { return problem(400, "Bad Request", "Array expected") };
        let mut errors = Vec::new();
        let deal = &deals[0];
        for (n, value) in deal["custom_fields_values"].as_array().into_iter().flatten().enumerate() {
            self.examine(n, value, &mut errors);
        }
        if let Some(user) = deal["responsible_user_id"].as_i64()
            && !self.users.iter().any(|known| known["id"] == user && known["rights"]["is_active"] == true)
        {
            errors.push(error(
                "NotSupportedChoice",
                "responsible_user_id",
                "The value you selected is not a valid choice.",
            ));
        }
        if let Some(status) = deal["status_id"].as_i64()
            && status == 101
        {
            errors.push(error("NotSupportedChoice", "status_id", "Wrong status"));
        }
        if !errors.is_empty() {
            let body = json!({
                "validation-errors": [{"request_id": "0", "errors": errors}], "title": "Bad Request",
                "type": "https://httpstatus.es/400", "status": 400, "detail": "Request validation failed",
            });
            return Reply::json(400, &body);
        }
        if let Some(id) = self.merges_into {
            return Reply::json(200, &json!([{"id": id, "contact_id": 5, "request_id": ["x"], "merged": true}]));
        }
        let contact = &deal["_embedded"]["contacts"][0];
        let id = self.id();
        let contact_id = if complex {
            assert!(contact["id"].is_null(), "a known contact goes to /leads");
            let contact_id = self.id();
            let mut contact = contact.clone();
            contact["id"] = json!(contact_id);
            contact["name"] = contact["first_name"].clone();
            contact["_embedded"] = json!({"leads": [{"id": id}]});
            self.contacts.push(contact);
            contact_id
        } else {
            contact["id"].as_i64().unwrap()
        };
        let mut kept = deal.clone();
        kept["id"] = json!(id);
        kept["contact_id"] = json!(contact_id);
        self.deals.push(kept);
        if complex {
            let request = json!([deal["request_id"]]);
            let made = json!([{"id": id, "contact_id": contact_id, "company_id": null, "request_id": request, "merged": false}]);
            return Reply::json(200, &made);
        }
        hal(&json!({"leads": [{"id": id, "request_id": deal["request_id"]}]}))
    }

    fn examine(&self, n: usize, value: &Value, errors: &mut Vec<Value>) {
        let known = self.fields.iter().find(|field| {
            field["id"] == value["field_id"]
                || (value["field_code"].is_string() && field["code"] == value["field_code"])
        });
        let Some(field) = known else {
            errors.push(error("NotSupportedChoice", &format!("custom_fields_values.{n}.field_id"), "Unknown field"));
            return;
        };
        for (v, one) in value["values"].as_array().unwrap().iter().enumerate() {
            let path = format!("custom_fields_values.{n}.values.{v}.value");
            let wrong = match field["type"].as_str().unwrap() {
                "select" | "multiselect" => {
                    !field["enums"].as_array().unwrap().iter().any(|choice| choice["id"] == one["enum_id"])
                }
                "checkbox" => !one["value"].is_boolean(),
                "numeric" => !one["value"].is_number(),
                "textarea" => false,
                _ => one["value"].as_str().is_none_or(|text| text.chars().count() > 256),
            };
            if wrong {
                errors.push(error("NotSupportedChoice", &path, "The value you selected is not a valid choice."));
            }
        }
    }

    fn deals(&self, seen: &Seen) -> Reply {
        let asked: Vec<String> =
            seen.query().into_iter().filter(|(name, _)| name == "filter[id][]").map(|(_, id)| id).collect();
        let query = seen.asked("query").unwrap_or_default();
        let fits = |deal: &&Value| {
            let by_id = asked.is_empty() || !self.knows_filters || asked.contains(&deal["id"].to_string());
            by_id
                && (query.is_empty()
                    || (!self.search_lags && deal["custom_fields_values"].to_string().contains(&query)))
        };
        let mut rows: Vec<&Value> = self.deals.iter().filter(fits).collect();
        if seen.asked("order[id]").as_deref() == Some("desc") {
            rows.reverse();
        }
        page(seen, "leads", &rows)
    }
}

impl Protocol for Amocrm {
    fn answer(&mut self, seen: &Seen) -> Reply {
        if seen.header("authorization") != format!("Bearer {TOKEN}") {
            return problem(401, "Unauthorized", "Неверный логин или пароль");
        }
        let path = seen.path().strip_prefix("/api/v4/").unwrap_or("").to_owned();
        match (seen.method.as_str(), path.as_str()) {
            ("GET", "account") => Reply::json(
                200,
                &json!({
                    "id": 42, "name": "Северный чай", "subdomain": "tea", "current_user_id": 1, "currency": "RUB",
                }),
            ),
            ("GET", "users") if !self.administrator => problem(403, "Forbidden", "Доступ запрещён"),
            ("GET", "users") => page(seen, "users", &self.users.iter().collect::<Vec<_>>()),
            ("GET", "leads/pipelines") => hal(&pipelines()),
            ("GET", "leads/custom_fields") => page(seen, "custom_fields", &self.fields.iter().collect::<Vec<_>>()),
            ("POST", "leads/custom_fields") if !self.makes_fields => problem(403, "Forbidden", "Нет прав"),
            ("POST", "leads/custom_fields") => {
                let mut field = seen.json()[0].clone();
                field["id"] = json!(self.id());
                self.fields.push(field.clone());
                let mut reply = hal(&json!({"custom_fields": [field]}));
                reply.status = 201;
                reply
            }
            ("GET", "contacts") => {
                // The search looks for a part of any field.
                let query = seen.asked("query").unwrap_or_default();
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
                let is_phone = !query.is_empty() && query.chars().all(|c| c.is_ascii_digit());
                let fits = |contact: &&Value| {
                    let all = contact.to_string();
                    all.to_lowercase().contains(&query.to_lowercase())
                        || (is_phone && digits(&all).contains(&national(&query)))
                };
                page(seen, "contacts", &self.contacts.iter().filter(fits).collect::<Vec<_>>())
            }
            ("GET", "leads") => self.deals(seen),
            ("POST", "leads/complex") => self.create(seen, true),
            ("POST", "leads") => self.create(seen, false),
            ("POST", "leads/notes") => {
                let note = &seen.json()[0];
                assert_eq!(note["note_type"], "common");
                let text = note["params"]["text"].as_str().unwrap().to_owned();
                self.notes.push((note["entity_id"].as_i64().unwrap(), text));
                hal(&json!({"notes": [{"id": self.notes.len(), "entity_id": note["entity_id"]}]}))
            }
            ("GET", path) if path.ends_with("/notes") => {
                let deal: i64 = path.split('/').nth(1).unwrap().parse().unwrap();
                let of = self.notes.iter().enumerate().filter(|(_, (id, _))| *id == deal);
                let rows: Vec<Value> =
                    of.map(|(n, (_, text))| json!({"id": n + 1, "params": {"text": text}})).collect();
                page(seen, "notes", &rows.iter().collect::<Vec<_>>())
            }
            ("GET", path) => {
                let id: Option<i64> = path.strip_prefix("leads/").and_then(|id| id.parse().ok());
                match self.deals.iter().find(|deal| deal["id"].as_i64() == id) {
                    Some(deal) => Reply::json(200, deal),
                    None => problem(404, "Not Found", "Lead not found"),
                }
            }
            _ => Reply::page(404, "Not Found"),
        }
    }
}

fn error(code: &str, path: &str, detail: &str) -> Value {
    json!({"code": code, "path": path, "detail": detail})
}

pub fn problem(status: u16, title: &str, detail: &str) -> Reply {
    let body =
        json!({"title": title, "type": format!("https://httpstatus.es/{status}"), "status": status, "detail": detail});
    Reply::json(status, &body)
}

fn hal(embedded: &Value) -> Reply {
    Reply::json(200, &json!({"_links": {"self": {"href": "x"}}, "_embedded": embedded}))
}

/// A page of rows; without rows there is no body.
fn page(seen: &Seen, name: &str, rows: &[&Value]) -> Reply {
    let number = |name: &str, other: usize| seen.asked(name).map_or(other, |value| value.parse().unwrap());
    let (page, limit) = (number("page", 1), number("limit", 50).min(250));
    let shown: Vec<&&Value> = rows.iter().skip((page - 1) * limit).take(limit).collect();
    if shown.is_empty() {
        return Reply::empty(204);
    }
    let mut body = json!({"_page": page, "_links": {"self": {"href": "x"}}, "_embedded": {name: shown}});
    if rows.len() > page * limit {
        body["_links"]["next"] = json!({"href": format!("https://tea.amocrm.ru/api/v4/x?page={}", page + 1)});
    }
    Reply::json(200, &body)
}

fn pipelines() -> Value {
    let status = |id: i64, name: &str, sort: i64| json!({"id": id, "name": name, "type": sort, "pipeline_id": 100});
    let ends = [status(142, "Успешно реализовано", 0), status(143, "Закрыто и не реализовано", 0)];
    json!({"pipelines": [
        {"id": 200, "name": "Опт", "is_main": false, "is_archive": false, "_embedded": {"statuses": ends}},
        {"id": 300, "name": "Старая", "is_main": false, "is_archive": true, "_embedded": {"statuses": ends}},
        {"id": 100, "name": "Воронка", "is_main": true, "is_archive": false, "_embedded": {"statuses": [
            status(101, "Неразобранное", 1), status(102, "Первичный контакт", 0), ends[0], ends[1],
        ]}},
    ]})
}
