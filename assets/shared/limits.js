/** The limits of what people write, as `src/model/limits.rs` has them; the server checks them again. */

/** Characters of a message, after trimming. */
export const TEXT_CHARS = 4_000;
/** Characters of the name of an operator, visitor, channel or project. */
export const NAME_CHARS = 60;
/** Characters of an email address. */
export const EMAIL_CHARS = 254;
/** Least characters of a password. */
export const PASSWORD_CHARS = 10;
/** Most bytes of a password. */
export const PASSWORD_BYTES = 71;
/** Characters of a template's title. */
export const TEMPLATE_TITLE_CHARS = 80;
/** Characters of a template's text. */
export const TEMPLATE_TEXT_CHARS = 2_000;
/** Templates for everybody, and those that one operator may have. */
export const TEMPLATES = 500;
export const TEMPLATES_PRIVATE = 100;
/** Bytes of a table with templates. */
export const TEMPLATES_CSV_BYTES = 5 * 1024 * 1024;
/** Wrong lines of a table that are told. */
export const IMPORT_FAULTS = 100;
/** Entries of the audit log that are kept. */
export const AUDIT_KEPT = 100_000;
/** Intervals of a day in the working hours. */
export const INTERVALS_PER_DAY = 6;
/** Days with hours of their own. */
export const SPECIAL_DAYS = 366;
/** Characters of the comment with which a chat is given to a colleague. */
export const COMMENT_CHARS = 500;
/** Characters of the title of a lead. */
export const LEAD_TITLE_CHARS = 120;
/** Characters of the comment of a lead. */
export const LEAD_COMMENT_CHARS = 2_000;
/** Characters of a rating's comment. */
export const RATING_COMMENT_CHARS = 1_000;
/** Attributes of a client. */
export const ATTRIBUTES = 20;
/** Characters of an attribute's name. */
export const ATTRIBUTE_NAME_CHARS = 64;
/** Characters of an attribute's value. */
export const ATTRIBUTE_VALUE_CHARS = 200;
/** Characters of a search, at most. */
export const SEARCH_CHARS = 254;
/** Bytes of an operator's picture. */
export const AVATAR_BYTES = 5 * 1024 * 1024;
/** Least pixels of its side. */
export const AVATAR_PX_MIN = 200;
/** Most pixels of its side. */
export const AVATAR_PX_MAX = 1_500;
/** Additional fields of leads. */
export const CRM_FIELDS = 50;
/** Characters of a fixed value of an additional field. */
export const CRM_VALUE_CHARS = 1_000;
/** Characters of a name or id in a CRM. */
export const CRM_NAME_CHARS = 255;
/** Characters of a secret of a CRM. */
export const CRM_SECRET_CHARS = 4_096;
/** Domains of a site. */
export const DOMAINS = 20;
/** Pixels that the widget may keep from its corner. */
export const LOOK_OFFSET_PX = 200;
/** Parts of addresses on which the widget does not show. */
export const HIDDEN_PAGES = 20;
/** Characters of such a part. */
export const ADDRESS_PART_CHARS = 200;
/** Greetings of a site. */
export const GREETINGS = 10;
/** Characters of a greeting. */
export const GREETING_CHARS = 300;
/** Seconds after which a greeting comes at the latest. */
export const GREETING_S = 600;
/** Characters of an address. */
export const URL_CHARS = 2_048;
