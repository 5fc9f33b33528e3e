//! All that may leave the program about chats and people, as the one who looks may see it.
//!
//! What operators get is in [`operator`], what visitors get in [`visitor`]. Nothing else of the domain can be serialized,
//! so a row of the store cannot reach anybody except through here. `assets/shared/types.js` mirrors these shapes.

pub mod operator;
pub mod visitor;
