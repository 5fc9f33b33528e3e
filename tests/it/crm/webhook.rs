//! The signed webhook, against a verifier that shares nothing with the sender.

use beseda::crm::{self, Cause};
use beseda::model::lead::{Contacts, CrmKind, Target};
use beseda::model::limits;
use serde_json::json;

use super::{Bench, Memory, NOW, extra, lead, long_lead, settings};
use crate::support::crm::{Fake, Receiver, Reply, Trouble};

fn start() -> (Bench, Fake<Receiver>, crm::Settings) {
    let secret = crm::make_secret().unwrap();
    let fake = Fake::start(Receiver::new(&secret, NOW / 1_000));
    let settings = settings(CrmKind::Webhook, &format!("{}/hook?shop=1", fake.address), &secret);
    (Bench::new(), fake, settings)
}

#[test]
fn a_lead_arrives_signed_and_whole() {
    let (bench, fake, settings) = start();
    fake.holds().reply = Reply::json(200, &json!({"id": 17, "url": "https://crm.example/17"}));
    let mut lead = lead();
    lead.fields = vec![extra("city", "Город", "Тула")];
    let sent = bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap();
    assert_eq!((sent.id.as_str(), sent.url.as_deref()), ("17", Some("https://crm.example/17")));
    assert_eq!(fake.seen()[0].target, "/hook?shop=1");
    let (id, body) = fake.holds().taken[0].clone();
    assert_eq!(id, lead.uid.as_str());
    let expected = json!({
        "type": "lead.created",
        "timestamp": "2026-11-24T16:05:33.000Z",
        "data": {
            "version": 1,
            "lead_id": lead.uid.as_str(),
            "title": "Чат: Пётр Чаев",
            "chat_id": "7",
            "chat_url": "https://chat.tea.example/app/all/7",
            "comment": "Перезвонить до шести",
            "client": {"name": "Пётр Чаев", "phone": "+79161234567", "email": "petr@example.com", "messenger": null},
            "operator": {"name": "Мария", "email": "maria@example.com"},
            "channel": {"kind": "site", "name": "Сайт"},
            "source": {
                "utm_source": "yandex", "utm_medium": null, "utm_campaign": "Осень [b]2026[/b]", "utm_content": null,
                "utm_term": null, "gclid": null, "yclid": "777", "fbclid": null, "ymclid": null,
                "referrer": "https://ya.ru/", "first_page": "https://tea.example/?utm_source=yandex",
            },
            "page": {"url": "https://tea.example/green", "title": "Зелёный чай"},
            "fields": {"city": "Тула"},
            "fields_truncated": false,
            "transcript": [
                {"at": "2026-11-24T15:05:33.000Z", "from": "client", "name": "Пётр",
                 "text": "Есть <b>зелёный</b> чай? [b]Срочно[/b]", "files": []},
                {"at": "2026-11-24T15:06:33.000Z", "from": "operator", "name": "Мария",
                 "text": "Есть.\nПришлю список", "files": []},
                {"at": "2026-11-24T15:07:33.000Z", "from": "operator", "name": "Мария", "text": "",
                 "files": [{"name": "список.pdf", "size": 123_456}]},
            ],
            "transcript_truncated": false,
        },
    });
    assert_eq!(body, expected);
}

#[test]
fn a_repeat_is_the_same_request_with_a_new_signature() {
    let (bench, fake, settings) = start();
    fake.next("/hook", Trouble::CutAfter);
    fake.next("/hook", Trouble::PageAfter(503));
    let sent = bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    assert_eq!((sent.id.as_str(), sent.url), ("", None), "the receiver says nothing of a card");
    let seen = fake.seen();
    assert_eq!(seen.len(), 3);
    assert!(
        seen.iter().all(|one| one.body == seen[0].body && one.header("webhook-id") == seen[0].header("webhook-id"))
    );
    assert_ne!(seen[0].header("webhook-timestamp"), seen[1].header("webhook-timestamp"));
    assert_ne!(seen[0].header("webhook-signature"), seen[1].header("webhook-signature"));
    assert_eq!(fake.holds().taken.len(), 3, "each attempt was signed rightly");
}

#[test]
fn two_secrets_sign_while_one_gives_way_to_the_other() {
    let (bench, fake, mut settings) = start();
    settings.secret = format!("{} {}", crm::make_secret().unwrap(), settings.secret);
    bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap();
    assert_eq!(fake.seen()[0].header("webhook-signature").split(' ').count(), 2);
    settings.secret = crm::make_secret().unwrap();
    let fault = bench.deliver(&settings, &lead(), &mut Memory::new(&bench)).unwrap_err();
    assert_eq!((fault.cause, fault.words.as_str()), (Cause::Secret, "HTTP 401: the signature is wrong"));
}

#[test]
fn a_body_too_large_loses_its_oldest_messages() {
    let (bench, fake, settings) = start();
    bench.deliver(&settings, &long_lead(300, 900), &mut Memory::new(&bench)).unwrap();
    let size = fake.seen()[0].body.len();
    assert!((limits::WEBHOOK_BODY_BYTES * 9 / 10..=limits::WEBHOOK_BODY_BYTES).contains(&size), "{size}");
    let data = fake.holds().taken[0].1["data"].clone();
    assert_eq!(data["transcript_truncated"], true);
    let lines = data["transcript"].as_array().unwrap();
    assert!(lines.last().unwrap()["text"].as_str().unwrap().starts_with("сообщение00299"));
}

#[test]
fn a_body_of_the_longest_of_all_is_within_its_limit() {
    let (bench, fake, settings) = start();
    let long = |chars: usize| "😀".repeat(chars);
    let mut lead = long_lead(300, limits::TEXT_CHARS - 20);
    lead.client.name = Some(long(limits::NAME_CHARS));
    lead.client.email = Some(long(limits::EMAIL_CHARS));
    (lead.title, lead.comment) = (long(limits::LEAD_TITLE_CHARS), long(limits::LEAD_COMMENT_CHARS));
    lead.page = Some((long(limits::URL_CHARS), long(limits::TITLE_CHARS)));
    lead.chat_url = long(limits::URL_CHARS);
    (lead.source.first_url, lead.source.referrer) = (long(limits::URL_CHARS), Some(long(limits::URL_CHARS)));
    lead.source.marks.iter_mut().for_each(|mark| *mark = Some(long(limits::MARK_CHARS)));
    let id = |n: usize| format!("{n}{}", long(limits::CRM_NAME_CHARS - 2));
    lead.fields = (0..limits::CRM_FIELDS).map(|n| extra(&id(n), "Поле", &long(limits::CRM_VALUE_CHARS))).collect();
    lead.fields[7].value = "Тула".into();
    bench.deliver(&settings, &lead, &mut Memory::new(&bench)).unwrap();
    let size = fake.seen()[0].body.len();
    assert!((limits::WEBHOOK_BODY_BYTES * 8 / 10..=limits::WEBHOOK_BODY_BYTES).contains(&size), "{size}");
    let data = fake.holds().taken[0].1["data"].clone();
    assert_eq!((&data["fields_truncated"], &data["transcript_truncated"]), (&json!(true), &json!(true)));
    assert_eq!(data["fields"].as_object().unwrap().len(), limits::CRM_FIELDS, "none is left out");
    assert!(data["fields"][id(0)].as_str().unwrap().ends_with("😀…"));
    assert_eq!(data["fields"][id(7)], "Тула");
    assert_eq!(data["comment"].as_str(), Some(lead.comment.as_str()));
}

#[test]
fn a_refusal_is_told_in_the_sentences_of_the_receiver() {
    let (bench, fake, settings) = start();
    for (body, words) in [
        (
            json!({"message": "The data was invalid.", "errors": {"email": ["Email is taken."]}}),
            "The data was invalid. email: Email is taken.",
        ),
        (json!({"error": {"code": 7, "message": "Телефон занят"}}), "Телефон занят"),
        (json!({"ok": false, "code": 12}), "HTTP 422"),
    ] {
        fake.holds().reply = Reply::json(422, &body);
        let fault = bench.connect(&settings).send(&lead(), &mut Memory::new(&bench)).unwrap_err();
        assert_eq!((fault.cause, fault.in_words().as_str()), (Cause::Refused, words));
    }
}

#[test]
fn a_check_tries_it_and_says_what_is_wrong() {
    let (bench, fake, settings) = start();
    let account = bench.connect(&settings).check().unwrap();
    assert!(fake.address.ends_with(&account.name));
    let (_, body) = fake.holds().taken[0].clone();
    assert_eq!((&body["type"], &body["data"]), (&json!("beseda.test"), &json!({"version": 1})));
    for (reply, cause) in [
        (Reply::page(404, "nothing here"), Cause::Address),
        (Reply::empty(302).with("Location", "http://example.org/"), Cause::Address),
        (Reply::page(410, "gone"), Cause::Blocked),
        (Reply::page(400, "no comment"), Cause::Refused),
        (Reply::page(500, "broken"), Cause::Broken),
        (Reply::page(429, "slow down").with("Retry-After", "120"), Cause::Busy),
    ] {
        fake.holds().reply = reply;
        let fault = bench.connect(&settings).check().unwrap_err();
        assert_eq!(fault.cause, cause, "{fault:?}");
        assert_eq!(fault.retry_after_ms, (cause == Cause::Busy).then_some(120_000));
    }
    let wrong = |address: &str, secret: &str| bench.refusal(&super::settings(CrmKind::Webhook, address, secret)).cause;
    assert_eq!(wrong("", &settings.secret), Cause::Https);
    assert_eq!(wrong("hook", &settings.secret), Cause::Https);
    assert_eq!(wrong(&settings.address, "secret"), Cause::WebhookSecret);
    let plain = crm::Settings { plain_http: false, ..settings.clone() };
    assert_eq!(bench.refusal(&plain).cause, Cause::Https);
}

#[test]
fn it_answers_no_questions() {
    let (bench, fake, settings) = start();
    let crm = bench.connect(&settings);
    let contacts = Contacts { phone: Some("+79161234567".into()), ..Contacts::default() };
    assert!(!crm.answers_questions());
    assert_eq!(crm.find_client(&contacts).unwrap(), None);
    assert!(crm.places().unwrap().is_empty() && crm.users().unwrap().is_empty());
    assert!(crm.fields(Target::Deal).unwrap().is_empty());
    assert!(fake.seen().is_empty());
}
