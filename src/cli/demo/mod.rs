//! `beseda demo`: a new file with one believable shop, whose people and dialogues stand in `script.ru.json` and
//! `script.en.json`. Everything is made by the rules themselves, with a clock that walks through the last days.

mod files;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Deserialize;

use crate::cli;
use crate::clock::{Clock, system_now};
use crate::domain::chat::{self, Action};
use crate::domain::file::upload::{self, Announced, Sender};
use crate::domain::message::{self, Draft};
use crate::domain::operator::Application;
use crate::domain::setup::{self, SetUp};
use crate::domain::viewer::{Viewer, VisitorViewer};
use crate::domain::visitor::{self, Arrival, current_chat};
use crate::domain::{Domain, contact, device, message_edit, note, operator, rating, settings, template, token};
use crate::error::{Code, Error, Result};
use crate::json;
use crate::lock::Lock;
use crate::model::operator::Role;
use crate::model::project::Language;
use crate::model::{ChannelId, MessageId, OperatorId, Uid};
use crate::problem::Problem;
use crate::store::{self, Store};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "demo-password";

const MINUTE_MS: i64 = 60_000;

/// In so many messages before now the last one of somebody is looked for.
const LOOK_BACK: usize = 20;

/// Arguments of `beseda demo`.
#[derive(Args)]
#[command(after_help = "Example:\n  beseda demo --data demo.db && beseda --data demo.db")]
pub struct Arguments {
    /// The database file to make; must not exist yet
    #[arg(long, env = "BESEDA_DATA", value_name = "FILE", default_value = "beseda.db")]
    data: PathBuf,

    /// Language of people and dialogues: ru or en
    #[arg(long, env = "BESEDA_LANGUAGE", value_name = "LANGUAGE", default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    project: String,
    people: Vec<Person>,
    #[serde(default)]
    templates: Vec<Prepared>,
    scenes: Vec<Scene>,
}

/// A template.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prepared {
    title: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    key: String,
    name: String,
    role: Role,
    #[serde(default)]
    deleted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    /// Minutes before now at which the visitor comes.
    came: i64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    email: Option<String>,
    agent: String,
    url: String,
    title: String,
    #[serde(default)]
    referrer: String,
    #[serde(default)]
    steps: Vec<Step>,
}

/// One thing that happens, `after` minutes after the former.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    after: i64,
    /// The key of an operator; absent: the visitor.
    #[serde(default)]
    who: Option<String>,
    #[serde(default)]
    says: Option<String>,
    /// What is said answers the visitor's last message.
    #[serde(default)]
    quotes: bool,
    /// Another text for the operator's own last message.
    #[serde(default)]
    edits: Option<String>,
    /// Takes back the operator's own last message.
    #[serde(default)]
    deletes: bool,
    /// Sends a file: its name, and the word of [`files::made`].
    #[serde(default)]
    file: Option<(String, String)>,
    #[serde(default)]
    notes: Option<String>,
    #[serde(default)]
    does: Option<String>,
    #[serde(default)]
    page: Option<(String, String)>,
    #[serde(default)]
    rates: Option<(i64, String)>,
    #[serde(default)]
    reads: bool,
}

/// Makes the file.
pub fn run(arguments: &Arguments) -> std::result::Result<(), String> {
    if arguments.data.exists() {
        return Err(format!("{} exists already: give a new file with --data", arguments.data.display()));
    }
    let lock = Lock::take(&arguments.data)?;
    let language = Language::parse(&arguments.language).unwrap_or(Language::Ru);
    let made = make(arguments, language).map_err(|error| Problem::new(&error, Language::En, "").in_words());
    drop(lock);
    cli::say(&made?)
}

fn make(arguments: &Arguments, language: Language) -> Result<String> {
    let script: Script = json::parse(match language {
        Language::Ru => include_bytes!("script.ru.json"),
        Language::En => include_bytes!("script.en.json"),
    })?;
    let now = system_now();
    let first = script.scenes.iter().map(|scene| scene.came).max().unwrap_or(0) + 24 * 60;
    let clock = Clock::manual(now - first * MINUTE_MS);
    let store = Store::open(&arguments.data, clock.clone(), Box::new(|_| {}))?;
    let domain = Arc::new(Domain::new(store, clock).map_err(Error::internal)?);
    let mut shop =
        Shop { domain: Arc::clone(&domain), people: HashMap::new(), visitors: HashMap::new(), channel_id: None };
    shop.open(&script, language)?;
    for (at, scene, step) in in_order(&script) {
        domain.clock.advance(now - at * MINUTE_MS - domain.clock.now());
        match step {
            None => shop.arrive(scene, &script.scenes[scene])?,
            Some(step) => shop.step(scene, step)?,
        }
    }
    domain.clock.advance(now - domain.clock.now());
    shop.part(&script)?;
    domain.store.close();
    let mut lines = format!("{} is ready. Start it with: beseda --data {0}\n", arguments.data.display());
    for person in script.people.iter().filter(|person| !person.deleted) {
        lines += &format!("{}: {}@example.ru, {PASSWORD} ({})\n", person.name, person.key, person.role.as_str());
    }
    Ok(lines.trim_end().to_owned())
}

/// Everything that happens, earliest first: minutes before now, the scene, and the step (`None`: the visitor comes).
fn in_order(script: &Script) -> Vec<(i64, usize, Option<&Step>)> {
    let mut all = Vec::new();
    for (n, scene) in script.scenes.iter().enumerate() {
        let mut at = scene.came;
        all.push((at, n, None));
        for step in &scene.steps {
            at -= step.after;
            all.push((at.max(0), n, Some(step)));
        }
    }
    all.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    all
}

struct Shop {
    domain: Arc<Domain>,
    people: HashMap<String, Viewer>,
    visitors: HashMap<usize, VisitorViewer>,
    channel_id: Option<ChannelId>,
}

impl Shop {
    fn open(&mut self, script: &Script, language: Language) -> Result<()> {
        setup::prepare(&self.domain, &script.project, language)?;
        for person in &script.people {
            let application = Application {
                name: person.name.clone(),
                email: format!("{}@example.ru", person.key),
                password: PASSWORD.to_owned(),
                role: person.role,
                language,
            };
            if person.role == Role::Owner {
                let set_up = SetUp {
                    project_name: script.project.clone(),
                    time_zone: "Europe/Moscow".to_owned(),
                    owner: application,
                };
                setup::by_settings(&self.domain, set_up)?;
            } else {
                let owner = self.people.values().find(|viewer| viewer.role == Role::Owner).copied();
                operator::add(&self.domain, &owner.ok_or_else(|| broken("the owner must stand first"))?, application)?;
            }
            let (all, contacts) = self
                .domain
                .store
                .read(|reader| Ok((store::operator::all(reader)?, settings::get(reader)?.contacts)))?;
            let last = all.last().ok_or_else(|| broken("nobody was added"))?;
            self.people.insert(person.key.clone(), Viewer::of(last, contacts));
        }
        for prepared in &script.templates {
            let words = template::Words::new(&prepared.title, &prepared.text)?;
            let owner = self.people.values().find(|viewer| viewer.role == Role::Owner).copied();
            let owner = owner.ok_or_else(|| broken("nobody owns the shop"))?;
            self.domain.store.write(move |tx| template::add(tx, &owner, &words, false))?;
        }
        let channels = self.domain.store.read(|reader| Ok(store::channel::all(reader)?))?;
        self.channel_id = channels.first().map(|channel| channel.id);
        Ok(())
    }

    fn arrive(&mut self, n: usize, scene: &Scene) -> Result<()> {
        let channel_id = self.channel_id.ok_or_else(|| broken("no channel"))?;
        let arrival = Arrival {
            channel_id,
            token_hash: None,
            new_token_hash: token::hash(&token::make()?),
            url: scene.url.clone(),
            title: scene.title.clone(),
            referrer: scene.referrer.clone(),
            device: device::of(agent(&scene.agent), "ru-RU", "Europe/Moscow"),
            on_demo: false,
        };
        let known =
            contact::Changes { name: scene.name.clone(), phone: scene.phone.clone(), email: scene.email.clone() };
        let visitor_id = self.domain.store.write(move |tx| {
            let arrived = visitor::arrive(tx, &arrival)?;
            contact::introduce(tx, arrived.visitor_id, &known)?;
            Ok(arrived.visitor_id)
        })?;
        self.visitors.insert(n, VisitorViewer { visitor_id, channel_id });
        Ok(())
    }

    fn step(&self, n: usize, step: &Step) -> Result<()> {
        let viewer = *self.visitors.get(&n).ok_or_else(|| broken("a step before its visitor"))?;
        match &step.who {
            None => self.visitor_step(viewer, step),
            Some(key) => {
                let who = *self.people.get(key).ok_or_else(|| broken(key))?;
                self.operator_step(who, viewer, step)
            }
        }
    }

    fn visitor_step(&self, viewer: VisitorViewer, step: &Step) -> Result<()> {
        if let Some((url, title)) = step.page.clone() {
            self.domain.store.write(move |tx| visitor::view_page(tx, &viewer, &url, &title, false))?;
        }
        if let Some(says) = &step.says {
            let draft = Draft::new(Uid::make().as_str(), says)?;
            self.domain.store.write(move |tx| message::send_by_visitor(tx, &viewer, &draft))?;
        }
        if let Some(file) = &step.file {
            let draft = self.uploaded(Sender::Visitor(viewer), file)?;
            self.domain.store.write(move |tx| message::send_by_visitor(tx, &viewer, &draft))?;
        }
        if step.reads {
            self.domain.store.write(move |tx| {
                let last = last_message(tx, &viewer)?;
                message::read_by_visitor(tx, &viewer, last)
            })?;
        }
        if let Some((score, comment)) = step.rates.clone() {
            self.domain.store.write(move |tx| {
                let chat = current_chat(tx, &viewer)?.ok_or(Code::ChatNotFound)?;
                rating::rate(tx, &viewer, chat.id, score, &comment)
            })?;
        }
        Ok(())
    }

    fn operator_step(&self, who: Viewer, of: VisitorViewer, step: &Step) -> Result<()> {
        if step.reads {
            self.domain.store.write(move |tx| {
                let chat = current_chat(tx, &of)?.ok_or(Code::ChatNotFound)?;
                message::read(tx, &who, chat.id, last_message(tx, &of)?)
            })?;
        }
        if let Some(says) = &step.says {
            let draft = Draft::new(Uid::make().as_str(), says)?;
            let quotes = step.quotes;
            self.domain.store.write(move |tx| {
                let chat = current_chat(tx, &of)?.ok_or(Code::ChatNotFound)?;
                let quoted_id = if quotes { Some(last_message_by(tx, &of, None)?) } else { None };
                message::send(tx, &who, chat.id, &draft.quoting(quoted_id))
            })?;
        }
        if let Some(file) = &step.file {
            let chat = self.domain.store.read(|reader| current_chat(reader, &of))?.ok_or(Code::ChatNotFound)?;
            let draft = self.uploaded(Sender::Operator(who, chat.id), file)?;
            self.domain.store.write(move |tx| message::send(tx, &who, chat.id, &draft))?;
        }
        self.changes(who, of, step)?;
        if let Some(text) = &step.notes {
            let draft = Draft::new(Uid::make().as_str(), text)?;
            self.domain.store.write(move |tx| {
                let chat = current_chat(tx, &of)?.ok_or(Code::ChatNotFound)?;
                note::add(tx, &who, chat.id, &draft)
            })?;
        }
        if let Some(does) = &step.does {
            let action = Action::ALL.into_iter().find(|action| action.as_str() == does).ok_or_else(|| broken(does))?;
            self.domain.store.write(move |tx| {
                let chat = current_chat(tx, &of)?.ok_or(Code::ChatNotFound)?;
                chat::act(tx, &who, chat.id, action)
            })?;
        }
        Ok(())
    }

    /// Uploads a file; returns the message that sends it.
    fn uploaded(&self, sender: Sender, (name, word): &(String, String)) -> Result<Draft> {
        let (uid, bytes) = (Uid::make(), files::made(word)?);
        let size = bytes.len() as u64;
        let head = Announced { uid: uid.as_str().to_owned(), name: name.clone(), size, address: None };
        upload::receive(&self.domain, sender, &head, &mut bytes.as_slice())?;
        Draft::with_file(Uid::make().as_str(), "", Some(uid.as_str()))
    }

    /// What an operator does with what they said last.
    fn changes(&self, who: Viewer, of: VisitorViewer, step: &Step) -> Result<()> {
        if let Some(text) = step.edits.clone() {
            self.domain.store.write(move |tx| {
                let last = last_message_by(tx, &of, Some(who.operator_id))?;
                message_edit::edit(tx, &who, last, &text)
            })?;
        }
        if step.deletes {
            self.domain.store.write(move |tx| {
                let last = last_message_by(tx, &of, Some(who.operator_id))?;
                message_edit::delete(tx, &who, last)
            })?;
        }
        Ok(())
    }

    /// Those who do not work here any more.
    fn part(&self, script: &Script) -> Result<()> {
        for person in script.people.iter().filter(|person| person.deleted) {
            if let Some(viewer) = self.people.get(&person.key).copied() {
                self.domain.store.write(move |tx| Ok(store::operator::delete(tx, viewer.operator_id)?))?;
            }
        }
        Ok(())
    }
}

fn last_message(source: &impl store::Source, viewer: &VisitorViewer) -> Result<MessageId> {
    let last = store::message::of_visitor(source, viewer.visitor_id, None, 1)?;
    last.first().map(|message| message.id).ok_or_else(|| Code::MessageNotFound.into())
}

/// The last message of an operator, or (`None`) of the visitor.
fn last_message_by(
    source: &impl store::Source,
    viewer: &VisitorViewer,
    author: Option<OperatorId>,
) -> Result<MessageId> {
    let messages = store::message::of_visitor(source, viewer.visitor_id, None, LOOK_BACK)?;
    let last = messages.iter().rev().find(|message| message.operator_id == author);
    last.map(|message| message.id).ok_or_else(|| Code::MessageNotFound.into())
}

fn broken(what: &str) -> Error {
    Error::internal(format!("the demo's script: {what}"))
}

fn agent(name: &str) -> &'static str {
    match name {
        "iphone" => {
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 \
             Mobile/15E148 Safari/604.1"
        }
        "android" => {
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
        }
        "mac" => {
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"
        }
        "yandex" => {
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 \
             YaBrowser/25.8.0.0 Safari/537.36"
        }
        _ => {
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
        }
    }
}
