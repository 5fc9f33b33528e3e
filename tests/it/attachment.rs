//! Files both ways: uploaded, sent, seen, downloaded byte for byte.

use image::ImageFormat;
use serde_json::{Value, json};

use crate::attachment_kind::{pdf, picture};
use crate::support::{Answer, Beseda, Browser, uid};

/// Bytes of the file that a message of this operator's view has.
fn downloaded(who: &Browser, file: &Value) -> Vec<u8> {
    let answer = who.get(&format!("/api/attachments/{}", file["id"]));
    assert_eq!(answer.status, 200);
    answer.bytes
}

fn fetched(beseda: &Beseda, address: &Value) -> Vec<u8> {
    let answer = beseda.anonymous().get(address.as_str().unwrap());
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.bytes
}

#[test]
fn files_go_both_ways_byte_for_byte() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Вот фото");
    maria.takes(chat);

    let photo = picture(800, 600, ImageFormat::Jpeg);
    let sent = petr.sends_file("чай.jpg", &photo);
    assert_eq!((&sent["text"], &sent["attachment"]["name"]), (&"".into(), &"чай.jpg".into()));
    let is_sent = |frame: &Value| frame["type"] == "message" && frame["message"]["id"] == sent["id"];
    let seen = maria.sees("the photo", is_sent);
    let file = &seen["message"]["attachment"];
    assert_eq!((&file["kind"], &file["size"]), (&"image".into(), &photo.len().into()));
    assert_eq!(downloaded(&maria, file), photo);
    assert_eq!(fetched(&beseda, &sent["attachment"]["url"]), photo);
    let small = fetched(&beseda, &sent["attachment"]["thumbnail_url"]);
    assert_eq!(image::load_from_memory(&small).unwrap().width(), 560);

    // More than one chunk, and not a whole number of them.
    let price = pdf(3 * 256 * 1024 + 77);
    let answer = maria.sends_file(chat, "Прайс.pdf", &price);
    let is_answer = |frame: &Value| frame["type"] == "message" && frame["message"]["id"] == answer["id"];
    let heard = petr.sees("the price list", is_answer)["message"].clone();
    assert_eq!(heard["operator"]["name"], "Мария");
    assert_eq!(fetched(&beseda, &heard["attachment"]["url"]), price);
    assert_eq!(heard["attachment"]["thumbnail_url"], Value::Null);
    assert_eq!(downloaded(&maria, &answer["attachment"]), price);

    let detail = maria.detail(chat);
    let names: Vec<&Value> =
        detail["messages"].as_array().unwrap().iter().map(|message| &message["attachment"]["name"]).collect();
    assert_eq!(names, [&Value::Null, &"чай.jpg".into(), &"Прайс.pdf".into()]);
    petr.reloads();
    let after: Vec<&Value> = petr.ready["messages"].as_array().unwrap().iter().map(|m| &m["attachment"]).collect();
    assert_eq!(after, [&Value::Null, &sent["attachment"], &heard["attachment"]]);
}

fn ask(beseda: &Beseda, address: &str, headers: &[(&str, &str)]) -> Answer {
    beseda.anonymous().call("GET", address, None, headers)
}

#[test]
fn a_part_is_served_and_what_is_known_is_not_sent_again() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    let file = pdf(600_000);
    let size = file.len();
    let sent = petr.sends_file("прайс.pdf", &file);
    let address = sent["attachment"]["url"].as_str().unwrap();
    let part = |range: &str| ask(&beseda, address, &[("range", range)]);
    for (range, from, to) in [
        ("bytes=0-9".to_owned(), 0, 10),
        ("bytes=262100-262200".to_owned(), 262_100, 262_201),
        ("bytes=100-524400".to_owned(), 100, 524_401),
        ("bytes=-5".to_owned(), size - 5, size),
        (format!("bytes={}-", size - 1), size - 1, size),
        ("bytes=599999-99999999".to_owned(), 599_999, size),
    ] {
        let answer = part(&range);
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.header("content-range"), Some(format!("bytes {from}-{}/{size}", to - 1).as_str()));
        assert!(answer.bytes == file[from..to], "{range}");
    }
    for range in ["bytes=0-1,5-6", "lines=1-2", "bytes=9-2"] {
        let answer = part(range);
        assert!(answer.status == 200 && answer.bytes == file, "{range}");
    }
    let beyond = part(&format!("bytes={size}-"));
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some(format!("bytes */{size}").as_str())));
    beyond.refused("range_unsatisfiable");

    let whole = ask(&beseda, address, &[]);
    let tag = whole.header("etag").unwrap();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(ask(&beseda, address, &[("range", "bytes=0-9"), ("if-range", tag)]).status, 206);
    assert_eq!(ask(&beseda, address, &[("range", "bytes=0-9"), ("if-range", "\"x\"")]).status, 200);
    let known = ask(&beseda, address, &[("if-none-match", tag)]);
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    let head = beseda.anonymous().call("HEAD", address, None, &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some(size.to_string().as_str())));
}

#[test]
fn nothing_that_was_uploaded_runs_as_a_page() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let png = picture(4, 3, ImageFormat::Png);
    let text = "просто текст".as_bytes();
    for (name, bytes, shown, full) in [
        ("чай.png", &png[..], "inline", "%D1%87%D0%B0%D0%B9.png"),
        ("чай.html", text, "attachment", "%D1%87%D0%B0%D0%B9.html.txt"),
        ("a\"; filename=b.exe", text, "attachment", "a%22%3B%20filename%3Db.exe.txt"),
        ("../../x.txt", text, "attachment", "x.txt"),
        ("\u{202e}txt.exe", text, "attachment", "txt.exe.txt"),
        ("прайс.pdf", &pdf(9), "attachment", "%D0%BF%D1%80%D0%B0%D0%B9%D1%81.pdf"),
    ] {
        let sent = petr.sends_file(name, bytes);
        let own = format!("/api/attachments/{}", sent["attachment"]["id"]);
        let of_visitor = sent["attachment"]["url"].as_str().unwrap();
        for (answer, policy) in [(maria.get(&own), "same-origin"), (ask(&beseda, of_visitor, &[]), "cross-origin")] {
            assert_eq!(answer.status, 200);
            let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
            let disposition = header("content-disposition");
            assert!(disposition.starts_with(&format!("{shown}; filename=\"")), "{disposition}");
            assert!(disposition.ends_with(&format!("; filename*=UTF-8''{full}")), "{disposition}");
            assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(header("cross-origin-resource-policy"), policy);
            let kept =
                if policy == "same-origin" { "private, no-cache" } else { "private, max-age=31536000, immutable" };
            assert_eq!(header("cache-control"), kept, "an operator's browser asks each time whether it still may");
            assert_ne!(header("content-type"), "text/html");
        }
    }
}

#[test]
fn pages_of_shops_may_upload_with_a_token_and_only_there() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Вопрос");
    let nobody = beseda.anonymous();
    let shop = ("origin", "https://tea.example");
    let asks = [
        shop,
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let path = format!("/w/{}/attachments", beseda.key());
    let answer = nobody.call("OPTIONS", &path, None, &asks);
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("authorization, content-type"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let sent = petr.uploads(&uid(), "a.txt", b"a");
    assert_eq!((sent.status, sent.header("access-control-allow-origin")), (201, Some("*")));
    for refused in [petr.uploads("x", "a.txt", b"a"), nobody.upload(&path, b"a", &[shop])] {
        assert!(refused.status >= 400);
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "the widget reads why");
    }
    let own = format!("/api/chats/{chat}/attachments");
    let answer = maria.call("OPTIONS", &own, None, &asks);
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (405, None));
    let foreign = maria.upload(&format!("{own}?uid={}&name=a.txt", uid()), b"a", &[shop]);
    assert_eq!(foreign.header("access-control-allow-origin"), None);
    foreign.refused("foreign_origin");
}

#[test]
fn the_owner_says_what_may_be_sent() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner(), beseda.administrator("Андрей"));
    let mut petr = beseda.visitor("Пётр");
    petr.says("Вопрос");
    let all = json!(["image", "pdf", "document", "text", "archive", "audio", "video"]);
    assert_eq!(petr.ready["files"], json!({ "max_bytes": 20 << 20, "kinds": all, "at_once": 10 }));
    andrey.patch("/api/settings", &json!({ "files": { "max_bytes": 2 << 20 } })).refused("owner_only");
    for wrong in [0, (1 << 20) - 1, (100 << 20) + 1, -1] {
        let problem = owner.patch("/api/settings", &json!({ "files": { "max_bytes": wrong } }));
        assert_eq!(problem.refused("file_max_bytes_invalid")["field"], "files.max_bytes");
    }
    owner.patch("/api/settings", &json!({ "files": { "kinds": ["html"] } })).refused("json_mismatch");
    owner.patch("/api/settings", &json!({ "files": { "kinds": ["pdf", "image", "pdf"] } })).expect(200);
    let changed = owner.patch("/api/settings", &json!({ "files": { "max_bytes": 2 << 20 } })).expect(200);
    let mut expected = json!({ "max_bytes": 2 << 20, "kinds": ["image", "pdf"] });
    assert_eq!(changed["files"], expected);
    assert_eq!(andrey.get("/api/settings").expect(200)["files"], expected);
    expected["at_once"] = json!(10);
    assert_eq!(andrey.get("/api/session").expect(200)["project"]["files"], expected);
    petr.reloads();
    assert_eq!(petr.ready["files"], expected);
    let refused = petr.uploads(&uid(), "a.txt", b"a").refused("file_kind_refused");
    assert_eq!(refused["params"], json!({ "found": "text", "kinds": "image, pdf" }));
    petr.uploads(&uid(), "a.pdf", &pdf(2 << 20)).refused("file_too_large");
    owner.patch("/api/settings", &json!({ "files": { "kinds": [] } })).expect(200);
    petr.uploads(&uid(), "a.pdf", &pdf(9)).refused("file_kind_refused");
}

#[test]
fn the_demo_has_a_picture_and_a_pdf_in_a_dialogue() {
    let beseda = Beseda::start();
    let file = beseda.path("demo.db");
    let made = beseda.command(&["demo", "--data", file.to_str().unwrap()], "");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let demo = rusqlite::Connection::open(&file).unwrap();
    let mut kinds = demo
        .prepare(
            "SELECT kind || ' ' || (operator_id IS NULL) || ' ' || (thumbnail IS NOT NULL) FROM attachments
             JOIN messages USING (chat_id, operator_id) WHERE messages.attachment_id = attachments.id
             UNION SELECT kind || ' visitor ' || (thumbnail IS NOT NULL) FROM attachments WHERE operator_id IS NULL",
        )
        .unwrap();
    let kinds: Vec<String> = kinds.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(kinds, ["image visitor 1", "pdf 0 0"]);
}
