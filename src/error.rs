//! Everything that can be refused, as one type and one table of codes.
//!
//! An [`Error`] says what a person can do about it: a stable code, the field, and the numbers to show. Its words are in
//! the catalogues (`assets/shared/text`), two entries a code; a cause that is not for the public stays inside, for the log.

mod kind;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

pub use kind::Kind;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $kind:ident, [$($param:literal),*];)+) => {
        /// The stable word of a refusal. Each stands in both catalogues as `err.<code>.title` and `err.<code>.detail`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as it stands in JSON, logs and catalogues.
            pub fn as_str(self) -> &'static str { match self { $(Code::$name => $text),+ } }

            /// The sort of refusal.
            pub fn kind(self) -> Kind { match self { $(Code::$name => Kind::$kind),+ } }

            /// Names of the parameters that the texts may use.
            pub fn params(self) -> &'static [&'static str] { match self { $(Code::$name => &[$($param),*]),+ } }
        }
    };
}

codes! {
    // The wire.
    /// The request line or a header is not HTTP/1.1 as RFC 9112 has it; `reason` names the fault.
    BadRequest = "bad_request", Malformed, ["reason"];
    /// More header bytes or lines than the limit.
    HeadTooLarge = "head_too_large", HeadTooLarge, ["limit"];
    /// The address (path and query) is over the limit.
    AddressTooLong = "address_too_long", AddressTooLong, ["limit"];
    /// The body is over the limit of this route.
    BodyTooLarge = "body_too_large", TooLarge, ["limit"];
    /// The head or the body did not arrive in time.
    RequestTimeout = "request_timeout", Timeout, ["limit_ms"];
    /// More connections than this server holds, in all or from one address.
    TooManyConnections = "too_many_connections", Unavailable, ["retry_after_ms"];
    /// The server is stopping.
    GoingAway = "going_away", Unavailable, [];
    /// No such path.
    NoSuchPath = "no_such_path", NotFound, [];
    /// The path is there, the method is not; `allowed` lists those that are.
    MethodNotAllowed = "method_not_allowed", Method, ["allowed"];
    /// The body must be JSON (`application/json`).
    NotJson = "not_json", Unsupported, [];
    /// The route is a WebSocket and the request is no upgrade.
    NotWebSocket = "not_websocket", Unsupported, [];
    /// The `Origin` is not one of ours.
    ForeignOrigin = "foreign_origin", Forbidden, [];
    /// JSON that does not parse; `reason` is the parser's sentence with line and column.
    JsonMalformed = "json_malformed", Malformed, ["reason"];
    /// JSON of the wrong shape; `field` is the path to it, `reason` the parser's sentence.
    JsonMismatch = "json_mismatch", Invalid, ["reason"];
    /// A socket frame that is not text, too large, or sent before `hello`.
    FrameRefused = "frame_refused", Malformed, ["reason"];
    /// A query parameter that the route does not know or cannot read.
    QueryInvalid = "query_invalid", Invalid, ["reason"];

    // Who asks.
    /// Nobody is logged in on this device.
    LoginNeeded = "login_needed", Unauthenticated, [];
    /// Whoever was logged in on this device was deleted.
    AccountDeleted = "account_deleted", Unauthenticated, ["operator_id"];
    /// Email or password is wrong.
    LoginWrong = "login_wrong", Unauthenticated, [];
    /// Too many wrong passwords.
    LoginThrottled = "login_throttled", TooMany, ["retry_after_ms"];
    /// Only the owner may.
    OwnerOnly = "owner_only", Forbidden, [];
    /// Only administrators may.
    AdministratorOnly = "administrator_only", Forbidden, [];
    /// The one-time set-up link is wrong or used.
    SetupLinkInvalid = "setup_link_invalid", Forbidden, [];
    /// The link of an invitation is wrong, used, taken back or older than 72 h.
    InvitationInvalid = "invitation_invalid", Forbidden, [];
    /// The old password is wrong.
    PasswordWrong = "password_wrong", Forbidden, [];
    /// One's own email and password are changed in one's own settings, where the old password is asked for.
    UseOwnSettings = "use_own_settings", Forbidden, [];
    /// The owner can neither be deleted nor lose access.
    OwnerStays = "owner_stays", Conflict, [];
    /// A backup is being made.
    BackupBusy = "backup_busy", Conflict, [];
    /// The backup was made too long ago, or another one after it.
    BackupGone = "backup_gone", NotFound, [];
    /// The project has an owner already.
    SetupDone = "setup_done", Conflict, [];

    // Values.
    /// A required text is empty.
    TextEmpty = "text_empty", Invalid, [];
    /// A text has more characters than the limit.
    TextTooLong = "text_too_long", Invalid, ["limit", "got"];
    /// A text carries control characters other than line break and tab.
    TextControl = "text_control", Invalid, [];
    /// Not an email address.
    EmailInvalid = "email_invalid", Invalid, [];
    /// Not a phone number, or one without country code where none goes without saying.
    PhoneInvalid = "phone_invalid", Invalid, [];
    /// A contact with hidden characters, which is not the one that is shown: it can be left or written whole.
    ContactHidden = "contact_hidden", Invalid, [];
    /// More searches for whole phones and emails than a person needs who does not see contacts.
    SearchTooFast = "search_too_fast", TooMany, ["retry_after_ms"];
    /// Another operator has this email.
    EmailTaken = "email_taken", Conflict, [];
    /// Under 10 characters.
    PasswordTooShort = "password_too_short", Invalid, ["limit", "got"];
    /// Over 71 bytes, which bcrypt would cut.
    PasswordTooLong = "password_too_long", Invalid, ["limit", "got"];
    /// Not a UUID.
    UidInvalid = "uid_invalid", Invalid, [];
    /// The same uid came before with another text or chat.
    UidReused = "uid_reused", Conflict, [];
    /// Not a language that Beseda speaks.
    LanguageUnknown = "language_unknown", Invalid, [];
    /// Not a choice of colours that Beseda has.
    ThemeUnknown = "theme_unknown", Invalid, [];
    /// Not an IANA time zone.
    TimeZoneUnknown = "time_zone_unknown", Invalid, [];
    /// Not a time of day as `HH:MM`.
    TimeInvalid = "time_invalid", Invalid, ["got"];
    /// Not a date as `YYYY-MM-DD`.
    DateInvalid = "date_invalid", Invalid, ["got"];
    /// Not a moment between 2000 and 2100.
    MomentInvalid = "moment_invalid", Invalid, ["got"];
    /// Two intervals of working hours share a time; `field` is the second in the week's order.
    IntervalsOverlap = "intervals_overlap", Invalid, ["first", "second"];
    /// More intervals of working hours in a day than the limit.
    IntervalsTooMany = "intervals_too_many", Invalid, ["limit", "got"];
    /// A date stands twice among the special days.
    SpecialDayTwice = "special_day_twice", Invalid, ["date"];
    /// More special days than the limit.
    SpecialDaysTooMany = "special_days_too_many", Invalid, ["limit", "got"];
    /// Somebody saved the working hours meanwhile; `name` says who, `changed_at` when.
    ScheduleChanged = "schedule_changed", Conflict, ["name", "changed_at"];
    /// The name of a picture ends in none of .png, .jpg, .jpeg; `found` is its end.
    AvatarNameRefused = "avatar_name_refused", Invalid, ["found"];
    /// A picture, and neither PNG nor JPEG; `found` says what it is.
    AvatarKindRefused = "avatar_kind_refused", Invalid, ["found"];
    /// The bytes are no picture.
    AvatarNoPicture = "avatar_no_picture", Invalid, [];
    /// The picture cannot be read to its end.
    AvatarBroken = "avatar_broken", Invalid, [];
    /// The picture is no square.
    AvatarNotSquare = "avatar_not_square", Invalid, ["width", "height"];
    /// The picture is a square outside 200 to 1,500 pixels.
    AvatarSizeRefused = "avatar_size_refused", Invalid, ["least", "most", "width", "height"];
    /// No such picture, or an older one.
    AvatarNotFound = "avatar_not_found", NotFound, [];
    /// A rating outside 1 to 5.
    ScoreInvalid = "score_invalid", Invalid, ["got"];
    /// Bytes of the largest file outside what the owner may choose.
    FileMaxBytesInvalid = "file_max_bytes_invalid", Invalid, ["min_mb", "limit_mb"];
    /// Several fields at once; each stands in `errors`.
    FieldsInvalid = "fields_invalid", Invalid, ["count"];

    // Chats.
    /// No such chat, or not one of this viewer's.
    ChatNotFound = "chat_not_found", NotFound, [];
    /// Another operator has the chat; `name` says who.
    ChatTaken = "chat_taken", Conflict, ["name"];
    /// The move is not in the table of states; `state` is the chat's.
    ChatStateConflict = "chat_state_conflict", Conflict, ["state"];
    /// The visitor has another active chat, which has to be used instead.
    ChatSuperseded = "chat_superseded", Conflict, ["chat_id"];
    /// The chat is spam: nobody writes into it.
    ChatIsSpam = "chat_is_spam", Conflict, [];
    /// The operator ended the conversation; the visitor may not go on.
    ChatEnded = "chat_ended", Forbidden, [];
    /// The chat is not closed, so there is nothing to rate.
    ChatNotClosed = "chat_not_closed", Conflict, [];
    /// Rated already.
    RatedAlready = "rated_already", Conflict, [];
    /// The visitor writes faster than 20 messages in 10 s.
    MessagesTooFast = "messages_too_fast", TooMany, ["limit", "retry_after_ms"];
    /// More frames of another kind than a person could cause.
    FramesTooFast = "frames_too_fast", TooMany, ["retry_after_ms"];
    /// Too many new visitors from one address.
    VisitorsTooFast = "visitors_too_fast", TooMany, ["retry_after_ms"];
    /// No such message.
    MessageNotFound = "message_not_found", NotFound, [];
    /// Somebody else wrote the message.
    MessageNotYours = "message_not_yours", Forbidden, [];
    /// The message was deleted.
    MessageDeleted = "message_deleted", Conflict, [];
    /// No such visitor, or one of whom this viewer sees no chat.
    VisitorNotFound = "visitor_not_found", NotFound, [];
    /// No such contact was found in this visitor's messages.
    FoundNotFound = "found_not_found", NotFound, [];
    /// More names, phones and emails than are remembered of a visitor.
    ContactsTooMany = "contacts_too_many", Invalid, ["limit"];
    /// More attributes than a visitor may have.
    AttributesTooMany = "attributes_too_many", Invalid, ["limit"];
    /// No such operator, or one who was deleted.
    OperatorNotFound = "operator_not_found", NotFound, [];
    /// No such template.
    TemplateNotFound = "template_not_found", NotFound, [];
    /// Another template has this title.
    TemplateTitleTaken = "template_title_taken", Conflict, [];
    /// Templates were added or removed since the order was made.
    TemplatesChanged = "templates_changed", Conflict, [];
    /// The words of a template were changed meanwhile, in another window or on another device.
    TemplateChanged = "template_changed", Conflict, [];
    /// Somebody changed the operator meanwhile; `name` says who, `changed_at` when.
    OperatorChanged = "operator_changed", Conflict, ["name", "changed_at"];
    /// The table is no UTF-8.
    CsvNotUtf8 = "csv_not_utf8", Invalid, [];
    /// The table has no rows.
    CsvEmpty = "csv_empty", Invalid, [];
    /// A row has another number of cells.
    CsvColumns = "csv_columns", Invalid, ["wanted", "got"];
    /// A title stands in the table twice; `row` says where it did first.
    CsvTitleTwice = "csv_title_twice", Invalid, ["row"];
    /// Rows of the table cannot be taken, so none was.
    ImportHasFaults = "import_has_faults", Invalid, ["count"];
    /// As many templates as a project, or one operator alone, may have.
    TemplatesTooMany = "templates_too_many", Conflict, ["limit"];
    /// The project has no CRM.
    CrmMissing = "crm_missing", Conflict, [];
    /// The CRM, or the way to it, refused; `cause` is a word of the connectors, `words` are the other side's own.
    CrmFailed = "crm_failed", Upstream, ["cause", "words"];
    /// A secret is needed for a CRM that has none yet.
    CrmSecretNeeded = "crm_secret_needed", Invalid, [];
    /// More additional fields than leads may have.
    CrmFieldsTooMany = "crm_fields_too_many", Invalid, ["limit"];
    /// The CRM has no such field, or it is chosen twice.
    CrmFieldUnknown = "crm_field_unknown", Invalid, [];
    /// A value does not go into its field; `misfit` is a word of the connectors.
    CrmValueMisfit = "crm_value_misfit", Invalid, ["misfit"];
    /// No such lead, or its chat is not one of this viewer's.
    LeadNotFound = "lead_not_found", NotFound, [];
    /// The lead is on its way or in the CRM: there is nothing to try again.
    LeadNotRefused = "lead_not_refused", Conflict, ["state"];
    /// There is a newer lead of this chat than the one that the sender knows.
    LeadExists = "lead_exists", Conflict, ["name", "made_at", "state", "lead_id"];
    /// A lead needs a phone or an email.
    LeadContactNeeded = "lead_contact_needed", Invalid, [];
    /// Somebody saved the connection meanwhile.
    CrmChanged = "crm_changed", Conflict, ["name", "changed_at"];
    /// Somebody saved the additional fields meanwhile.
    CrmFieldsChanged = "crm_fields_changed", Conflict, ["name", "changed_at"];
    /// No such channel.
    ChannelNotFound = "channel_not_found", NotFound, [];
    /// The owner switched the channel off.
    ChannelOff = "channel_off", Forbidden, [];
    /// The page is of a site that the channel is not for.
    OriginNotAllowed = "origin_not_allowed", Forbidden, ["origin"];
    /// Somebody changed the channel meanwhile; `name` says who, `changed_at` when.
    ChannelChanged = "channel_changed", Conflict, ["name", "changed_at"];
    /// Visitors wrote on this channel: it can be switched off, not removed.
    ChannelHasChats = "channel_has_chats", Conflict, ["count"];
    /// The only channel stays.
    ChannelLast = "channel_last", Conflict, [];
    /// As many channels as a project may have.
    ChannelsTooMany = "channels_too_many", Conflict, ["limit"];
    /// Neither a phone nor an email address.
    ContactInvalid = "contact_invalid", Invalid, [];
    /// The visitor has to agree to the terms as they are now.
    ConsentNeeded = "consent_needed", Conflict, [];
    /// The hash does not prove who the visitor is, or the site has no secret.
    IdentityInvalid = "identity_invalid", Forbidden, [];
    /// Not a host, nor `*.` with one.
    DomainInvalid = "domain_invalid", Invalid, ["got"];
    /// Not a colour as `#RRGGBB`.
    AccentInvalid = "accent_invalid", Invalid, [];
    /// A number outside of what it may be.
    NumberOutOfRange = "number_out_of_range", Invalid, ["least", "most", "got"];
    /// More in a list than the limit.
    ListTooLong = "list_too_long", Invalid, ["limit", "got"];
    /// Not an `https` address.
    UrlInvalid = "url_invalid", Invalid, [];
    /// Not an https address of a push service.
    PushEndpointInvalid = "push_endpoint_invalid", Invalid, [];
    /// Not the keys of a browser's push subscription.
    PushKeyInvalid = "push_key_invalid", Invalid, [];
    /// As many devices as an operator may have.
    PushDevicesTooMany = "push_devices_too_many", Conflict, ["limit"];
    /// No such device of this operator.
    PushDeviceNotFound = "push_device_not_found", NotFound, [];
    /// The push service does not know the device any more.
    PushDeviceGone = "push_device_gone", Conflict, [];
    /// More pushes or devices within a minute than a person asks for.
    PushTooFast = "push_too_fast", TooMany, ["retry_after_ms"];
    /// Not a receipt of a push of ours.
    ReceiptInvalid = "receipt_invalid", Invalid, [];
    /// As many operators as a project may have.
    OperatorsTooMany = "operators_too_many", Conflict, ["limit"];

    // Files.
    /// No such file, or not for this viewer.
    AttachmentNotFound = "attachment_not_found", NotFound, [];
    /// The file is in another message already.
    AttachmentUsed = "attachment_used", Conflict, [];
    /// More bytes than a file may have.
    FileTooLarge = "file_too_large", TooLarge, ["limit", "got"];
    /// A kind of file that is not taken here; `found` says what it is, `kinds` what is taken.
    FileKindRefused = "file_kind_refused", Unsupported, ["kinds", "found"];
    /// A file without a byte.
    FileEmpty = "file_empty", Invalid, [];
    /// No name, one that is too long, or one with control characters.
    FileNameInvalid = "file_name_invalid", Invalid, ["limit"];
    /// A file whose end is missing, or that is not what its beginning says.
    FileBroken = "file_broken", Invalid, [];
    /// As many uploads are under way as this server takes.
    UploadsBusy = "uploads_busy", Unavailable, ["retry_after_ms"];
    /// Too many uploads of this visitor, or from this address.
    UploadsTooFast = "uploads_too_fast", TooMany, ["retry_after_ms"];
    /// The visitor uploaded much and sent it in no message.
    UnsentFilesTooLarge = "unsent_files_too_large", Conflict, ["limit"];
    /// A message that is a file has no text to edit.
    MessageIsFile = "message_is_file", Conflict, [];
    /// The asked part of a file is beyond its end.
    RangeUnsatisfiable = "range_unsatisfiable", Range, ["size"];

    // The machine.
    /// The disk is full.
    DiskFull = "disk_full", Storage, [];
    /// The queue of writes is full.
    Busy = "busy", Unavailable, ["retry_after_ms"];
    /// Our fault; `request_id` is the number to quote.
    Internal = "internal", Internal, ["request_id"];
}

/// A parameter of a refusal, shown in its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// A number: a limit, a count, a time in milliseconds.
    Number(i64),
    /// A word: a name, a state, a reason.
    Text(String),
}

impl From<i64> for Param {
    fn from(value: i64) -> Self {
        Param::Number(value)
    }
}

impl From<usize> for Param {
    fn from(value: usize) -> Self {
        Param::Number(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Param::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Param::Text(value)
    }
}

/// One refusal.
#[derive(Clone, Debug)]
pub struct Error {
    /// Which one.
    pub code: Code,
    /// The field it speaks of, as a path in the JSON that was sent.
    pub field: Option<Cow<'static, str>>,
    /// Numbers and words for the texts.
    pub params: BTreeMap<&'static str, Param>,
    /// All wrong fields of a form at once; empty otherwise.
    pub errors: Vec<Error>,
    cause: Option<String>,
}

/// A result whose error a person can read.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A refusal without field and parameters.
    pub fn new(code: Code) -> Self {
        Error { code, field: None, params: BTreeMap::new(), errors: Vec::new(), cause: None }
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds a parameter; it must be one of [`Code::params`].
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        debug_assert!(self.code.params().contains(&name), "{} has no parameter {name}", self.code.as_str());
        self.params.insert(name, value.into());
        self
    }

    /// Our fault, with the cause for the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let mut error = Error::new(Code::Internal);
        error.cause = Some(cause.to_string());
        error
    }

    /// Gathers the faults of a form: none is success, one stands alone, several come as `fields_invalid`.
    ///
    /// # Errors
    /// As said: when `errors` is not empty.
    pub fn gather(mut errors: Vec<Error>) -> Result<()> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            count => {
                let mut error = Error::new(Code::FieldsInvalid).with("count", count);
                error.errors = errors;
                Err(error)
            }
        }
    }

    /// What happened inside; for the log, never for an answer.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// When trying again makes sense, in milliseconds.
    pub fn retry_after_ms(&self) -> Option<i64> {
        match self.params.get("retry_after_ms") {
            Some(Param::Number(ms)) => Some(*ms),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code.as_str())?;
        if let Some(field) = &self.field {
            write!(out, " ({field})")?;
        }
        if let Some(cause) = &self.cause {
            write!(out, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Error::new(code)
    }
}
