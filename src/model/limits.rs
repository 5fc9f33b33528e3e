//! Every number that bounds something, with its unit last in its name.
//!
//! Reaching a limit is always a code of [`crate::error`], never a silence.

mod crm;
mod site;

pub use crm::*;
pub use site::*;

// What people write.

/// Characters of a message or a note, after trimming.
pub const TEXT_CHARS: usize = 4_000;
/// Characters of a template's title.
pub const TEMPLATE_TITLE_CHARS: usize = 80;
/// Characters of a template's text.
pub const TEMPLATE_TEXT_CHARS: usize = 2_000;
/// Characters of the comment with which a chat is given to a colleague.
pub const COMMENT_CHARS: usize = 500;
/// Characters of the name of an operator, visitor, channel or project.
pub const NAME_CHARS: usize = 60;
/// Characters of an email address.
pub const EMAIL_CHARS: usize = 254;
/// Least characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most bytes of a password: bcrypt reads no more than 72, one of them the closing zero.
pub const PASSWORD_BYTES_MAX: usize = 71;
/// Characters of a rating's comment.
pub const RATING_COMMENT_CHARS: usize = 1_000;
/// Characters kept of a URL or referrer; the rest is cut.
pub const URL_CHARS: usize = 2_048;
/// Characters kept of a page's title; the rest is cut.
pub const TITLE_CHARS: usize = 512;
/// Characters kept of one advertising mark (`utm_*` or click id); the rest is cut.
pub const MARK_CHARS: usize = 255;
/// Characters of the last message that a chat's row shows.
pub const PREVIEW_CHARS: usize = 160;
/// Characters that are read of a message whose beginning is shown: enough that no contact that begins within
/// [`PREVIEW_CHARS`] ends beyond them, so that it is recognised before the text is cut.
pub const BEGINNING_CHARS: usize = 1_024;
/// Attributes of a visitor.
pub const ATTRIBUTES: usize = 20;
/// Characters of an attribute's name.
pub const ATTRIBUTE_NAME_CHARS: usize = 64;
/// Characters of an attribute's value.
pub const ATTRIBUTE_VALUE_CHARS: usize = 200;

/// The loudest sound of notifications.
pub const VOLUME: u8 = 100;

// Files.

/// Bytes of the largest file, unless the owner sets another size.
pub const FILE_BYTES: i64 = 20 * 1024 * 1024;
/// The least that the owner may set, bytes.
pub const FILE_BYTES_MIN: i64 = 1024 * 1024;
/// The most that the owner may set, bytes.
pub const FILE_BYTES_MAX: i64 = 100 * 1024 * 1024;
/// Characters of a file's name.
pub const FILE_NAME_CHARS: usize = 255;
/// Files that a page sends at once.
pub const FILES_AT_ONCE: usize = 10;
/// Bytes of one chunk of a file; each is written in a transaction of its own.
pub const CHUNK_BYTES: usize = 256 * 1024;
/// Bytes that a download reads at a time, and holds while its client takes them.
pub const PIECE_BYTES: usize = 64 * 1024;
/// Uploads that are received at a time; others wait. Slow ones take a place for minutes.
pub const UPLOADS: usize = 32;
/// How many of them may be visitors'.
pub const VISITORS_UPLOADS: usize = 24;
/// How many of them may be of one person.
pub const UPLOADS_OF_ONE: usize = 2;
/// How many of them may be of visitors of one address (the machine itself aside).
pub const UPLOADS_OF_ADDRESS: usize = 4;
/// Uploads that are judged, made smaller and stored at a time, once all of them is there.
pub const UPLOADS_STORED: usize = 4;
/// Uploads that wait for their turn; further ones are refused at once.
pub const UPLOADS_WAITING: usize = 64;
/// Time that an upload waits for its turn, milliseconds.
pub const UPLOAD_WAIT_MS: u64 = 20_000;
/// Time after which a refused upload may try again, milliseconds.
pub const UPLOAD_RETRY_MS: i64 = 5_000;
/// The least rate of an upload after the first [`BODY_MS`]; a slower one would keep its place from others, bytes a second.
pub const UPLOAD_BYTES_PER_S: usize = 16 * 1024;
/// Uploads of one visitor, and of one address (the machine itself aside) tenfold, within [`UPLOADS_WINDOW_MS`].
pub const UPLOADS_PER_WINDOW: usize = 30;
/// The window of [`UPLOADS_PER_WINDOW`], milliseconds.
pub const UPLOADS_WINDOW_MS: i64 = 10 * 60_000;
/// Bytes that an upload must leave on the disk.
pub const DISK_RESERVE_BYTES: u64 = 64 * 1024 * 1024;
/// Pixels of a picture that is made smaller: 75 MB while it is done. Larger ones have no small copy.
pub const PICTURE_PIXELS: u64 = 25_000_000;
/// Bytes that decoding one picture may take.
pub const PICTURE_MEMORY_BYTES: u64 = 160 * 1024 * 1024;
/// The longest side of the small copy of a picture, pixels.
pub const THUMBNAIL_PIXELS: u32 = 560;
/// A half upload is removed after this time, milliseconds.
pub const HALF_UPLOAD_MS: i64 = 3_600_000;
/// A file that nobody sent is removed after this time, milliseconds.
pub const UNSENT_FILE_MS: i64 = 24 * 3_600_000;

// How often.

/// Messages of one visitor within [`MESSAGES_WINDOW_MS`].
pub const MESSAGES_PER_WINDOW: usize = 20;
/// The window of [`MESSAGES_PER_WINDOW`], milliseconds.
pub const MESSAGES_WINDOW_MS: i64 = 10_000;
/// Other frames of one socket within [`FRAMES_WINDOW_MS`].
pub const FRAMES_PER_WINDOW: usize = 200;
/// The window of [`FRAMES_PER_WINDOW`], milliseconds.
pub const FRAMES_WINDOW_MS: i64 = 10_000;
/// Pages that one visitor, or one device that says it is one, looks at within [`PAGES_WINDOW_MS`].
pub const PAGES_PER_WINDOW: usize = 40;
/// The window of [`PAGES_PER_WINDOW`], milliseconds.
pub const PAGES_WINDOW_MS: i64 = 60_000;
/// New visitors from one address (the machine itself aside) within [`VISITORS_WINDOW_MS`].
pub const VISITORS_PER_WINDOW: usize = 60;
/// The window of [`VISITORS_PER_WINDOW`], milliseconds.
pub const VISITORS_WINDOW_MS: i64 = 60_000;
/// Wrong passwords for one email from one address within [`LOGINS_WINDOW_MS`].
pub const LOGINS_PER_WINDOW: usize = 10;
/// Wrong passwords for one email from anywhere, or for any email from one address, within [`LOGINS_WINDOW_MS`]: so many
/// that a stranger can hardly lock a colleague out, so few that guessing leads nowhere.
pub const LOGINS_WIDE_PER_WINDOW: usize = 100;
/// The window of both, milliseconds.
pub const LOGINS_WINDOW_MS: i64 = 15 * 60_000;
/// Pushes that one operator asks for to see that they come, and devices that one registers, within [`PUSH_WINDOW_MS`].
pub const PUSH_ASKED_PER_WINDOW: usize = 10;
/// Receipts of one device within [`PUSH_WINDOW_MS`] that are noted.
pub const RECEIPTS_PER_WINDOW: usize = 60;
/// The window of both, milliseconds.
pub const PUSH_WINDOW_MS: i64 = 60_000;
/// Callers that one throttle remembers at a time; the longest silent is forgotten first.
pub const THROTTLE_CALLERS: usize = 10_000;

// How many.

/// Operators of a project, deleted ones aside.
pub const OPERATORS: usize = 500;
/// Intervals of working hours in one day.
pub const INTERVALS_PER_DAY: usize = 6;
/// Days with hours of their own.
pub const SPECIAL_DAYS: usize = 366;
/// Days in which the next opening or closing is looked for; farther ones count as never.
pub const SCHEDULE_LOOK_DAYS: usize = 400;
/// Days that the schedule shows as they will be.
pub const SCHEDULE_DAYS_SHOWN: usize = 14;
/// Templates of a project that everybody has.
pub const TEMPLATES: usize = 500;
/// Templates that one operator has alone.
pub const TEMPLATES_PRIVATE: usize = 100;
/// Wrong rows of a table that are told at once.
pub const IMPORT_FAULTS: usize = 100;
/// Entries in one page of the audit log.
pub const AUDIT_PAGE: usize = 100;
/// Entries of the audit log that are kept.
pub const AUDIT_KEPT: i64 = 100_000;
/// Characters kept of a field's name in the audit log.
pub const AUDIT_FIELD_CHARS: usize = 60;
/// Characters kept of a value in the audit log; the rest is cut.
pub const AUDIT_VALUE_CHARS: usize = 2_000;
/// Notes of one chat that the operator sees, newest first.
pub const NOTES_SHOWN: usize = 200;
/// Messages in one page of a dialogue.
pub const MESSAGES_PAGE: usize = 50;
/// Rows in one page of a list of chats.
pub const CHATS_PAGE: usize = 500;
/// Rows in one page of closed or empty chats.
pub const ENDED_CHATS_PAGE: usize = 50;
/// Page views of a visit that the operator sees, newest first.
pub const PAGE_VIEWS_SHOWN: usize = 100;
/// Earlier chats of a visitor that the operator sees, newest first.
pub const EARLIER_CHATS_SHOWN: usize = 50;
/// Moves of one chat that the operator sees, newest first.
pub const TRANSITIONS_SHOWN: usize = 500;
/// Contacts found in a client's messages that an operator is offered, newest first.
pub const FOUND_SHOWN: usize = 5;
/// Contacts found in a client's messages that are kept; further ones are not looked at.
pub const FOUND_KEPT: usize = 50;
/// Names, phones and emails of one client that are remembered, of the client, the shop and all who see contacts together.
pub const KNOWN_KEPT: usize = 200;
/// The same that one operator typed who does not see contacts.
pub const KNOWN_GUESSED: usize = 50;
/// Chats of one visitor whose pages hear at once that its contacts changed, newest first.
pub const CHATS_TOLD: usize = 50;
/// Clients that a search finds.
pub const SEARCH_FOUND: usize = 20;
/// Clients with a name, phone or email that a search for a part of one looks at, newest first.
pub const SEARCH_PROBED: usize = 50_000;
/// Clients that fit and are looked at for whether the operator may see them, newest first.
pub const SEARCH_FITTING: usize = 200;
/// Characters of a search, at most.
pub const SEARCH_CHARS: usize = 254;
/// Searches for a whole phone or email within [`CONTACT_SEARCHES_WINDOW_MS`], of one operator who does not see contacts.
pub const CONTACT_SEARCHES_PER_WINDOW: usize = 30;
/// The short window, milliseconds.
pub const CONTACT_SEARCHES_WINDOW_MS: i64 = 60_000;
/// The same within [`CONTACT_SEARCHES_LONG_WINDOW_MS`]: a phone of which four digits are shown has a million others.
pub const CONTACT_SEARCHES_PER_LONG_WINDOW: usize = 300;
/// The long window, milliseconds.
pub const CONTACT_SEARCHES_LONG_WINDOW_MS: i64 = 24 * 3_600_000;
/// Characters of a part of a name, phone or email that is searched for, at least.
pub const SEARCH_PART_CHARS: usize = 3;
/// Changes that a socket catches up on; who missed more loads afresh.
pub const CATCH_UP_EVENTS: usize = 500;
/// Bytes of frames that a socket catches up on; who missed more loads afresh.
pub const CATCH_UP_BYTES: usize = 512 * 1024;
/// Chats of one visitor that decide who sees whether the visitor is on the site, newest first.
pub const SIGHTED_CHATS: usize = 8;
/// Rows that one transaction removes where there may be many, so that people who write meanwhile hardly wait.
pub const REMOVED_AT_ONCE: usize = 200;
/// Events kept for catching up.
pub const EVENTS_KEPT: i64 = 200_000;

/// Devices of one operator that get pushes.
pub const PUSH_DEVICES: usize = 20;
/// Characters of the address at which a push service takes pushes for a device.
pub const ENDPOINT_CHARS: usize = 1_024;
/// Chats that a push says something of, newest first.
pub const PUSH_CHATS: usize = 100;

// How long, milliseconds.

/// Page views further apart belong to two visits.
pub const VISIT_GAP_MS: i64 = 30 * 60_000;
/// An operator whose last page was closed counts as online for this time, in which its browser asks for it again if it is
/// loaded anew.
pub const OPERATOR_RELOAD_MS: i64 = 2_500;
/// An operator whose browser asked for a page counts as online for this time, in which the page connects on a slow line too.
pub const OPERATOR_LOADING_MS: i64 = 10_000;
/// An operator whose last line was cut counts as online for this time.
pub const OPERATOR_GRACE_MS: i64 = 30_000;
/// A visitor whose last socket closed counts as on the site for this time.
pub const VISITOR_GRACE_MS: i64 = 10_000;
/// A socket that did not say `hello` by then is closed.
pub const HELLO_MS: i64 = 10_000;
/// A push waits so long while a page of the operator is there: read meanwhile, it is not sent.
pub const NOTICE_HOLD_MS: i64 = 5_000;
/// A page that said nothing for this time does not hold up pushes; an idle page proves its line every 25 s.
pub const PAGE_ACTIVE_MS: i64 = 60_000;
/// After this time nobody wants to be told any more; push services keep a push so long too.
pub const NOTICE_MS: i64 = 3_600_000;
/// A session that was not used for this time ends.
pub const SESSION_IDLE_MS: i64 = 90 * 24 * 3_600_000;
/// An invitation holds for this time.
pub const INVITATION_MS: i64 = 72 * 3_600_000;
/// Time between two looks at whether the sessions behind open sockets are still there.
pub const SESSION_LOOK_MS: i64 = 30_000;

// The store.

/// Jobs waiting for the writer.
pub const WRITER_QUEUE: usize = 4_096;
/// Jobs in one transaction of the writer.
pub const WRITER_BATCH: usize = 256;
/// Time after which the writer commits what it has, milliseconds.
pub const WRITER_BATCH_MS: u64 = 5;
/// Connections that read.
pub const READERS: usize = 4;
/// Time that a reader waits for a connection, milliseconds.
pub const READER_WAIT_MS: u64 = 5_000;

// The wire.

/// Bytes of the head of a request.
pub const HEAD_BYTES: usize = 16 * 1024;
/// Bytes of the request's target (path and query).
pub const TARGET_BYTES: usize = 8 * 1024;
/// Header lines of a request.
pub const HEADERS: usize = 64;
/// Bytes of a JSON body.
pub const JSON_BYTES: usize = 64 * 1024;
/// Bytes of a file of the pages from which on it is compressed.
pub const GZIP_BYTES_MIN: usize = 200;
/// Bytes of an operator's picture.
pub const AVATAR_BYTES: usize = 5 * 1024 * 1024;
/// Least width and height of an operator's picture, pixels.
pub const AVATAR_PX_MIN: u32 = 200;
/// Most width and height of an operator's picture, pixels.
pub const AVATAR_PX_MAX: u32 = 1_500;
/// Bytes that decoding a picture may take.
pub const AVATAR_DECODER_BYTES: u64 = 64 * 1024 * 1024;
/// Rows of a table of templates that are read: more are more templates than there may be, whatever they say.
pub const IMPORT_ROWS: usize = 5_000;
/// Cells of one of its rows that are read.
pub const IMPORT_CELLS: usize = 100;
/// Tables that are taken in at a time.
pub const IMPORTS: usize = 2;
/// Time after which one that was too many may try again, milliseconds.
pub const IMPORTS_WAIT_MS: i64 = 2_000;
/// Bytes of a table of templates: as many as there may be, as long as they may be.
pub const TEMPLATES_CSV_BYTES: usize = 5 * 1024 * 1024;
/// Bytes of the body that carries the working hours: a year of special days with long names.
pub const SCHEDULE_BYTES: usize = 256 * 1024;
/// Time for a whole head, milliseconds.
pub const HEAD_MS: u64 = 10_000;
/// Time for a whole body, milliseconds.
pub const BODY_MS: u64 = 20_000;
/// Time that a kept-alive connection may be idle, milliseconds.
pub const IDLE_MS: u64 = 30_000;
/// Time in which a reader must take at least some of an answer, milliseconds.
pub const WRITE_MS: u64 = 10_000;
/// Time for a whole answer, milliseconds.
pub const ANSWER_MS: u64 = 30_000;
/// Bytes of a body or an answer that add one second to its time, so that a slow line is no fault and a stalled one is.
pub const TRANSFER_BYTES_PER_S: usize = 4 * 1024;
/// Time to drain what a refused client still sends, so that it can read the refusal, milliseconds.
pub const LINGER_MS: u64 = 2_000;
/// Bytes drained after a refusal, at most: a picture that is somewhat too large is told so.
pub const LINGER_BYTES: usize = 8 * 1024 * 1024;
/// The same of an upload that was refused on its way, at most.
pub const UPLOAD_LINGER_BYTES: usize = 100 * 1024 * 1024;
/// Bytes of stack of a thread that speaks HTTP.
pub const HTTP_STACK_BYTES: usize = 512 * 1024;
/// Time that answers under way have when the server stops, milliseconds.
pub const STOP_MS: u64 = 5_000;
/// Time after which a refused connection may try again, milliseconds.
pub const CONNECTIONS_RETRY_MS: i64 = 5_000;
/// Connections that wait to be taken; the kernel may allow fewer (`net.core.somaxconn`).
pub const BACKLOG: i32 = 4_096;
/// Requests on one connection.
pub const REQUESTS_PER_CONNECTION: usize = 1_000;
/// Connections that speak HTTP at a time; the longest waiting gives way to a new one.
pub const HTTP_CONNECTIONS: usize = 4_096;
/// Connections of one address that speak HTTP (trusted proxies aside).
pub const HTTP_CONNECTIONS_PER_ADDRESS: usize = 256;
/// WebSockets of one address (trusted proxies and the machine itself aside).
pub const SOCKETS_PER_ADDRESS: usize = 128;

// Sockets.

/// Bytes of one frame from a client.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Frames of one socket waiting to be handled; reading stops until there is room.
pub const INBOX_FRAMES: usize = 64;
/// Frames waiting for one slow reader; over it the socket is closed and resumes later.
pub const OUTBOX_FRAMES: usize = 256;
/// Bytes waiting for one slow reader.
pub const OUTBOX_BYTES: usize = 4 * 1024 * 1024;
/// Threads that own sockets; beyond it sockets share threads.
///
/// Measured on 2 cores with 9,650 sockets: an event to all takes 35 ms with 128 threads and 95 ms with 256 or 512, which
/// get in each other's way; an event to one takes 75 microseconds with either, and 450 with 8.
pub const SOCKET_THREADS: usize = 128;
/// Bytes of stack of such a thread.
pub const SOCKET_STACK_BYTES: usize = 256 * 1024;
/// Time between two pings, milliseconds.
pub const PING_MS: u64 = 25_000;
/// Time without any byte after which a socket is given up, milliseconds.
pub const SILENCE_MS: u64 = 38_000;
/// Time in which a client must answer our close frame, milliseconds; then the socket is dropped.
pub const CLOSE_MS: u64 = 3_000;
/// Time that a socket thread without sockets waits for a new one, milliseconds.
pub const SOCKET_THREAD_IDLE_MS: u64 = 5_000;
/// Time that sockets have to take what is queued when the server stops, milliseconds.
pub const SOCKETS_STOP_MS: u64 = 1_000;
/// Bytes that the kernel buffers for a slow reader; it doubles the number for its own needs.
pub const SOCKET_SEND_BUFFER_BYTES: usize = 64 * 1024;
/// Time that sent bytes may stay unacknowledged before the connection counts as dead, milliseconds (RFC 5482).
pub const SOCKET_UNACKNOWLEDGED_MS: u32 = 30_000;
/// Threads that handle frames.
pub const FRAME_WORKERS: usize = 4;
/// Messages waiting for the hub; who has one waits.
pub const HUB_QUEUE: usize = 4_096;
/// Frames that a worker handles of one socket before others have their turn.
pub const FRAMES_IN_TURN: usize = 16;

// What goes out.

/// Time for one request to another server, from the look-up to the end of its answer, milliseconds.
pub const OUTBOUND_MS: u64 = 15_000;
/// Time for the look-up, and again for the connection, milliseconds.
pub const OUTBOUND_CONNECT_MS: u64 = 5_000;
/// Bytes that are read of another server's answer.
pub const OUTBOUND_BODY_BYTES: usize = 256 * 1024;
/// Bytes that are read of a shop's page when the widget's line is looked for on it.
pub const SITE_CHECK_BYTES: usize = 2 * 1024 * 1024;
/// Redirects that are followed then.
pub const SITE_CHECK_REDIRECTS: usize = 5;
/// Bytes of one policy of a page that are looked at, and its directives.
pub const SITE_POLICY_BYTES: usize = 16 * 1024;
/// See [`SITE_POLICY_BYTES`].
pub const SITE_POLICY_DIRECTIVES: usize = 100;
/// Policies of a page that are looked at.
pub const SITE_POLICIES: usize = 10;
/// Things that are said of a page.
pub const SITE_REASONS: usize = 20;
/// Pages that are looked at at a time.
pub const SITE_CHECKS: usize = 4;
/// Time after which one that was too many may try again, milliseconds.
pub const SITE_CHECKS_WAIT_MS: i64 = 3_000;
/// Jobs of the outbox that are under way at a time.
pub const OUTBOX_WORKERS: usize = 4;
/// Bytes of stack of a thread that sends.
pub const OUTBOX_STACK_BYTES: usize = 1024 * 1024;
/// Characters of what a job carries.
pub const OUTBOX_PAYLOAD_CHARS: usize = 65_536;
/// Characters kept of what the other side says.
pub const OUTBOX_ERROR_CHARS: usize = 500;
/// Characters kept of what a push service says, beside its status.
pub const FAILURE_CHARS: usize = 200;
/// Attempts that a job has; then it is given up.
pub const OUTBOX_ATTEMPTS: i64 = 16;
/// Time before the second attempt, milliseconds; each further time is three times as long.
pub const OUTBOX_DELAY_MS: i64 = 5_000;
/// The longest time between two attempts, milliseconds; also the longest that another side may ask for.
pub const OUTBOX_DELAY_MS_MAX: i64 = 6 * 3_600_000;
/// Time that sending threads have to end when the server stops, milliseconds; what they were sending is then unknown.
pub const OUTBOX_STOP_MS: u64 = 5_000;
/// Time that ended jobs are kept, milliseconds.
pub const OUTBOX_KEPT_MS: i64 = 7 * 24 * 3_600_000;

// CRMs. Sizes are those that the CRM refuses or cuts over, with room to spare where it does not say them.

/// Time for one request to a CRM, milliseconds: creating a card runs the shop's own robots first.
pub const CRM_MS: u64 = 30_000;
/// Characters of the title that an operator gives a lead.
pub const LEAD_TITLE_CHARS: usize = 120;
/// Characters of the comment of a lead.
pub const LEAD_COMMENT_CHARS: usize = 2_000;
/// Newest leads of a chat that are shown.
pub const LEADS_SHOWN: usize = 50;
/// Newest messages of a chat that are read for a lead.
pub const LEAD_MESSAGES: usize = 5_000;
/// Additional fields of leads.
pub const CRM_FIELDS: usize = 50;
/// Characters of a fixed value of an additional field.
pub const CRM_VALUE_CHARS: usize = 1_000;
/// Characters of a name or id in a CRM.
pub const CRM_NAME_CHARS: usize = 255;
/// Characters of a secret.
pub const CRM_SECRET_CHARS: usize = 4_096;
/// Time before a lead is tried again while the connection itself is at fault, milliseconds.
pub const CRM_FAULT_WAIT_MS: i64 = 15 * 60_000;
/// Time for which nothing gets to the CRM before administrators are told, milliseconds: shorter troubles mend themselves.
pub const CRM_DOWN_MS: i64 = 60_000;
/// Shortest pause of all leads while the CRM cannot be reached, milliseconds; it grows by half of the time that it is down.
pub const CRM_PAUSE_MS: i64 = 5_000;
/// The longest such pause, milliseconds.
pub const CRM_PAUSE_MS_MAX: i64 = 5 * 60_000;
/// Requests of people that wait for the CRM at a time.
pub const CRM_ASKS: usize = 8;
/// Time that such a request waits in all, however many questions it has for the CRM, milliseconds.
pub const CRM_ASK_MS: u64 = 12_000;
/// Time for which reading anew what is known of the CRM is tried, milliseconds; then the next hour does.
pub const CRM_FACTS_MS: i64 = 3_600_000;
/// Users of a CRM that are kept.
pub const CRM_USERS: usize = 2_000;
/// Time after which one that was too many may try again, milliseconds.
pub const CRM_ASKS_WAIT_MS: i64 = 3_000;
/// Threads that look clients up in the CRM.
pub const CRM_LOOKUPS: usize = 2;
/// Clients that wait to be looked up.
pub const CRM_LOOKUPS_WAITING: usize = 1_000;
/// Time that a lookup has to end when the server stops, milliseconds.
pub const CRM_LOOKUPS_STOP_MS: u64 = 500;
/// Clients of whom the CRM's answer is kept.
pub const CRM_CLIENTS_KEPT: usize = 1_000;
/// Time that the CRM's answer of a client counts as new, milliseconds.
pub const CRM_CLIENT_FRESH_MS: i64 = 10 * 60_000;
/// Time before a client is looked up again after the CRM did not answer, milliseconds.
pub const CRM_CLIENT_FAILED_MS: i64 = 60_000;
/// Least time between two lookups of one client by hand, milliseconds.
pub const CRM_CLIENT_AGAIN_MS: i64 = 3_000;
/// Least time between two requests to a CRM, milliseconds: three a second.
pub const CRM_GAP_MS: u64 = 334;
/// Bytes that are read of a CRM's answer: lists of fields are long.
pub const CRM_BODY_BYTES: usize = 4 * 1024 * 1024;
/// Notes that one lead's dialogue fills; of a longer one the beginning is left out.
pub const CRM_NOTES: usize = 5;
/// Bytes of a note kept for its heading and the markup of its link.
pub const CRM_HEADING_BYTES: usize = 1_000;
/// Time after which a card that was asked for, and whose making nobody confirmed, can be found if it was made,
/// milliseconds: a CRM works on one request for at most a minute, and its search lags by half of one.
pub const CRM_SETTLE_MS: i64 = 75_000;
/// Pages of a list that are read, at most.
pub const CRM_PAGES: usize = 40;
/// Leads and deals of a client that are shown, newest first.
pub const CRM_DEALS: usize = 20;
/// Characters kept of what a CRM says about a fault.
pub const CRM_WORDS_CHARS: usize = 500;
/// Least characters of a secret that is struck out of words; a shorter one would take parts of words along.
pub const CRM_SECRET_CHARS_MIN: usize = 8;
/// Time for which a backup that was made by button can be fetched, milliseconds.
pub const BACKUP_KEPT_MS: i64 = 10 * 60_000;
/// Bytes of the body of a webhook.
pub const WEBHOOK_BODY_BYTES: usize = 256 * 1024;
/// Bytes of the additional fields in it: the rest, without the dialogue, fits beside them.
pub const WEBHOOK_FIELDS_BYTES: usize = 128 * 1024;
