//! The connectors of CRMs against fakes that speak their protocols: what arrives, once, after any blow, and what a fault says.

mod amocrm;
mod bitrix24;
mod hubspot;
mod webhook;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use beseda::clock::Clock;
use beseda::crm::{self, Crm, Fault, HttpClient, Journal, Sent, Settings, State};
use beseda::model::lead::{Author, Colleague, Contacts, CrmKind, Extra, Lead, Line, Target};
use beseda::model::limits;
use beseda::model::project::Language;
use beseda::model::visit::Source;
use beseda::model::{ChatId, Uid};
use beseda::outbound::Outbound;

use crate::support::crm::{Bitrix24, CODE, Fake};

/// 24.11.2026 19:05:33 in Moscow.
const NOW: i64 = 1_795_536_333_000;

/// A way out with a short patience, and a time of its own.
struct Bench {
    clock: Clock,
    http: HttpClient,
}

impl Bench {
    fn new() -> Bench {
        let clock = Clock::manual(NOW);
        let http = HttpClient::new(Outbound::with_timeout(true, Duration::from_millis(700)), clock.clone());
        Bench { clock, http }
    }

    fn connect(&self, settings: &Settings) -> Box<dyn Crm + '_> {
        crm::connect(settings, &self.http, &self.clock).unwrap()
    }

    fn refusal(&self, settings: &Settings) -> Fault {
        match crm::connect(settings, &self.http, &self.clock) {
            Ok(_) => panic!("{} {} was taken", settings.address, settings.secret),
            Err(fault) => fault,
        }
    }

    /// Sends until it arrives, as the outbox does: later what is passing, at the latest when the CRM says.
    fn deliver(&self, settings: &Settings, lead: &Lead, journal: &mut Memory) -> Result<Sent, Fault> {
        for _ in 0..20 {
            match self.connect(settings).send(lead, journal) {
                Err(fault) if fault.is_passing() => {
                    let wait = fault.retry_after_ms.unwrap_or(5_000);
                    self.clock.advance(wait.max(5_000));
                    journal.revive();
                }
                result => return result,
            }
        }
        panic!("the lead did not arrive in 20 tries");
    }
}

fn settings(kind: CrmKind, address: &str, secret: &str) -> Settings {
    Settings {
        kind,
        address: address.to_owned(),
        secret: secret.to_owned(),
        target: Target::Deal,
        pipeline: None,
        stage: None,
        plain_http: true,
    }
}

#[test]
fn requests_keep_their_distance() {
    let fake = Fake::start(Bitrix24::new());
    let clock = Clock::system();
    let http = HttpClient::new(Outbound::new(true), clock.clone()).paced();
    let secret = format!("{}/rest/1/{CODE}/", fake.address);
    let begun = Instant::now();
    crm::connect(&settings(CrmKind::Bitrix24, "", &secret), &http, &clock).unwrap().check().unwrap();
    let requests = u64::try_from(fake.seen().len()).unwrap();
    assert!(requests >= 4);
    assert!(begun.elapsed() >= Duration::from_millis((requests - 1) * limits::CRM_GAP_MS), "{:?}", begun.elapsed());
}

/// A journal that keeps what a file would keep, and can die.
struct Memory {
    clock: Clock,
    steps: HashMap<String, State>,
    body: Option<Vec<u8>>,
    /// Calls until the program dies; what it does from then on is lost.
    dies_at: Option<usize>,
    calls: usize,
}

impl Memory {
    fn new(bench: &Bench) -> Memory {
        Memory { clock: bench.clock.clone(), steps: HashMap::new(), body: None, dies_at: None, calls: 0 }
    }

    fn dying_at(bench: &Bench, call: usize) -> Memory {
        Memory { dies_at: Some(call), ..Memory::new(bench) }
    }

    fn revive(&mut self) {
        self.dies_at = self.dies_at.filter(|at| self.calls < *at);
    }

    fn write(&mut self, step: &str, state: State) -> Result<(), String> {
        self.calls += 1;
        if self.dies_at.is_some_and(|at| self.calls >= at) {
            return Err("killed".to_owned());
        }
        self.steps.insert(step.to_owned(), state);
        Ok(())
    }
}

impl Journal for Memory {
    fn state(&self, step: &str) -> State {
        self.steps.get(step).cloned().unwrap_or(State::New)
    }

    fn begin(&mut self, step: &str) -> Result<(), String> {
        let now = self.clock.now();
        self.write(step, State::Begun(now))
    }

    fn done(&mut self, step: &str, id: &str) -> Result<(), String> {
        self.write(step, State::Done(id.to_owned()))
    }

    fn forget(&mut self, step: &str) -> Result<(), String> {
        self.write(step, State::New)
    }

    fn body(&mut self, make: &mut dyn FnMut() -> Vec<u8>) -> Result<Vec<u8>, String> {
        Ok(self.body.get_or_insert_with(make).clone())
    }

    fn forget_body(&mut self) -> Result<(), String> {
        self.body = None;
        Ok(())
    }

    fn now(&self) -> i64 {
        self.clock.now()
    }
}

/// Пётр asked for tea, and Мария pressed the button.
fn lead() -> Lead {
    let line = |minute: i64, author, name: &str, text: &str| Line {
        at: NOW - 3_600_000 + minute * 60_000,
        author,
        name: name.into(),
        text: text.into(),
        file: None,
    };
    let mut source = Source { first_url: "https://tea.example/?utm_source=yandex".into(), ..Source::default() };
    source.marks[0] = Some("yandex".into());
    source.marks[2] = Some("Осень [b]2026[/b]".into());
    source.marks[6] = Some("777".into());
    source.referrer = Some("https://ya.ru/".into());
    Lead {
        uid: Uid::make(),
        made_at: NOW,
        language: Language::Ru,
        time_zone: "Europe/Moscow".into(),
        client: Contacts {
            name: Some("Пётр Чаев".into()),
            phone: Some("+79161234567".into()),
            email: Some("petr@example.com".into()),
        },
        title: String::new(),
        comment: "Перезвонить до шести".into(),
        operator: Some(Colleague { name: "Мария".into(), email: "maria@example.com".into() }),
        channel: "Сайт".into(),
        source,
        page: Some(("https://tea.example/green".into(), "Зелёный чай".into())),
        chat_id: ChatId(7),
        chat_url: "https://chat.tea.example/app/all/7".into(),
        lines: vec![
            line(0, Author::Client, "Пётр", "Есть <b>зелёный</b> чай? [b]Срочно[/b]"),
            line(1, Author::Operator, "Мария", "Есть.\nПришлю список"),
            Line { file: Some(("список.pdf".into(), 123_456)), ..line(2, Author::Operator, "Мария", "") },
        ],
        fields: Vec::new(),
        delivery: 1,
    }
}

fn extra(id: &str, name: &str, value: &str) -> Extra {
    Extra { id: id.into(), name: name.into(), value: value.into() }
}

/// A dialogue that no CRM takes in one note.
fn long_lead(messages: usize, chars: usize) -> Lead {
    let mut lead = lead();
    let text = |n: usize| format!("сообщение{n:05} {}", "ж".repeat(chars));
    let line =
        |n: usize| Line {
            at: NOW + n as i64, author: Author::Client, name: "Пётр".into(), text: text(n), file: None
        };
    lead.lines = (0..messages).map(line).collect();
    lead
}

/// Each message of a long dialogue that stands in these notes stands there whole; gives how many there are.
fn whole_messages(notes: &[String], chars: usize) -> usize {
    let joined = notes.join("\n");
    let found = joined.matches("сообщение0").count();
    let whole = joined.matches(&format!(" {}", "ж".repeat(chars))).count();
    assert_eq!(found, whole, "a message was cut");
    assert!(notes.iter().all(|note| note.starts_with("Диалог из чата № 7, отправлен 24.11.2026 19:05:33, часть ")));
    found
}
