//! From an HTTP request to a WebSocket: the opening handshake as the server sees it (RFC 6455, section 4.2).

use std::net::TcpStream;

use rouille::{Request, Response};
use tungstenite::handshake::derive_accept_key;

use super::Answer;
use crate::error::{Code, Error, Result};

/// Gets the socket (non-blocking, with `TCP_NODELAY`) and the bytes that the client sent behind its request.
pub type Then = Box<dyn FnOnce(TcpStream, Vec<u8>) + Send>;

/// A handshake that was found good; the edge writes the 101 and then calls `then`.
pub struct Upgrade {
    /// The value of `Sec-WebSocket-Accept`.
    pub(super) accept: String,
    /// Runs on the connection's thread, which ends with it: hand the socket off and return.
    pub(super) then: Then,
}

/// Checks the handshake; `Origin` and rights are the caller's to check.
///
/// A wrong version is answered by 426 with the version that is spoken here (section 4.4).
///
/// # Errors
/// `not_websocket` when the request is no upgrade, or a malformed one.
pub fn upgrade(request: &Request, then: impl FnOnce(TcpStream, Vec<u8>) + Send + 'static) -> Result<Answer> {
    let good = request.method() == "GET"
        && has_token(request, "connection", "upgrade")
        && has_token(request, "upgrade", "websocket");
    if !good {
        return Err(Error::new(Code::NotWebSocket));
    }
    if request.header("sec-websocket-version").map(str::trim) != Some("13") {
        return Ok(Answer::Response(
            Response::text("Sec-WebSocket-Version: 13\n")
                .with_status_code(426)
                .with_additional_header("Upgrade", "websocket")
                .with_additional_header("Sec-WebSocket-Version", "13"),
        ));
    }
    let key = request.header("sec-websocket-key").map(str::trim).filter(|key| is_key(key));
    let key = key.ok_or_else(|| Error::new(Code::NotWebSocket))?;
    Ok(Answer::Upgrade(Upgrade { accept: derive_accept_key(key.as_bytes()), then: Box::new(then) }))
}

fn has_token(request: &Request, name: &str, token: &str) -> bool {
    request
        .headers()
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .flat_map(|(_, value)| value.split(','))
        .any(|word| word.trim().eq_ignore_ascii_case(token))
}

/// 16 bytes in base64 (RFC 4648, section 4): 22 characters, of which the last carries 4 empty bits, and two signs.
fn is_key(key: &str) -> bool {
    let Some(digits) = key.strip_suffix("==") else { return false };
    digits.len() == 22
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && digits.ends_with(['A', 'Q', 'g', 'w'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455, section 1.2.
    const GOOD: [(&str, &str); 4] = [
        ("Connection", "keep-alive, Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    fn check(method: &str, change: Option<(&str, &str)>, expected: &str) {
        let headers = GOOD.iter().map(|(name, value)| {
            let value = change.filter(|(changed, _)| changed == name).map_or(*value, |(_, value)| value);
            ((*name).to_owned(), value.to_owned())
        });
        let request = Request::fake_http(method, "/ws/visitor", headers.collect(), Vec::new());
        let found = match upgrade(&request, |_, _| {}) {
            Ok(Answer::Upgrade(upgrade)) => upgrade.accept,
            Ok(Answer::Response(response)) => response.status_code.to_string(),
            Err(error) => error.code.as_str().to_owned(),
        };
        assert_eq!(found, expected, "{method} {change:?}");
    }

    #[test]
    fn a_handshake_is_good_in_every_part_or_refused() {
        check("GET", None, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        check("GET", Some(("Upgrade", "WebSocket")), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        check("GET", Some(("Upgrade", "h2c, websocket")), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        check("POST", None, "not_websocket");
        check("GET", Some(("Upgrade", "h2c")), "not_websocket");
        check("GET", Some(("Connection", "keep-alive")), "not_websocket");
        check("GET", Some(("Connection", "upgraded")), "not_websocket");
        for version in ["8", "", "13, 8", "013"] {
            check("GET", Some(("Sec-WebSocket-Version", version)), "426");
        }
        for key in ["", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZR==", "AAAA"] {
            check("GET", Some(("Sec-WebSocket-Key", key)), "not_websocket");
        }
    }
}
