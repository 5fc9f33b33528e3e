//! The program from outside: each test runs the real binary on its own file and port, and speaks HTTP and WebSocket to it
//! as browsers do. One module a noun; the bench is in [`support`], the rules of the repository in [`tidy`].

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a test that fails may say so by a panic")]
#![allow(clippy::print_stdout, reason = "what a failed test prints is read by people")]

mod agreement;
mod assign;
mod attachment;
mod attachment_kind;
mod attachment_rights;
mod attachment_upload;
mod audit;
mod avatar;
mod away;
mod backup;
mod bad_frames;
mod bad_requests;
mod chat_states;
mod client;
mod contacts;
mod cut;
mod disk;
mod flood;
mod hostile_text;
mod installed;
mod invitation;
mod kill;
mod list;
mod login;
mod mask_walk;
mod message;
mod message_edit;
mod note;
mod notice;
mod operator;
mod operator_delete;
mod operator_edit;
mod outbound;
mod outbox;
mod presence;
mod profile;
mod push;
mod rating;
mod raw;
mod resume;
mod retention;
mod rights;
mod rights_table;
mod schedule;
mod schema;
mod search;
mod settings;
mod setup;
mod shape;
mod slow_clients;
mod spam;
mod strace;
mod support;
mod take;
mod template;
mod template_csv;
mod template_own;
mod tidy;
mod unread;
mod visit;
mod wire;
