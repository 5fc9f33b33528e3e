//! A look at a shop's page for the widget's line: a real server answers as shops' servers do.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, Start};

/// A shop's server: an answer for each path, word by word; what is not there is 404.
struct Shop {
    address: String,
    answers: Arc<Mutex<HashMap<String, Vec<u8>>>>,
}

impl Shop {
    fn open() -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let answers: Arc<Mutex<HashMap<String, Vec<u8>>>> = Arc::default();
        let known = Arc::clone(&answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let known = Arc::clone(&known);
                std::thread::spawn(move || serve(stream, &known));
            }
        });
        Shop { address, answers }
    }

    /// Says `head` (status and headers) and `body` at `path`; gives the address of that page.
    fn says(&self, path: &str, head: &str, body: &[u8]) -> String {
        let mut answer =
            format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).into_bytes();
        answer.extend_from_slice(body);
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
        format!("{}{path}", self.address)
    }

    fn page(&self, path: &str, body: &str) -> String {
        self.says(path, "200 OK\r\nContent-Type: text/html", body.as_bytes())
    }
}

fn serve(mut stream: TcpStream, answers: &Mutex<HashMap<String, Vec<u8>>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
        // The first byte of a TLS handshake: this shop has no encryption.
        if head == [0x16] {
            return;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
    let answer = answers.lock().unwrap().get(path).cloned().unwrap_or(missing);
    drop(stream.write_all(&answer));
}

/// The only site, as the owner has it.
fn site(owner: &Operator) -> Value {
    owner.get("/api/channels").expect(200)["channels"][0].clone()
}

fn check(owner: &Operator, url: &str) -> Value {
    let id = site(owner)["id"].clone();
    owner.post(&format!("/api/channels/{id}/check"), &json!({ "url": url })).expect(200)
}

/// Whether the line was found, and what was said besides.
fn said(answer: &Value) -> (bool, Vec<String>) {
    let reasons = answer["reasons"].as_array().unwrap().iter();
    let reason = |one: &Value| format!("{} {}", one["kind"].as_str().unwrap(), one["got"].as_str().unwrap());
    (answer["found"].as_bool().unwrap(), reasons.map(reason).map(|words| words.trim().to_owned()).collect())
}

fn start() -> Beseda {
    Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] })
}

#[test]
fn the_line_is_found_and_its_absence_explained() {
    let (beseda, shop) = (start(), Shop::open());
    let owner = beseda.owner();
    let snippet = site(&owner)["snippet"].as_str().unwrap().to_owned();
    let key = site(&owner)["key"].as_str().unwrap().to_owned();
    let ask = |url: &str| said(&check(&owner, url));

    let good = shop.page("/", &format!("<title>Чай</title>{snippet}"));
    let answer = check(&owner, &format!("{good}#top"));
    assert_eq!((said(&answer), answer["url"].as_str().unwrap()), ((true, vec![]), good.as_str()));
    assert_eq!(ask(&shop.page("/none", "<p>Чай</p>")), (false, vec!["line_missing".to_owned()]));
    let other = shop.page("/key", &snippet.replace(&key, "AAAAAAAAAAAA"));
    assert_eq!(ask(&other), (false, vec!["other_key AAAAAAAAAAAA".to_owned()]));
    let moved = shop.page("/moved", &format!("<script src=\"https://old.example/w/{key}.js\"></script>"));
    assert_eq!(ask(&moved), (false, vec!["other_address https://old.example".to_owned()]));
    let old = shop.says("/old", "200 OK\r\nContent-Type: text/html\r\nAge: 90\r\nX-Cache: HIT", b"<p>");
    assert_eq!(ask(&old), (false, vec!["line_missing".to_owned(), "cached Age: 90".to_owned()]));
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(snippet.as_bytes()).unwrap();
    let zipped =
        shop.says("/gz", "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", &zipped.finish().unwrap());
    assert_eq!(ask(&zipped), (true, vec![]));
    let long = shop.page("/long", &("<p>".repeat(800_000) + &snippet));
    assert_eq!(ask(&long), (false, vec!["line_missing".to_owned(), "too_long".to_owned()]));

    let policy = "200 OK\r\nContent-Type: text/html\r\nContent-Security-Policy: default-src 'self'; img-src *";
    let answer = check(&owner, &shop.says("/csp", policy, snippet.as_bytes()));
    assert_eq!(said(&answer), (true, vec!["policy".to_owned()]));
    let directives = answer["reasons"][0]["directives"].as_array().unwrap();
    let names: Vec<&str> = directives.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["script-src", "connect-src", "img-src"]);
    assert_eq!(directives[0]["add"], snippet.split('"').nth(1).unwrap().split("/w/").next().unwrap());
    assert!(directives[1]["add"].as_str().unwrap().contains("ws://"), "{directives:?}");
    assert_eq!(directives[2]["whole"], "img-src * blob:");
}

/// All that a check can say, for who compares it with what pages expect.
pub fn checked(owner: &Operator) -> Value {
    let shop = Shop::open();
    let policy = "200 OK\r\nContent-Type: text/html\r\nContent-Security-Policy: default-src 'self'";
    check(owner, &shop.says("/", policy, site(owner)["snippet"].as_str().unwrap().as_bytes()))
}

#[test]
fn pages_that_lead_elsewhere_refuse_or_keep_silent_are_told_apart() {
    let (beseda, shop) = (start(), Shop::open());
    let owner = beseda.owner();
    let snippet = site(&owner)["snippet"].as_str().unwrap().to_owned();
    let ask = |url: &str| said(&check(&owner, url));
    shop.page("/catalog", &snippet);
    let leads = shop.says("/start", "302 Found\r\nLocation: catalog", b"");
    let answer = check(&owner, &leads);
    assert_eq!(said(&answer), (true, vec![format!("redirected {}/catalog", shop.address)]));
    assert_eq!(answer["url"], format!("{}/catalog", shop.address));
    let round = shop.says("/round", "301 Moved\r\nLocation: /round", b"");
    assert_eq!(ask(&round), (false, vec![format!("redirects_too_many {round}")]));
    let own = shop.says("/own", "302 Found\r\nLocation: /каталог?цвет=чёрный", b"");
    let there =
        "/%D0%BA%D0%B0%D1%82%D0%B0%D0%BB%D0%BE%D0%B3?%D1%86%D0%B2%D0%B5%D1%82=%D1%87%D1%91%D1%80%D0%BD%D1%8B%D0%B9";
    shop.page(there, &snippet);
    assert_eq!(ask(&own), (true, vec![format!("redirected {}{there}", shop.address)]), "as browsers do");
    let bare = shop.address.trim_start_matches("http://");
    let answer = check(&owner, &format!("{bare}/catalog"));
    assert_eq!((said(&answer), &answer["url"]), ((true, vec![]), &json!(format!("{}/catalog", shop.address))));
    let script = shop.says("/script", "302 Found\r\nLocation: javascript:alert(1)", b"");
    let answer = check(&owner, &script);
    assert_eq!((said(&answer), &answer["url"]), ((false, vec!["status 302".to_owned()]), &json!(script)));
    assert_eq!(ask(&format!("{}/gone", shop.address)), (false, vec!["status 404".to_owned()]));
    assert_eq!(ask(&shop.says("/guard", "403 Forbidden", b"")), (false, vec!["blocked 403".to_owned()]));
    let feed = shop.says("/feed", "200 OK\r\nContent-Type: application/json", b"{}");
    assert_eq!(ask(&feed), (false, vec!["not_html application/json".to_owned()]));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [format!("http://{nobody}/"), format!("https://{nobody}/"), nobody.to_string()] {
        assert_eq!(ask(&address), (false, vec!["no_answer".to_owned()]), "{address}");
    }
    assert_eq!(ask("nowhere.invalid"), (false, vec!["no_such_name nowhere.invalid".to_owned()]));
    let secure = shop.address.replace("http", "https");
    assert_eq!(ask(&secure), (false, vec!["answer_cut".to_owned()]), "it was asked for https and nothing else");

    for (url, code) in [("", "text_empty"), ("ftp://tea.example", "url_invalid"), ("чай чай", "url_invalid")] {
        let id = site(&owner)["id"].clone();
        let refused = owner.post(&format!("/api/channels/{id}/check"), &json!({ "url": url })).refused(code);
        assert_eq!(refused["field"], "url", "{url}");
    }
    owner.post("/api/channels/99/check", &json!({ "url": leads })).refused("channel_not_found");
}

#[test]
fn what_the_owner_set_is_said_and_the_own_network_is_not_asked() {
    let (beseda, shop) = (start(), Shop::open());
    let owner = beseda.owner();
    let channel = site(&owner);
    let page = shop.page("/", channel["snippet"].as_str().unwrap());
    let path = format!("/api/channels/{}", channel["id"]);
    let change = json!({ "seq": channel["seq"], "enabled": false, "domains": ["tea.example"] });
    owner.patch(&path, &change).expect(200);
    assert_eq!(
        said(&check(&owner, &page)),
        (true, vec!["domain_refused 127.0.0.1".to_owned(), "switched_off".to_owned()])
    );

    let guarded = Beseda::start();
    let secret = guarded.owner();
    assert_eq!(said(&check(&secret, &page)), (false, vec!["address_private".to_owned()]));
    let led = Shop::open().says("/", "302 Found\r\nLocation: http://169.254.169.254/", b"");
    assert!(!said(&check(&owner, &led)).0);
}

#[test]
fn no_more_than_a_few_pages_are_looked_at_at_a_time() {
    let beseda = start();
    let owner = beseda.owner();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let id = site(&owner)["id"].clone();
    std::thread::scope(|scope| {
        let asks: Vec<_> = (0..4).map(|_| scope.spawn(|| said(&check(&owner, &url)))).collect();
        // All four are at the shop's door once it has been opened four times.
        let held: Vec<TcpStream> = (0..4).map(|_| silent.accept().unwrap().0).collect();
        owner.post(&format!("/api/channels/{id}/check"), &json!({ "url": url })).refused("busy");
        drop(held);
        for ask in asks {
            assert_eq!(ask.join().unwrap().1, ["answer_cut"]);
        }
    });
}

#[test]
fn a_look_is_previewed_without_being_saved_and_only_for_administrators() {
    let beseda = start();
    let owner = beseda.owner();
    let channel = site(&owner);
    let mut look = channel["look"].clone();
    look["accent"] = "#FFD400".into();
    look["texts"]["launcher"] = json!({ "ru": "Спросить", "en": "" });
    let path = format!("/api/channels/{}/preview", channel["id"]);
    let config = owner.post(&path, &json!({ "look": look })).expect(200);
    assert_eq!(config["theme"]["on_fill"], "#000000");
    assert_eq!(config["texts"]["w.launcher"], json!(["Спросить", "Chat with us"]));
    assert_eq!(site(&owner)["look"], channel["look"], "nothing is saved");
    let page = format!("/admin/preview/{}", channel["key"].as_str().unwrap());
    let answer = owner.get(&page);
    let policy = answer.header("content-security-policy").unwrap_or_default().to_owned();
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(answer.body.as_str().unwrap_or_default().contains("data-preview"), "the widget is told that it plays");
    owner.get("/admin/preview/none").refused("channel_not_found");
    beseda.operator("Мария").get(&page).refused("administrator_only");
}

#[test]
fn a_page_made_to_take_long_is_judged_soon() {
    let (beseda, shop) = (start(), Shop::open());
    let owner = beseda.owner();
    let snippet = site(&owner)["snippet"].as_str().unwrap().to_owned();
    let names: String = (0..150_000).map(|n| format!("d{n} x;")).collect();
    let policy = format!("<meta http-equiv=Content-Security-Policy content=\"script-src 'none';{names}\">");
    let begun = std::time::Instant::now();
    assert_eq!(said(&check(&owner, &shop.page("/policy", &(policy + &snippet)))), (true, vec!["policy".to_owned()]));
    let key = site(&owner)["key"].as_str().unwrap().to_owned();
    let others: String = (0..20_000).map(|n| snippet.replace(&key, &format!("key{n:09}"))).collect();
    let (found, reasons) = said(&check(&owner, &shop.page("/others", &others)));
    assert!(!found && reasons.len() == 20, "{}", reasons.len());
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
