//! A fake Bitrix24: methods under a webhook, cards of three sorts, timeline, users, lists.

use serde_json::{Map, Value, json};

use super::{Fake, Protocol, Reply, Seen};

/// The webhook's code.
pub const CODE: &str = "abcdef0123456789";

/// The account.
pub struct Bitrix24 {
    /// Cards: sort (1 lead, 2 deal, 3 contact) and their fields.
    pub cards: Vec<(i64, Value)>,
    /// Comments: card's sort, its id, text.
    pub comments: Vec<(String, i64, String)>,
    pub users: Vec<Value>,
    /// Fields of the owner's own, of leads and deals.
    pub fields: Map<String, Value>,
    pub scopes: Vec<&'static str>,
    /// 1: with leads, 2: without.
    pub mode: i64,
    /// Whether cards can be filtered by their origin.
    pub filters_by_origin: bool,
    /// The webhook works.
    pub alive: bool,
    next_id: i64,
}

const KNOWN: &[&str] = &[
    "title",
    "name",
    "lastName",
    "fm",
    "comments",
    "assignedById",
    "contactIds",
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
    "opportunity",
];

impl Bitrix24 {
    pub fn new() -> Bitrix24 {
        let user = |id: &str, name: &str, last: &str, email: &str| json!({"ID": id, "ACTIVE": true, "NAME": name, "LAST_NAME": last, "EMAIL": email, "USER_TYPE": "employee"});
        let mut users =
            vec![user("1", "Ольга", "Чайкина", "olga@example.com"), user("6", "Мария", "Сенина", "Maria@Example.com")];
        users.extend(
            (100..200).map(|n| user(&n.to_string(), "Сотрудник", &n.to_string(), &format!("n{n}@example.com"))),
        );
        let own = |sort: &str, title: &str, more: Value| {
            let mut about = json!({
                "type": sort, "isRequired": false, "isReadOnly": false, "isImmutable": false, "isMultiple": false,
                "isDynamic": true, "title": title,
            });
            about.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            about
        };
        let items = json!([{"ID": "79", "VALUE": "Чёрный"}, {"ID": "80", "VALUE": "Зелёный"}]);
        let fields = [
            ("ufCrm_1", own("string", "Город", json!({}))),
            ("ufCrm_2", own("enumeration", "Сорт", json!({"items": items, "isMultiple": true}))),
            ("ufCrm_3", own("boolean", "Опт", json!({}))),
            ("ufCrm_4", own("datetime", "Когда", json!({}))),
            ("ufCrm_5", own("employee", "Закупщик", json!({}))),
            ("ufCrm_6", own("money", "Бюджет", json!({}))),
        ];
        Bitrix24 {
            cards: Vec::new(),
            comments: Vec::new(),
            users,
            fields: fields.into_iter().map(|(name, about)| (name.to_owned(), about)).collect(),
            scopes: vec!["crm", "user_basic"],
            mode: 1,
            filters_by_origin: true,
            alive: true,
            next_id: 341,
        }
    }

    pub fn of(&self, sort: i64) -> Vec<&Value> {
        self.cards.iter().filter(|(known, _)| *known == sort).map(|(_, card)| card).collect()
    }

    /// Puts a card there, as its people do.
    pub fn add(&mut self, sort: i64, fields: &Value) -> i64 {
        self.next_id += 1;
        let mut card = json!({"id": self.next_id, "assignedById": 1, "stageSemanticId": "P", "opportunity": 0});
        card.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.cards.push((sort, card));
        self.next_id
    }

    /// Puts a client there.
    pub fn add_client(&mut self, name: &str, last_name: &str, phones: &[&str], emails: &[&str]) -> i64 {
        let many =
            |sort: &'static str| move |value: &&str| json!({"typeId": sort, "valueType": "WORK", "value": value});
        let fm: Vec<Value> = phones.iter().map(many("PHONE")).chain(emails.iter().map(many("EMAIL"))).collect();
        self.add(3, &json!({"name": name, "lastName": last_name, "assignedById": 6, "fm": fm}))
    }

    fn item_add(&mut self, params: &Value) -> Reply {
        let sort = params["entityTypeId"].as_i64().unwrap();
        let mut kept = Map::new();
        for (name, value) in params["fields"].as_object().unwrap() {
            let many = self.fields.get(name).is_some_and(|about| about["isMultiple"] == true) || name == "contactIds";
            if many && !value.is_array() {
                return refused(400, "100", "Expected iterable value for multiple field, but got string");
            }
            if name == "ufCrm_2" && value.as_array().unwrap().iter().any(|id| !id.is_i64()) {
                return refused(400, "CRM_FIELD_ERROR_VALUE_NOT_VALID", "Неверное значение поля &quot;Сорт&quot;<br>");
            }
            // What it does not know it ignores.
            if KNOWN.contains(&name.as_str()) || self.fields.contains_key(name) {
                kept.insert(name.clone(), value.clone());
            }
        }
        for (name, about) in &self.fields {
            if about["isRequired"] == true && !kept.contains_key(name) {
                let title = about["title"].as_str().unwrap();
                return refused(400, "CRM_FIELD_ERROR_REQUIRED", &format!("Не заполнено поле \"{title}\"<br>"));
            }
        }
        let id = self.add(sort, &Value::Object(kept));
        let mut card = self.cards.last().unwrap().1.clone();
        for name in self.fields.keys().chain([&"ufCrm_9".to_owned()]) {
            if card[name].is_null() {
                card[name] = Value::Null;
            }
        }
        card["id"] = json!(id);
        good(&json!({"item": card}))
    }

    fn item_list(&self, params: &Value) -> Reply {
        let sort = params["entityTypeId"].as_i64().unwrap();
        let filter = params["filter"].as_object().cloned().unwrap_or_default();
        if filter.keys().any(|name| name.contains("origin")) && !self.filters_by_origin {
            return refused(400, "INVALID_ARG_VALUE", "Invalid filter: field 'originId' is not allowed in filter");
        }
        let fits = |card: &Value| {
            filter.iter().all(|(name, wanted)| match name.as_str() {
                "@id" => wanted.as_array().unwrap().iter().any(|id| same_id(id, &card["id"])),
                "contactId" => {
                    card["contactIds"].as_array().is_some_and(|ids| ids.iter().any(|id| same_id(id, wanted)))
                }
                name => card[name.trim_start_matches('=')] == *wanted,
            })
        };
        let mut rows: Vec<Value> = self.of(sort).into_iter().filter(|card| fits(card)).cloned().collect();
        if params["order"]["id"] == "DESC" {
            rows.reverse();
        }
        let select: Vec<&str> = params["select"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !select.contains(&"*") {
            for row in &mut rows {
                row.as_object_mut().unwrap().retain(|name, _| select.contains(&name.as_str()) && name != "fm");
            }
        }
        paged(&json!(rows), params, |page| json!({"items": page}))
    }

    fn call(&mut self, method: &str, params: &Value) -> Reply {
        let scope = match method {
            "scope" | "profile" => None,
            method if method.starts_with("user.") => Some(["user_basic", "user"]),
            _ => Some(["crm", "crm"]),
        };
        if scope.is_some_and(|any| !any.iter().any(|scope| self.scopes.contains(scope))) {
            let words = "The request requires higher privileges than provided by the webhook token";
            return refused(403, "insufficient_scope", words);
        }
        match method {
            "scope" => good(&json!(self.scopes)),
            "profile" => good(&json!({"ID": "1", "ADMIN": true, "NAME": "Ольга", "LAST_NAME": "Чайкина"})),
            "crm.settings.mode.get" => good(&json!(self.mode)),
            "user.get" => {
                let filter = &params["FILTER"];
                let fits = |user: &&Value| {
                    ["ID", "EMAIL"].iter().all(|name| {
                        let wanted = filter[*name].as_str().unwrap_or("").to_lowercase();
                        wanted.is_empty() || user[*name].as_str().unwrap().to_lowercase() == wanted
                    })
                };
                paged(&json!(self.users.iter().filter(fits).collect::<Vec<_>>()), params, Value::clone)
            }
            "crm.status.list" => good(&statuses()),
            "crm.category.list" => good(&json!({"categories": [
                {"id": 9, "name": "Опт", "sort": 200, "entityTypeId": 2, "isDefault": "N"},
                {"id": 0, "name": "Общая", "sort": 300, "entityTypeId": 2, "isDefault": "Y"},
            ]})),
            "crm.item.fields" => {
                let mut fields = self.fields.clone();
                let plain = |sort: &str, title: &str, read_only: bool| json!({"type": sort, "isRequired": false, "isReadOnly": read_only, "isMultiple": false, "title": title});
                fields.insert("id".into(), plain("integer", "ID", true));
                fields.insert("title".into(), plain("string", "Название", false));
                fields.insert("opportunity".into(), plain("double", "Сумма", false));
                let mut source = plain("crm_status", "Источник", false);
                source["statusType"] = json!("SOURCE");
                fields.insert("sourceId".into(), source);
                good(&json!({"fields": fields}))
            }
            "crm.item.add" => self.item_add(params),
            "crm.item.list" => self.item_list(params),
            "crm.duplicate.findbycomm" => {
                let Some(values) = params["values"].as_array() else {
                    return refused(400, "Communication values is not defined", "");
                };
                let sort = if params["entity_type"] == "LEAD" { 1 } else { 3 };
                let has = |card: &&Value| {
                    let mut many = card["fm"].as_array().into_iter().flatten();
                    many.any(|entry| {
                        let stored = normal(entry["value"].as_str().unwrap());
                        entry["typeId"] == params["type"]
                            && values.iter().any(|v| normal(v.as_str().unwrap()) == stored)
                    })
                };
                let ids: Vec<&Value> = self.of(sort).into_iter().filter(has).map(|card| &card["id"]).collect();
                if ids.is_empty() {
                    good(&json!([]))
                } else {
                    good(&json!({params["entity_type"].as_str().unwrap(): ids}))
                }
            }
            "crm.timeline.comment.add" => {
                let fields = &params["fields"];
                let (sort, id) = (fields["ENTITY_TYPE"].as_str().unwrap(), fields["ENTITY_ID"].as_i64().unwrap());
                let number = if sort == "lead" { 1 } else { 2 };
                if !self.of(number).iter().any(|card| card["id"] == id) {
                    return refused(400, "OWNER_NOT_FOUND", "Owner was not found");
                }
                self.comments.push((sort.to_owned(), id, fields["COMMENT"].as_str().unwrap().to_owned()));
                good(&json!(998 + self.comments.len()))
            }
            "crm.timeline.comment.list" => {
                let filter = &params["filter"];
                let of =
                    self.comments.iter().enumerate().filter(|(_, (sort, id, _))| {
                        filter["ENTITY_TYPE"] == sort.as_str() && filter["ENTITY_ID"] == *id
                    });
                let rows = of.map(|(n, (sort, id, text))| {
                    json!({"ID": (999 + n).to_string(), "ENTITY_ID": id.to_string(), "ENTITY_TYPE": sort, "COMMENT": text})
                });
                paged(&json!(rows.collect::<Vec<_>>()), params, Value::clone)
            }
            _ => refused(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"),
        }
    }
}

impl Fake<Bitrix24> {
    /// What the owner sends to connect it.
    pub fn webhook(&self, target: &str) -> Value {
        json!({"kind": "bitrix24", "secret": format!("{}/rest/1/{CODE}/", self.address), "target": target})
    }
}

impl Protocol for Bitrix24 {
    fn answer(&mut self, seen: &Seen) -> Reply {
        let Some(method) = seen.target.strip_prefix(&format!("/rest/1/{CODE}/")) else {
            return refused(401, "INVALID_CREDENTIALS", "Invalid request credentials");
        };
        if !self.alive {
            return refused(401, "INVALID_CREDENTIALS", "Invalid request credentials");
        }
        assert_eq!(seen.method, "POST");
        self.call(method.trim_end_matches(".json"), &seen.json())
    }
}

fn good(result: &Value) -> Reply {
    Reply::json(200, &json!({"result": result, "time": {"start": 1.5, "finish": 1.6, "operating": 0}}))
}

fn refused(status: u16, error: &str, words: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": words}))
}

/// 50 a page, with `next` while there is more.
fn paged(rows: &Value, params: &Value, form: impl Fn(&Value) -> Value) -> Reply {
    let rows = rows.as_array().unwrap();
    let start = usize::try_from(params["start"].as_i64().unwrap_or(0).max(0)).unwrap();
    let page: Vec<&Value> = rows.iter().skip(start).take(50).collect();
    let mut answer = json!({"result": form(&json!(page)), "total": rows.len(), "time": {"operating": 0}});
    if start + 50 < rows.len() {
        answer["next"] = json!(start + 50);
    }
    Reply::json(200, &answer)
}

fn same_id(left: &Value, right: &Value) -> bool {
    left.to_string().trim_matches('"') == right.to_string().trim_matches('"')
}

/// As Bitrix24 stores contacts for comparing: digits, with a leading 8 made 7 in long numbers.
fn normal(value: &str) -> String {
    if value.contains('@') {
        return value.trim().to_lowercase();
    }
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('8') {
        Some(rest) if digits.len() >= 11 => format!("7{rest}"),
        _ => digits,
    }
}

fn statuses() -> Value {
    let status = |list: &str, id: &str, name: &str, semantics: Value| json!({"ID": "1", "ENTITY_ID": list, "STATUS_ID": id, "NAME": name, "SORT": "10", "SEMANTICS": semantics});
    json!([
        status("STATUS", "NEW", "Не обработан", Value::Null),
        status("STATUS", "CONVERTED", "Успешный", json!("S")),
        status("STATUS", "JUNK", "Некачественный", json!("F")),
        status("DEAL_STAGE", "NEW", "Новая", Value::Null),
        status("DEAL_STAGE", "WON", "Сделка успешна", json!("S")),
        status("DEAL_STAGE_9", "C9:NEW", "Опт: новая", Value::Null),
        status("SOURCE", "WEB", "Сайт", Value::Null),
        status("SOURCE", "CALL", "Звонок", Value::Null),
    ])
}
