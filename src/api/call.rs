//! One request on its way through a handler, and the forms of answers.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use rouille::{Request, Response, ResponseBody};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Places, auth};
use crate::assets::{self, Assets};
use crate::crm::HttpClient;
use crate::domain::Domain;
use crate::domain::account::LoggedIn;
use crate::edge::{Answer, Incoming};
use crate::error::{Code, Error, Result};
use crate::json;
use crate::live::Live;
use crate::model::project::Language;
use crate::problem::Problem;

/// Answers longer than this are gzipped for those who take it, bytes.
const GZIP_FROM_BYTES: usize = 1_024;

/// All that handlers use.
pub struct Api {
    /// The rules.
    pub domain: Arc<Domain>,
    /// The sockets.
    pub live: Arc<Live>,
    /// The files of the pages.
    pub assets: Assets,
    /// The address that people use, when the owner named it.
    pub public_url: Option<String>,
    /// Whether the demo shop is served.
    pub demo: bool,
    /// Whether addresses of this machine and its networks may be asked.
    pub allow_private_addresses: bool,
    /// The way to the CRM.
    pub crm_http: Arc<HttpClient>,
    /// Requests that wait for the CRM.
    pub crm_asks: Places,
    /// Clients in the CRM.
    pub lookups: crate::lookup::Lookups,
    /// Requests that wait for a shop's page.
    pub site_checks: Places,
    /// Tables that are taken in.
    pub imports: Places,
}

/// One request, with who sent it.
pub struct Call<'a> {
    /// Everything that handlers use.
    pub api: &'a Arc<Api>,
    /// The request.
    pub request: &'a Request,
    /// The person's address.
    pub client: IpAddr,
    /// Whether the person's connection is encrypted.
    pub secure: bool,
    /// Who is logged in, where the route asks for it.
    pub who: Option<LoggedIn>,
    /// Parts of the path that the route left open, by name.
    pub path: HashMap<&'static str, String>,
    /// Language of refusals.
    pub language: Language,
}

impl<'a> Call<'a> {
    /// A call on a route.
    pub fn new(
        api: &'a Arc<Api>,
        incoming: &'a Incoming,
        who: Option<LoggedIn>,
        path: HashMap<&'static str, String>,
        language: Language,
    ) -> Call<'a> {
        let secure = incoming.secure || api.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        Call { api, request: &incoming.request, client: incoming.client, secure, who, path, language }
    }

    /// Who is logged in.
    ///
    /// # Errors
    /// `login_needed`.
    pub fn who(&self) -> Result<&LoggedIn> {
        self.who.as_ref().ok_or_else(|| Code::LoginNeeded.into())
    }

    /// The body, as JSON of a known shape.
    ///
    /// # Errors
    /// `not_json`, `json_malformed`, `json_mismatch`.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        let media_type = self.request.header("content-type").unwrap_or("");
        if !media_type.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
            return Err(Code::NotJson.into());
        }
        json::parse(&self.bytes()?)
    }

    /// The body as it came.
    ///
    /// # Errors
    /// When it was read already.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if let Some(mut body) = self.request.data() {
            std::io::Read::read_to_end(&mut body, &mut bytes).map_err(Error::internal)?;
        }
        Ok(bytes)
    }

    /// Refuses a body that says something, where a route takes nothing.
    ///
    /// # Errors
    /// Those of [`Call::body`].
    pub fn no_body(&self) -> Result<()> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        if self.is_empty() { Ok(()) } else { self.body::<Nothing>().map(drop) }
    }

    /// Whether there is no body.
    pub fn is_empty(&self) -> bool {
        matches!(self.request.header("content-length"), None | Some("0"))
    }

    /// A number out of the path.
    ///
    /// # Errors
    /// `no_such_path` when it is none.
    pub fn id(&self, name: &str) -> Result<i64> {
        let part = self.path.get(name).map(String::as_str).unwrap_or_default();
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|id| digits && *id > 0).ok_or_else(|| Code::NoSuchPath.into())
    }

    /// The parameters of the address; each name of `known` at most once, and no others.
    ///
    /// # Errors
    /// `query_invalid`.
    pub fn query(&self, known: &[&'static str]) -> Result<HashMap<&'static str, String>> {
        let mut found = HashMap::new();
        for pair in self.request.raw_query_string().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(known) = known.iter().find(|known| **known == name) else {
                let reason = format!("known parameters: {}", known.join(", "));
                return Err(Error::new(Code::QueryInvalid).field(name.to_owned()).with("reason", reason));
            };
            let value = decoded(value).ok_or_else(|| {
                Error::new(Code::QueryInvalid).field(*known).with("reason", "not UTF-8 in percent-encoding")
            })?;
            if found.insert(*known, value).is_some() {
                let error = Error::new(Code::QueryInvalid).field(*known);
                return Err(error.with("reason", "a parameter stands in the address once"));
            }
        }
        Ok(found)
    }

    /// The address under which the person reaches this server, without a slash at the end.
    pub fn origin(&self) -> String {
        match &self.api.public_url {
            Some(url) => url.clone(),
            None => {
                let scheme = if self.secure { "https" } else { "http" };
                format!("{scheme}://{}", self.host())
            }
        }
    }

    /// Host and port that the person asked for.
    pub fn host(&self) -> String {
        auth::host(self.request).unwrap_or("localhost").to_ascii_lowercase()
    }

    /// A JSON answer.
    ///
    /// # Errors
    /// When `body` cannot be encoded.
    pub fn json(&self, status: u16, body: &impl Serialize) -> Result<Answer> {
        let bytes = serde_json::to_vec(body).map_err(Error::internal)?;
        let response = self.compressed("application/json", bytes).with_status_code(status);
        Ok(Answer::Response(response.with_unique_header("Cache-Control", "no-store")))
    }

    /// An answer without a body.
    pub fn nothing(&self) -> Answer {
        Answer::Response(Response::empty_204())
    }

    /// Bytes of a media type, gzipped when they are long and the person takes that.
    pub fn compressed(&self, media_type: &'static str, bytes: Vec<u8>) -> Response {
        if bytes.len() >= GZIP_FROM_BYTES && self.takes_gzip() {
            let body = assets::gzip(&bytes);
            return Response::from_data(media_type, body)
                .with_additional_header("Content-Encoding", "gzip")
                .with_additional_header("Vary", "Accept-Encoding");
        }
        Response::from_data(media_type, bytes).with_additional_header("Vary", "Accept-Encoding")
    }

    /// Whether the person takes gzip (RFC 9110, section 12.5.3, as far as browsers use it).
    pub fn takes_gzip(&self) -> bool {
        let accepted = self.request.header("accept-encoding").unwrap_or("");
        accepted.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip") && weight.trim() != "q=0"
        })
    }
}

/// A value of the query as it was before a page encoded it (URL Standard, section 5.1).
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, left) = match first {
            b'+' => (b' ', after),
            b'%' => {
                let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
                (u8::from_str_radix(digits, 16).ok()?, after.get(2..)?)
            }
            byte => (*byte, after),
        };
        bytes.push(byte);
        rest = left;
    }
    String::from_utf8(bytes).ok()
}

/// Forbids browsers to take an answer for something else than what it says it is.
pub fn as_it_says(response: Response) -> Response {
    response.with_unique_header("X-Content-Type-Options", "nosniff")
}

/// A refusal as an answer.
pub fn problem(error: &Error, language: Language, request_id: &str) -> Response {
    let problem = Problem::new(error, language, request_id);
    let status = problem.status();
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response {
        status_code: status,
        headers: vec![
            ("Content-Type".into(), "application/problem+json".into()),
            ("Cache-Control".into(), "no-store".into()),
        ],
        data: ResponseBody::from_data(body),
        upgrade: None,
    };
    if let Some(wait_ms) = error.retry_after_ms() {
        let seconds = (wait_ms.max(0) + 999) / 1_000;
        response.headers.push(("Retry-After".into(), seconds.to_string().into()));
    }
    if let (Code::RangeUnsatisfiable, Some(crate::error::Param::Number(size))) = (error.code, error.params.get("size"))
    {
        response.headers.push(("Content-Range".into(), format!("bytes */{size}").into()));
    }
    if let Some(crate::error::Param::Text(allowed)) = error.params.get("allowed") {
        response.headers.push(("Allow".into(), allowed.clone().into()));
    }
    response
}
