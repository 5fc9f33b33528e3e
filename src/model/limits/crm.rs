//! What each CRM takes, and how long it wants to be left alone.

/// Characters of a title in Bitrix24.
pub const BITRIX24_TITLE_CHARS: usize = 255;
/// Characters of a name in Bitrix24.
pub const BITRIX24_NAME_CHARS: usize = 50;
/// Bytes of a long text of a card in Bitrix24 (its column holds 65,535).
pub const BITRIX24_TEXT_BYTES: usize = 60_000;
/// Bytes of a comment in Bitrix24.
pub const BITRIX24_COMMENT_BYTES: usize = 60_000;
/// Time to wait after Bitrix24 answered that calls come too fast, milliseconds.
pub const BITRIX24_LIMIT_WAIT_MS: i64 = 2_000;
/// Time for which Bitrix24 blocks a method that worked too long, milliseconds.
pub const BITRIX24_METHOD_WAIT_MS: i64 = 600_000;
/// Characters of a text field in amoCRM.
pub const AMOCRM_TEXT_CHARS: usize = 256;
/// Bytes of a note in amoCRM.
pub const AMOCRM_NOTE_BYTES: usize = 18_000;
/// Rows of a page in amoCRM.
pub const AMOCRM_PAGE: usize = 250;
/// Newest deals that are looked through for a mark.
pub const AMOCRM_NEWEST: usize = 50;
/// Deals of a client that are asked for one by one, where they cannot be asked for together.
pub const AMOCRM_SINGLE_DEALS: usize = 5;
/// Time to leave amoCRM alone after its gateway blocked us, milliseconds.
pub const AMOCRM_BLOCK_WAIT_MS: i64 = 3_600_000;
/// Characters of a text property in HubSpot.
pub const HUBSPOT_TEXT_CHARS: usize = 65_536;
/// Characters of a deal's name in HubSpot, of our choice.
pub const HUBSPOT_TITLE_CHARS: usize = 255;
/// Bytes of a note in HubSpot.
pub const HUBSPOT_NOTE_BYTES: usize = 60_000;
/// Rows of a page of owners in HubSpot.
pub const HUBSPOT_PAGE: usize = 100;
/// Cards in one batch in HubSpot.
pub const HUBSPOT_BATCH: usize = 100;
/// Time to wait for a lock in HubSpot, milliseconds.
pub const HUBSPOT_LOCK_WAIT_MS: i64 = 2_000;
/// Time to wait after too many requests to HubSpot, milliseconds.
pub const HUBSPOT_LIMIT_WAIT_MS: i64 = 10_000;
/// Time between two tries while the day's requests are used up, or the account is being moved, milliseconds.
pub const HUBSPOT_DAY_WAIT_MS: i64 = 3_600_000;
