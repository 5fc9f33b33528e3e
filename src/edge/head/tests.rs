//! One table of heads: what each means, or why it is refused.

use super::*;

/// What becomes of bytes that come at once and, in `check`, byte by byte.
fn outcome(bytes: &[u8]) -> String {
    let refused = |error: Error| {
        let reason = match error.params.get("reason") {
            Some(crate::error::Param::Text(reason)) => reason.clone(),
            _ => String::new(),
        };
        format!("{} {reason}", error.code.as_str()).trim().to_owned()
    };
    match Scanner::default().scan(bytes) {
        Err(error) => refused(error),
        Ok(None) => "incomplete".to_owned(),
        Ok(Some(end)) => match parse(&bytes[..end]) {
            Err(error) => refused(error),
            Ok(head) => {
                let keep = if head.keep_alive { "keep" } else { "close" };
                let expects = if head.expects_continue { " expects" } else { "" };
                let (method, target, body) = (head.method, head.target, head.body_bytes);
                format!("{method} {target} body={body} {keep}{expects} rest={}", bytes.len() - end)
            }
        },
    }
}

/// The outcome must begin with `expected`, and a slow client must not change it.
fn check(bytes: impl AsRef<[u8]>, expected: &str) {
    let bytes = bytes.as_ref();
    let found = outcome(bytes);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
    assert!(found.starts_with(expected), "{shown:?}\n  expected {expected}\n  found    {found}");

    let mut scanner = Scanner::default();
    let slow = (1..=bytes.len()).find_map(|count| scanner.scan(&bytes[..count]).transpose());
    match (slow, Scanner::default().scan(bytes)) {
        (None, Ok(None)) => {}
        (Some(Ok(slow)), Ok(Some(fast))) => assert_eq!(slow, fast, "{shown:?}"),
        (Some(Err(slow)), Err(fast)) => assert_eq!((slow.code, slow.params), (fast.code, fast.params), "{shown:?}"),
        (slow, fast) => panic!("{shown:?}: slow {slow:?}, fast {fast:?}"),
    }
}

/// A GET with these lines besides `Host`.
fn with(lines: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
}

#[test]
fn sound_heads_are_understood() {
    check("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / body=0 keep rest=0");
    check("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2", "GET / body=0 keep rest=6");
    check("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / body=0 keep rest=0");
    check("POST /a?b=c HTTP/1.1\r\nHost: a:8080\r\nContent-Length: 5\r\n\r\nhello", "POST /a?b=c body=5 keep rest=5");
    check("GET / HTTP/1.0\r\n\r\n", "GET / body=0 close rest=0");
    check("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET / body=0 close");
    check("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * body=0 keep");
    check("GET http://a.example/x?y HTTP/1.1\r\nHost: A.example\r\n\r\n", "GET /x?y body=0");
    check("GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / body=0");
    check("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?q body=0");
    check("GET http://a/x HTTP/1.0\r\n\r\n", "GET /x body=0 close");
    check("get /%D1%91 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "get /%D1%91 body=0");
    check("GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n", "GET / body=0");
    check(with("Connection: Upgrade, Close\r\n"), "GET / body=0 close");
    check(with("Connection: closed\r\n"), "GET / body=0 keep");
    check(with("Content-Length: 9223372036854775807\r\n"), "GET / body=9223372036854775807");
    check(with("Content-Length: 007\r\n"), "GET / body=7");
    check(with("Content-Length:   7  \r\n"), "GET / body=7");
    check(with("Expect: 100-Continue\r\nContent-Length: 1\r\n"), "GET / body=1 keep expects");
    check(b"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: caf\xe9\r\n\r\n", "GET / body=0");
    check(with("X-Empty:\r\nX-Tab:\ta\tb\r\n"), "GET / body=0");
}

#[test]
fn an_incomplete_head_is_waited_for() {
    for bytes in
        ["", "\r", "\r\n", "G", "GET / HTTP/1.1\r\nHost: a\r\n\r", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP"]
    {
        check(bytes, "incomplete");
    }
}

#[test]
fn line_breaks_are_cr_lf_and_nothing_else() {
    check("GET / HTTP/1.1\nHost: a\n\n", "bad_request a line feed");
    check("GET / HTTP/1.1\r\nHost: a\n\r\n", "bad_request a line feed");
    check("GET / HTTP/1.1\r\nHost: a\r\n\n", "bad_request a line feed");
    check("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request a line feed");
    check("GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", "bad_request a carriage return");
    check("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "bad_request a carriage return");
    check("GET / HTTP/1.1\r\nHost: a\r\n\rX", "bad_request a carriage return");
    check(with("X: a\r\n b\r\n"), "bad_request a folded");
    check(with("X: a\r\n\tTransfer-Encoding: chunked\r\n"), "bad_request a folded");
    check("GET / HTTP/1.1\r\n Host: a\r\n\r\n", "bad_request a folded");
    check("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an empty request line");
}

#[test]
fn other_tongues_are_refused_at_their_first_line() {
    check("GET /\r\n", "bad_request a request line");
    check("GET / \r\n", "bad_request a request line");
    check("hello\r\n", "bad_request a request line");
    check("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "bad_request a version");
    check("GET / HTTP/2.0\r\n", "bad_request a version");
    check("GET / HTTP/1.2\r\n", "bad_request a version");
    check("GET / HTTP/0.9\r\n", "bad_request a version");
    check("GET / HTTP/1.10\r\n", "bad_request a version");
    check("GET / http/1.1\r\n", "bad_request a request line");
    check("GET / HTTP/1.1 \r\n", "bad_request a request line");
    check(b"\x16\x03\x01\x02\x00\x01", "bad_request this is not HTTP");
    check(b" GET / HTTP/1.1\r\n", "bad_request this is not HTTP");
    check(b"\0", "bad_request a NUL");
}

#[test]
fn a_request_line_has_three_parts_and_a_path() {
    check("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request a malformed request line");
    check("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request");
    check("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request a malformed request line");
    check("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request a malformed request line");
    check("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request a NUL");
    check("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request a malformed request line");
    check("GET /ё HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address with bytes");
    check(b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request");
    check("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address with bytes");
    check("GET a HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address that is no path");
    check("GET * HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address that is no path");
    check("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "bad_request this is no proxy");
    check("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request this is no proxy");
    check("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address of another host");
    check("GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address of another host");
    check("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address of another host");
    check("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address of another host");
    check("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request an address that is no path");
    check(format!("{} / HTTP/1.1\r\nHost: a\r\n\r\n", "M".repeat(25)), "bad_request a method");
}

#[test]
fn there_is_one_host_and_it_is_a_name() {
    check("GET / HTTP/1.1\r\n\r\n", "bad_request no Host");
    check("GET / HTTP/1.1\r\nX: a\r\n\r\n", "bad_request no Host");
    check("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "bad_request Host twice");
    check("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", "bad_request Host twice");
    for host in ["", "a b", "a,b", "a/b", "u@a", "a:", "a:x", "a:99999", "a:+1", "[::1", "[::1]x", "[a]", ":80", "a\"b"]
    {
        check(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), "bad_request a malformed Host");
    }
}

#[test]
fn the_length_of_a_body_has_one_meaning() {
    let length = "bad_request a Content-Length that is no number";
    for value in ["-1", "+1", "0x10", "1,1", "1, 1", "1 1", "", "1;", "1e3", "\"1\"", "１", "1\t1"] {
        check(with(&format!("Content-Length: {value}\r\n")), length);
    }
    for value in ["9223372036854775808", "18446744073709551616", "99999999999999999999999999"] {
        check(with(&format!("Content-Length: {value}\r\n")), "bad_request a Content-Length that is no size");
    }
    check(with("Content-Length: 1\r\nContent-Length: 1\r\n"), "bad_request Content-Length twice");
    check(with("Content-Length: 1\r\ncontent-length: 2\r\n"), "bad_request Content-Length twice");
    check(with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), "bad_request Transfer-Encoding");
    for value in ["chunked", "identity", "", "gzip, chunked", "xchunked", "\tchunked", "chunked\t"] {
        check(with(&format!("Transfer-Encoding: {value}\r\n")), "bad_request Transfer-Encoding");
    }
    check(with("tRANSFER-eNCODING: chunked\r\n"), "bad_request Transfer-Encoding");
    check("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "bad_request Transfer-Encoding");
}

#[test]
fn header_lines_are_a_token_a_colon_and_text() {
    let name = "bad_request a malformed header name";
    check(with("Content-Length : 1\r\n"), name);
    check(with("Transfer-Encoding\t: chunked\r\n"), name);
    check(with("X(Y): 1\r\n"), name);
    check(with(": 1\r\n"), name);
    check(with("no colon\r\n"), name);
    check(with("X\u{a0}: 1\r\n"), name);
    check(with("X\x0b: 1\r\n"), name);
    check(with("X: a\0b\r\n"), "bad_request a NUL");
    check(with("X: a\x01b\r\n"), "bad_request a control character");
    check(with("X: a\x7fb\r\n"), "bad_request a control character");
    check(with("Expect: 200-ok\r\n"), "bad_request an expectation");
    check(with("Expect: 100-continue, x\r\n"), "bad_request an expectation");
    check(with("Expect:\r\n"), "bad_request an expectation");
    for name in SINGLE {
        check(with(&format!("{name}: 1\r\n{}: 1\r\n", name.to_uppercase())), "bad_request a header twice");
    }
}

#[test]
fn sizes_are_held_at_the_limit_and_one_past_it() {
    let target = |bytes: usize| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(bytes - 1));
    check(target(limits::TARGET_BYTES), "GET /aaa");
    check(target(limits::TARGET_BYTES + 1), "address_too_long");
    check("GET /".to_owned() + &"a".repeat(limits::TARGET_BYTES + 64), "address_too_long");

    let lines = |count: usize| with(&"X: 1\r\n".repeat(count - 1));
    check(lines(limits::HEADERS), "GET / body=0");
    check(lines(limits::HEADERS + 1), "head_too_large");

    let head = |bytes: usize| {
        let bare = with("X: \r\n").len();
        with(&format!("X: {}\r\n", "a".repeat(bytes - bare)))
    };
    assert_eq!(head(limits::HEAD_BYTES).len(), limits::HEAD_BYTES);
    check(head(limits::HEAD_BYTES), "GET / body=0");
    check(head(limits::HEAD_BYTES + 1), "head_too_large");
    check(with(&"X: 1\r\n".repeat(limits::HEAD_BYTES)), "head_too_large");
}

#[test]
fn no_prefix_of_noise_makes_it_panic() {
    // A small generator (xorshift) in place of a fuzzer: bytes that are likely in heads, in any order.
    const LIKELY: &[&[u8]] = &[
        b"GET ",
        b"/",
        b" HTTP/1.1",
        b"\r\n",
        b"\r",
        b"\n",
        b"Host",
        b":",
        b" ",
        b"a",
        b"\0",
        b"\xff",
        b"Content-Length",
        b"1",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..20_000 {
        let mut bytes = Vec::new();
        for _ in 0..24 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            bytes.extend_from_slice(LIKELY[usize::try_from(seed % LIKELY.len() as u64).unwrap()]);
        }
        outcome(&bytes);
    }
}
