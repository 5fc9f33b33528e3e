//! Leads that are under way while the owner connects something else, and a CRM that wants to be left alone for days.

use std::time::{Duration, Instant};

use beseda::model::limits;
use serde_json::{Value, json};

use crate::lead::{becomes, chat, connect, form, press, start};
use crate::support::crm::{Amocrm, Bitrix24, Fake, Protocol, Reply, TOKEN, Trouble};

/// Waits until a request came whose target ends so.
#[track_caller]
fn asked<P: Protocol>(fake: &Fake<P>, end: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while !fake.seen().iter().any(|seen| seen.target.ends_with(end)) {
        assert!(Instant::now() < until, "{end} was not asked for");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_another_account_made_meanwhile_is_not_taken_for_a_card_of_this_one() {
    let (beseda, first, second) = (start(), Fake::start(Bitrix24::new()), Fake::start(Bitrix24::new()));
    connect(&beseda, &first.webhook("deal"));
    let (maria, chat) = chat(&beseda);
    // The contact is made there and answered late, then nothing more goes.
    first.next("crm.item.add", Trouble::Late);
    first.next("crm.item.add", Trouble::Answer(Reply::page(500, "Internal Server Error")));
    press(&maria, chat, &form());
    asked(&first, "crm.item.add");
    connect(&beseda, &second.webhook("deal"));
    becomes(&beseda, &maria, chat, "sent");
    let account = second.holds();
    assert_eq!(account.of(3).len(), 1, "the contact of this account");
    assert_eq!(account.of(2)[0]["contactIds"], json!([account.of(3)[0]["id"].to_string()]));
}

#[test]
fn a_refusal_of_the_old_key_says_nothing_of_the_new_one() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let mut crm = fake.webhook("lead");
    connect(&beseda, &crm);
    let (maria, chat) = chat(&beseda);
    beseda.advance("0ms");
    fake.holds().alive = false;
    fake.next("", Trouble::Late);
    let before = fake.seen().len();
    press(&maria, chat, &form());
    let until = Instant::now() + Duration::from_secs(20);
    while fake.seen().len() == before {
        assert!(Instant::now() < until, "nothing was asked");
    }
    std::thread::sleep(Duration::from_millis(200));
    fake.holds().alive = true;
    crm["secret"] = json!(crm["secret"].as_str().unwrap().trim_end_matches('/'));
    connect(&beseda, &crm);
    beseda.advance("1s");
    maria.sees("the card", |frame| frame["chat"]["lead"]["state"] == "sent");
    let known = beseda.owner().get("/api/crm").expect(200);
    assert_eq!(known["connection"]["last_fault"], Value::Null, "{known}");
}

#[test]
fn a_page_that_asks_for_days_is_told_of_and_asked_again_within_hours() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    fake.next("crm.item.add", Trouble::Answer(Reply::page(503, "Работы").with("Retry-After", "864000")));
    press(&maria, chat, &form());
    let waits = maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    assert_eq!(waits["chat"]["lead"]["reason"], "Работы");
    let asked = fake.seen().len();
    beseda.advance("5h");
    assert_eq!(fake.seen().len(), asked, "it is left alone for a while");
    beseda.advance(&format!("{}ms", limits::OUTBOX_DELAY_MS_MAX));
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1).len(), 1);
}

#[test]
fn accounts_of_one_name_are_two() {
    let (beseda, first, second) = (start(), Fake::start(Amocrm::new()), Fake::start(Amocrm::new()));
    let amocrm =
        |fake: &Fake<Amocrm>| json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" });
    connect(&beseda, &amocrm(&first));
    let (maria, chat) = chat(&beseda);
    // The deal is made, its note is not.
    first.next("/leads/notes", Trouble::Answer(Reply::page(500, "Internal Server Error")));
    press(&maria, chat, &form());
    asked(&first, "/leads/notes");
    maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    connect(&beseda, &amocrm(&second));
    let lead = becomes(&beseda, &maria, chat, "sent");
    assert!(second.seen().iter().any(|seen| seen.method == "POST" && seen.path().contains("/leads/complex")), "{lead}");
}
