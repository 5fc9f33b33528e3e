//! Sites and what their widgets show, and visitors' own commands.

/// Sites of a project.
pub const CHANNELS: usize = 20;
/// Domains of a site.
pub const DOMAINS: usize = 20;
/// Characters kept of an origin; the rest is cut.
pub const ORIGIN_CHARS: usize = 255;
/// Pixels that the widget may keep from its corner.
pub const LOOK_OFFSET_PX: i64 = 200;
/// Characters of the button's words.
pub const LOOK_LAUNCHER_CHARS: usize = 24;
/// Characters of the widget's title.
pub const LOOK_TITLE_CHARS: usize = 40;
/// Characters of its other words.
pub const LOOK_TEXT_CHARS: usize = 80;
/// Characters of what a visitor agrees to.
pub const LOOK_CONSENT_CHARS: usize = 300;
/// Parts of addresses on which the widget does not show.
pub const HIDDEN_PAGES: usize = 20;
/// Characters of a part of an address.
pub const ADDRESS_PART_CHARS: usize = 200;
/// Greetings of a site.
pub const GREETINGS: usize = 10;
/// Characters of a greeting.
pub const GREETING_CHARS: usize = 300;
/// Seconds after which a greeting comes at the latest.
pub const GREETING_S: i64 = 600;
/// Where a widget was seen is noted once in this time, milliseconds.
pub const CHANNEL_SEEN_MS: i64 = 60_000;
/// Another origin that was refused is noted after this time, milliseconds.
pub const CHANNEL_REFUSED_MS: i64 = 5_000;

/// Characters of the shop's own number of a visitor.
pub const USER_ID_CHARS: usize = 100;
/// Times that a shop's page says something of one visitor within [`INTRODUCTIONS_WINDOW_MS`].
pub const INTRODUCTIONS_PER_WINDOW: usize = 60;
/// The window of [`INTRODUCTIONS_PER_WINDOW`], milliseconds.
pub const INTRODUCTIONS_WINDOW_MS: i64 = 60_000;
