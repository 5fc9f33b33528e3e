//! Beseda: a self-hosted live chat for small businesses.

pub mod clock;
pub mod error;
pub mod model;
pub mod domain;
pub mod store;
