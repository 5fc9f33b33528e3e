//! Bitrix24 through the connector.

use beseda::crm::{Cause, DealState, FieldKind, Misfit, check};
use beseda::model::lead::{Contacts, CrmKind, Target};
use beseda::model::limits;
use serde_json::json;

use super::{Bench, Memory, extra, lead, long_lead, settings, whole_messages};
use crate::support::crm::{Bitrix24, CODE, Fake, Reply, Trouble};

fn start() -> (Bench, Fake<Bitrix24>) {
    (Bench::new(), Fake::start(Bitrix24::new()))
}

fn to(fake: &Fake<Bitrix24>, target: Target) -> beseda::crm::Settings {
    let secret = format!("{}/rest/1/{CODE}/", fake.address);
    beseda::crm::Settings { target, ..settings(CrmKind::Bitrix24, "", &secret) }
}

#[test]
fn the_webhook_is_taken_as_people_paste_it() {
    let (bench, fake) = start();
    for end in ["", "/", "/profile.json", "/crm.lead.add?x=1"] {
        let pasted = format!("  {}/rest/1/{CODE}{end} ", fake.address);
        let account = bench.connect(&settings(CrmKind::Bitrix24, "", &pasted)).check().unwrap();
        assert_eq!(account.user.as_deref(), Some("Ольга Чайкина"), "{pasted}");
        assert_eq!(account.rights, ["crm", "user_basic"]);
        assert!(account.missing.is_empty() && account.moved_to.is_none());
        assert!(fake.address.ends_with(&account.name));
    }
    for wrong in ["", "tea.bitrix24.ru", "https://tea.bitrix24.ru/rest/", "https://tea.bitrix24.ru/rest/1/", "нет"] {
        assert_eq!(bench.refusal(&settings(CrmKind::Bitrix24, "", wrong)).cause, Cause::Address, "{wrong}");
    }
    let plain = beseda::crm::Settings { plain_http: false, ..to(&fake, Target::Lead) };
    assert_eq!(bench.refusal(&plain).cause, Cause::Https, "a cloud is called by https only");
}

#[test]
fn a_check_says_what_is_wrong() {
    let (bench, fake) = start();
    let check = |settings: &beseda::crm::Settings| bench.connect(settings).check();
    let good = to(&fake, Target::Lead);
    fake.holds().scopes = vec!["crm"];
    assert_eq!(check(&good).unwrap().missing, ["user_basic"]);
    fake.holds().scopes = vec!["user"];
    assert_eq!(check(&good).unwrap().missing, ["crm"]);
    fake.holds().scopes = vec!["crm", "user"];
    assert!(check(&good).unwrap().missing.is_empty());
    fake.next(
        "crm.item.fields",
        Trouble::Answer(Reply::json(400, &json!({"error": "", "error_description": "Access denied."}))),
    );
    assert_eq!(check(&good).unwrap().missing, ["crm.item.fields: lead"]);

    fake.holds().alive = false;
    let fault = check(&good).unwrap_err();
    assert_eq!((fault.cause, fault.words.as_str()), (Cause::Secret, "Invalid request credentials"));
    fake.holds().alive = true;
    let paid =
        json!({"error": "ACCESS_DENIED", "error_description": "REST API is available only on commercial plans."});
    fake.next("scope", Trouble::Answer(Reply::json(403, &paid)));
    assert_eq!(check(&good).unwrap_err().cause, Cause::Blocked);
    fake.next("scope", Trouble::Answer(Reply::page(200, "Добро пожаловать")));
    let fault = check(&good).unwrap_err();
    assert_eq!((fault.cause, fault.words.as_str()), (Cause::Strange, "Добро пожаловать"));
    fake.next("scope", Trouble::Huge);
    assert_eq!(check(&good).unwrap_err().cause, Cause::Unknown);
    fake.next("scope", Trouble::SilentAfter);
    assert_eq!(check(&good).unwrap_err().cause, Cause::Unknown);
    let nobody = settings(CrmKind::Bitrix24, "", &format!("http://127.0.0.1:9/rest/1/{CODE}/"));
    let fault = check(&nobody).unwrap_err();
    assert_eq!(fault.cause, Cause::Unreachable);
    assert!(!fault.words.contains(CODE), "{}", fault.words);
}

#[test]
fn places_fields_and_users_are_those_of_the_account() {
    let (bench, fake) = start();
    let crm = bench.connect(&to(&fake, Target::Lead));
    let places = crm.places().unwrap();
    let names: Vec<_> =
        places.iter().map(|place| (place.target, place.pipeline.as_deref(), place.name.as_str())).collect();
    assert_eq!(names, [(Target::Lead, None, ""), (Target::Deal, Some("0"), "Общая"), (Target::Deal, Some("9"), "Опт")]);
    let stages: Vec<_> = places[0].stages.iter().map(|stage| (stage.id.as_str(), stage.state)).collect();
    assert_eq!(stages, [("NEW", DealState::Open), ("CONVERTED", DealState::Won), ("JUNK", DealState::Lost)]);
    assert_eq!(places[2].stages[0].id, "C9:NEW");
    fake.holds().mode = 2;
    assert!(crm.places().unwrap().iter().all(|place| place.target == Target::Deal), "an account without leads");

    let fields = crm.fields(Target::Lead).unwrap();
    let found: Vec<_> = fields.iter().map(|field| (field.id.as_str(), field.kind, field.multiple)).collect();
    assert_eq!(
        found,
        [
            ("opportunity", FieldKind::Number, false),
            ("sourceId", FieldKind::Choice, false),
            ("ufCrm_1", FieldKind::Text, false),
            ("ufCrm_2", FieldKind::Choice, true),
            ("ufCrm_3", FieldKind::Boolean, false),
            ("ufCrm_4", FieldKind::Moment, false),
            ("ufCrm_5", FieldKind::User, false),
        ]
    );
    let source: Vec<_> = fields[1].choices.iter().map(|choice| choice.name.as_str()).collect();
    assert_eq!(source, ["Сайт", "Звонок"]);
    assert_eq!(check(&fields[3], "Красный", "UTC"), Err(Misfit::NotChoice));

    let users = crm.users().unwrap();
    assert_eq!(users.len(), 102, "three pages");
    assert_eq!((users[1].name.as_str(), users[1].email.as_str()), ("Мария Сенина", "maria@example.com"));
}

#[test]
fn a_lead_arrives_with_all_that_it_has() {
    let (bench, fake) = start();
    let mut lead = lead();
    lead.fields = vec![
        extra("ufCrm_1", "Город", "Тула"),
        extra("ufCrm_2", "Сорт", "Зелёный\n79"),
        extra("ufCrm_3", "Опт", "да"),
        extra("ufCrm_4", "Когда", "25.11.2026 10:00"),
        extra("ufCrm_5", "Закупщик", "olga@example.com"),
        extra("opportunity", "Сумма", "1500,50"),
        extra("ufCrm_9", "Старое", "1"),
    ];
    let settings = beseda::crm::Settings { stage: Some("NEW".into()), ..to(&fake, Target::Lead) };
    let sent = bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap();
    assert_eq!(sent.left_out, [("Старое".into(), Misfit::Gone)]);
    assert_eq!(sent.url.as_deref(), Some(format!("{}/crm/lead/details/{}/", fake.address, sent.id).as_str()));

    let crm = fake.holds();
    let card = crm.of(1)[0].clone();
    let uid = lead.uid.as_str();
    for (name, value) in [
        ("title", json!("Чат: Пётр Чаев")),
        ("name", json!("Пётр Чаев")),
        ("assignedById", json!("6")),
        ("stageId", json!("NEW")),
        ("originatorId", json!("beseda")),
        ("originId", json!(uid)),
        ("utmSource", json!("yandex")),
        ("utmCampaign", json!("Осень [b]2026[/b]")),
        ("ufCrm_1", json!("Тула")),
        ("ufCrm_2", json!([80, 79])),
        ("ufCrm_3", json!("Y")),
        ("ufCrm_4", json!("2026-11-25T07:00:00+00:00")),
        ("ufCrm_5", json!("1")),
        ("opportunity", json!(1500.5)),
    ] {
        assert_eq!(card[name], value, "{name}");
    }
    let fm = json!([
        {"typeId": "PHONE", "valueType": "WORK", "value": "+79161234567"},
        {"typeId": "EMAIL", "valueType": "WORK", "value": "petr@example.com"},
    ]);
    assert_eq!(card["fm"], fm);
    assert_eq!(crm.comments.len(), 1);
    let (sort, id, text) = &crm.comments[0];
    assert_eq!((sort.as_str(), *id), ("lead", card["id"].as_i64().unwrap()));
    let expected = "Диалог из чата № 7, отправлен 24.11.2026 19:05:33
Клиент: Пётр Чаев
Телефон: +79161234567
Почта: petr@example.com
Комментарий: Перезвонить до шести
Оператор: Мария
Канал: Сайт
Реклама: utm_source=yandex; utm_campaign=Осень [\u{200b}b]2026[\u{200b}/b]; yclid=777
Откуда пришёл: https://ya.ru/
Первая страница: https://tea.example/?utm_source=yandex
Страница: Зелёный чай, https://tea.example/green
Чат: https://chat.tea.example/app/all/7
Не записано в поле «Старое»: 1 (такого поля в CRM больше нет)

24.11.2026
18:05 Пётр: Есть <b>зелёный</b> чай? [\u{200b}b]Срочно[\u{200b}/b]
18:06 Мария: Есть.
Пришлю список
18:07 Мария: Файл: список.pdf (121\u{a0}КБ)";
    assert_eq!(text, expected);
}

#[test]
fn a_deal_has_its_contact_which_is_found_or_made() {
    let (bench, fake) = start();
    let settings =
        beseda::crm::Settings { pipeline: Some("9".into()), stage: Some("C9:NEW".into()), ..to(&fake, Target::Deal) };
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    let (contacts, deals) = (crm.of(3), crm.of(2));
    assert_eq!((contacts.len(), deals.len()), (1, 2), "one client, two presses");
    for deal in deals {
        assert_eq!(deal["contactIds"], json!([contacts[0]["id"].to_string()]));
        assert_eq!((&deal["categoryId"], &deal["stageId"], &deal["fm"]), (&json!(9), &json!("C9:NEW"), &json!(null)));
    }
    assert_eq!(contacts[0]["assignedById"], "6");
    assert!(crm.comments.iter().all(|(sort, ..)| sort == "deal"));
}

#[test]
fn an_account_without_leads_gets_deals() {
    let (bench, fake) = start();
    fake.holds().mode = 2;
    let settings = beseda::crm::Settings { stage: Some("JUNK".into()), ..to(&fake, Target::Lead) };
    let sent = bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    assert!(sent.url.unwrap().contains("/crm/deal/"));
    let crm = fake.holds();
    assert_eq!((crm.of(1).len(), crm.of(2).len()), (0, 1));
    assert!(crm.of(2)[0]["stageId"].is_null(), "the stage chosen for leads is none of deals");
}

#[test]
fn a_known_client_makes_a_repeated_lead() {
    let (bench, fake) = start();
    let phone = json!([{"typeId": "PHONE", "valueType": "WORK", "value": "8 (916) 123-45-67"}]);
    let contact = fake.holds().add(3, &json!({"name": "Пётр", "fm": phone}));
    bench.deliver(&to(&fake, Target::Lead), &lead(), &mut Memory::new(&bench)).unwrap();
    assert_eq!(fake.holds().of(1)[0]["contactIds"], json!([contact.to_string()]));
    assert_eq!(fake.holds().of(3).len(), 1);
}

#[test]
fn nobody_is_responsible_when_no_email_is_the_same() {
    let (bench, fake) = start();
    let mut lead = lead();
    lead.operator.as_mut().unwrap().email = "timur@example.com".into();
    bench.deliver(&to(&fake, Target::Lead), &lead, &mut Memory::new(&bench)).unwrap();
    fake.holds().scopes = vec!["crm"];
    bench.deliver(&to(&fake, Target::Lead), &super::lead(), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    assert!(crm.of(1).iter().all(|card| card["assignedById"] == 1), "the webhook's own employee");
}

#[test]
fn a_lead_arrives_once_wherever_the_line_is_cut() {
    for target in [Target::Lead, Target::Deal] {
        for filters_by_origin in [true, false] {
            let mut n = 0;
            loop {
                n += 1;
                let (bench, fake) = start();
                fake.holds().filters_by_origin = filters_by_origin;
                let trouble = match n % 4 {
                    0 => Trouble::CutBefore,
                    1 => Trouble::CutAfter,
                    2 => Trouble::Half,
                    _ => Trouble::PageAfter(502),
                };
                fake.nth(n, trouble.clone());
                bench.deliver(&to(&fake, target), &long_lead(60, 900), &mut Memory::new(&bench)).unwrap();
                let calm = fake.is_calm();
                arrived_once(&fake, target, 2, &format!("{target:?}, request {n}: {trouble:?}"));
                if !calm {
                    break;
                }
            }
            assert!(n > 6, "{n} requests");
        }
    }
}

#[test]
fn a_lead_arrives_once_whenever_the_program_is_killed() {
    for target in [Target::Lead, Target::Deal] {
        let mut call = 0;
        loop {
            call += 1;
            let (bench, fake) = start();
            let mut journal = Memory::dying_at(&bench, call);
            bench.deliver(&to(&fake, target), &long_lead(60, 900), &mut journal).unwrap();
            arrived_once(&fake, target, 2, &format!("{target:?}, killed at note {call}"));
            if journal.calls < call {
                break;
            }
        }
        assert!(call > 6, "{call} notes");
    }
}

fn arrived_once(fake: &Fake<Bitrix24>, target: Target, comments: usize, when: &str) {
    let crm = fake.holds();
    let (leads, deals, contacts) = (crm.of(1).len(), crm.of(2).len(), crm.of(3).len());
    let expected = if target == Target::Lead { (1, 0, 0) } else { (0, 1, 1) };
    assert_eq!((leads, deals, contacts), expected, "{when}");
    assert_eq!(crm.comments.len(), comments, "{when}");
}

#[test]
fn limits_are_obeyed() {
    let (bench, fake) = start();
    let settings = to(&fake, Target::Lead);
    let busy = Reply::json(503, &json!({"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}));
    let slow = Reply::json(429, &json!({"error": "OPERATION_TIME_LIMIT", "error_description": "Method is blocked"}));
    for (reply, wait) in [
        (busy.clone(), limits::BITRIX24_LIMIT_WAIT_MS),
        (busy.with("Retry-After", "30"), 30_000),
        (slow, limits::BITRIX24_METHOD_WAIT_MS),
    ] {
        fake.next("crm.item.add", Trouble::Answer(reply));
        let fault = bench.connect(&settings).send(&lead(), &mut Memory::new(&bench)).unwrap_err();
        assert_eq!((fault.cause, fault.retry_after_ms), (Cause::Busy, Some(wait)));
        assert!(!fault.may_be_done() && fault.is_passing());
    }
    assert_eq!(fake.holds().cards.len(), 0);
}

#[test]
fn a_refusal_is_told_in_the_crms_words() {
    let (bench, fake) = start();
    fake.holds().fields.get_mut("ufCrm_1").unwrap()["isRequired"] = json!(true);
    let mut journal = Memory::new(&bench);
    let settings = to(&fake, Target::Lead);
    let fault = bench.deliver(&settings, &lead(), &mut journal).unwrap_err();
    assert_eq!((fault.cause, fault.words.as_str()), (Cause::Refused, "Не заполнено поле \"Город\""));
    assert!(!fault.is_of_the_connection());
    // The owner mends it, the operator presses «retry».
    fake.holds().fields.get_mut("ufCrm_1").unwrap()["isRequired"] = json!(false);
    bench.deliver(&settings, &lead(), &mut journal).unwrap();
    fake.holds().alive = false;
    let fault = bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap_err();
    assert!(fault.is_of_the_connection() && fault.cause == Cause::Secret);
}

#[test]
fn a_dialogue_without_end_is_cut_between_messages() {
    let (bench, fake) = start();
    bench.deliver(&to(&fake, Target::Lead), &long_lead(400, 900), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    let notes: Vec<String> = crm.comments.iter().map(|(.., text)| text.clone()).collect();
    assert_eq!(notes.len(), limits::CRM_NOTES);
    assert!(notes.iter().all(|note| note.len() <= limits::BITRIX24_COMMENT_BYTES));
    let kept = whole_messages(&notes, 900);
    let skipped = 400 - kept;
    assert!((100..300).contains(&kept), "{kept}");
    let said = format!("Начало диалога не поместилось ({skipped} сообщени");
    assert!(notes[0].contains(&said), "{said}");
    assert!(notes[0].contains("Весь диалог: https://chat.tea.example/app/all/7"));
    assert!(notes.last().unwrap().contains("сообщение00399"), "the newest are kept");
    assert!(!notes.concat().contains(&format!("сообщение{:05}", skipped - 1)));
}

#[test]
fn an_account_that_moved_is_followed_on_its_own_host_only() {
    let (bench, fake) = start();
    let moved = Reply::empty(302).with("Location", &format!("{}/rest/1/{CODE}/scope", fake.address));
    fake.next("scope", Trouble::Answer(moved));
    let account = bench.connect(&to(&fake, Target::Lead)).check().unwrap();
    assert_eq!(account.moved_to.as_deref(), Some(fake.address.as_str()));

    let stranger = Fake::start(Bitrix24::new());
    let elsewhere = format!("http://localhost:{}/rest/1/{CODE}/scope", stranger.address.rsplit(':').next().unwrap());
    fake.next("scope", Trouble::Answer(Reply::empty(302).with("Location", &elsewhere)));
    let fault = bench.connect(&to(&fake, Target::Lead)).check().unwrap_err();
    assert_eq!(fault.cause, Cause::Address);
    assert!(!fault.words.contains(CODE), "{}", fault.words);
    assert!(stranger.seen().is_empty(), "the secret was carried away");
}

#[test]
fn a_client_is_found_with_leads_and_deals() {
    let (bench, fake) = start();
    let settings = to(&fake, Target::Lead);
    let crm = bench.connect(&settings);
    let by_phone = Contacts { phone: Some("+79161234567".into()), ..Contacts::default() };
    let by_email = Contacts { email: Some("petr@example.com".into()), ..Contacts::default() };
    assert_eq!(crm.find_client(&by_phone).unwrap(), None);
    assert_eq!(crm.find_client(&Contacts::default()).unwrap(), None);
    {
        let mut account = fake.holds();
        let fm = json!([
            {"typeId": "PHONE", "valueType": "WORK", "value": "89161234567"},
            {"typeId": "EMAIL", "valueType": "WORK", "value": "Petr@Example.com"},
        ]);
        let id = account.add(3, &json!({"name": "Пётр", "lastName": "Чаев", "assignedById": 6, "fm": fm}));
        account.add(
            2,
            &json!({
                "title": "Чай оптом", "stageId": "C9:NEW", "categoryId": 9, "opportunity": 19000, "currencyId": "RUB",
                "contactIds": [id],
            }),
        );
        account.add(
            2,
            &json!({
                "title": "Чашки", "stageId": "WON", "stageSemanticId": "S", "categoryId": 0, "contactIds": [id],
            }),
        );
        account.add(1, &json!({"title": "Вопрос", "stageId": "NEW", "contactIds": [id]}));
        account.add(2, &json!({"title": "Чужая", "contactIds": [1]}));
    }
    for contacts in [by_phone, by_email] {
        let client = crm.find_client(&contacts).unwrap().unwrap();
        assert_eq!((client.name.as_str(), client.responsible.as_deref()), ("Пётр Чаев", Some("Мария Сенина")));
        assert_eq!((client.phones, client.emails), (vec!["89161234567".into()], vec!["Petr@Example.com".into()]));
        assert_eq!(client.url, Some(format!("{}/crm/contact/details/{}/", fake.address, client.id)));
        let rows = client.deals.iter().map(|deal| {
            (deal.title.as_str(), deal.stage.as_str(), deal.state, deal.sum.as_deref(), deal.currency.as_deref())
        });
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                ("Чашки", "Сделка успешна", DealState::Won, None, None),
                ("Чай оптом", "Опт: новая", DealState::Open, Some("19000"), Some("RUB")),
                ("Вопрос", "Не обработан", DealState::Open, None, None),
            ]
        );
        assert!(client.deals[2].url.as_ref().unwrap().contains("/crm/lead/details/"));
    }
}

#[test]
fn a_client_that_only_a_lead_knows_is_found() {
    let (bench, fake) = start();
    let fm = json!([{"typeId": "EMAIL", "valueType": "WORK", "value": "petr@example.com"}]);
    fake.holds().add(1, &json!({"title": "Лид", "name": "Пётр", "stageId": "JUNK", "stageSemanticId": "F", "fm": fm}));
    let email = Contacts { email: Some("petr@example.com".into()), ..Contacts::default() };
    let client = bench.connect(&to(&fake, Target::Lead)).find_client(&email).unwrap().unwrap();
    assert_eq!((client.name.as_str(), client.deals.len()), ("Пётр", 1));
    assert_eq!((client.deals[0].state, client.deals[0].stage.as_str()), (DealState::Lost, "Некачественный"));
}
