//! Beseda: a self-hosted live chat for small businesses.

pub mod edge;
pub mod error;
pub mod live;
pub mod model;
