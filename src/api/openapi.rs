//! The description of the API for programs (OpenAPI 3.1), made from the table of routes and the types of the bodies.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use super::route::{ROUTES, Route, Who};
use super::{
    Call, Handled, account, backup, channel, chat, crm, invitation, lead, message, operator, profile, push, schedule,
    settings, setup, site_check, template, visitor, widget,
};
use crate::domain::view::operator as view;
use crate::error::Code;
use crate::live::frame::{OperatorFrame, VisitorFrame, from_operator, from_visitor};
use crate::problem::Problem;

/// Answers with the description.
pub fn describe(call: &Call) -> Handled {
    call.json(200, &description())
}

/// The whole description.
pub fn description() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = generator.subschema_for::<Problem>().to_value();
    let mut paths = Map::new();
    for route in ROUTES.iter().filter(|route| is_described(route)) {
        let operation = operation(route, &mut generator, &problem);
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(route.method.to_ascii_lowercase(), operation);
        }
    }
    frames(&mut generator);
    let schemas: Value = generator.take_definitions(true).into_iter().collect::<Map<_, _>>().into();
    let codes: Vec<Value> = Code::ALL
        .iter()
        .map(|code| json!({ "code": code.as_str(), "status": code.kind().status(), "params": code.params() }))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Beseda",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Moments are UTC milliseconds. Refusals are `application/problem+json`; their codes stand in \
                            `x-codes`. The frames of `/ws/operator` and `/ws/visitor` are the schemas `OperatorFrame`, \
                            `VisitorFrame`, and those named by `x-commands`.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "beseda_session" } },
        },
        "x-codes": codes,
        "x-commands": { "operator": from_operator::Command::WORDS, "visitor": from_visitor::Command::WORDS },
    })
}

/// Pages and their files are for people.
fn is_described(route: &Route) -> bool {
    route.path.starts_with("/api/") || route.path.starts_with("/ws/") || route.path == "/healthz"
}

fn operation(route: &Route, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let (request, status, answer) = bodies(route, generator);
    let mut responses = Map::new();
    responses.insert(
        status.to_owned(),
        match answer {
            Some(schema) => {
                json!({ "description": route.summary, "content": { "application/json": { "schema": schema } } })
            }
            None => json!({ "description": route.summary }),
        },
    );
    let refusal = json!({ "description": "Refused", "content": { "application/problem+json": { "schema": problem } } });
    responses.insert("default".to_owned(), refusal);
    let mut operation = json!({
        "summary": route.summary,
        "x-who": who(route.who),
        "parameters": parameters(route),
        "responses": responses,
    });
    if route.who != Who::Anybody {
        operation["security"] = json!([{ "session": [] }]);
    }
    if (route.method, route.path) == ("PUT", "/api/operators/{id}/avatar") {
        let file = json!({ "schema": { "type": "string", "format": "binary" } });
        operation["requestBody"] = json!({ "required": true, "content": { "image/png": file, "image/jpeg": file } });
    }
    if (route.method, route.path) == ("POST", "/api/templates/import") {
        let file = json!({ "schema": { "type": "string" } });
        operation["requestBody"] = json!({ "required": true, "content": { "text/csv": file } });
    }
    if (route.method, route.path) == ("GET", "/api/templates/export") {
        operation["responses"]["200"]["content"] = json!({ "text/csv": { "schema": { "type": "string" } } });
    }
    if route.is_streamed() {
        operation["requestBody"] = json!({
            "required": true,
            "description": "The file as it is; its Content-Length is checked before it is read.",
            "content": { "application/octet-stream": {} },
        });
    }
    if let Some(schema) = request {
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

fn who(who: Who) -> &'static str {
    match who {
        Who::Anybody => "anybody",
        Who::Operator => "operator",
        Who::Administrator => "administrator",
        Who::Owner => "owner",
    }
}

fn parameters(route: &Route) -> Vec<Value> {
    let query: &[(&str, bool)] = match (route.method, route.path) {
        ("GET", "/api/chats") => &[("view", true), ("before", false)],
        ("GET", "/api/chats/{id}/messages") => &[("before", true)],
        ("PUT", "/api/operators/{id}/avatar") => &[("name", true)],
        ("GET", "/api/templates/export") => &[("private", false)],
        ("POST", "/api/templates/import") => &[("private", false), ("dry", false)],
        ("GET", "/api/audit") => {
            &[("operator", false), ("kind", false), ("since", false), ("until", false), ("before", false)]
        }
        ("GET", "/api/search") => &[("q", true), ("limit", false)],
        ("POST", "/api/chats/{id}/attachments") => &[("uid", true), ("name", true)],
        ("GET", "/ws/visitor") => &[("key", true)],
        ("GET", "/api/theme") => &[("accent", true)],
        _ => &[],
    };
    let mut parameters: Vec<Value> = query
        .iter()
        .map(|(name, required)| json!({ "name": name, "in": "query", "required": required, "schema": { "type": "string" } }))
        .collect();
    for name in ["id", "found_id"].into_iter().filter(|name| route.path.contains(&format!("{{{name}}}"))) {
        parameters.push(
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } }),
        );
    }
    if route.path.contains("{token}") {
        parameters.push(json!({ "name": "token", "in": "path", "required": true, "schema": { "type": "string" } }));
    }
    parameters
}

/// Schema of the body, status of success, schema of the answer.
fn bodies(route: &Route, generator: &mut SchemaGenerator) -> (Option<Value>, &'static str, Option<Value>) {
    macro_rules! schema {
        ($type:ty) => {
            Some(generator.subschema_for::<$type>().to_value())
        };
    }
    match (route.method, route.path) {
        ("GET", "/api/project") => (None, "200", schema!(setup::PublicProject)),
        ("POST", "/api/setup/check") => (schema!(setup::LinkBody), "200", schema!(setup::LinkCheck)),
        ("POST", "/api/setup") => (schema!(setup::SetUpBody), "201", schema!(view::Me)),
        ("POST", "/api/login") => (schema!(account::LoginBody), "200", schema!(account::Done)),
        ("POST", "/api/logout") => (None, "204", None),
        ("GET", "/api/session") => (None, "200", schema!(account::Session)),
        ("PATCH", "/api/me") => (schema!(account::MeBody), "200", schema!(view::Me)),
        ("GET", "/api/operators") => (None, "200", schema!(operator::Operators)),
        ("POST", "/api/operators") => (schema!(operator::OperatorBody), "201", schema!(operator::Added)),
        ("PATCH", "/api/operators/{id}") => (schema!(operator::OperatorChangeBody), "200", schema!(view::Operator)),
        ("DELETE", "/api/operators/{id}") => (None, "200", schema!(operator::Deleted)),
        ("POST", "/api/operators/{id}/invitation") => (None, "201", schema!(view::Invitation)),
        ("DELETE", "/api/operators/{id}/invitation") => (None, "204", None),
        ("POST", "/api/invitations/check") => (schema!(invitation::LinkBody), "200", schema!(view::Invited)),
        ("POST", "/api/invitations/accept") => (schema!(invitation::AcceptBody), "200", schema!(view::Me)),
        ("PUT" | "DELETE", "/api/operators/{id}/avatar") => (None, "200", schema!(view::Operator)),
        ("PATCH", "/api/me/profile") => (schema!(profile::ProfileBody), "200", schema!(view::Me)),
        ("GET", "/api/settings") => (None, "200", schema!(view::Settings)),
        ("PATCH", "/api/settings") => (schema!(settings::SettingsBody), "200", schema!(view::Settings)),
        ("GET", "/api/crm") => (None, "200", schema!(crm::Crms)),
        ("PUT", "/api/crm") => (schema!(crm::CrmBody), "200", schema!(view::CrmConnection)),
        ("DELETE", "/api/crm") => (None, "204", None),
        ("POST", "/api/crm/check") => (schema!(crm::CrmBody), "200", schema!(crm::CrmAccount)),
        ("GET", "/api/crm/places") => (None, "200", schema!(crm::Places)),
        ("GET", "/api/crm/fields") => (None, "200", schema!(crm::CrmFields)),
        ("PUT", "/api/crm/fields") => (schema!(crm::FieldsBody), "200", schema!(crm::ChosenFields)),
        ("GET", "/api/crm/users") => (None, "200", schema!(crm::CrmUsers)),
        ("POST", "/api/crm/secret") => (None, "200", schema!(crm::NewSecret)),
        ("POST", "/api/chats/{id}/leads") => (schema!(lead::LeadBody), "201", schema!(view::Lead)),
        ("GET" | "POST", "/api/chats/{id}/crm") => (None, "200", schema!(lead::CrmKnown)),
        ("POST", "/api/leads/{id}/retry") => (schema!(lead::RetryBody), "200", schema!(view::Lead)),
        ("GET", "/api/chats") => (None, "200", schema!(view::ChatPage)),
        ("GET", "/api/chats/{id}") => (None, "200", schema!(view::ChatDetail)),
        ("GET", "/api/chats/{id}/messages") => (None, "200", schema!(view::MessagePage)),
        ("POST", "/api/chats/{id}/messages") => (schema!(chat::MessageBody), "201", schema!(view::Message)),
        ("POST", "/api/chats/{id}/notes") => (schema!(chat::NoteBody), "201", schema!(view::Note)),
        ("POST", "/api/chats/{id}/assign") => (schema!(chat::AssignBody), "200", schema!(view::Chat)),
        ("POST", "/api/chats/{id}/attachments") => (None, "201", schema!(view::Attachment)),
        ("PATCH", "/api/messages/{id}") => (schema!(message::EditBody), "200", schema!(view::Message)),
        ("DELETE", "/api/messages/{id}") => (None, "200", schema!(view::Message)),
        ("GET", "/api/messages/{id}/revisions") => (None, "200", schema!(view::Revisions)),
        ("GET", "/api/search") => (None, "200", schema!(visitor::Found)),
        ("PUT", "/api/visitors/{id}/attributes") => (schema!(visitor::Attributes), "200", schema!(visitor::Attributes)),
        ("PATCH", "/api/visitors/{id}") => (schema!(visitor::VisitorBody), "200", schema!(view::Visitor)),
        ("POST", path) if path.starts_with("/api/visitors/{id}/found/") => (None, "200", schema!(view::Visitor)),
        ("GET", "/api/templates") => (None, "200", schema!(template::Templates)),
        ("POST", "/api/templates") => (schema!(template::TemplateBody), "201", schema!(view::Template)),
        ("PUT", "/api/templates/order") => (schema!(template::OrderBody), "204", None),
        ("POST", "/api/templates/import") => (None, "200", schema!(template::Import)),
        ("PATCH", "/api/templates/{id}") => (schema!(template::TemplateChangeBody), "200", schema!(view::Template)),
        ("DELETE", "/api/templates/{id}") => (None, "204", None),
        ("GET", "/api/audit") => (None, "200", schema!(view::AuditPage)),
        ("POST", "/api/backups") => (None, "201", schema!(backup::Made)),
        ("GET", "/api/backups/{token}") => (None, "200", None),
        ("GET", "/api/schedule") => (None, "200", schema!(view::Timetable)),
        ("PUT", "/api/schedule") => (schema!(schedule::SaveBody), "200", schema!(view::Timetable)),
        ("POST", "/api/schedule/preview") => (schema!(schedule::PreviewBody), "200", schema!(view::Timetable)),
        ("GET", "/api/channels") => (None, "200", schema!(channel::Channels)),
        ("POST", "/api/channels") => (schema!(channel::ChannelBody), "201", schema!(view::ChannelSettings)),
        ("PATCH", "/api/channels/{id}") => (schema!(channel::ChannelChangeBody), "200", schema!(view::ChannelSettings)),
        ("DELETE", "/api/channels/{id}") => (None, "204", None),
        ("POST", "/api/channels/{id}/identity_secret") => (None, "200", schema!(channel::IdentitySecret)),
        ("POST", "/api/channels/{id}/check") => (schema!(site_check::CheckBody), "200", schema!(site_check::SiteCheck)),
        ("POST", "/api/channels/{id}/preview") => (schema!(widget::PreviewBody), "200", None),
        ("GET", "/api/theme") => (None, "200", schema!(view::Theme)),
        ("GET", "/api/push") => (None, "200", schema!(push::Push)),
        ("POST", "/api/push/devices") => (schema!(push::DeviceBody), "201", schema!(view::PushDevice)),
        ("DELETE", "/api/push/devices/{id}") => (None, "204", None),
        ("POST", "/api/push/devices/{id}/test") => (None, "202", schema!(account::Done)),
        ("POST", "/api/push/receipts") => (schema!(push::ReceiptBody), "204", None),
        ("POST", path) if path.starts_with("/api/chats/{id}/") => (None, "200", schema!(view::Chat)),
        (_, path) if path.starts_with("/ws/") => (None, "101", None),
        _ => (None, "200", None),
    }
}

fn frames(generator: &mut SchemaGenerator) {
    macro_rules! add {
        ($($type:ty),+ $(,)?) => {$( let _ = generator.subschema_for::<$type>(); )+};
    }
    add!(OperatorFrame, VisitorFrame);
    add!(
        from_operator::Hello,
        from_operator::Send,
        from_operator::Note,
        from_operator::Edit,
        from_operator::Delete,
        from_operator::Read,
        from_operator::Typing,
        from_operator::View,
        from_operator::Ping,
    );
    add!(
        from_visitor::Hello,
        from_visitor::PageView,
        from_visitor::Send,
        from_visitor::Contact,
        from_visitor::User,
        from_visitor::Identify,
        from_visitor::Attributes,
        from_visitor::Typing,
        from_visitor::Read,
        from_visitor::History,
        from_visitor::Rate,
        from_visitor::Ping,
    );
}
