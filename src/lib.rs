//! Beseda: a self-hosted live chat for small businesses.

pub mod clock;
pub mod domain;
pub mod edge;
pub mod error;
pub mod live;
pub mod model;
pub mod store;
