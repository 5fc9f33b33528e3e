//! One coming of a visitor: where from, with what device.

use super::{VisitId, VisitorId};

/// Names of the advertising marks that are kept, as they stand in an address and in SQL.
pub const MARKS: [&str; 9] =
    ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "gclid", "yclid", "fbclid", "ymclid"];

/// Where a visit came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The marks that were there, in the order of [`MARKS`].
    pub marks: [Option<String>; MARKS.len()],
    /// The page that led here, of another site.
    pub referrer: Option<String>,
    /// Address of the first page.
    pub first_url: String,
    /// Title of the first page.
    pub first_title: String,
}

impl Source {
    /// Whether an advertisement or another site is known to have brought the visitor.
    pub fn is_known(&self) -> bool {
        self.referrer.is_some() || self.marks.iter().any(Option::is_some)
    }
}

/// What a visitor uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Browser with its version.
    pub browser: Option<String>,
    /// Operating system with its version.
    pub system: Option<String>,
    /// Sort of device: `pc`, `smartphone` ...
    pub device: Option<String>,
    /// Preferred language, as the browser says it.
    pub language: Option<String>,
    /// IANA time zone.
    pub time_zone: Option<String>,
}

/// A visit.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Whose.
    pub visitor_id: VisitorId,
    /// Where from.
    pub source: Source,
    /// With what.
    pub device: Device,
    /// The last page view.
    pub seen_at: i64,
}
