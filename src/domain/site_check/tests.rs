//! Pages as shops have them, and what is to be said of each.

use super::*;

const KEY: &str = "abcdefghijklmnop";

fn site() -> Site {
    Site {
        key: KEY.to_owned(),
        origin: Url::parse("https://chat.example").unwrap(),
        enabled: true,
        hidden_pages: vec!["/oferta".to_owned()],
    }
}

fn page(headers: &[(&str, &str)], body: &str) -> Page {
    Page {
        url: Url::parse("https://tea.example/catalog").unwrap(),
        status: 200,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.as_bytes().to_vec(),
        whole: true,
    }
}

fn script(address: &str) -> String {
    format!("<!doctype html><html><head><script async src=\"{address}\"></script></head><body>Чай</body></html>")
}

fn good() -> String {
    script(&format!("https://chat.example/w/{KEY}.js"))
}

/// What was found, each as its word and the other side's.
fn said(finding: &Finding) -> Vec<String> {
    finding.reasons.iter().map(|reason| format!("{} {}", reason.kind.as_str(), reason.got).trim().to_owned()).collect()
}

fn check(body: &str, found: bool, expected: &[&str]) {
    let finding = judge(&site(), &page(&[], body));
    assert_eq!(
        (finding.found, said(&finding)),
        (found, expected.iter().map(|&word| word.to_owned()).collect()),
        "{body}"
    );
}

#[test]
fn the_line_is_found_however_it_is_written() {
    check(&good(), true, &[]);
    check(&format!("<SCRIPT SRC=//chat.example/w/{KEY}.js ASYNC>"), true, &[]);
    check(&format!("<base href='https://chat.example/x/'><script defer src='../w/{KEY}.js?v=1'></script>"), true, &[]);
    check(&format!("<script src=\"https://chat.example:443/w/{KEY}.js\" type=\"text/javascript\">"), true, &[]);
    check(&format!("<script type=\"3f-text/javascript\" src=\"https://chat.example/w/{KEY}.js\">"), true, &[]);
    check(
        &format!("<p title='<!--'><script data-manual src=https://chat.example/w/{KEY}.js>"),
        true,
        &["waits_for_start"],
    );
}

#[test]
fn a_line_that_is_not_there_has_its_reason() {
    let line = good();
    check("", false, &["line_missing"]);
    check("<p>https://chat.example/w/abcdefghijklmnop.js", false, &["line_missing"]);
    check(&format!("<!-- {line} -->"), false, &["line_in_comment"]);
    check(&format!("<noscript>{line}</noscript>"), false, &["line_missing"]);
    check(
        &format!("<script>var x = '<script src=\"https://chat.example/w/{KEY}.js\">'</script>"),
        false,
        &["line_in_script"],
    );
    check(&script("https://chat.example/w/qrstuvwxyzabcdef.js"), false, &["other_key qrstuvwxyzabcdef"]);
    check(&script(&format!("https://old.example/w/{KEY}.js")), false, &["other_address https://old.example"]);
    check(
        &script(&format!("https://chat.example:8443/w/{KEY}.js")),
        false,
        &["other_address https://chat.example:8443"],
    );
    check(&script(&format!("http://chat.example/w/{KEY}.js")), false, &["other_address http://chat.example"]);
    check(
        "<script src=\"https://www.googletagmanager.com/gtm.js?id=GTM-1\"></script>",
        false,
        &["line_missing", "tag_manager Google Tag Manager"],
    );
    let waiting = format!("<script type=\"text/plain\" src=\"https://chat.example/w/{KEY}.js\"></script>");
    check(&waiting, false, &["line_inactive text/plain"]);
    check(&waiting.replace(" src", " data-src"), false, &["line_inactive data-src"]);
}

#[test]
fn an_answer_that_is_no_page_is_said() {
    let with = |status: u16, headers: &[(&str, &str)]| {
        let finding = judge(&site(), &Page { status, ..page(headers, &good()) });
        (finding.found, said(&finding).join(", "))
    };
    assert_eq!(with(404, &[]), (false, "status 404".to_owned()));
    assert_eq!(with(500, &[]), (false, "status 500".to_owned()));
    assert_eq!(with(403, &[]), (false, "blocked 403".to_owned()));
    assert_eq!(with(200, &[("content-type", "application/json")]), (false, "not_html application/json".to_owned()));
    assert_eq!(with(200, &[("content-encoding", "br")]), (false, "not_html br".to_owned()));
    assert_eq!(with(200, &[("content-type", "Text/HTML; charset=windows-1251")]), (true, String::new()));
}

#[test]
fn an_old_copy_is_suspected_by_its_headers() {
    let with = |headers: &[(&str, &str)]| said(&judge(&site(), &page(headers, "<p>"))).join(", ");
    assert_eq!(with(&[("age", "320")]), "line_missing, cached Age: 320");
    assert_eq!(with(&[("age", "0"), ("x-cache", "MISS from proxy")]), "line_missing");
    assert_eq!(with(&[("x-cache", "HIT from proxy")]), "line_missing, cached x-cache: HIT from proxy");
    assert_eq!(
        with(&[("cache-control", "public, max-age=600")]),
        "line_missing, cached Cache-Control: public, max-age=600"
    );
    assert_eq!(with(&[("cache-control", "max-age=0, no-cache")]), "line_missing");
    let there = judge(&site(), &page(&[("age", "320")], &good()));
    assert_eq!(said(&there), [""; 0], "a copy that has the line does no harm");
}

#[test]
fn what_is_set_here_is_said_too() {
    let off = Site { enabled: false, ..site() };
    assert_eq!(said(&judge(&off, &page(&[], &good()))), ["switched_off"]);
    let mut hidden = page(&[], &good());
    hidden.url = Url::parse("https://tea.example/oferta?x=1").unwrap();
    assert_eq!(said(&judge(&site(), &hidden)), ["page_hidden /oferta"]);
    let plain = Site { origin: Url::parse("http://chat.example").unwrap(), ..site() };
    let mixed = judge(&plain, &page(&[], &script(&format!("http://chat.example/w/{KEY}.js"))));
    assert_eq!(said(&mixed), [format!("mixed_content http://chat.example/w/{KEY}.js")]);
    let cut = judge(&site(), &Page { whole: false, ..page(&[], "<p>") });
    assert_eq!(said(&cut), ["line_missing", "too_long"]);
}

/// What is to be added to a policy, a line for each directive.
fn lacking(policy: &str, body: &str) -> Vec<String> {
    let finding = judge(&site(), &page(&[("content-security-policy", policy)], body));
    let of = |reason: &Reason| match reason.directives.is_empty() {
        true => vec![reason.kind.as_str().to_owned()],
        false => reason.directives.iter().map(|one| one.whole.clone()).collect(),
    };
    finding.reasons.iter().flat_map(of).collect()
}

#[test]
fn a_policy_is_completed_line_by_line() {
    let all = "script-src https://chat.example; connect-src https://chat.example wss://chat.example; img-src https://chat.example blob:";
    for enough in [
        all,
        "frame-ancestors 'none'",
        "default-src * blob:",
        "script-src 'self' *.example; connect-src https: wss:; img-src *:443 blob: data: https:",
        "default-src https: wss: blob: 'unsafe-inline'",
        "SCRIPT-SRC chat.example; script-src 'none'",
    ] {
        assert_eq!(lacking(enough, &good()), [""; 0], "{enough}");
    }
    assert_eq!(
        lacking("default-src 'self'", &good()),
        [
            "script-src 'self' https://chat.example",
            "connect-src 'self' https://chat.example wss://chat.example",
            "img-src 'self' https://chat.example blob:",
        ]
    );
    assert_eq!(
        lacking("connect-src https://chat.example", &good()),
        ["connect-src https://chat.example wss://chat.example"]
    );
    assert_eq!(lacking("img-src 'none'", &good()), ["img-src https://chat.example blob:"]);
    assert_eq!(
        lacking("script-src https://chat.example/w/", &good()),
        ["script-src https://chat.example/w/ https://chat.example"]
    );
    assert_eq!(
        lacking("script-src https://chat.example:8443", &good()),
        ["script-src https://chat.example:8443 https://chat.example"]
    );
    assert_eq!(
        lacking("script-src-elem 'self'; script-src *", &good()),
        ["script-src-elem 'self' https://chat.example"]
    );
}

#[test]
fn nonces_headers_and_metas_count() {
    let strict = "script-src 'nonce-r4nd0m' 'strict-dynamic'";
    assert_eq!(lacking(strict, &good()), ["policy_nonce"]);
    let nonced = good().replace("<script", "<script nonce=\"r4nd0m\"");
    assert_eq!(lacking(strict, &nonced), [""; 0]);
    assert_eq!(lacking("script-src 'nonce-r4nd0m'", &nonced), [""; 0]);
    assert_eq!(lacking("script-src 'nonce-other'", &nonced), ["script-src 'nonce-other' https://chat.example"]);
    let meta = format!("<meta http-equiv=content-security-policy content=\"img-src 'self'\">{}", good());
    assert_eq!(
        lacking("font-src 'self', connect-src 'self'", &meta).len(),
        2,
        "two policies of a header, one of the page"
    );
}

#[test]
fn addresses_are_taken_as_people_type_them() {
    let check = |typed: &str, expected: Option<&str>| {
        assert_eq!(address(typed).ok().as_ref().map(|(url, _)| url.as_str()), expected, "{typed}");
    };
    assert!(address("tea.example/?to=https://x.example").unwrap().1, "no scheme of its own");
    assert!(!address("http://tea.example").unwrap().1);
    check(" tea.example/catalog#top ", Some("https://tea.example/catalog"));
    check("http://чай.рф", Some("http://xn--80as4b.xn--p1ai/"));
    check("localhost:8080/x", Some("https://localhost:8080/x"));
    for wrong in ["", "ftp://tea.example", "https://", "https://u:p@tea.example", "https:// x y", "javascript://x"] {
        check(wrong, None);
    }
}
