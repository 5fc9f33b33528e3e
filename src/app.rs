//! The only place that knows everybody: opens the file, starts the threads, wires them, and stops them in order.
//!
//! Threads: `store-writer` (one, wakes on jobs), `password-N` (two, on logins), `hub` (one, on events), `frames-N` (on what
//! clients say), `socket` (by need, on sockets), the edge's (one accepts, one for each connection), `cron` (once a minute),
//! `outbox` (one, on jobs and their times), `outbox-N` (on jobs), `lookup-N` (on clients who write, and pages that ask).

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::api::{Api, Door, Places};
use crate::assets::Assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::crm::HttpClient;
use crate::cron::Cron;
use crate::domain::operator::Application;
use crate::domain::setup::{self, SetUp};
use crate::domain::{Domain, throttle};
use crate::edge::{Ceiling, Edge, EdgeConfig, Network};
use crate::error::Error;
use crate::live::Live;
use crate::live::hub::{Hub, Message};
use crate::live::pool::{Pool, PoolConfig};
use crate::lock::Lock;
use crate::log;
use crate::lookup::{Lookers, Lookups};
use crate::model::limits;
use crate::model::operator::Role;
use crate::model::outbox::JobKind;
use crate::outbound::Outbound;
use crate::outbox::crm::CrmCourier;
use crate::outbox::lead::LeadCourier;
use crate::outbox::push::PushCourier;
use crate::outbox::{Bell, Couriers, Outbox};
use crate::problem::Problem;
use crate::store::{Commit, Store, backup};

/// Runs the server until it is told to stop.
///
/// # Errors
/// A sentence for the person who started it.
pub fn serve(config: &Config) -> Result<(), String> {
    log::start(config.log);
    let listener = TcpListener::bind(config.listen).map_err(|error| {
        format!(
            "cannot listen on {}: {error}. Another program may use the port: give another one with --listen",
            config.listen
        )
    });
    // No file is made for a server that cannot start; but that another one has the file says more than that it has the port.
    if !config.data.exists()
        && let Err(sentence) = listener
    {
        return Err(sentence);
    }
    let lock = Lock::take(&config.data)?;
    let listener = listener?;
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(|error| error.to_string())?;
    let running = Running::start(config, listener)?;
    running.say_where(config)?;
    #[cfg(debug_assertions)]
    if config.clock.is_some() {
        crate::control::start(Arc::clone(&running.domain), running.live.hub.clone(), running.bell.clone())
            .map_err(|error| error.to_string())?;
    }
    signals.forever().next();
    tracing::info!("stopping");
    running.stop();
    drop(lock);
    Ok(())
}

struct Running {
    domain: Arc<Domain>,
    live: Arc<Live>,
    edge: Edge,
    cron: Cron,
    #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "tests ring it"))]
    bell: Bell,
    outbox: Outbox,
    lookers: Lookers,
}

impl Running {
    fn start(config: &Config, listener: TcpListener) -> Result<Running, String> {
        let clock = clock(config);
        let (hub, messages) = Hub::new();
        let bell = Bell::default();
        let lookups = Lookups::default();
        let (news, jobs, clients) = (hub.clone(), bell.clone(), lookups.clone());
        let on_commit = Box::new(move |commit: Commit| {
            if !commit.events.is_empty() {
                clients.hear(commit.events);
                news.tell(Message::Events(commit.events.to_vec()));
            }
            if commit.jobs {
                jobs.ring();
            }
        });
        let store = Store::open(&config.data, clock.clone(), on_commit)
            .map_err(|error| format!("cannot open {}: {error}", config.data.display()))?;
        if let Err(error) = backup::remove_left(&store) {
            tracing::warn!(%error, "what a killed program left of a backup could not be removed");
        }
        let mut domain = Domain::new(store, clock.clone()).map_err(|error| error.to_string())?;
        domain.messages = throttle::Throttle::new(clock, config.visitor_messages, limits::MESSAGES_WINDOW_MS);
        let domain = Arc::new(domain);
        set_up(&domain, config)?;
        // Read once, before anybody waits for it.
        domain.file_secret().map_err(|error| error.to_string())?;

        let assets = Assets::load();
        let ceiling = Ceiling::of_this_machine();
        tracing::info!(
            connections = ceiling.connections,
            sockets = ceiling.sockets,
            socket_threads = ceiling.socket_threads,
            bound_by = ceiling.bound_by,
            "as much as this machine holds"
        );
        let pool = Pool::start(PoolConfig {
            threads: ceiling.socket_threads,
            sockets: ceiling.sockets,
            ..PoolConfig::default()
        });
        let said = |error: Error| error.to_string();
        let live =
            Live::start(Arc::clone(&domain), pool, (hub, messages), assets.version(), &assets.base()).map_err(said)?;
        let crm_outbound =
            Outbound::with_timeout(config.allow_private_addresses, Duration::from_millis(limits::CRM_MS));
        let crm_http = Arc::new(HttpClient::new(crm_outbound, domain.clock.clone()).paced());
        let api = Arc::new(Api {
            domain: Arc::clone(&domain),
            live: Arc::clone(&live),
            assets,
            public_url: config.public_url.clone(),
            demo: !config.no_demo,
            allow_private_addresses: config.allow_private_addresses,
            crm_http: Arc::clone(&crm_http),
            crm_asks: Places::new(limits::CRM_ASKS, limits::CRM_ASKS_WAIT_MS),
            lookups: lookups.clone(),
            site_checks: Places::new(limits::SITE_CHECKS, limits::SITE_CHECKS_WAIT_MS),
            imports: Places::new(limits::IMPORTS, limits::IMPORTS_WAIT_MS),
        });
        let trusted_proxies =
            if config.trusted_proxy.is_empty() { Network::loopback() } else { config.trusted_proxy.clone() };
        let edge_config = EdgeConfig { trusted_proxies, connections: ceiling.connections, ..EdgeConfig::default() };
        let edge = Edge::start(listener, edge_config, Arc::new(Door::new(api))).map_err(|error| error.to_string())?;
        let cron = Cron::start(Arc::clone(&domain)).map_err(|error| error.to_string())?;
        let outbound = Outbound::new(config.allow_private_addresses);
        let teller = live.hub.clone();
        let told = Box::new(move |id| teller.tell(Message::CrmClient(id)));
        let plain_http = config.allow_private_addresses;
        let lookers = lookups.start(Arc::clone(&domain), Arc::clone(&crm_http), plain_http, told).map_err(said)?;
        let couriers = couriers(&domain, &outbound, crm_http, config);
        let outbox = Outbox::start(Arc::clone(&domain), bell.clone(), couriers).map_err(said)?;
        Ok(Running { domain, live, edge, cron, bell, outbox, lookers })
    }

    /// The first line on stdout is the address; before there is an owner, the second is the set-up link.
    fn say_where(&self, config: &Config) -> Result<(), String> {
        let local = format!("http://{}", self.edge.address());
        let address = config.public_url.clone().unwrap_or(local);
        let mut lines = format!("Beseda {} is at {address}\n", env!("CARGO_PKG_VERSION"));
        if !setup::is_done(&self.domain).map_err(|error| error.to_string())? {
            let token = setup::make_link_token(&self.domain).map_err(|error| error.to_string())?;
            // Behind the `#`, which browsers keep to themselves: it stands in no log of a proxy.
            lines += &format!("Open this link once to set up the shop: {address}/setup#{token}\n");
        }
        let mut out = std::io::stdout().lock();
        out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(|error| error.to_string())
    }

    /// Requests first, then sockets, then what they wrote to; what goes out has the same time as they have.
    fn stop(mut self) {
        self.outbox.wind_down();
        self.edge.stop();
        self.lookers.stop();
        self.live.stop();
        self.cron.stop();
        self.outbox.stop();
        self.domain.store.close();
    }
}

/// Who sends what the outbox has.
fn couriers(domain: &Arc<Domain>, outbound: &Outbound, crm_http: Arc<HttpClient>, config: &Config) -> Couriers {
    let push = PushCourier::new(Arc::clone(domain), outbound.clone(), config.public_url.clone());
    let lead = LeadCourier::new(Arc::clone(domain), Arc::clone(&crm_http), outbound.allows_private());
    let crm = CrmCourier::new(Arc::clone(domain), crm_http, outbound.allows_private());
    Arc::new(vec![(JobKind::Push, Box::new(push)), (JobKind::Lead, Box::new(lead)), (JobKind::Crm, Box::new(crm))])
}

fn clock(config: &Config) -> Clock {
    #[cfg(debug_assertions)]
    if config.clock.is_some() {
        return Clock::manual(crate::clock::system_now());
    }
    let _ = config;
    Clock::system()
}

/// Makes the project of a new file, and its owner when the settings name one.
fn set_up(domain: &Domain, config: &Config) -> Result<(), String> {
    let said = |error: Error| Problem::new(&error, crate::model::project::Language::En, "").in_words();
    let name = config.project_name.as_deref().unwrap_or("Beseda");
    setup::prepare(domain, name, config.language).map_err(said)?;
    let (Some(email), Some(password)) = (&config.owner_email, &config.owner_password) else { return Ok(()) };
    let before_at = email.split('@').next().unwrap_or(email);
    let set_up = SetUp {
        project_name: name.to_owned(),
        time_zone: config.time_zone.clone(),
        owner: Application {
            name: config.owner_name.clone().unwrap_or_else(|| before_at.to_owned()),
            email: email.clone(),
            password: password.clone(),
            role: Role::Owner,
            language: config.language,
        },
    };
    setup::by_settings(domain, set_up).map_err(|error| format!("cannot make the owner: {}", said(error)))
}
