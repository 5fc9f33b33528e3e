//! The shop's CRM: one connector for each, behind one trait.
//!
//! A connector turns a [`Lead`] into the requests of its CRM and reads the answers. It knows no SQL and no sockets: requests
//! go out through the [`Http`] it is given, and what was done so far is kept by the [`Journal`] it is given, so that a repeat
//! after any cut, even one by kill -9, goes on and makes no second card ([`step`]).
//!
//! A further CRM is one file beside these, one line in [`connect`], and one word in [`CrmKind`].

mod address;
mod amocrm;
mod bitrix24;
mod call;
mod fault;
mod field;
mod hubspot;
mod step;
mod transcript;
mod webhook;
mod words;

pub use address::same_phone;
pub use call::{Answer, Client as HttpClient, Http, NoAnswer, Request};
pub use fault::{Cause, Fault};
pub use field::{Choice, Field, FieldKind, Misfit, Value, check};
pub use step::{Journal, State};
pub use webhook::make_secret;

use crate::clock::Clock;
use crate::model::crm::{Checked, Connection};
use crate::model::lead::{Contacts, CrmKind, Lead, Target};
use crate::model::{limits, words};

/// How to reach a CRM, and where leads go in it.
#[derive(Clone)]
pub struct Settings {
    /// Which CRM.
    pub kind: CrmKind,
    /// Its address, as the owner typed it; may be empty where the secret has it or there is only one.
    pub address: String,
    /// The token, key, or (Bitrix24) the whole webhook address. It stands in no error and no log.
    pub secret: String,
    /// What a lead becomes.
    pub target: Target,
    /// Id of the pipeline; `None`: the CRM's main one.
    pub pipeline: Option<String>,
    /// Id of the stage; `None`: the first one.
    pub stage: Option<String>,
    /// Whether `http://` is allowed; for tests and CRMs in the shop's own network.
    pub plain_http: bool,
}

impl Settings {
    /// Those of a stored connection; `plain_http`: without encryption too.
    pub fn of(connection: &Connection, plain_http: bool) -> Settings {
        Settings {
            kind: connection.kind,
            address: connection.address.clone(),
            secret: connection.secret.clone(),
            target: connection.target,
            pipeline: connection.pipeline.clone(),
            stage: connection.stage.clone(),
            plain_http,
        }
    }
}

/// One CRM.
pub trait Crm {
    /// Looks whether address and secret work, and what they allow.
    ///
    /// # Errors
    /// A [`Fault`] that says which part of the set-up is wrong, with the CRM's own words.
    fn check(&self) -> Result<Account, Fault>;

    /// Where leads can go, the default first.
    ///
    /// # Errors
    /// Any [`Fault`].
    fn places(&self) -> Result<Vec<Place>, Fault>;

    /// Fields of the lead or deal that can be filled besides those that every lead fills.
    ///
    /// # Errors
    /// Any [`Fault`].
    fn fields(&self, target: Target) -> Result<Vec<Field>, Fault>;

    /// The CRM's active users.
    ///
    /// # Errors
    /// Any [`Fault`].
    fn users(&self) -> Result<Vec<User>, Fault>;

    /// Sends a lead, or goes on with one that was begun.
    ///
    /// # Errors
    /// Any [`Fault`]; when it [may be repeated](Fault::is_passing), the same lead with the same journal goes on.
    fn send(&self, lead: &Lead, journal: &mut dyn Journal) -> Result<Sent, Fault>;

    /// The client that has this phone or email; `None` when the CRM knows no such.
    ///
    /// # Errors
    /// Any [`Fault`].
    fn find_client(&self, contacts: &Contacts) -> Result<Option<Client>, Fault>;

    /// Whether it can look up clients, and has fields, places and users that one can choose from.
    fn answers_questions(&self) -> bool {
        true
    }
}

/// The connector of the kind that `settings` name.
///
/// # Errors
/// [`Cause::Address`], [`Cause::Secret`], or one that says more ([`Fault::is_unasked`]) for what cannot be an address or a secret of that CRM.
pub fn connect<'a>(settings: &Settings, http: &'a dyn Http, clock: &Clock) -> Result<Box<dyn Crm + 'a>, Fault> {
    Ok(match settings.kind {
        CrmKind::Bitrix24 => Box::new(bitrix24::Bitrix24::new(settings, http)?),
        CrmKind::Amocrm => Box::new(amocrm::Amocrm::new(settings, http)?),
        CrmKind::Hubspot => Box::new(hubspot::Hubspot::new(settings, http)?),
        CrmKind::Webhook => Box::new(webhook::Webhook::new(settings, http, clock.clone())?),
    })
}

/// Whether both can lead to one account: amoCRM's have names that may be alike, and hosts of their own.
pub fn same_host(left: &Settings, right: &Settings) -> bool {
    let host = |settings| amocrm::web(settings).map(|web| web.authority);
    left.kind == right.kind && (left.kind != CrmKind::Amocrm || host(left) == host(right))
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The account as its people know it.
    pub name: String,
    /// In whose name Beseda acts there.
    pub user: Option<String>,
    /// Rights that it has, as the CRM spells them.
    pub rights: Vec<String>,
    /// Rights that it needs and has not.
    pub missing: Vec<String>,
    /// When the secret ends, milliseconds.
    pub expires_at: Option<i64>,
    /// The account's new address, when it answered by a redirect.
    pub moved_to: Option<String>,
}

impl Account {
    /// What is kept of it.
    pub fn facts(&self) -> Checked {
        Checked {
            account: self.name.chars().take(limits::CRM_NAME_CHARS).collect(),
            expires_at: self.expires_at,
            moved_to: self.moved_to.clone().filter(|address| address.len() <= limits::URL_CHARS),
        }
    }
}

/// A place for leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What a lead becomes there.
    pub target: Target,
    /// Id of the pipeline; `None`: the CRM has no choice here.
    pub pipeline: Option<String>,
    /// Name of the pipeline, or empty.
    pub name: String,
    /// Stages in their order.
    pub stages: Vec<Stage>,
}

/// A step of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether work goes on in it.
    pub state: DealState,
}

words! {
    /// How a lead or deal stands.
    DealState {
        /// In work.
        Open = "open",
        /// Won.
        Won = "won",
        /// Lost.
        Lost = "lost",
    }
}

/// A user of the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its email, lower case; empty when the CRM does not tell.
    pub email: String,
}

/// A lead that arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Id of the card; empty when the CRM did not say one.
    pub id: String,
    /// Address of the card.
    pub url: Option<String>,
    /// Whether the CRM's duplicate control put it into a card that was there.
    pub merged: bool,
    /// Additional fields that were left out, and why.
    pub left_out: Vec<(String, Misfit)>,
    /// The account's new address, when it answered by a redirect.
    pub moved_to: Option<String>,
}

/// A client as the CRM knows one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Id of the card.
    pub id: String,
    /// The name.
    pub name: String,
    /// Phones as they stand in the CRM.
    pub phones: Vec<String>,
    /// Emails as they stand in the CRM.
    pub emails: Vec<String>,
    /// Name of the responsible user.
    pub responsible: Option<String>,
    /// Address of the card.
    pub url: Option<String>,
    /// Leads and deals, newest first, at most [`DEALS`](crate::model::limits::CRM_DEALS).
    pub deals: Vec<Deal>,
}

/// A lead or deal of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    /// Lead or deal.
    pub target: Target,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Name of its stage.
    pub stage: String,
    /// How it stands.
    pub state: DealState,
    /// Its sum, as a decimal number.
    pub sum: Option<String>,
    /// ISO 4217 code of the sum's currency.
    pub currency: Option<String>,
    /// Address of the card.
    pub url: Option<String>,
}
