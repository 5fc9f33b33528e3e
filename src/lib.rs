//! Beseda: a self-hosted live chat for small businesses.

pub mod assets;
pub mod clock;
pub mod domain;
pub mod edge;
pub mod error;
pub mod json;
pub mod live;
pub mod model;
pub mod problem;
pub mod store;
pub mod text;
