//! Files both ways: uploaded, sent, seen, downloaded byte for byte.

use image::ImageFormat;
use serde_json::{Value, json};

use crate::attachment_kind::{pdf, picture};
use crate::support::{Beseda, Browser, Visitor, uid};

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
