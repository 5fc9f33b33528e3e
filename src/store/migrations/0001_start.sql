CREATE TABLE project (
    id               INTEGER PRIMARY KEY CHECK (id = 1),                  -- one row: one installation is one project
    name             TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    language         TEXT    NOT NULL CHECK (language IN ('ru', 'en')),
    time_zone        TEXT    NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 64),
    accent           TEXT    NOT NULL CHECK (accent GLOB '#[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]'),
    setup_token_hash BLOB    CHECK (length(setup_token_hash) = 32),       -- NULL once there is an owner
    show_contacts_to_administrators INTEGER NOT NULL DEFAULT 1 CHECK (show_contacts_to_administrators IN (0, 1)),
    show_contacts_to_operators      INTEGER NOT NULL DEFAULT 1 CHECK (show_contacts_to_operators IN (0, 1)),
    file_max_bytes   INTEGER NOT NULL CHECK (file_max_bytes BETWEEN 1048576 AND 104857600),
    file_kinds       TEXT    NOT NULL CHECK (length(file_kinds) <= 100),  -- words with commas between them
    reopen_hours     INTEGER NOT NULL DEFAULT 24 CHECK (reopen_hours BETWEEN 0 AND 720),
    empty_days       INTEGER NOT NULL DEFAULT 30 CHECK (empty_days BETWEEN 1 AND 365),
    yellow_minutes   INTEGER NOT NULL DEFAULT 5 CHECK (yellow_minutes BETWEEN 1 AND 1440),
    red_minutes      INTEGER NOT NULL DEFAULT 15 CHECK (red_minutes BETWEEN 2 AND 1440),
    show_typing      INTEGER NOT NULL DEFAULT 1 CHECK (show_typing IN (0, 1)), -- operators see what clients type
    settings_seq     INTEGER NOT NULL DEFAULT 0,                          -- the last change of what the owner decides
    vapid_key        BLOB    NOT NULL CHECK (length(vapid_key) BETWEEN 100 AND 300), -- PKCS #8: push services know us by it
    file_secret      BLOB    NOT NULL CHECK (length(file_secret) = 32),   -- signs the addresses of visitors' files
    demo_written_at  INTEGER,                                             -- a visitor wrote from the demo shop
    CHECK (yellow_minutes < red_minutes)
) STRICT;

CREATE TABLE operators (
    id                   INTEGER PRIMARY KEY,
    seq                  INTEGER NOT NULL,
    name                 TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    email                TEXT    NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    password_hash        TEXT    NOT NULL CHECK (length(password_hash) = 60), -- bcrypt's own format
    role                 TEXT    NOT NULL CHECK (role IN ('operator', 'administrator', 'owner')),
    language             TEXT    NOT NULL CHECK (language IN ('ru', 'en')),
    theme                TEXT    NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    client_only          INTEGER NOT NULL DEFAULT 1 CHECK (client_only IN (0, 1)),
    enter_sends          INTEGER NOT NULL DEFAULT 1 CHECK (enter_sends IN (0, 1)),
    notify_assigned      INTEGER NOT NULL DEFAULT 1 CHECK (notify_assigned IN (0, 1)),
    notify_message       INTEGER NOT NULL DEFAULT 1 CHECK (notify_message IN (0, 1)),
    notify_unassigned    INTEGER NOT NULL DEFAULT 0 CHECK (notify_unassigned IN (0, 1)),
    notify_empty         INTEGER NOT NULL DEFAULT 0 CHECK (notify_empty IN (0, 1)),
    notify_sound         TEXT    NOT NULL DEFAULT 'drop' CHECK (notify_sound IN ('off', 'drop', 'bell', 'knock')),
    notify_volume        INTEGER NOT NULL DEFAULT 60 CHECK (notify_volume BETWEEN 0 AND 100),
    notify_show_text     INTEGER NOT NULL DEFAULT 1 CHECK (notify_show_text IN (0, 1)),
    notify_stay          TEXT    NOT NULL DEFAULT 'system' CHECK (notify_stay IN ('system', '5', '10', '20', 'sticky')),
    notify_quiet_in_view INTEGER NOT NULL DEFAULT 1 CHECK (notify_quiet_in_view IN (0, 1)),
    away                 INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1)), -- for visitors as if no page were connected
    created_at           INTEGER NOT NULL,
    deleted_at           INTEGER CHECK (deleted_at >= created_at),
    avatar               TEXT    CHECK (length(avatar) = 16),             -- names the row of avatars by its content; NULL: none
    role_seq             INTEGER NOT NULL DEFAULT 0,                      -- the change that gave the role: who missed it loads afresh
    seen_at              INTEGER,                                         -- when the last page closed
    changed_seq          INTEGER NOT NULL DEFAULT 0,                      -- of name, email or role: whoever saw less looks first
    changed_by_id        INTEGER REFERENCES operators (id) ON DELETE RESTRICT,
    changed_at           INTEGER,
    CHECK ((changed_by_id IS NULL) = (changed_at IS NULL))
) STRICT;
CREATE INDEX operators_by_changed_by ON operators (changed_by_id) WHERE changed_by_id IS NOT NULL;
CREATE UNIQUE INDEX operators_by_email ON operators (email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX operators_one_owner ON operators (role) WHERE role = 'owner';

CREATE TABLE sessions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,                        -- an open socket keeps it: it must not name another
    token_hash  BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256: the file alone logs nobody in
    operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    used_at     INTEGER NOT NULL CHECK (used_at >= created_at)
) STRICT;
CREATE INDEX sessions_by_operator ON sessions (operator_id);
CREATE INDEX sessions_by_use ON sessions (used_at);

CREATE TABLE push_devices (                                               -- browsers that are told while the app is closed
    id          INTEGER PRIMARY KEY AUTOINCREMENT,                        -- jobs and receipts name it
    operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    session_id  INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, -- who is logged out is told nothing
    endpoint    TEXT    NOT NULL UNIQUE CHECK (length(endpoint) BETWEEN 9 AND 1024),
    p256dh      BLOB    NOT NULL CHECK (length(p256dh) = 65),
    auth        BLOB    NOT NULL CHECK (length(auth) = 16),
    label       TEXT    NOT NULL CHECK (length(label) <= 130),
    created_at  INTEGER NOT NULL,
    sent_at     INTEGER,
    received_at INTEGER,
    opened_at   INTEGER,
    failure     TEXT    CHECK (length(failure) <= 500),                   -- in the push service's words
    gone_at     INTEGER                                                   -- the push service does not know it any more
) STRICT;
CREATE INDEX push_devices_by_operator ON push_devices (operator_id);
CREATE INDEX push_devices_by_session ON push_devices (session_id);

CREATE TABLE channels (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,                    -- a removed one's widgets may still be open
    seq             INTEGER NOT NULL DEFAULT 0,                           -- the last change of what the owner decides
    kind            TEXT    NOT NULL CHECK (kind IN ('site')),
    key             TEXT    NOT NULL UNIQUE CHECK (length(key) BETWEEN 8 AND 32),
    name            TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    enabled         INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    domains         TEXT    NOT NULL DEFAULT '' CHECK (length(domains) <= 6000), -- hosts in punycode, a line each; none: any
    look            TEXT    NOT NULL CHECK (length(look) <= 65536 AND json_valid(look)), -- read as a whole, searched by nobody
    identity_secret TEXT    CHECK (length(identity_secret) = 43),         -- shown once: with it a site proves who a visitor is
    created_at      INTEGER NOT NULL,
    changed_by_id   INTEGER REFERENCES operators (id) ON DELETE RESTRICT,
    changed_at      INTEGER CHECK (changed_at >= created_at),
    seen_at         INTEGER,                                              -- the widget was last seen on a page of the shop's own
    seen_url        TEXT    CHECK (length(seen_url) <= 2048),
    refused_at      INTEGER,                                              -- the last that `domains` refused
    refused_origin  TEXT    CHECK (length(refused_origin) <= 255),
    CHECK ((seen_at IS NULL) = (seen_url IS NULL)),
    CHECK ((refused_at IS NULL) = (refused_origin IS NULL))
) STRICT;
CREATE INDEX channels_by_changed_by ON channels (changed_by_id) WHERE changed_by_id IS NOT NULL;

-- AUTOINCREMENT where rows are removed one by one: their ids are in events and on people's pages, and must not name another.
CREATE TABLE visitors (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id   INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    token_hash   BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    name         TEXT    CHECK (length(name) BETWEEN 1 AND 60),
    name_key     TEXT    CHECK (length(name_key) BETWEEN 1 AND 180),      -- lower case, without ё: what it is found by
    shown_name_key TEXT  CHECK (length(shown_name_key) BETWEEN 1 AND 254), -- the same of the name with its contacts hidden
    phone        TEXT    CHECK (length(phone) BETWEEN 9 AND 16),          -- E.164
    email        TEXT    CHECK (length(email) BETWEEN 3 AND 254),         -- as it was typed
    email_key    TEXT    CHECK (length(email_key) BETWEEN 3 AND 254),     -- lower case: what it is found by
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    page_url     TEXT    CHECK (length(page_url) <= 2048),
    page_title   TEXT    CHECK (length(page_title) <= 512),
    page_at      INTEGER,
    user_id      TEXT    CHECK (length(user_id) BETWEEN 1 AND 100),       -- the shop's own number of it, proven by its server
    verified_at  INTEGER,
    CHECK ((user_id IS NULL) = (verified_at IS NULL))
) STRICT;
CREATE INDEX visitors_by_channel ON visitors (channel_id);
CREATE INDEX visitors_by_last_seen ON visitors (last_seen_at);
CREATE INDEX visitors_by_phone ON visitors (phone) WHERE phone IS NOT NULL;
CREATE INDEX visitors_by_email ON visitors (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX visitors_named ON visitors (id, name_key, phone, email_key)
    WHERE name_key IS NOT NULL OR phone IS NOT NULL OR email_key IS NOT NULL;
CREATE INDEX visitors_shown ON visitors (id, shown_name_key) WHERE shown_name_key IS NOT NULL;

CREATE TABLE visitor_attributes (                                         -- what the shop's page or an operator says of it
    id          INTEGER PRIMARY KEY,
    visitor_id  INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
    operator_id INTEGER REFERENCES operators (id) ON DELETE RESTRICT,     -- who wrote it last; NULL: the shop's page
    name        TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    value       TEXT    NOT NULL CHECK (length(value) BETWEEN 1 AND 200)
) STRICT;
CREATE UNIQUE INDEX visitor_attributes_once ON visitor_attributes (visitor_id, name);
CREATE INDEX visitor_attributes_by_operator ON visitor_attributes (operator_id) WHERE operator_id IS NOT NULL;

CREATE TABLE consents (                                                   -- proof that a visitor agreed: when, where, to what
    id           INTEGER PRIMARY KEY,
    visitor_id   INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
    channel_id   INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    version      TEXT    NOT NULL CHECK (length(version) = 16),           -- of texts and addresses, by their hash
    text         TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 300), -- in the language that it was read in
    document_url TEXT    NOT NULL CHECK (length(document_url) <= 2048),
    page_url     TEXT    NOT NULL CHECK (length(page_url) <= 2048),
    address      TEXT    NOT NULL CHECK (length(address) BETWEEN 1 AND 45),
    given_at     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX consents_once ON consents (visitor_id, version);
CREATE INDEX consents_by_channel ON consents (channel_id);

CREATE TABLE visits (
    id           INTEGER PRIMARY KEY,
    visitor_id   INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
    started_at   INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL CHECK (seen_at >= started_at),
    utm_source   TEXT    CHECK (length(utm_source) <= 255),
    utm_medium   TEXT    CHECK (length(utm_medium) <= 255),
    utm_campaign TEXT    CHECK (length(utm_campaign) <= 255),
    utm_content  TEXT    CHECK (length(utm_content) <= 255),
    utm_term     TEXT    CHECK (length(utm_term) <= 255),
    gclid        TEXT    CHECK (length(gclid) <= 255),
    yclid        TEXT    CHECK (length(yclid) <= 255),
    fbclid       TEXT    CHECK (length(fbclid) <= 255),
    ymclid       TEXT    CHECK (length(ymclid) <= 255),
    referrer     TEXT    CHECK (length(referrer) <= 2048),
    first_url    TEXT    NOT NULL CHECK (length(first_url) <= 2048),
    first_title  TEXT    NOT NULL CHECK (length(first_title) <= 512),
    browser      TEXT    CHECK (length(browser) <= 60),
    system       TEXT    CHECK (length(system) <= 60),
    device       TEXT    CHECK (length(device) <= 60),
    language     TEXT    CHECK (length(language) <= 60),
    time_zone    TEXT    CHECK (length(time_zone) <= 60)
) STRICT;
CREATE INDEX visits_by_visitor ON visits (visitor_id, id);

CREATE TABLE page_views (
    id        INTEGER PRIMARY KEY,
    visit_id  INTEGER NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    url       TEXT    NOT NULL CHECK (length(url) <= 2048),
    title     TEXT    NOT NULL CHECK (length(title) <= 512),
    viewed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX page_views_by_visit ON page_views (visit_id, id);

CREATE TABLE chats (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    seq                  INTEGER NOT NULL,
    channel_id           INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    visitor_id           INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
    visit_id             INTEGER NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    state                TEXT    NOT NULL CHECK (state IN ('new', 'open', 'closed', 'spam')),
    state_before_spam    TEXT    CHECK (state_before_spam IN ('new', 'open', 'closed')),
    assignee_id          INTEGER REFERENCES operators (id) ON DELETE RESTRICT,
    face_id              INTEGER REFERENCES operators (id) ON DELETE RESTRICT,   -- whose name the visitor sees
    ended_by_id          INTEGER REFERENCES operators (id) ON DELETE RESTRICT,
    message_count        INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= client_message_count),
    client_message_count INTEGER NOT NULL DEFAULT 0 CHECK (client_message_count >= 0),
    unread_count         INTEGER NOT NULL DEFAULT 0 CHECK (unread_count >= 0),
    visitor_unread_count INTEGER NOT NULL DEFAULT 0 CHECK (visitor_unread_count >= 0),
    waiting_since        INTEGER,
    visitor_read_id      INTEGER NOT NULL DEFAULT 0,
    operator_read_id     INTEGER NOT NULL DEFAULT 0,
    last_message_id      INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    lead_id              INTEGER REFERENCES leads (id) ON DELETE SET NULL,       -- the newest
    created_at           INTEGER NOT NULL,
    active_at            INTEGER NOT NULL CHECK (active_at >= created_at),
    ended_at             INTEGER CHECK (ended_at >= created_at),
    CHECK ((state = 'open') <= (assignee_id IS NOT NULL)),
    CHECK ((state = 'new') <= (assignee_id IS NULL)),
    CHECK ((state IN ('closed', 'spam')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'spam') = (state_before_spam IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX chats_one_active ON chats (visitor_id, channel_id) WHERE state IN ('new', 'open');
CREATE INDEX chats_by_visitor ON chats (visitor_id, id);
CREATE INDEX chats_by_channel ON chats (channel_id);
CREATE INDEX chats_of_words_by_channel ON chats (channel_id) WHERE message_count > 0;
CREATE INDEX chats_by_visit ON chats (visit_id);
CREATE INDEX chats_by_assignee ON chats (assignee_id, id);
CREATE INDEX chats_open_by_assignee ON chats (assignee_id, id) WHERE state = 'open';
CREATE INDEX chats_by_face ON chats (face_id);
CREATE INDEX chats_by_ended_by ON chats (ended_by_id);
CREATE INDEX chats_by_last_message ON chats (last_message_id);
CREATE INDEX chats_by_lead ON chats (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX chats_waiting ON chats (id) WHERE state = 'new' AND client_message_count > 0;
CREATE INDEX chats_open ON chats (id) WHERE state = 'open';
CREATE INDEX chats_empty ON chats (id) WHERE state = 'new' AND client_message_count = 0;
CREATE INDEX chats_empty_by_age ON chats (created_at) WHERE state = 'new' AND client_message_count = 0;
CREATE INDEX chats_ended ON chats (ended_at, id) WHERE state IN ('closed', 'spam');
CREATE INDEX chats_ended_of_operator ON chats (coalesce(assignee_id, ended_by_id), ended_at, id) WHERE state IN ('closed', 'spam');
CREATE INDEX chats_spam ON chats (visitor_id) WHERE state = 'spam';

CREATE TABLE attachments (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uid         TEXT    NOT NULL UNIQUE CHECK (length(uid) = 36),         -- made by the sender: a repeated upload is the same row
    chat_id     INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    operator_id INTEGER REFERENCES operators (id) ON DELETE RESTRICT,     -- NULL: the visitor sent it
    name        TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    kind        TEXT    NOT NULL CHECK (kind IN ('image', 'pdf', 'document', 'text', 'archive', 'audio', 'video')),
    media_type  TEXT    NOT NULL CHECK (length(media_type) BETWEEN 3 AND 100),
    size        INTEGER NOT NULL CHECK (size BETWEEN 1 AND 104857600),
    sha256      BLOB    NOT NULL CHECK (length(sha256) = 32),             -- of all bytes: a repeated upload is known by it
    width       INTEGER CHECK (width > 0),
    height      INTEGER CHECK (height > 0),
    created_at  INTEGER NOT NULL,
    stored_at   INTEGER CHECK (stored_at >= created_at),                  -- NULL: half of it is there
    used_at     INTEGER CHECK (used_at >= stored_at),                     -- NULL: in no message or note yet
    thumbnail   BLOB    CHECK (length(thumbnail) BETWEEN 1 AND 2097152)   -- a small picture, JPEG or PNG; last, for it is long
) STRICT;
CREATE INDEX attachments_by_chat ON attachments (chat_id);
CREATE INDEX attachments_by_operator ON attachments (operator_id) WHERE operator_id IS NOT NULL;
CREATE INDEX attachments_unused ON attachments (created_at) WHERE used_at IS NULL;
CREATE INDEX attachments_unused_of_chat ON attachments (chat_id) WHERE used_at IS NULL;

CREATE TABLE attachment_chunks (                                          -- 256 KiB each but the last: a place in the file is a division
    id            INTEGER PRIMARY KEY,
    attachment_id INTEGER NOT NULL REFERENCES attachments (id) ON DELETE CASCADE,
    n             INTEGER NOT NULL CHECK (n >= 0),
    data          BLOB    NOT NULL CHECK (length(data) BETWEEN 1 AND 262144)
) STRICT;
CREATE UNIQUE INDEX attachment_chunks_by_n ON attachment_chunks (attachment_id, n);

CREATE TABLE messages (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uid           TEXT    NOT NULL UNIQUE CHECK (length(uid) = 36),       -- made by the sender: a resend is the same row
    seq           INTEGER NOT NULL,
    chat_id       INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    operator_id   INTEGER REFERENCES operators (id) ON DELETE RESTRICT,   -- NULL: the visitor wrote it
    text          TEXT    NOT NULL CHECK (length(text) <= 4000),          -- of a deleted one the last text, for administrators
    attachment_id INTEGER REFERENCES attachments (id) ON DELETE NO ACTION, -- they go together, with their chat
    quoted_id     INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    sent_at       INTEGER NOT NULL,
    edited_at     INTEGER CHECK (edited_at >= sent_at),
    deleted_at    INTEGER CHECK (deleted_at >= sent_at),
    CHECK ((attachment_id IS NULL) = (length(text) > 0))
) STRICT;
CREATE UNIQUE INDEX messages_by_attachment ON messages (attachment_id) WHERE attachment_id IS NOT NULL;
CREATE INDEX messages_by_chat ON messages (chat_id, id);
CREATE INDEX messages_by_operator ON messages (operator_id) WHERE operator_id IS NOT NULL;
CREATE INDEX messages_by_quoted ON messages (quoted_id) WHERE quoted_id IS NOT NULL;

CREATE TABLE visitor_found (                                              -- contacts that the client typed in a message
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    visitor_id INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL CHECK (kind IN ('phone', 'email', 'name')),
    value      TEXT    NOT NULL CHECK (length(value) BETWEEN 3 AND 254),  -- E.164, lower case, or a name as typed
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    state      TEXT    NOT NULL CHECK (state IN ('offered', 'saved', 'dismissed'))
) STRICT;
CREATE UNIQUE INDEX visitor_found_once ON visitor_found (visitor_id, kind, value);
CREATE INDEX visitor_found_offered ON visitor_found (visitor_id, id) WHERE state = 'offered';
CREATE INDEX visitor_found_by_value ON visitor_found (kind, value);
CREATE INDEX visitor_found_by_message ON visitor_found (message_id);

CREATE TABLE visitor_known (                                              -- what is hidden in texts, even when it is changed
    id            INTEGER PRIMARY KEY,
    visitor_id    INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
    kind          TEXT    NOT NULL CHECK (kind IN ('phone', 'email', 'name')),
    value         TEXT    NOT NULL CHECK (length(value) BETWEEN 1 AND 254), -- E.164, lower case, or a name as typed
    guessed_by_id INTEGER REFERENCES operators (id) ON DELETE RESTRICT    -- typed it without seeing contacts
) STRICT;
CREATE UNIQUE INDEX visitor_known_once ON visitor_known (visitor_id, coalesce(guessed_by_id, 0), kind, value);
CREATE INDEX visitor_known_by_guessed_by ON visitor_known (guessed_by_id) WHERE guessed_by_id IS NOT NULL;

CREATE TABLE message_revisions (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    text        TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 4000), -- the text that an edit replaced
    replaced_at INTEGER NOT NULL
) STRICT;
CREATE INDEX message_revisions_by_message ON message_revisions (message_id, id);

CREATE TABLE notes (                                                      -- a table of their own: no query for visitors reads it
    id               INTEGER PRIMARY KEY,
    uid              TEXT    NOT NULL UNIQUE CHECK (length(uid) = 36),
    seq              INTEGER NOT NULL,
    chat_id          INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    operator_id      INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT,
    text             TEXT    NOT NULL CHECK (length(text) <= 4000),
    attachment_id    INTEGER REFERENCES attachments (id) ON DELETE NO ACTION,
    after_message_id INTEGER NOT NULL,                                    -- 0: before all messages
    written_at       INTEGER NOT NULL,
    CHECK ((attachment_id IS NULL) = (length(text) > 0))
) STRICT;
CREATE UNIQUE INDEX notes_by_attachment ON notes (attachment_id) WHERE attachment_id IS NOT NULL;
CREATE INDEX notes_by_chat ON notes (chat_id, id);
CREATE INDEX notes_by_operator ON notes (operator_id);

CREATE TABLE templates (
    id          INTEGER PRIMARY KEY,
    seq         INTEGER NOT NULL,                                         -- the last change of its words
    operator_id INTEGER REFERENCES operators (id) ON DELETE CASCADE,      -- NULL: everybody's
    position    INTEGER NOT NULL,                                         -- the order within one list
    title       TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
    text        TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX templates_by_title ON templates (title) WHERE operator_id IS NULL;
CREATE UNIQUE INDEX templates_by_own_title ON templates (operator_id, title) WHERE operator_id IS NOT NULL;
CREATE INDEX templates_by_operator ON templates (operator_id, position, id);

CREATE TABLE transitions (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    seq              INTEGER NOT NULL,
    chat_id          INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    kind             TEXT    NOT NULL CHECK (kind IN ('take', 'transfer', 'assign', 'unassign', 'close', 'reopen',
                                                      'client_reopen', 'mark_spam', 'lift_spam', 'rate')),
    from_state       TEXT    NOT NULL CHECK (from_state IN ('new', 'open', 'closed', 'spam')),
    to_state         TEXT    NOT NULL CHECK (to_state IN ('new', 'open', 'closed', 'spam')),
    operator_id      INTEGER REFERENCES operators (id) ON DELETE RESTRICT, -- NULL: the client did it
    assignee_id      INTEGER REFERENCES operators (id) ON DELETE RESTRICT,
    after_message_id INTEGER NOT NULL,                                     -- 0: before all messages
    moved_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX transitions_by_chat ON transitions (chat_id, id);
CREATE INDEX transitions_by_operator ON transitions (operator_id) WHERE operator_id IS NOT NULL;
CREATE INDEX transitions_by_assignee ON transitions (assignee_id) WHERE assignee_id IS NOT NULL;

CREATE TABLE ratings (
    chat_id  INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
    score    INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment  TEXT    NOT NULL CHECK (length(comment) <= 1000),
    rated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    seq     INTEGER PRIMARY KEY,                                          -- grows without end; the newest row is never pruned
    kind    TEXT    NOT NULL CHECK (kind = 'message' OR kind = 'chat' OR kind = 'page' OR kind = 'transition' OR kind = 'note' OR kind = 'lead'
                                  OR kind = 'operator' OR kind = 'template' OR kind = 'settings' OR kind = 'device'
                                  OR kind = 'schedule' OR kind = 'channel' OR kind = 'chat_removed'),
                                                                          -- not IN, which builds a table for each row
    chat_id INTEGER,                                                      -- no foreign key: an event outlives its chat
    item_id INTEGER                                                       -- the message, transition, operator, note, lead, template, device or channel
) STRICT;
CREATE INDEX events_by_chat ON events (chat_id, seq);

CREATE TABLE periodic (
    name   TEXT    PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    ran_at INTEGER NOT NULL
) STRICT;

CREATE TABLE schedule (
    id          INTEGER PRIMARY KEY CHECK (id = 1),                       -- one row, once the owner saved the working hours
    seq         INTEGER NOT NULL,
    time_zone   TEXT    CHECK (length(time_zone) BETWEEN 1 AND 64),       -- NULL: the project's
    outside     TEXT    NOT NULL CHECK (outside IN ('online', 'form', 'hidden')),
    nobody      TEXT    NOT NULL CHECK (nobody IN ('online', 'form')),     -- within the hours, while no operator is online
    operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT,
    saved_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX schedule_by_operator ON schedule (operator_id);

CREATE TABLE special_days (
    id   INTEGER PRIMARY KEY,
    date TEXT    NOT NULL UNIQUE CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    name TEXT    CHECK (length(name) BETWEEN 1 AND 60)
) STRICT;

CREATE TABLE schedule_intervals (
    id             INTEGER PRIMARY KEY,
    weekday        INTEGER CHECK (weekday BETWEEN 1 AND 7),               -- 1: Monday
    special_day_id INTEGER REFERENCES special_days (id) ON DELETE CASCADE,
    start_minute   INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute     INTEGER NOT NULL CHECK (end_minute BETWEEN 0 AND 1439), -- not later than the start: on the next day
    CHECK ((weekday IS NULL) <> (special_day_id IS NULL))
) STRICT;
CREATE INDEX schedule_intervals_by_special_day ON schedule_intervals (special_day_id) WHERE special_day_id IS NOT NULL;

CREATE TABLE invitations (
    operator_id INTEGER PRIMARY KEY REFERENCES operators (id) ON DELETE CASCADE,
    token_hash  BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256: the file alone invites nobody
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE avatars (
    operator_id INTEGER PRIMARY KEY REFERENCES operators (id) ON DELETE CASCADE,
    media_type  TEXT    NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg')),
    small       BLOB    NOT NULL CHECK (length(small) BETWEEN 1 AND 262144),   -- 96 x 96 pixels
    large       BLOB    NOT NULL CHECK (length(large) BETWEEN 1 AND 1048576)   -- 256 x 256
) STRICT;

CREATE TABLE audit (                                                      -- a row a field that somebody changed; no secrets
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    operator_id INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT,
    kind        TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
    subject     TEXT    NOT NULL CHECK (length(subject) <= 255),
    field       TEXT    CHECK (length(field) BETWEEN 1 AND 60),
    old         TEXT    CHECK (length(old) <= 2000),
    new         TEXT    CHECK (length(new) <= 2000),
    changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_operator ON audit (operator_id);

CREATE TABLE outbox (                                                     -- what goes out, written together with its cause
    id         INTEGER PRIMARY KEY AUTOINCREMENT,                         -- ended ones are removed
    kind       TEXT    NOT NULL CHECK (kind IN ('push', 'lead', 'crm')),
    target     TEXT    NOT NULL CHECK (length(target) BETWEEN 1 AND 120), -- whose jobs go one after the other
    topic      TEXT    CHECK (length(topic) <= 120),                      -- a newer job takes the place of one that waits
    payload    TEXT    NOT NULL CHECK (length(payload) <= 65536),
    state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'refused', 'unknown')),
    attempts   INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_at    INTEGER NOT NULL,
    expires_at INTEGER,
    last_error TEXT    CHECK (length(last_error) <= 500),
    created_at INTEGER NOT NULL,
    ended_at   INTEGER CHECK (ended_at >= created_at),
    CHECK ((state = 'sending') <= (attempts > 0)),
    CHECK ((state IN ('queued', 'sending')) <= (ended_at IS NULL)),
    CHECK ((state IN ('sent', 'refused')) <= (ended_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_open ON outbox (target, attempts = 0, next_at, id) WHERE ended_at IS NULL;
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE outbox_pauses (                                              -- targets that asked to be left alone
    target   TEXT    PRIMARY KEY CHECK (length(target) BETWEEN 1 AND 120),
    until_at INTEGER NOT NULL
) STRICT;

CREATE TABLE crm (                                                        -- one row, or none: a project has one CRM
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    kind           TEXT    NOT NULL CHECK (kind IN ('bitrix24', 'amocrm', 'hubspot', 'webhook')),
    address        TEXT    NOT NULL CHECK (length(address) <= 2048),      -- empty where the secret has it
    secret         TEXT    NOT NULL CHECK (length(secret) BETWEEN 1 AND 4096),
    target         TEXT    NOT NULL CHECK (target IN ('lead', 'deal')),
    pipeline       TEXT    CHECK (length(pipeline) BETWEEN 1 AND 255),
    stage          TEXT    CHECK (length(stage) BETWEEN 1 AND 255),
    account        TEXT    NOT NULL CHECK (length(account) <= 255),       -- as the last good check named it
    connected_at   INTEGER NOT NULL,                                      -- since when leads go to this account
    checked_at     INTEGER NOT NULL,                                      -- the last good check
    expires_at     INTEGER,                                               -- when the secret ends, if the CRM says it
    moved_to       TEXT    CHECK (length(moved_to) BETWEEN 1 AND 2048),   -- the account's new address, while it answers by redirects
    users_at       INTEGER,                                               -- when crm_users was read; NULL: not yet
    failing_since  INTEGER,                                               -- nothing got there since; NULL: the last attempt did
    paused_until   INTEGER,                                               -- no lead is tried before
    fault_cause    TEXT    CHECK (length(fault_cause) BETWEEN 1 AND 60),  -- the last thing that kept leads from getting there
    fault_words    TEXT    CHECK (length(fault_words) <= 500),
    fault_at       INTEGER,
    fault_ended_at INTEGER CHECK (fault_ended_at >= fault_at),            -- NULL: it lasts
    saved_by_id    INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT,
    saved_at       INTEGER NOT NULL,
    seq            INTEGER NOT NULL,                                      -- of the last saving
    fields_by_id   INTEGER REFERENCES operators (id) ON DELETE RESTRICT,  -- who saved crm_fields last; NULL: nobody yet
    fields_at      INTEGER,
    fields_seq     INTEGER,                                               -- of that saving
    CHECK ((fields_by_id IS NULL) = (fields_at IS NULL) AND (fields_by_id IS NULL) = (fields_seq IS NULL)),
    CHECK ((fault_cause IS NULL) = (fault_words IS NULL) AND (fault_cause IS NULL) = (fault_at IS NULL))
) STRICT;
CREATE INDEX crm_by_saved_by ON crm (saved_by_id);
CREATE INDEX crm_by_fields_by ON crm (fields_by_id);

CREATE TABLE crm_users (                                                  -- the CRM's active users, as they were read last
    id       TEXT    PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    position INTEGER NOT NULL,
    name     TEXT    NOT NULL CHECK (length(name) <= 255),
    email    TEXT    NOT NULL CHECK (length(email) <= 254)                -- lower case; empty: the CRM does not tell
) STRICT;
CREATE UNIQUE INDEX crm_users_by_position ON crm_users (position);

CREATE TABLE crm_fields (                                                 -- additional fields of leads, in the owner's order
    field    TEXT    PRIMARY KEY CHECK (length(field) BETWEEN 1 AND 255), -- the field's name for programs, in the CRM
    position INTEGER NOT NULL,
    name     TEXT    NOT NULL CHECK (length(name) <= 255),
    source   TEXT    NOT NULL CHECK (length(source) BETWEEN 1 AND 60),
    value    TEXT    NOT NULL CHECK (length(value) <= 1000),              -- of the source 'fixed'
    gone     INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1))            -- the CRM has it no more
) STRICT;
CREATE UNIQUE INDEX crm_fields_by_position ON crm_fields (position);

CREATE TABLE leads (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    uid              TEXT    NOT NULL UNIQUE CHECK (length(uid) = 36),    -- made by the page, the mark in the CRM
    chat_id          INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    operator_id      INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT, -- who pressed the button
    responsible_id   INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT, -- whose chat it was
    name             TEXT    CHECK (length(name) BETWEEN 1 AND 60),
    phone            TEXT    CHECK (length(phone) BETWEEN 2 AND 20),
    email            TEXT    CHECK (length(email) BETWEEN 3 AND 254),
    title            TEXT    NOT NULL CHECK (length(title) <= 120),       -- empty: one is made after the client
    title_by_id      INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT, -- who wrote it last
    title_shown      TEXT    CHECK (length(title_shown) <= 120),          -- to those from whom contacts are hidden; NULL: the same, masked
    comment          TEXT    NOT NULL CHECK (length(comment) <= 2000),
    comment_by_id    INTEGER NOT NULL REFERENCES operators (id) ON DELETE RESTRICT,
    comment_shown    TEXT    CHECK (length(comment_shown) <= 2000),
    page_url         TEXT    CHECK (length(page_url) <= 2048),
    page_title       TEXT    CHECK (length(page_title) <= 512),
    chat_url         TEXT    NOT NULL CHECK (length(chat_url) <= 2048),
    until_message_id INTEGER NOT NULL,                                    -- the dialogue up to here; 0: no message
    state            TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'refused')),
    card             TEXT    CHECK (length(card) <= 255),                 -- the card's id in the CRM
    url              TEXT    CHECK (length(url) <= 2048),
    merged           INTEGER NOT NULL DEFAULT 0 CHECK (merged IN (0, 1)),
    reason           TEXT    CHECK (length(reason) <= 500),               -- the CRM's words: why refused, or why not yet
    delivery         INTEGER NOT NULL DEFAULT 1 CHECK (delivery >= 1),    -- grows when something else is sent after a refusal
    made_at          INTEGER NOT NULL,
    ended_at         INTEGER CHECK (ended_at >= made_at),
    seq              INTEGER NOT NULL,
    CHECK ((state = 'queued') = (ended_at IS NULL))
) STRICT;
CREATE INDEX leads_by_chat ON leads (chat_id, id);
CREATE INDEX leads_by_operator ON leads (operator_id);
CREATE INDEX leads_by_responsible ON leads (responsible_id);
CREATE INDEX leads_by_title_by ON leads (title_by_id);
CREATE INDEX leads_by_comment_by ON leads (comment_by_id);
CREATE INDEX leads_not_sent ON leads (id) WHERE state <> 'sent';
CREATE INDEX leads_queued ON leads (state) WHERE state = 'queued';        -- counted, for those who wait for the CRM

CREATE TABLE lead_bodies (                                                -- what a webhook is sent: a repeat is the same to the byte
    lead_id INTEGER PRIMARY KEY REFERENCES leads (id) ON DELETE CASCADE,
    body    BLOB    NOT NULL CHECK (length(body) BETWEEN 1 AND 262144)
) STRICT;

CREATE TABLE lead_steps (                                                 -- what was asked of the CRM, so that it is asked once
    lead_id  INTEGER NOT NULL REFERENCES leads (id) ON DELETE CASCADE,
    step     TEXT    NOT NULL CHECK (length(step) BETWEEN 1 AND 60),
    begun_at INTEGER NOT NULL,
    made     TEXT    CHECK (length(made) <= 255),                         -- what the CRM made; NULL: it did not answer yet
    PRIMARY KEY (lead_id, step)
) STRICT;
