//! Beseda: a self-hosted live chat for small businesses.

pub mod error;
pub mod model;
