//! Requests to other servers: which addresses are asked, what is read of an answer, and what a fault says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use beseda::model::limits;
use beseda::outbound::{Fault, Outbound};

/// A server that answers each connection with these bytes and closes it; gives its address.
fn server(answer: impl Fn(&mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.push(byte[0]);
            }
            answer(&mut stream);
        }
    });
    address
}

fn says(answer: &'static str) -> String {
    server(move |stream| drop(stream.write_all(answer.as_bytes())))
}

#[test]
fn private_addresses_are_refused_by_number_and_by_name() {
    let outbound = Outbound::new(false);
    let open = says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let port = open.rsplit(':').next().unwrap();
    for host in
        ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "169.254.169.254"]
    {
        let fault = outbound.send("GET", &format!("http://{host}:{port}"), &[], b"").unwrap_err();
        assert!(matches!(fault, Fault::AddressRefused(_) | Fault::NotSent(_)), "{host}: {fault:?}");
        if host != "0x7f.1" && host != "2130706433" {
            assert!(matches!(fault, Fault::AddressRefused(_)), "{host}: {fault:?}");
        }
    }
    for url in ["", "file:///etc/passwd", "http://", "/path", "gopher://example.org/"] {
        let fault = outbound.send("GET", url, &[], b"").unwrap_err();
        assert!(matches!(fault, Fault::AddressRefused(_)), "{url}: {fault:?}");
    }
    let allowed = Outbound::new(true);
    assert!(allowed.send("GET", &open, &[], b"").unwrap().is_success());
    assert!(allowed.send("GET", &format!("http://localhost:{port}"), &[], b"").unwrap().is_success());
}

#[test]
fn redirects_are_answers_and_are_not_followed() {
    let elsewhere = server(|_| panic!("somebody followed"));
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 2\r\n\r\nno");
    let here = server(move |stream| drop(stream.write_all(answer.as_bytes())));
    for method in ["GET", "POST"] {
        let answer = Outbound::new(true).send(method, &here, &[], b"").unwrap();
        assert_eq!((answer.status, answer.text().as_str(), answer.is_success()), (302, "no", false), "{method}");
    }
}

#[test]
fn refusals_are_values_with_their_words_and_their_time() {
    let here = says("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\nlater");
    let answer = Outbound::new(true).send("POST", &here, &[("ttl", "60")], b"body").unwrap();
    assert_eq!((answer.status, answer.text().as_str(), answer.retry_after_ms(0)), (429, "later", Some(7_000)));
    assert!(answer.whole);
}

#[test]
fn long_bodies_are_cut_and_broken_ones_are_told() {
    let long = server(|stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
        drop(stream.write_all(head.as_bytes()));
        let part = [b'a'; 65_536];
        for _ in 0..1_600 {
            if stream.write_all(&part).is_err() {
                return;
            }
        }
    });
    let answer = Outbound::new(true).send("GET", &long, &[], b"").unwrap();
    assert_eq!((answer.body.len(), answer.whole), (limits::OUTBOUND_BODY_BYTES, false));
    let cut = says("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nhalf");
    let answer = Outbound::new(true).send("POST", &cut, &[], b"x").unwrap();
    assert_eq!((answer.status, answer.text().as_str(), answer.whole), (201, "half", false));
}

#[test]
fn a_fault_says_whether_the_request_may_have_arrived() {
    let outbound = Outbound::with_timeout(true, Duration::from_millis(500));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let fault = outbound.send("POST", &format!("http://{nobody}/"), &[], b"x").unwrap_err();
    assert!(matches!(fault, Fault::NotSent(_)), "nobody listens: {fault:?}");
    let fault = outbound.send("POST", "http://nowhere.invalid/", &[], b"x").unwrap_err();
    assert!(matches!(fault, Fault::NoSuchName(_)), "no such name: {fault:?}");

    for (name, here) in [
        ("cut", says("")),
        ("garbage", says("\u{1}\u{2}\u{3} not HTTP at all\r\n\r\n")),
        ("half a head", says("HTTP/1.1 201 Cre")),
        ("slow", server(|stream| drop(stream.read(&mut [0; 64])))),
    ] {
        let begun = Instant::now();
        let fault = outbound.send("POST", &here, &[], b"x").unwrap_err();
        assert!(matches!(fault, Fault::Unknown(_)), "{name}: {fault:?}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{name} took {:?}", begun.elapsed());
        assert!(!fault.reason().is_empty());
    }
}

#[test]
fn who_cannot_prove_who_it_is_gets_nothing() {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate = CertificateDer::from_pem_slice(include_bytes!("../fixtures/tls/cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../fixtures/tls/key.pem")).unwrap();
    let provider = rustls::crypto::ring::default_provider().into();
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = std::sync::Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let mut tls = rustls::ServerConnection::new(config).unwrap();
        while tls.complete_io(&mut stream).is_ok_and(|(read, _)| read > 0) {}
        let mut text = Vec::new();
        drop(tls.reader().read_to_end(&mut text));
        text
    });
    let fault = Outbound::new(true).send("POST", &address, &[], b"secret").unwrap_err();
    assert!(matches!(fault, Fault::NotTrusted(_)), "{fault:?}");
    assert!(heard.join().unwrap().is_empty());
}

#[test]
fn an_answer_that_drips_ends_with_the_time_for_all_of_it() {
    let drip = server(|stream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
        while stream.write_all(b"a").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let begun = Instant::now();
    let answer = Outbound::with_timeout(true, Duration::from_millis(600)).send("GET", &drip, &[], b"").unwrap();
    assert!(!answer.whole && begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
