//! Beseda: a self-hosted live chat for small businesses. One process, one port, one file.
//!
//! # The picture
//! ```text
//!           TCP                                one thread each, bounded
//!  browser ─────► edge ─┬─ HTTP ──► api  (rouille's Request -> Response) ─┐
//!                       └─ WS ────► live (tungstenite) ───────────────────┤──► domain ──► store ──► beseda.db
//!  cron (retention, pruning) ─────────────────────────────────────────────┤       │
//!  outbox ──► outbound ──► other servers ─────────────────────────────────┘       │
//!                           live::hub, outbox ◄── events, jobs, after each commit ┘
//! ```
//! Uses go one way: `app -> edge -> api, live -> domain -> store -> model`; `cron, outbox, lookup -> domain`; `api, outbox,
//! lookup -> crm -> outbound`; `api -> outbound`, to look at a shop's page. The store tells of committed events through a
//! callback that [`app`] gave it and does not know who listens. A test reads the `use` lines and holds this.
//!
//! # Entry points
//! - [`cli`]: the commands; [`app`]: what `beseda serve` starts, wires and stops.
//! - [`api::ROUTES`]: every path with its method, rights and body limit. [`live::frame`]: every frame of the two sockets.
//! - `src/store/migrations/`: the schema. [`error::Code`]: everything that can be refused. [`model::limits`]: every number.
//! - `assets/`: the pages, a folder each; `assets/shared/types.js` mirrors the frames for them, `assets/admin/types.js` what only
//!   the settings ask for.
//!
//! # Code map
//! | module | what it is for, and what it does not know |
//! | --- | --- |
//! | [`model`] | words: chats, messages, operators, limits. No rules, no I/O |
//! | [`store`] | SQL: one writer that commits in groups, readers beside it, migrations, backup. No rules |
//! | [`domain`] | rules: who may what, the table of chat states, visits, presence, views. No HTTP, no sockets, no SQL |
//! | [`api`] | requests to answers: routes, rights, JSON bodies, pages. No TCP |
//! | [`live`] | WebSockets: sockets on `poll(2)`, the hub, catch-up. No SQL |
//! | [`edge`] | connections to whole requests, with a deadline and a limit for everything. No routes |
//! | `cron` | the list of periodic work |
//! | [`crm`] | Bitrix24, amoCRM, HubSpot, a signed webhook: their protocols behind one trait. No SQL, no sockets |
//! | [`lookup`] | clients looked up in the CRM, beside all that waits. No SQL, no sockets |
//! | [`outbox`], [`outbound`] | what goes out: jobs with their attempts; the one HTTP client, guarded. No rules, no SQL |
//! | [`error`], [`problem`], [`text`] | refusals: code and parameters; their one form outside; their words in both languages |
//! | [`assets`], [`config`], [`clock`] | embedded files; the one table of settings; time, handed in |
//!
//! # One walk: a visitor writes a message
//! 1. `assets/widget/composer.js` gives the message a uid, shows it as sending and keeps it on the device until it is
//!    acknowledged; `assets/widget/loader.js` sends the frame `send` when there is a line, and again after a cut one.
//! 2. A thread of [`live::pool`] reads the bytes and hands the text to a worker ([`live::worker`]), which parses it strictly
//!    ([`live::frame`]) and checks text, uid and rate ([`live::visitor`]).
//! 3. The writer ([`store`]) runs [`domain::message::send_by_visitor`] in a savepoint of its current transaction: it finds the
//!    chat to write in by the table of states, stores message and event, and brings the chat's row up to date.
//! 4. After the commit, which is an fsync, the visitor gets `ack`; the events go to [`live::hub`].
//! 5. The hub reads what the events touched, makes the views of those who may see them ([`domain::view`]), encodes each once,
//!    and queues it for their sockets. `assets/operator/state.js` applies the frames by their `seq`.
//! 6. Whoever was away says its last `seq` in `hello` and gets the same frames from [`live::resume`].
//!
//! A file takes another way in: [`edge`] gives its bytes to the handler as they come, [`domain::file::upload`] receives them
//! beside the database ([`store::spool`]), judges them by their content and stores them in chunks, each in a transaction of its
//! own; then a message like the one above names it by its uid.
//!
//! # The owner's house
//! Working hours: [`domain::schedule`] checks and keeps what the owner wrote, [`domain::hours`] makes moments of it,
//! [`domain::opening`] knows whether the shop is open now; the hub tells visitors at the minute what the widget does. Operators:
//! [`domain::operator_edit`] says who may change, invite and delete whom; [`domain::invitation`], [`domain::profile`] and
//! [`domain::avatar`] are what else can be done to one. [`domain::audit`] is called by each of these inside their transaction.
//!
//! Sites: [`domain::channel`] keeps what the owner decided of each, [`domain::look`] checks how its widget looks, and
//! [`api::ROUTES`] under `/w/` give it to the widget; open ones hear by a frame that they are to look again. A tick of consent
//! is kept with its proof ([`domain::consent`]). A backup by button: [`domain::backup`].
//!
//! The CRM: [`domain::crm`] keeps the connection, notes what keeps leads from getting there, pauses all of them together and
//! lets them go when it is over; [`outbox::crm`] reads anew what is known of it. Only what the owner presses waits for it
//! within a request, and that for a short time ([`api::ROUTES`] under `/api/crm`, [`model::limits::CRM_ASK_MS`]).
//!
//! # Invariants, each with the test that holds it
//! 1. What was acknowledged is on the disk (`tests/it/kill.rs`).
//! 2. Nothing about chats and people leaves except through [`domain::view`], for a viewer who may see it (`tests/it/rights.rs`).
//! 3. A note cannot reach a visitor: it has a table of its own, and no view made for visitors has a place for it
//!    (`tests/it/note.rs`); a file of a note neither (`tests/it/attachment_rights.rs`).
//! 4. Phone, email, surname and names in messengers reach nobody from whom the owner hides them, in no route, frame and
//!    text, whatever the client is called now: every view of what people typed takes a [`domain::mask::Mask`]
//!    (`tests/it/mask_walk.rs`); a guess of them is told by nothing (`tests/it/contacts_guessed.rs`).
//! 5. One order of events: a gap is caught up, a second copy changes nothing (`tests/it/resume.rs`, and the reducers' tests).
//! 6. Every queue, size, time and count has its limit in [`model::limits`]; reaching it is a code, not a silence
//!    (`tests/it/bad_requests.rs`, `tests/it/slow_clients.rs`).
//! 7. Time comes from the clock that was handed in (`tests/it/tidy.rs`).
//! 8. Only [`store`] knows SQL, only [`edge`] and [`live`] know TCP (`tests/it/tidy.rs`).
//! 9. Text of people is never markup: no page builds HTML from strings, and the browser is told to refuse it
//!    (`tests/pages`).
//! 10. A panic ends one request, one frame or one job of the writer, and nothing else.
//! 11. A client that was handed over is in the CRM once, whenever the program is killed and wherever the line is cut
//!     (`tests/it/lead.rs`, `tests/it/crm`); notes, ratings and what was taken back go to none.
//!     A CRM that hangs slows nobody: whoever asks is told what is known by now (`tests/it/lead_client.rs`).
//! 12. No file is ever whole in memory, and nothing that was uploaded runs as a page (`tests/it/attachment*.rs`).
//! 13. What owners and administrators change stands in the audit log, in the same transaction and without secrets
//!     (`tests/it/audit.rs`).
//! 14. Who was deleted, or is no administrator any more, changes nothing from that moment: what operators write goes through
//!     [`domain::Domain::write_as`] (`tests/it/operator_delete.rs`, `tests/it/tidy.rs`).
//!
//! # Why it is so
//! - An edge of our own stands where rouille's server would: that one has no deadlines, takes ambiguous framing and ends the
//!   process on a huge `Content-Length`. rouille gives the request and response types.
//! - A socket costs a thread of its own only up to a budget, then threads are shared: ten thousand idle visitors fit a
//!   small server.
//! - Frames carry whole things with a growing `seq` instead of differences, so snapshot, catch-up and live news are the
//!   same thing and may come in any order.

pub mod api;
pub mod app;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod config;
#[cfg(debug_assertions)]
mod control;
pub mod crm;
mod cron;
pub mod domain;
pub mod edge;
pub mod error;
pub mod json;
pub mod live;
mod lock;
mod log;
pub mod lookup;
pub mod model;
pub mod outbound;
pub mod outbox;
pub mod problem;
pub mod store;
pub mod text;
