//! WebSockets: who is connected, and frames in both directions.

mod conn;
pub mod pool;
pub mod socket;
mod turn;

#[cfg(test)]
mod tests;
