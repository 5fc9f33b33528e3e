//! Files by their content: each kind, and what only looks like one.
