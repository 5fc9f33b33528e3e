//! Templates: everybody inserts them, the owner keeps everybody's, each operator own ones.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator};

fn add(who: &Operator, title: &str, text: &str) -> Answer {
    who.post("/api/templates", &json!({ "title": title, "text": text }))
}

fn change(who: &Operator, id: i64, title: &str, text: &str) -> Answer {
    who.patch(&format!("/api/templates/{id}"), &json!({ "seq": i64::MAX, "title": title, "text": text }))
}

fn remove(who: &Operator, id: i64) -> Answer {
    who.call("DELETE", &format!("/api/templates/{id}"), None, &[])
}

fn id(template: &Value) -> i64 {
    template["id"].as_i64().unwrap()
}

fn titles(who: &Operator) -> Vec<String> {
    let body = who.get("/api/templates").expect(200);
    body["templates"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

/// The owner has the same template open at the desk and on the phone.
#[test]
fn what_was_saved_elsewhere_meanwhile_is_not_overwritten() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let seen = add(&owner, "Доставка", "Завтра").expect(201);
    let other = add(&owner, "Возврат", "14 дней").expect(201);
    let path = format!("/api/templates/{}", seen["id"]);
    let save = |seq: &Value, text: &str| owner.patch(&path, &json!({ "seq": seq, "title": "Доставка", "text": text }));
    // Another place in the list is no other text.
    owner.put("/api/templates/order", &json!({ "ids": [other["id"], seen["id"]], "private": false })).expect(204);
    let first = save(&seen["seq"], "Завтра до 18:00").expect(200);
    assert_ne!(first["seq"], seen["seq"]);
    save(&seen["seq"], "Послезавтра").refused("template_changed");
    assert_eq!(owner.get("/api/templates").expect(200)["templates"][1], first);
    assert_eq!(save(&seen["seq"], "Завтра до 18:00").expect(200), first, "the same again changes nothing");
    save(&first["seq"], "Послезавтра").expect(200);
    owner.patch(&path, &json!({ "title": "Доставка", "text": "Сегодня" })).refused("json_mismatch");
}

#[test]
fn the_owner_keeps_them_and_everybody_has_them() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    let text = "Здравствуйте, {имя клиента}!\nПривезём завтра. {имя оператора}";
    let delivery = add(&owner, " Доставка ", &format!("\n{text} ")).expect(201);
    assert_eq!(
        delivery,
        json!({ "id": id(&delivery), "seq": delivery["seq"], "title": "Доставка", "text": text, "private": false })
    );
    add(&owner, "Возврат", "14 дней").expect(201);
    for who in [&owner, &andrey, &maria] {
        assert_eq!(titles(who), ["Доставка", "Возврат"], "in the order in which they came");
    }
    for who in [&andrey, &maria] {
        add(who, "Мой", "Текст").refused("owner_only");
        change(who, id(&delivery), "Мой", "Текст").refused("owner_only");
        remove(who, id(&delivery)).refused("owner_only");
    }
    beseda.anonymous().get("/api/templates").refused("login_needed");
    assert_eq!(change(&owner, id(&delivery), "Доставка", "Послезавтра").expect(200)["text"], "Послезавтра");
    assert_eq!(maria.get("/api/templates").expect(200)["templates"][0]["text"], "Послезавтра");
    remove(&owner, id(&delivery)).expect(204);
    remove(&owner, id(&delivery)).expect(204);
    change(&owner, id(&delivery), "Доставка", "Снова").refused("template_not_found");
    assert_eq!(titles(&maria), ["Возврат"]);
}

#[test]
fn title_and_text_have_limits_and_all_faults_are_said_at_once() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let kept = id(&add(&owner, "Образец", "Текст").expect(201));
    for (field, value, expected) in [
        ("title", "🍵".repeat(80), Ok(())),
        ("title", "🍵".repeat(81), Err("text_too_long")),
        ("title", "  ".to_owned(), Err("text_empty")),
        ("title", "Раз\u{7}".to_owned(), Err("text_control")),
        ("text", "🍵".repeat(2_000), Ok(())),
        ("text", "🍵".repeat(2_001), Err("text_too_long")),
        ("text", " \n".to_owned(), Err("text_empty")),
        ("text", "Раз\u{7}".to_owned(), Err("text_control")),
    ] {
        let mut body = json!({ "title": "Доставка", "text": "Завтра" });
        body[field] = value.clone().into();
        let made = owner.post("/api/templates", &body);
        body["seq"] = i64::MAX.into();
        let changed = owner.patch(&format!("/api/templates/{kept}"), &body);
        match expected {
            Ok(()) => {
                let made = made.expect(201);
                assert_eq!(made[field], value);
                changed.refused("template_title_taken");
                remove(&owner, id(&made)).expect(204);
            }
            Err(code) => {
                for answer in [made, changed] {
                    assert_eq!(answer.refused(code)["field"], field, "{field} {code}");
                }
            }
        }
    }
    let both = add(&owner, "", &"ж".repeat(2_001)).refused("fields_invalid");
    let faults: Vec<(&Value, &Value)> =
        both["errors"].as_array().unwrap().iter().map(|fault| (&fault["field"], &fault["code"])).collect();
    assert_eq!(
        faults,
        [(&"title".into(), &"text_empty".into()), (&"text".into(), &"text_too_long".into())] as [(&Value, &Value); 2]
    );
    assert_eq!(titles(&owner), ["Образец"]);
}

#[test]
fn no_two_have_one_title() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let delivery = id(&add(&owner, "Доставка", "Завтра").expect(201));
    let refund = id(&add(&owner, "Возврат", "14 дней").expect(201));
    assert_eq!(add(&owner, " Доставка", "Другой").refused("template_title_taken")["field"], "title");
    assert_eq!(change(&owner, refund, "Доставка", "14 дней").refused("template_title_taken")["field"], "title");
    change(&owner, delivery, "Доставка", "Послезавтра").expect(200);
    remove(&owner, delivery).expect(204);
    change(&owner, refund, "Доставка", "14 дней").expect(200);
}

#[test]
fn there_are_at_most_five_hundred() {
    let beseda = Beseda::start();
    beseda.edit(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 499)
         INSERT INTO templates (seq, position, title, text, created_at) SELECT 0, n, 'Шаблон ' || n, 'Текст', 1 FROM n",
    );
    let owner = beseda.owner();
    let last = id(&add(&owner, "Последний", "Текст").expect(201));
    assert_eq!(add(&owner, "Лишний", "Текст").refused("templates_too_many")["params"]["limit"], 500);
    change(&owner, last, "Переименован", "Текст").expect(200);
    remove(&owner, last).expect(204);
    add(&owner, "Помещается", "Текст").expect(201);
}

#[test]
fn pages_are_told_that_they_changed_and_visitors_are_not() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    petr.says("Есть зелёный чай?");
    petr.rest();
    let since = beseda.number("SELECT max(seq) FROM events");
    let told = || maria.sees("templates", |frame| frame["type"] == "templates");
    let delivery = id(&add(&owner, "Доставка", "Завтра").expect(201));
    assert_eq!(told(), json!({ "type": "templates" }));
    change(&owner, delivery, "Доставка", "Послезавтра").expect(200);
    told();
    remove(&owner, delivery).expect(204);
    told();
    assert_eq!(petr.rest(), [] as [Value; 0]);
    maria.comes_since(Some(since));
    let heard = maria.socket(|socket| socket.heard.clone());
    assert_eq!(heard.iter().filter(|frame| frame["type"] == "templates").count(), 1, "once after a cut");
}
