//! The words of the domain, without behaviour or I/O.

pub mod limits;
