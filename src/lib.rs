//! Beseda: a self-hosted live chat for small businesses.

pub mod api;
pub mod app;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod config;
#[cfg(debug_assertions)]
mod control;
mod cron;
pub mod domain;
pub mod edge;
pub mod error;
pub mod json;
pub mod live;
mod lock;
mod log;
pub mod model;
pub mod problem;
pub mod store;
pub mod text;
