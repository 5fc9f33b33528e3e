//! Away: a choice of the operator that visitors see as "not online", and that stays until it is taken back.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, Visitor};

fn goes(who: &Operator, away: bool) {
    let me = who.patch("/api/me", &json!({ "away": away })).expect(200);
    assert_eq!(me["away"], away);
}

fn is_online(petr: &Visitor, online: bool) -> Value {
    petr.sees("the status", |frame| frame["type"] == "status" && frame["status"]["online"] == online)["status"].clone()
}

#[test]
fn visitors_see_an_operator_only_while_connected_and_not_away() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let mut petr = beseda.visitor("Пётр");
    goes(&maria, true);
    let left = is_online(&petr, true);
    assert_eq!(left["operators"], json!([{ "id": timur.id, "name": "Тимур", "avatar": null }]));
    goes(&timur, true);
    let nobody = is_online(&petr, false);
    assert!(nobody["presence_seq"].as_i64() > left["presence_seq"].as_i64(), "what is older is known as such");
    petr.reloads();
    assert_eq!(petr.ready["status"]["online"], false);
    petr.says("Есть кто?");
    goes(&timur, false);
    is_online(&petr, true);
}

#[test]
fn colleagues_see_who_is_away_and_that_a_page_is_connected() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    goes(&maria, true);
    let seen = timur.sees("Мария away", |frame| frame["type"] == "operator" && frame["operator"]["away"] == true);
    assert_eq!(seen["operator"]["id"], maria.id);
    assert_eq!(seen["operator"]["online"], true);
    let session = timur.get("/api/session").expect(200);
    let operators = session["operators"].as_array().unwrap();
    assert_eq!(operators.iter().find(|one| one["id"] == maria.id).unwrap()["away"], true);
}

#[test]
fn away_stays_through_reloads_and_logging_in_until_it_is_changed() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    goes(&maria, true);
    assert_eq!(maria.comes_since(None)["me"]["away"], true);
    let again = beseda.operator("Мария");
    assert_eq!(again.get("/api/session").expect(200)["me"]["away"], true);
    assert_eq!(beseda.visitor("Пётр").ready["status"]["online"], false);
    let me = again.patch("/api/me", &json!({ "theme": "dark" })).expect(200);
    assert_eq!(me["away"], true, "other settings leave it alone");
    let events = beseda.number("SELECT max(seq) FROM events");
    goes(&again, true);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), events, "no news");
}

#[test]
fn closing_the_app_ends_online_after_the_grace_and_a_reload_does_not_flicker() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    maria.leaves();
    beseda.advance("29s");
    assert!(!petr.rest().iter().any(|frame| frame["type"] == "status"));
    beseda.advance("1s");
    is_online(&petr, false);
}
