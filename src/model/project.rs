//! One installation: a shop or company.

use super::attachment::FileRules;
use super::words;

words! {
    /// A language of the interface.
    Language {
        /// Russian.
        Ru = "ru",
        /// English.
        En = "en",
    }
}

/// The installation's own data.
#[derive(Clone, Debug)]
pub struct Project {
    /// The shop's name.
    pub name: String,
    /// The language of pages for people without a choice of their own.
    pub language: Language,
    /// IANA time zone.
    pub time_zone: String,
    /// The owner's colour, `#RRGGBB`.
    pub accent: String,
    /// What files may be sent.
    pub files: FileRules,
}
