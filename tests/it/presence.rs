//! Who is here: operators for visitors, visitors for operators; leaving counts after a grace, so that a reload does not
//! flicker.

use serde_json::{Value, json};

use crate::support::{Beseda, Visitor};

#[test]
fn a_visitor_sees_operators_come_and_go_without_reloading() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    assert_eq!(petr.ready["status"]["online"], false);
    assert_eq!(petr.ready["status"]["operators"], json!([]));
    let maria = beseda.operator("Мария").online();
    let came = petr.sees("somebody online", |frame| frame["type"] == "status" && frame["status"]["online"] == true);
    assert_eq!(came["status"]["operators"], json!([{ "id": maria.id, "name": "Мария", "avatar": null }]));
    assert!(came["status"]["presence_seq"].as_i64() > petr.ready["status"]["presence_seq"].as_i64());

    maria.leaves();
    beseda.advance("29s");
    assert_eq!(status_frames(&petr), 0, "a reload does not flicker");
    maria.comes_since(None);
    beseda.advance("1m");
    assert_eq!(status_frames(&petr), 0, "back in time");
    maria.leaves();
    beseda.advance("30s");
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
    assert_eq!(petr.says("Есть кто?"), petr.chat_id(), "a message is taken all the same");
}

#[test]
fn whoever_closes_the_app_is_gone_within_three_seconds_and_a_reload_is_back_before() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    maria.closes_the_page();
    beseda.advance("2s");
    maria.comes_since(None);
    beseda.advance("1m");
    assert_eq!(status_frames(&petr), 0, "a reload does not flicker");
    maria.closes_the_page();
    beseda.advance("3s");
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
    maria.comes_since(None);
    petr.sees("somebody online", |frame| frame["type"] == "status" && frame["status"]["online"] == true);
    maria.leaves();
    beseda.advance("29s");
    assert_eq!(status_frames(&petr), 0, "who was cut off mostly still sits there");
}

/// A reload asks for the page, before the old one goes or a moment after; closing the app asks for none.
#[test]
fn a_slow_reload_does_not_flicker_and_one_that_comes_to_nothing_ends() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let loads = || assert_eq!(maria.get("/app/mine").status, 200);
    loads();
    maria.closes_the_page();
    beseda.advance("9s");
    maria.comes_since(None);
    maria.closes_the_page();
    beseda.advance("2s");
    loads();
    beseda.advance("9s");
    maria.comes_since(None);
    beseda.advance("1m");
    assert_eq!(status_frames(&petr), 0);
    // The page that came is not waited for any more.
    maria.closes_the_page();
    beseda.advance("3s");
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
    maria.comes_since(None);
    petr.sees("somebody online", |frame| frame["type"] == "status" && frame["status"]["online"] == true);
    loads();
    maria.closes_the_page();
    beseda.advance("10s");
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
    // Nor does what the service worker fetches hold anybody here.
    maria.comes_since(None);
    petr.sees("somebody online", |frame| frame["type"] == "status" && frame["status"]["online"] == true);
    assert_eq!(maria.call("GET", "/app/unassigned", None, &[("sec-fetch-dest", "empty")]).status, 200);
    maria.closes_the_page();
    beseda.advance("3s");
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
}

#[test]
fn whoever_logs_out_is_gone_at_once() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    assert_eq!(petr.ready["status"]["online"], true);
    maria.post("/api/logout", &json!({})).expect(204);
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 4401);
    maria.leaves();
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
}

#[test]
fn a_second_tab_keeps_an_operator_online() {
    let beseda = Beseda::start();
    let (maria, tab) = (beseda.operator("Мария").online(), beseda.operator("Мария").online());
    let petr = beseda.visitor("Пётр");
    maria.leaves();
    beseda.advance("1m");
    assert_eq!(status_frames(&petr), 0);
    tab.leaves();
    beseda.advance("1m");
    petr.sees("nobody online", |frame| frame["type"] == "status" && frame["status"]["online"] == false);
}

#[test]
fn the_header_shows_three_faces_at_most() {
    let beseda = Beseda::start();
    let _here = [
        beseda.owner().online(),
        beseda.administrator("Андрей").online(),
        beseda.operator("Мария").online(),
        beseda.operator("Тимур").online(),
    ];
    let petr = beseda.visitor("Пётр");
    let names: Vec<&str> = petr.ready["status"]["operators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|face| face["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Ольга", "Андрей", "Мария"]);
}

#[test]
fn operators_see_whether_a_visitor_is_on_the_site() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    let visitor = maria.row(chat)["visitor"].clone();
    assert_eq!(visitor["online"], true);
    let (id, presence_seq) = (visitor["id"].as_i64().unwrap(), visitor["presence_seq"].as_i64().unwrap());
    maria.rest();

    let token = petr.leaves();
    let left_at = beseda.now();
    beseda.advance("9s");
    assert_eq!(presence(&maria.rest(), id), 0);
    beseda.advance("1s");
    let gone = maria.sees("gone", |frame| frame["type"] == "presence" && frame["visitor_id"] == id);
    assert_eq!((&gone["online"], &gone["last_seen_at"]), (&false.into(), &left_at.into()), "when it left");
    assert_eq!(maria.row(chat)["visitor"]["last_seen_at"], left_at, "and the file says the same");
    assert!(gone["presence_seq"].as_i64() > Some(presence_seq));
    assert_eq!(maria.row(chat)["visitor"]["online"], false);
    assert_eq!(maria.comes_since(None)["online"], json!([]));

    let petr = Visitor::returns(&beseda, "Пётр", &token);
    let back = maria.sees("back", |frame| frame["type"] == "presence" && frame["visitor_id"] == id);
    assert_eq!(back["online"], true);
    assert_eq!(maria.comes_since(None)["online"], json!([id]));
    drop(petr);
}

#[test]
fn a_colleague_hears_nothing_of_a_visitor_whose_chat_is_anothers() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    let id = petr.id();
    maria.takes(chat);
    timur.rest();
    petr.leaves();
    beseda.advance("10s");
    maria.sees("gone", |frame| frame["type"] == "presence" && frame["visitor_id"] == id);
    assert_eq!(presence(&timur.rest(), id), 0);
    assert_eq!(timur.comes_since(None)["online"], json!([]));
}

#[test]
fn colleagues_see_each_other_come_and_go() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner().online(), beseda.operator("Мария"));
    maria.comes_since(None);
    let came =
        owner.sees("Мария", |frame| frame["type"] == "operator_presence" && frame["operator_id"] == maria.id);
    assert_eq!(came["online"], true);
    maria.leaves();
    beseda.advance("30s");
    let gone =
        owner.sees("Мария", |frame| frame["type"] == "operator_presence" && frame["operator_id"] == maria.id);
    assert_eq!(gone["online"], false);
    assert!(gone["presence_seq"].as_i64() > came["presence_seq"].as_i64());
    let all = owner.get("/api/operators").expect(200);
    assert_eq!(all["operators"][1]["online"], false);
}

#[test]
fn typing_is_seen_on_the_other_side_and_nowhere_else() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    petr.socket(|socket| socket.say(&json!({ "type": "typing" })));
    maria.sees("typing", |frame| frame["type"] == "visitor_typing" && frame["chat_id"] == chat);
    maria.socket(|socket| socket.say(&json!({ "type": "typing", "chat_id": chat })));
    let typing = petr.sees("typing", |frame| frame["type"] == "typing");
    assert_eq!(typing["operator"], json!({ "id": maria.id, "name": "Мария", "avatar": null }));

    timur.socket(|socket| socket.say(&json!({ "type": "typing", "chat_id": chat })));
    let refused = timur.sees("a refusal", |frame| frame["type"] == "error");
    assert_eq!(refused["code"], "chat_not_found");
    let heard = |frames: Vec<Value>| frames.iter().filter(|f| f["type"].as_str().unwrap().ends_with("typing")).count();
    assert_eq!((heard(timur.rest()), heard(vera.rest()), heard(petr.rest())), (0, 0, 0));
}

fn status_frames(visitor: &Visitor) -> usize {
    visitor.rest().iter().filter(|frame| frame["type"] == "status").count()
}

fn presence(frames: &[Value], visitor_id: i64) -> usize {
    frames.iter().filter(|frame| frame["type"] == "presence" && frame["visitor_id"] == visitor_id).count()
}
