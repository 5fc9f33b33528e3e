//! amoCRM through the connector.

use beseda::crm::{self, Cause, DealState, FieldKind, Misfit};
use beseda::model::lead::{Contacts, CrmKind, Target};
use beseda::model::limits;
use serde_json::{Value, json};

use super::{Bench, Memory, NOW, extra, lead, long_lead, settings, whole_messages};
use crate::support::crm::{Amocrm, Fake, Reply, TOKEN, Trouble};

fn start() -> (Bench, Fake<Amocrm>, crm::Settings) {
    let fake = Fake::start(Amocrm::new());
    let settings = settings(CrmKind::Amocrm, &fake.address, TOKEN);
    (Bench::new(), fake, settings)
}

fn problem(status: u16, detail: &str) -> Trouble {
    let body =
        json!({"title": "T", "type": format!("https://httpstatus.es/{status}"), "status": status, "detail": detail});
    Trouble::Answer(Reply::json(status, &body))
}

#[test]
fn address_and_token_are_taken_as_people_type_them() {
    let bench = Bench::new();
    let typed =
        |address: &str, secret: &str| crm::Settings { plain_http: false, ..settings(CrmKind::Amocrm, address, secret) };
    for address in ["tea", "tea.amocrm.ru", "https://tea.kommo.com/dashboard/?x=1", " tea.amocrm.com "] {
        bench.connect(&typed(address, TOKEN));
    }
    for wrong in ["", "www.amocrm.ru", "tea.example.ru", "https://amocrm.ru.evil.example", "чай"] {
        assert_eq!(bench.refusal(&typed(wrong, TOKEN)).cause, Cause::Address, "{wrong}");
    }
    assert_eq!(bench.refusal(&typed("http://tea.amocrm.ru", TOKEN)).cause, Cause::Https);
    for wrong in ["", "def502", "a.b.c", "a.b", &format!("{TOKEN}.x"), &TOKEN.replace('.', " ")] {
        assert_eq!(bench.refusal(&typed("tea", wrong)).cause, Cause::Token, "{wrong}");
    }
}

#[test]
fn a_check_says_what_is_there_and_what_is_wrong() {
    let (bench, fake, settings) = start();
    let check = || bench.connect(&settings).check();
    let account = check().unwrap();
    assert_eq!((account.name.as_str(), account.user.as_deref()), ("Северный чай", Some("Ольга")));
    assert_eq!(account.expires_at, Some(1_924_992_000_000));
    assert!(account.missing.is_empty() && account.expires_at.unwrap() > NOW);
    fake.holds().administrator = false;
    assert_eq!(check().unwrap().missing, ["users"]);

    let stranger = crm::Settings { secret: TOKEN.replace("c2lnbmF0dXJl", "b3RoZXI"), ..settings.clone() };
    let fault = bench.connect(&stranger).check().unwrap_err();
    assert_eq!((fault.cause, fault.words.as_str()), (Cause::Secret, "Неверный логин или пароль"));
    for (trouble, cause) in [
        (problem(402, "Payment Required"), Cause::Blocked),
        (Trouble::Answer(Reply::page(403, "403 Forbidden")), Cause::Blocked),
        (problem(403, "IP is not allowed"), Cause::Rights),
        (Trouble::Answer(Reply::page(429, "Too Many Requests")), Cause::Busy),
        (Trouble::Answer(Reply::page(404, "Not Found")), Cause::Address),
        (Trouble::Answer(Reply::page(200, "Вход")), Cause::Strange),
        (Trouble::Answer(Reply::empty(302).with("Location", "https://www.amocrm.ru/")), Cause::Address),
        (Trouble::SilentAfter, Cause::Unknown),
        (Trouble::Huge, Cause::Unknown),
        (Trouble::Half, Cause::Unknown),
    ] {
        fake.next("/account", trouble);
        let fault = check().unwrap_err();
        assert_eq!(fault.cause, cause, "{fault:?}");
        assert!(!fault.words.contains(TOKEN));
    }
}

#[test]
fn places_fields_and_users_are_those_of_the_account() {
    let (bench, fake, settings) = start();
    fake.holds()
        .users
        .extend((10..400).map(|n| json!({"id": n, "name": "С", "email": format!("n{n}@example.com"), "rights": {}})));
    let crm = bench.connect(&settings);
    let places = crm.places().unwrap();
    let names: Vec<_> = places.iter().map(|place| (place.pipeline.as_deref().unwrap(), place.name.as_str())).collect();
    assert_eq!(names, [("100", "Воронка"), ("200", "Опт")], "the main one first, none of the archive");
    let stages: Vec<_> = places[0].stages.iter().map(|stage| (stage.id.as_str(), stage.state)).collect();
    assert_eq!(stages, [("102", DealState::Open), ("142", DealState::Won), ("143", DealState::Lost)]);
    let users = crm.users().unwrap();
    assert_eq!(users.len(), 392, "two pages, without who left");
    assert_eq!(users[1].email, "maria@example.com");
    let fields = crm.fields(Target::Deal).unwrap();
    let found: Vec<_> = fields.iter().map(|field| (field.id.as_str(), field.kind, field.multiple)).collect();
    assert_eq!(
        found,
        [
            ("price", FieldKind::Integer, false),
            ("tags", FieldKind::Text, true),
            ("21", FieldKind::Text, false),
            ("22", FieldKind::Choice, false),
            ("23", FieldKind::Choice, true),
            ("24", FieldKind::Boolean, false),
            ("25", FieldKind::Moment, false),
            ("26", FieldKind::Number, false),
            ("27", FieldKind::Text, false),
        ]
    );
}

fn value<'v>(deal: &'v Value, id: i64, code: &str) -> &'v Value {
    let fields = deal["custom_fields_values"].as_array().unwrap();
    let found = fields.iter().find(|field| field["field_id"] == id || field["field_code"] == code);
    found.map_or(&Value::Null, |field| &field["values"])
}

#[test]
fn a_lead_arrives_with_all_that_it_has() {
    let (bench, fake, settings) = start();
    let settings = crm::Settings { pipeline: Some("100".into()), stage: Some("102".into()), ..settings };
    let mut lead = lead();
    lead.fields = vec![
        extra("price", "Бюджет", "1500"),
        extra("tags", "Теги", "чай\nопт"),
        extra("21", "Город", "Тула"),
        extra("22", "Сорт", "зелёный"),
        extra("23", "Сорта", "501\nЗелёный"),
        extra("24", "Опт", "нет"),
        extra("25", "Когда", "2026-11-25 10:00"),
        extra("26", "Вес", "много"),
        extra("27", "Подробно", &"ж".repeat(3_000)),
        extra("99", "Старое", "1"),
    ];
    let sent = bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap();
    assert_eq!(sent.left_out, [("Вес".into(), Misfit::NotNumber), ("Старое".into(), Misfit::Gone)]);
    assert_eq!(sent.url, Some(format!("{}/leads/detail/{}", fake.address, sent.id)));
    assert!(!sent.merged);
    let crm = fake.holds();
    let deal = &crm.deals[0];
    assert_eq!((&deal["name"], &deal["price"]), (&json!("Чат: Пётр Чаев"), &json!(1500)));
    assert_eq!(
        (&deal["pipeline_id"], &deal["status_id"], &deal["responsible_user_id"]),
        (&json!(100), &json!(102), &json!(3))
    );
    let tags: Vec<_> =
        deal["_embedded"]["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(tags, ["Beseda", "чай", "опт"]);
    for (id, code, expected) in [
        (0, "UTM_SOURCE", json!([{"value": "yandex"}])),
        (0, "UTM_CAMPAIGN", json!([{"value": "Осень [b]2026[/b]"}])),
        (0, "REFERRER", json!([{"value": "https://ya.ru/"}])),
        (0, "YCLID", Value::Null),
        (21, "", json!([{"value": "Тула"}])),
        (22, "", json!([{"enum_id": 502}])),
        (23, "", json!([{"enum_id": 501}, {"enum_id": 502}])),
        (24, "", json!([{"value": false}])),
        (25, "", json!([{"value": "2026-11-25T07:00:00+00:00"}])),
        (27, "", json!([{"value": "ж".repeat(3_000)}])),
    ] {
        assert_eq!(*value(deal, id, code), expected, "{id} {code}");
    }
    let contact = &crm.contacts[0];
    assert_eq!((&contact["first_name"], &contact["responsible_user_id"]), (&json!("Пётр Чаев"), &json!(3)));
    let contacts = json!([
        {"field_code": "PHONE", "values": [{"value": "+79161234567", "enum_code": "WORK"}]},
        {"field_code": "EMAIL", "values": [{"value": "petr@example.com", "enum_code": "WORK"}]},
    ]);
    assert_eq!(contact["custom_fields_values"], contacts);
    let (id, text) = &crm.notes[0];
    assert_eq!((crm.notes.len(), *id), (1, deal["id"].as_i64().unwrap()));
    assert!(
        text.contains("18:05 Пётр: Есть <b>зелёный</b> чай? [b]Срочно[/b]\n18:06 Мария: Есть.\nПришлю список"),
        "{text}"
    );
    assert!(text.contains("Не записано в поле «Вес»: много (не число)"));
}

#[test]
fn a_known_client_gets_a_further_deal_and_a_namesake_does_not() {
    let (bench, fake, settings) = start();
    let namesake = [("PHONE", "+7 999 000-00-00"), ("EMAIL", "not-petr@example.com.ua")];
    fake.holds().add_client("79161234567 petr@example.com", &namesake, &[]);
    let id = fake.holds().add_client("Пётр", &[("PHONE", "8 (916) 123-45-67")], &[]);
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    assert_eq!(crm.contacts.len(), 2);
    assert_eq!(crm.deals[0]["contact_id"], id);
}

#[test]
fn the_accounts_duplicate_control_is_told() {
    let (bench, fake, settings) = start();
    fake.holds().merges_into = Some(77);
    let sent = bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    assert_eq!((sent.id.as_str(), sent.merged), ("77", true));
    assert_eq!(fake.holds().notes[0].0, 77, "the dialogue is there all the same");
}

#[test]
fn who_left_is_not_responsible_and_does_not_stop_a_lead() {
    let (bench, fake, settings) = start();
    // Told as active, and refused when it counts.
    fake.holds().users[1]["rights"] = json!({});
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    fake.holds().administrator = false;
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    assert!(fake.holds().deals.iter().all(|deal| deal["responsible_user_id"].is_null()));
}

#[test]
fn a_lead_arrives_once_wherever_the_line_is_cut() {
    for (makes_fields, search_lags) in [(true, false), (true, true), (false, true)] {
        let mut n = 0;
        loop {
            n += 1;
            let (bench, fake, settings) = start();
            fake.holds().makes_fields = makes_fields;
            fake.holds().search_lags = search_lags;
            let trouble = match n % 4 {
                0 => Trouble::CutAfter,
                1 => Trouble::Half,
                2 => Trouble::PageAfter(504),
                _ => Trouble::CutBefore,
            };
            fake.nth(n, trouble.clone());
            bench.deliver(&settings, &long_lead(30, 600), &mut Memory::new(&bench)).unwrap();
            let calm = fake.is_calm();
            arrived_once(&fake, &format!("request {n}: {trouble:?}"));
            if !calm {
                break;
            }
        }
        assert!(n > 6, "{n} requests");
    }
}

#[test]
fn a_lead_arrives_once_when_no_answer_comes_to_the_making() {
    for trouble in [Trouble::CutAfter, Trouble::Half, Trouble::PageAfter(502), Trouble::SilentAfter] {
        for part in ["/leads/complex", "/leads/notes"] {
            let (bench, fake, settings) = start();
            fake.next(part, trouble.clone());
            bench.deliver(&settings, &long_lead(30, 600), &mut Memory::new(&bench)).unwrap();
            assert!(fake.is_calm());
            arrived_once(&fake, &format!("{part}: {trouble:?}"));
        }
    }
}

#[test]
fn a_lead_arrives_once_whenever_the_program_is_killed() {
    let mut call = 0;
    loop {
        call += 1;
        let (bench, fake, settings) = start();
        let mut journal = Memory::dying_at(&bench, call);
        bench.deliver(&settings, &long_lead(30, 600), &mut journal).unwrap();
        arrived_once(&fake, &format!("killed at note {call}"));
        if journal.calls < call {
            break;
        }
    }
    assert!(call > 6, "{call} notes");
}

fn arrived_once(fake: &Fake<Amocrm>, when: &str) {
    let crm = fake.holds();
    assert_eq!((crm.deals.len(), crm.contacts.len(), crm.notes.len()), (1, 1, 3), "{when}");
}

#[test]
fn a_deal_that_was_not_made_is_made_after_a_look() {
    let (bench, fake, settings) = start();
    fake.next("/leads/complex", Trouble::CutBefore);
    let mut journal = Memory::new(&bench);
    let fault = bench.connect(&settings).send(&lead(), &mut journal).unwrap_err();
    assert!(fault.may_be_done());
    let lead = lead();
    let fault = bench.connect(&settings).send(&lead, &mut journal).unwrap_err();
    let wait = fault.retry_after_ms.unwrap();
    assert!(fault.may_be_done() && wait > 0 && wait <= limits::CRM_SETTLE_MS, "too soon to ask again");
    bench.clock.advance(wait);
    bench.connect(&settings).send(&lead, &mut journal).unwrap();
    assert_eq!(fake.holds().deals.len(), 1);
}

#[test]
fn a_refusal_names_the_field() {
    let (bench, fake, settings) = start();
    let mut lead = lead();
    lead.fields = vec![extra("21", "Город", "Тула"), extra("22", "Сорт", "Чёрный")];
    // The choice is deleted between the look at the fields and the making: the fake tells the old list once.
    let fields = fake.holds().fields.clone();
    let old = json!({"_links": {}, "_embedded": {"custom_fields": fields}});
    fake.next("custom_fields?page=1", Trouble::Answer(Reply::json(200, &old)));
    fake.holds().fields.iter_mut().find(|field| field["id"] == 22).unwrap()["enums"] = json!([]);
    let fault = bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap_err();
    assert_eq!((fault.cause, fault.field.as_deref()), (Cause::Refused, Some("Сорт")));
    assert!(fault.words.contains("The value you selected is not a valid choice."), "{}", fault.words);
    assert_eq!(fake.holds().deals.len(), 0);
}

#[test]
fn limits_and_blocks_are_obeyed() {
    let (bench, fake, settings) = start();
    fake.next("/leads/complex", Trouble::Answer(Reply::page(429, "Too Many Requests").with("Retry-After", "7")));
    let fault = bench.connect(&settings).send(&lead(), &mut Memory::new(&bench)).unwrap_err();
    assert_eq!((fault.cause, fault.retry_after_ms), (Cause::Busy, Some(7_000)));
    fake.next("custom_fields", Trouble::Answer(Reply::page(403, "403 Forbidden")));
    let fault = bench.connect(&settings).send(&lead(), &mut Memory::new(&bench)).unwrap_err();
    assert_eq!((fault.cause, fault.retry_after_ms), (Cause::Blocked, Some(limits::AMOCRM_BLOCK_WAIT_MS)));
    assert!(fault.is_of_the_connection());
    assert_eq!(fake.holds().deals.len(), 0);
}

#[test]
fn a_dialogue_without_end_is_cut_between_messages() {
    let (bench, fake, settings) = start();
    bench.deliver(&settings, &long_lead(300, 900), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    let notes: Vec<String> = crm.notes.iter().map(|(_, text)| text.clone()).collect();
    assert_eq!(notes.len(), limits::CRM_NOTES);
    assert!(notes.iter().all(|note| note.len() <= limits::AMOCRM_NOTE_BYTES));
    let kept = whole_messages(&notes, 900);
    assert!((30..60).contains(&kept), "{kept}");
    assert!(notes[0].contains("Начало диалога не поместилось"));
    assert!(notes.last().unwrap().contains("сообщение00299"));
}

#[test]
fn a_client_is_found_with_deals() {
    let (bench, fake, settings) = start();
    let crm = bench.connect(&settings);
    let by_phone = Contacts { phone: Some("+79161234567".into()), ..Contacts::default() };
    let by_email = Contacts { email: Some("petr@example.com".into()), ..Contacts::default() };
    assert_eq!(crm.find_client(&by_phone).unwrap(), None, "nothing found is an empty answer");
    fake.holds().add_client("Чужой", &[("PHONE", "+7 916 123-45-68")], &[("Чужая", 102, 1)]);
    let values = [("PHONE", "8 916 1234567"), ("EMAIL", "Petr@Example.com")];
    fake.holds().add_client("Пётр Чаев", &values, &[("Чай", 102, 1_900), ("Чашки", 142, 0)]);
    for knows_filters in [true, false] {
        fake.holds().knows_filters = knows_filters;
        for contacts in [&by_phone, &by_email] {
            let client = crm.find_client(contacts).unwrap().unwrap();
            assert_eq!((client.name.as_str(), client.responsible.as_deref()), ("Пётр Чаев", Some("Мария Сенина")));
            assert_eq!(client.phones, ["8 916 1234567"]);
            assert_eq!(client.url, Some(format!("{}/contacts/detail/{}", fake.address, client.id)));
            let rows: Vec<_> = client
                .deals
                .iter()
                .map(|deal| (deal.title.as_str(), deal.stage.as_str(), deal.state, deal.sum.as_deref()))
                .collect();
            assert_eq!(
                rows,
                [
                    ("Чашки", "Успешно реализовано", DealState::Won, None),
                    ("Чай", "Первичный контакт", DealState::Open, Some("1900")),
                ]
            );
            assert_eq!(client.deals[1].currency.as_deref(), Some("RUB"));
        }
    }
}
