//! HubSpot through the connector.

use beseda::crm::{self, Cause, DealState, FieldKind, Misfit};
use beseda::model::lead::{Contacts, CrmKind, Target};
use beseda::model::limits;
use serde_json::{Value, json};

use super::{Bench, Memory, extra, lead, long_lead, settings, whole_messages};
use crate::support::crm::{Fake, Hubspot, KEY, Reply, Trouble};

fn start() -> (Bench, Fake<Hubspot>, crm::Settings) {
    let fake = Fake::start(Hubspot::new());
    let settings = settings(CrmKind::Hubspot, &fake.address, KEY);
    (Bench::new(), fake, settings)
}

fn error(status: u16, message: &str, more: Value) -> Reply {
    let mut body = json!({"status": "error", "message": message, "correlationId": "c"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Reply::json(status, &body)
}

#[test]
fn there_is_one_address_and_a_key() {
    let (bench, fake, _) = start();
    let typed = |address: &str, secret: &str| crm::Settings {
        plain_http: false,
        ..settings(CrmKind::Hubspot, address, secret)
    };
    bench.connect(&typed("", KEY));
    bench.connect(&typed("https://api.hubapi.com/", KEY));
    assert_eq!(bench.refusal(&typed("https://hubapi.example", KEY)).cause, Cause::Address);
    assert_eq!(bench.refusal(&typed(&fake.address, KEY)).cause, Cause::Address);
    assert_eq!(bench.refusal(&typed("", " ")).cause, Cause::Secret);
    assert_eq!(bench.refusal(&typed("", "ключ")).cause, Cause::Secret);
}

#[test]
fn a_check_says_what_is_there_and_what_is_wrong() {
    let (bench, fake, settings) = start();
    let check = || bench.connect(&settings).check();
    let account = check().unwrap();
    assert_eq!((account.name.as_str(), account.missing.len(), account.rights.len()), ("HubSpot 4242", 0, 5));
    fake.holds().missing = vec!["crm.objects.owners.read", "crm.objects.deals.read"];
    assert_eq!(check().unwrap().missing, ["crm.objects.deals.read", "crm.objects.owners.read"]);
    let stranger = crm::Settings { secret: "pat-eu1-other-0000".into(), ..settings.clone() };
    let fault = bench.connect(&stranger).check().unwrap_err();
    assert_eq!((fault.cause, fault.words.as_str()), (Cause::Secret, "Authentication credentials not found."));
    let daily = json!({"errorType": "RATE_LIMIT", "policyName": "DAILY"});
    for (trouble, cause) in [
        (Trouble::Answer(error(429, "You have reached your daily limit.", daily)), Cause::Busy),
        (Trouble::Answer(error(423, "Locked", json!({}))), Cause::Busy),
        (Trouble::Answer(error(477, "Migration", json!({})).with("Retry-After", "600")), Cause::Busy),
        (Trouble::Answer(Reply::page(502, "Bad Gateway")), Cause::Broken),
        (Trouble::Answer(Reply::page(200, "Login")), Cause::Strange),
        (Trouble::Answer(Reply::page(404, "Not Found")), Cause::Address),
        (Trouble::SilentAfter, Cause::Unknown),
        (Trouble::Huge, Cause::Unknown),
    ] {
        fake.next("/details", trouble);
        let fault = check().unwrap_err();
        assert_eq!(fault.cause, cause, "{fault:?}");
        assert!(!fault.words.contains(KEY));
    }
}

#[test]
fn places_fields_and_users_are_those_of_the_account() {
    let (bench, _fake, settings) = start();
    let crm = bench.connect(&settings);
    let places = crm.places().unwrap();
    assert_eq!((places[0].pipeline.as_deref(), places[0].name.as_str()), (Some("default"), "Продажи"));
    let stages: Vec<_> = places[0].stages.iter().map(|stage| (stage.id.as_str(), stage.state)).collect();
    assert_eq!(
        stages,
        [("appointment", DealState::Open), ("closedwon", DealState::Won), ("closedlost", DealState::Lost)]
    );
    let users = crm.users().unwrap();
    assert_eq!((users.len(), users[1].id.as_str(), users[1].email.as_str()), (152, "52", "maria@example.com"));
    let fields = crm.fields(Target::Deal).unwrap();
    let found: Vec<_> = fields.iter().map(|field| (field.id.as_str(), field.kind, field.multiple)).collect();
    assert_eq!(
        found,
        [
            ("amount", FieldKind::Number, false),
            ("city", FieldKind::Text, false),
            ("kind", FieldKind::Choice, false),
            ("kinds", FieldKind::Choice, true),
            ("wholesale", FieldKind::Boolean, false),
            ("day", FieldKind::Date, false),
            ("at", FieldKind::Moment, false),
            ("buyer", FieldKind::User, false),
        ]
    );
    assert_eq!(fields[2].choices.len(), 2, "hidden ones are not offered");
}

#[test]
fn a_lead_arrives_with_all_that_it_has() {
    let (bench, fake, settings) = start();
    let settings = crm::Settings { pipeline: Some("7001".into()), stage: Some("8001".into()), ..settings };
    let mut lead = lead();
    lead.fields = vec![
        extra("amount", "Сумма", "1 500,00"),
        extra("city", "Город", "Тула"),
        extra("kind", "Сорт", "Зелёный"),
        extra("kinds", "Сорта", "black\nзелёный"),
        extra("wholesale", "Опт", "да"),
        extra("day", "День", "25.11.2026"),
        extra("at", "Когда", "25.11.2026 10:00"),
        extra("buyer", "Закупщик", "olga@example.com"),
        extra("buyer2", "Старое", "x"),
    ];
    let sent = bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap();
    assert_eq!(sent.left_out, [("Старое".into(), Misfit::Gone)]);
    assert_eq!(sent.url, Some(format!("https://app-eu1.hubspot.com/contacts/4242/record/0-3/{}", sent.id)));
    let crm = fake.holds();
    let (deal_id, deal) = &crm.of("deals")[0];
    for (name, value) in [
        ("dealname", "Чат: Пётр Чаев"),
        ("pipeline", "7001"),
        ("dealstage", "8001"),
        ("hubspot_owner_id", "52"),
        ("beseda_lead_id", lead.uid.as_str()),
        ("amount", "1500.00"),
        ("city", "Тула"),
        ("kind", "green"),
        ("kinds", "black;green"),
        ("wholesale", "true"),
        ("day", "2026-11-25"),
        ("at", "2026-11-25T07:00:00Z"),
        ("buyer", "51"),
    ] {
        assert_eq!(deal[name], value, "{name}");
    }
    let (contact_id, contact) = &crm.of("contacts")[0];
    for (name, value) in [("email", "petr@example.com"), ("phone", "+79161234567"), ("firstname", "Пётр Чаев")]
    {
        assert_eq!(contact[name], value, "{name}");
    }
    let (note_id, note) = &crm.of("notes")[0];
    assert_eq!(crm.tied("deals", *deal_id, "contacts"), [*contact_id]);
    assert_eq!(
        (crm.tied("notes", *note_id, "deals"), crm.tied("notes", *note_id, "contacts")),
        (vec![*deal_id], vec![*contact_id])
    );
    let body = note["hs_note_body"].as_str().unwrap();
    assert!(
        body.contains("18:05 Пётр: Есть &lt;b&gt;зелёный&lt;/b&gt; чай? [b]Срочно[/b]<br>18:06 Мария: Есть.<br>Пришлю"),
        "{body}"
    );
    let url = "https://chat.tea.example/app/all/7";
    assert!(body.contains(&format!("Чат: <a href=\"{url}\">{url}</a><br>")), "{body}");
    assert!(!body.contains('\n'));
}

#[test]
fn a_known_client_is_found_by_email_by_phone_and_by_conflict() {
    for known in [
        json!({"email": "petr@example.com"}),
        json!({"phone": "8 (916) 123-45-67"}),
        json!({"mobilephone": "9161234567"}),
    ] {
        let (bench, fake, settings) = start();
        let id = fake.holds().add("contacts", &known);
        bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
        let crm = fake.holds();
        assert_eq!(crm.of("contacts").len(), 1, "{known}");
        assert_eq!(crm.tied("deals", crm.of("deals")[0].0, "contacts"), [id]);
    }
    // Another program makes the contact between our look and our making.
    let (bench, fake, settings) = start();
    let id = fake.holds().add("contacts", &json!({"email": "petr@example.com"}));
    fake.next("/contacts/petr", Trouble::Answer(error(404, "resource not found", json!({}))));
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    assert_eq!(crm.tied("deals", crm.of("deals")[0].0, "contacts"), [id]);
    assert_eq!(crm.of("contacts").len(), 1);
}

#[test]
fn a_client_without_contacts_makes_a_deal_alone() {
    let (bench, fake, settings) = start();
    let mut lead = lead();
    lead.client.phone = None;
    lead.client.email = None;
    bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    assert_eq!((crm.of("contacts").len(), crm.of("deals").len(), crm.of("notes").len()), (0, 1, 1));
}

/// With and without the right to make the property for our mark.
const MARKS: [&[&str]; 2] = [&[], &["crm.schemas.deals.write"]];

#[test]
fn a_lead_arrives_once_wherever_the_line_is_cut() {
    for missing in MARKS {
        let mut n = 0;
        loop {
            n += 1;
            let (bench, fake, settings) = start();
            fake.holds().missing = missing.to_vec();
            let trouble = match n % 4 {
                0 => Trouble::Half,
                1 => Trouble::CutAfter,
                2 => Trouble::CutBefore,
                _ => Trouble::PageAfter(524),
            };
            fake.nth(n, trouble.clone());
            bench.deliver(&settings, &long_lead(60, 900), &mut Memory::new(&bench)).unwrap();
            let calm = fake.is_calm();
            arrived_once(&fake, &format!("{missing:?}, request {n}: {trouble:?}"));
            if !calm {
                break;
            }
        }
        assert!(n > 8, "{n} requests");
    }
}

#[test]
fn a_lead_arrives_once_when_no_answer_comes_to_the_making() {
    for missing in MARKS {
        let making = if missing.is_empty() { "/deals/batch/upsert$" } else { "/deals$" };
        for part in ["/objects/2026-09/contacts$", making, "/associations/", "/notes$"] {
            for trouble in [Trouble::CutAfter, Trouble::Half, Trouble::PageAfter(503)] {
                let (bench, fake, settings) = start();
                fake.holds().missing = missing.to_vec();
                fake.next(part, trouble.clone());
                bench.deliver(&settings, &long_lead(60, 900), &mut Memory::new(&bench)).unwrap();
                assert!(fake.is_calm(), "{part} was not asked");
                arrived_once(&fake, &format!("{part}: {trouble:?}"));
            }
        }
    }
}

#[test]
fn a_lead_arrives_once_whenever_the_program_is_killed() {
    for missing in MARKS {
        let mut call = 0;
        loop {
            call += 1;
            let (bench, fake, settings) = start();
            fake.holds().missing = missing.to_vec();
            let mut journal = Memory::dying_at(&bench, call);
            bench.deliver(&settings, &long_lead(60, 900), &mut journal).unwrap();
            arrived_once(&fake, &format!("killed at note {call}"));
            if journal.calls < call {
                break;
            }
        }
        assert!(call > 8, "{call} notes");
    }
}

fn arrived_once(fake: &Fake<Hubspot>, when: &str) {
    let crm = fake.holds();
    let found = ["contacts", "deals", "notes"].map(|sort| crm.of(sort).len());
    assert_eq!(found, [1, 1, 2], "{when}");
    assert_eq!(crm.tied("deals", crm.of("deals")[0].0, "contacts").len(), 1, "{when}");
}

#[test]
fn a_search_that_lags_makes_no_second_contact() {
    let (bench, fake, settings) = start();
    let mut lead = lead();
    lead.client.email = None;
    // The contact is made and nobody hears of it; the search does not know it yet.
    fake.holds().search_knows_below = 0;
    fake.next("/objects/2026-09/contacts$", Trouble::CutAfter);
    let mut journal = Memory::new(&bench);
    let mut last = String::new();
    for _ in 0..6 {
        match bench.connect(&settings).send(&lead, &mut journal) {
            Ok(_) => break,
            Err(fault) => {
                last = format!("{fault:?}");
                bench.clock.advance(20_000);
                // After half a minute it does.
                if bench.clock.now() - super::NOW > 35_000 {
                    fake.holds().search_knows_below = u64::MAX;
                }
            }
        }
    }
    let crm = fake.holds();
    assert_eq!((crm.of("contacts").len(), crm.of("deals").len()), (1, 1), "{last}");
}

#[test]
fn a_refusal_names_the_field() {
    let (bench, fake, settings) = start();
    let mut lead = lead();
    lead.fields = vec![extra("kind", "Сорт", "Зелёный")];
    // The choice is deleted between the look at the properties and the making: the fake tells the old list once.
    let mut old = fake.holds().properties.clone();
    old.push(json!({"name": "beseda_lead_id", "label": "x", "type": "string", "hasUniqueValue": true}));
    fake.next("/properties/", Trouble::Answer(Reply::json(200, &json!({"results": old}))));
    fake.holds().properties.iter_mut().find(|about| about["name"] == "kind").unwrap()["options"] = json!([]);
    fake.holds().properties.push(old.last().unwrap().clone());
    let fault = bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap_err();
    assert_eq!((fault.cause, fault.field.as_deref()), (Cause::Refused, Some("Сорт")));
    assert_eq!(fault.words, "green was not one of the allowed options: [black, green]");
    assert_eq!(fake.holds().of("deals").len(), 0);
}

#[test]
fn a_right_that_is_missing_stops_the_connection_and_is_named() {
    let (bench, fake, settings) = start();
    fake.holds().missing = vec!["crm.objects.deals.write"];
    let fault = bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap_err();
    assert_eq!((fault.cause, fault.missing.as_slice()), (Cause::Rights, &["crm.objects.deals.write".to_owned()][..]));
    assert!(fault.is_of_the_connection());
    fake.holds().missing = vec!["crm.objects.owners.read"];
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    assert!(!fake.holds().of("deals")[0].1.contains_key("hubspot_owner_id"), "nobody is responsible, and it arrived");
}

#[test]
fn limits_are_obeyed() {
    let (bench, fake, settings) = start();
    let policy = |name: &str| json!({"errorType": "RATE_LIMIT", "policyName": name});
    let soon = error(429, "You have reached your ten_secondly_rolling limit.", policy("TEN_SECONDLY_ROLLING"));
    for (reply, wait) in [
        (soon.clone(), limits::HUBSPOT_LIMIT_WAIT_MS),
        (soon.with("Retry-After", "3"), 3_000),
        (error(429, "You have reached your daily limit.", policy("DAILY")), limits::HUBSPOT_DAY_WAIT_MS),
        (error(423, "Locked", json!({})), limits::HUBSPOT_LOCK_WAIT_MS),
    ] {
        fake.next("/batch/upsert", Trouble::Answer(reply));
        let fault = bench.connect(&settings).send(&lead(), &mut Memory::new(&bench)).unwrap_err();
        assert_eq!((fault.cause, fault.retry_after_ms), (Cause::Busy, Some(wait)));
    }
    assert_eq!(fake.holds().of("deals").len(), 0);
}

#[test]
fn a_dialogue_without_end_is_cut_between_messages() {
    let (bench, fake, settings) = start();
    bench.deliver(&settings, &long_lead(400, 900), &mut Memory::new(&bench)).unwrap();
    let crm = fake.holds();
    let notes: Vec<String> =
        crm.of("notes").iter().map(|(_, note)| note["hs_note_body"].as_str().unwrap().to_owned()).collect();
    assert_eq!(notes.len(), limits::CRM_NOTES);
    let kept = whole_messages(&notes, 900);
    assert!((100..300).contains(&kept), "{kept}");
    assert!(notes[0].contains("Начало диалога не поместилось"));
    assert!(notes.last().unwrap().contains("сообщение00399"));
}

#[test]
fn a_client_is_found_with_deals() {
    let (bench, fake, settings) = start();
    let crm = bench.connect(&settings);
    let by_phone = Contacts { phone: Some("+79161234567".into()), ..Contacts::default() };
    let by_email = Contacts { email: Some("Petr@example.com".into()), ..Contacts::default() };
    assert_eq!(crm.find_client(&by_phone).unwrap(), None);
    assert_eq!(crm.find_client(&by_email).unwrap(), None);
    {
        let mut account = fake.holds();
        let contact = account.add("contacts", &json!({
            "email": "petr@example.com", "hs_additional_emails": "chai@example.com;p@example.com", "firstname": "Пётр",
            "lastname": "Чаев", "phone": "8 916 123-45-67", "hubspot_owner_id": "52",
        }));
        for deal in [
            json!({"dealname": "Чай", "pipeline": "7001", "dealstage": "8001", "amount": "1900.50", "deal_currency_code": "RUB"}),
            json!({"dealname": "Чашки", "pipeline": "default", "dealstage": "closedwon", "amount": "20"}),
        ] {
            let deal = account.add("deals", &deal);
            account.ties.push(("deals", deal, "contacts", contact));
        }
    }
    for contacts in [by_phone, by_email] {
        let client = crm.find_client(&contacts).unwrap().unwrap();
        assert_eq!((client.name.as_str(), client.responsible.as_deref()), ("Пётр Чаев", Some("Мария")));
        assert_eq!(client.emails, ["petr@example.com", "chai@example.com", "p@example.com"]);
        assert_eq!(client.url, Some(format!("https://app-eu1.hubspot.com/contacts/4242/record/0-1/{}", client.id)));
        let rows = client.deals.iter().map(|deal| {
            (deal.title.as_str(), deal.stage.as_str(), deal.state, deal.sum.as_deref(), deal.currency.as_deref())
        });
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                ("Чашки", "Выиграна", DealState::Won, Some("20"), Some("EUR")),
                ("Чай", "Запрос", DealState::Open, Some("1900.50"), Some("RUB")),
            ]
        );
    }
}
