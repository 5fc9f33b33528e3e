//! One's own templates, the order of both lists, and what the audit log says of everybody's.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator};

fn add(who: &Operator, title: &str, private: bool) -> Answer {
    who.post("/api/templates", &json!({ "title": title, "text": format!("Текст: {title}"), "private": private }))
}

fn change(who: &Operator, id: i64, title: &str, private: Option<bool>) -> Answer {
    who.patch(
        &format!("/api/templates/{id}"),
        &json!({ "seq": i64::MAX, "title": title, "text": "Текст", "private": private }),
    )
}

fn id(answer: Answer) -> i64 {
    answer.expect(201)["id"].as_i64().unwrap()
}

fn titles(who: &Operator) -> Vec<String> {
    let body = who.get("/api/templates").expect(200);
    body["templates"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

fn order(who: &Operator, ids: &[i64], private: bool) -> Answer {
    who.put("/api/templates/order", &json!({ "ids": ids, "private": private }))
}

#[test]
fn nobody_else_sees_or_touches_ones_own() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    add(&owner, "Доставка", false).expect(201);
    let own = id(add(&maria, "Доставка", true));
    assert_eq!(add(&maria, "Доставка", true).refused("template_title_taken")["field"], "title");
    add(&andrey, "Доставка", true).expect(201);
    assert_eq!(titles(&maria), ["Доставка", "Доставка"]);
    let seen = maria.get("/api/templates").expect(200)["templates"].clone();
    assert_eq!((&seen[0]["private"], &seen[1]["private"]), (&json!(false), &json!(true)));
    assert_eq!(titles(&owner), ["Доставка"]);
    for other in [&owner, &andrey] {
        change(other, own, "Чужой", None).refused("template_not_found");
        other.delete(&format!("/api/templates/{own}")).expect(204);
        order(other, &[own], true).refused("templates_changed");
    }
    assert_eq!(titles(&maria).len(), 2, "a colleague's removal removed nothing");
    assert_eq!(change(&maria, own, "Мой", None).expect(200)["private"], true);
    change(&maria, own, "Мой", Some(false)).refused("owner_only");
    maria.delete(&format!("/api/templates/{own}")).expect(204);
    assert_eq!(titles(&maria), ["Доставка"]);
    let page = owner.get("/api/audit").expect(200);
    let kinds: Vec<&Value> = page["entries"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(
        kinds.iter().filter(|kind| kind.as_str().unwrap().starts_with("template")).count(),
        1,
        "own ones are nobody's business"
    );
}

#[test]
fn the_owner_makes_an_own_one_everybodys_and_back() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let (first, second) = (id(add(&owner, "Первый", false)), id(add(&owner, "Второй", true)));
    assert_eq!(titles(&maria), ["Первый"]);
    assert_eq!(change(&owner, second, "Второй", Some(false)).expect(200)["private"], false);
    assert_eq!(titles(&maria), ["Первый", "Второй"]);
    assert_eq!(change(&owner, first, "Первый", Some(true)).expect(200)["private"], true);
    assert_eq!(
        (titles(&maria), titles(&owner)),
        (vec!["Второй".to_owned()], vec!["Второй".to_owned(), "Первый".to_owned()])
    );
    add(&owner, "Первый", false).expect(201);
    assert_eq!(change(&owner, first, "Первый", Some(false)).refused("template_title_taken")["field"], "title");
    let page = owner.get("/api/audit?kind=template_removed").expect(200);
    assert_eq!(
        (&page["entries"][0]["subject"], &page["entries"][0]["old"]),
        (&json!("Первый"), &json!("Текст: Первый"))
    );
    change(&owner, second, "Второй, иначе", None).expect(200);
    let page = owner.get("/api/audit?kind=template_changed").expect(200);
    let fields: Vec<&Value> = page["entries"].as_array().unwrap().iter().map(|entry| &entry["field"]).collect();
    assert_eq!(fields, ["title"]);
}

#[test]
fn an_order_is_kept_and_one_made_of_old_news_is_refused() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария").online());
    let ids: Vec<i64> = ["А", "Б", "В"].iter().map(|title| id(add(&owner, title, false))).collect();
    let own: Vec<i64> = ["Г", "Д"].iter().map(|title| id(add(&maria, title, true))).collect();
    maria.rest();
    order(&owner, &[ids[2], ids[0], ids[1]], false).expect(204);
    maria.sees("templates", |frame| frame["type"] == "templates");
    order(&maria, &[own[1], own[0]], true).expect(204);
    assert_eq!(titles(&maria), ["В", "А", "Б", "Д", "Г"]);
    beseda.restart();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    assert_eq!(titles(&maria), ["В", "А", "Б", "Д", "Г"]);
    let seq = beseda.number("SELECT max(seq) FROM events");
    order(&owner, &[ids[2], ids[0], ids[1]], false).expect(204);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), seq, "the same again is no change");
    for wrong in
        [&ids[..2], &[], &[ids[0], ids[0], ids[1]], &[ids[0], ids[1], ids[2], ids[2]], &[ids[0], ids[1], own[0]]]
    {
        order(&owner, wrong, false).refused("templates_changed");
    }
    order(&maria, &ids, false).refused("owner_only");
    let new = id(add(&owner, "Е", false));
    order(&owner, &ids, false).refused("templates_changed");
    order(&owner, &[new, ids[0], ids[1], ids[2]], false).expect(204);
    assert_eq!(titles(&owner), ["Е", "А", "Б", "В"]);
    let page = owner.get("/api/audit?kind=templates_ordered").expect(200);
    assert_eq!(page["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn one_operator_has_a_hundred_at_most_and_they_go_with_it() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").id;
    beseda.edit(&format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 99)
         INSERT INTO templates (seq, operator_id, position, title, text, created_at) SELECT 0, {maria}, n, 'Шаблон ' || n, 'Текст', 1 FROM n"
    ));
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    add(&maria, "Последний", true).expect(201);
    assert_eq!(add(&maria, "Лишний", true).refused("templates_too_many")["params"]["limit"], 100);
    add(&owner, "Для всех", false).expect(201);
    owner.delete(&format!("/api/operators/{}", maria.id)).expect(200);
    assert_eq!(beseda.number("SELECT count(*) FROM templates"), 1);
}
