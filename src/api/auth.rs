//! Who asks: the session's cookie, and whether a request comes from our own pages.

use rouille::Request;

use super::Api;
use crate::domain::account::{self, LoggedIn};
use crate::error::{Code, Result};
use crate::model::limits;
use crate::model::project::Language;

/// The session's cookie.
const COOKIE: &str = "beseda_session";

/// Who is logged in.
///
/// # Errors
/// `login_needed`, `account_deleted`.
pub fn recognise(api: &Api, request: &Request) -> Result<LoggedIn> {
    recognise_by(api, request.header("cookie"))
}

/// The same, by the header of the cookies.
///
/// # Errors
/// `login_needed`, `account_deleted`.
pub fn recognise_by(api: &Api, cookies: Option<&str>) -> Result<LoggedIn> {
    let token = cookies.and_then(session_of).ok_or(Code::LoginNeeded)?;
    account::recognise(&api.domain, token)
}

/// The header that begins a session on this device. `Secure` wherever the person's connection is encrypted: on plain HTTP,
/// as on one's own machine, browsers would drop the cookie.
pub fn session_cookie(token: &str, secure: bool) -> String {
    let age_s = limits::SESSION_IDLE_MS / 1_000;
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}")
}

/// The header that ends it.
pub fn ended_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Refuses requests that another site's page makes in the name of who is logged in here, by `Sec-Fetch-Site` and by `Origin`:
/// neither may say otherwise. Programs send none of them and have no cookie by accident.
///
/// # Errors
/// `foreign_origin`.
pub fn check_origin(api: &Api, request: &Request) -> Result<()> {
    let from_us = request.header("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let named_us = request.header("origin").is_none_or(|origin| is_own(api, request, origin));
    if from_us && named_us { Ok(()) } else { Err(Code::ForeignOrigin.into()) }
}

/// Host and port that the request is for.
pub fn host(request: &Request) -> Option<&str> {
    request.header("host").map(str::trim).filter(|host| !host.is_empty())
}

/// Whether an `Origin` is that of our own pages.
pub fn is_own(api: &Api, request: &Request, origin: &str) -> bool {
    if api.public_url.as_deref().is_some_and(|url| url.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    named.zip(host(request)).is_some_and(|(named, host)| named.eq_ignore_ascii_case(host))
}

fn session_of(cookies: &str) -> Option<&str> {
    cookies.split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The first language of `Accept-Language` that Beseda speaks, else `otherwise`.
pub fn wanted_language(accept_language: Option<&str>, otherwise: Language) -> Language {
    let wanted = accept_language.unwrap_or("").split(',').find_map(|part| {
        let tag = part.split(';').next().unwrap_or("").trim();
        Language::parse(&tag.get(..2).unwrap_or("").to_ascii_lowercase())
    });
    wanted.unwrap_or(otherwise)
}
