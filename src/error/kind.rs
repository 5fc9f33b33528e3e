//! Sorts of refusals, with their HTTP status.

/// What sort of refusal it is; decides the HTTP status ([`Kind::status`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The bytes are not a well-formed request.
    Malformed,
    /// Well-formed, but a value breaks a rule.
    Invalid,
    /// Nobody is logged in.
    Unauthenticated,
    /// Logged in, and not allowed.
    Forbidden,
    /// There is no such thing, or not for this viewer.
    NotFound,
    /// The path exists, the method does not.
    Method,
    /// The thing is in another state by now.
    Conflict,
    /// The client was too slow.
    Timeout,
    /// More bytes than the limit.
    TooLarge,
    /// The head of the request is larger than the limit.
    HeadTooLarge,
    /// The address is longer than the limit.
    AddressTooLong,
    /// Too often; `retry_after_ms` says when again.
    TooMany,
    /// A media type, version or upgrade that is not spoken here.
    Unsupported,
    /// For the moment not possible; trying again makes sense.
    Unavailable,
    /// The disk is full.
    Storage,
    /// The asked part is not there.
    Range,
    /// Another server that we had to ask.
    Upstream,
    /// Our fault.
    Internal,
}

impl Kind {
    /// The HTTP status of this kind (RFC 9110; 507 from RFC 4918).
    pub fn status(self) -> u16 {
        match self {
            Kind::Malformed => 400,
            Kind::Unauthenticated => 401,
            Kind::Forbidden => 403,
            Kind::NotFound => 404,
            Kind::Method => 405,
            Kind::Timeout => 408,
            Kind::Conflict => 409,
            Kind::TooLarge => 413,
            Kind::AddressTooLong => 414,
            Kind::Unsupported => 415,
            Kind::Range => 416,
            Kind::Invalid => 422,
            Kind::TooMany => 429,
            Kind::HeadTooLarge => 431,
            Kind::Internal => 500,
            Kind::Upstream => 502,
            Kind::Unavailable => 503,
            Kind::Storage => 507,
        }
    }
}
