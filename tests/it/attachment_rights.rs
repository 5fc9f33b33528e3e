//! x placeholder
