//! Pictures of operators: what is taken, what is refused and with which words, who sees them.

use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator};

/// A picture whose left half is red and whose right half is blue.
fn picture(width: u32, height: u32) -> DynamicImage {
    let colour = |x| if x < width / 2 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| colour(x)))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&picture(width, height), ImageFormat::Png)
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(&picture(width, height), ImageFormat::Jpeg)
}

fn put(who: &Operator, id: i64, name: &str, bytes: &[u8]) -> Answer {
    who.put_file(&format!("/api/operators/{id}/avatar?name={name}"), bytes)
}

/// The picture as everybody gets it.
fn look(beseda: &Beseda, operator: &Value, size: u32) -> (Answer, DynamicImage) {
    let path = format!("/avatars/{}/{}/{size}", operator["id"], operator["avatar"].as_str().unwrap());
    let answer = beseda.anonymous().get(&path);
    assert_eq!(answer.status, 200);
    let picture = image::load_from_memory(&answer.bytes).unwrap();
    (answer, picture)
}

#[test]
fn a_picture_is_kept_in_two_sizes_and_everybody_may_see_it() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    for (name, bytes) in [
        ("a.png", png(200, 200)),
        ("b.JPG", jpeg(1_500, 1_500)),
        ("c.d.jpeg", png(640, 640)),
        ("фото.jpg", jpeg(201, 201)),
    ] {
        let operator = put(&maria, maria.id, &name.replace("фото", "%D1%84%D0%BE%D1%82%D0%BE"), &bytes).expect(200);
        for size in [96, 256] {
            let (answer, picture) = look(&beseda, &operator, size);
            assert_eq!(picture.dimensions(), (size, size), "{name}");
            assert_eq!(answer.header("content-type"), Some("image/jpeg"));
            assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
            let (left, right) = (picture.get_pixel(size / 8, size / 2), picture.get_pixel(size * 7 / 8, size / 2));
            assert!(left[0] > 150 && left[2] < 90 && right[2] > 150 && right[0] < 90, "{name}: {left:?} {right:?}");
        }
    }
}

#[test]
fn transparent_parts_stay_transparent_and_a_photograph_is_turned_upright() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let ring = RgbaImage::from_fn(300, 300, |x, y| {
        if x.abs_diff(150) + y.abs_diff(150) < 100 { Rgba([0, 120, 0, 255]) } else { Rgba([0; 4]) }
    });
    let operator = put(&maria, maria.id, "ring.png", &encoded(&ring.into(), ImageFormat::Png)).expect(200);
    let (answer, drawn) = look(&beseda, &operator, 256);
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!((drawn.get_pixel(0, 0)[3], drawn.get_pixel(128, 128)[3]), (0, 255));

    // Orientation 6 in an APP1 segment: the camera was turned, so the top of what it saw is on the right.
    let mut turned = jpeg(300, 300);
    let tag = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    turned.splice(2..2, tag.iter().copied());
    let operator = put(&maria, maria.id, "photo.jpg", &turned).expect(200);
    let (answer, drawn) = look(&beseda, &operator, 96);
    let (top, bottom) = (drawn.get_pixel(48, 12), drawn.get_pixel(48, 84));
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} {bottom:?}");
    assert!(!answer.bytes.windows(4).any(|window| window == b"Exif"), "nothing of the file but the picture");
}

#[test]
fn each_refusal_names_its_rule_and_what_was_found() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
    let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0".to_vec();
    let svg =
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let html = b"<!doctype html><script>alert(1)</script>".to_vec();
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let noise = RgbImage::from_fn(300, 300, |x, y| Rgb([(x * y % 251) as u8, (x * 7 + y) as u8, (y * 3) as u8]));
    let noise = DynamicImage::ImageRgb8(noise);
    let table: Vec<(&str, Vec<u8>, &str, Value)> = vec![
        ("a.gif", png(300, 300), "avatar_name_refused", json!({ "found": ".gif" })),
        ("a", png(300, 300), "avatar_name_refused", json!({ "found": "…" })),
        ("", png(300, 300), "avatar_name_refused", json!({ "found": "…" })),
        ("a.png.exe", png(300, 300), "avatar_name_refused", json!({ "found": ".exe" })),
        ("a.png", gif, "avatar_kind_refused", json!({ "found": "GIF" })),
        ("a.jpg", webp, "avatar_kind_refused", json!({ "found": "WebP" })),
        ("a.png", svg, "avatar_kind_refused", json!({ "found": "SVG" })),
        ("a.jpg", heic, "avatar_kind_refused", json!({ "found": "HEIC" })),
        ("a.png", encoded_bmp(), "avatar_kind_refused", json!({ "found": "BMP" })),
        ("a.png", html, "avatar_no_picture", json!({})),
        ("a.png", Vec::new(), "avatar_no_picture", json!({})),
        ("a.png", png(300, 301), "avatar_not_square", json!({ "width": 300, "height": 301 })),
        ("a.jpg", jpeg(1_500, 200), "avatar_not_square", json!({ "width": 1_500, "height": 200 })),
        (
            "a.png",
            png(180, 180),
            "avatar_size_refused",
            json!({ "least": 200, "most": 1_500, "width": 180, "height": 180 }),
        ),
        (
            "a.jpg",
            jpeg(199, 199),
            "avatar_size_refused",
            json!({ "least": 200, "most": 1_500, "width": 199, "height": 199 }),
        ),
        (
            "a.png",
            png(1_501, 1_501),
            "avatar_size_refused",
            json!({ "least": 200, "most": 1_500, "width": 1_501, "height": 1_501 }),
        ),
        ("a.png", cut(encoded(&noise, ImageFormat::Png)), "avatar_broken", json!({})),
        ("a.jpg", cut(encoded(&noise, ImageFormat::Jpeg)), "avatar_broken", json!({})),
        ("a.jpg", b"\xff\xd8\xff\xe0 a picture in name only".to_vec(), "avatar_broken", json!({})),
        ("a.png", b"\x89PNG\r\n\x1a\n".to_vec(), "avatar_broken", json!({})),
    ];
    for (name, bytes, code, params) in table {
        let problem = put(&maria, maria.id, name, &bytes).refused(code);
        assert_eq!(problem["params"], params, "{name} {code}");
    }
    assert_eq!(
        put(&maria, maria.id, "a.png", &png(300, 301)).body["detail"],
        "У файла 300 × 301\u{a0}px. Обрежьте картинку до квадрата."
    );
    // A head that promises what no memory holds.
    let mut huge = png(200, 200);
    huge.splice(16..24, [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    let problem = put(&maria, maria.id, "a.png", &huge);
    assert!(["avatar_size_refused", "avatar_broken"].contains(&problem.code()), "{}", problem.body);
    assert_eq!(beseda.number("SELECT count(*) FROM avatars"), 0);
    let large = vec![0; 5 * 1024 * 1024 + 1];
    let problem = put(&maria, maria.id, "a.png", &large).refused("body_too_large");
    assert_eq!(problem["params"]["limit"], 5 * 1024 * 1024);
    put(&maria, maria.id, "a.png", &large[1..]).refused("avatar_no_picture");
    let stranger = beseda.anonymous();
    stranger.put_file(&format!("/api/operators/{}/avatar?name=a.png", maria.id), &large[1..]).refused("login_needed");
}

fn encoded_bmp() -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.resize(64, 0);
    bytes
}

#[test]
fn colleagues_and_visitors_see_a_new_picture_at_once_and_the_old_address_is_gone() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let first = put(&maria, maria.id, "a.png", &png(300, 300)).expect(200);
    let version = first["avatar"].clone();
    let seen = timur.sees("the picture", |frame| frame["type"] == "operator" && frame["operator"]["id"] == maria.id);
    assert_eq!(seen["operator"]["avatar"], version);
    petr.sees("the picture", |frame| frame["type"] == "status" && frame["status"]["operators"][0]["avatar"] == version);
    let chat = petr.says("Есть чай?");
    maria.answers(chat, "Есть");
    assert_eq!(petr.sees_text("Есть")["operator"]["avatar"], version);
    assert_eq!(
        put(&maria, maria.id, "b.png", &png(300, 300)).expect(200)["seq"],
        first["seq"],
        "the same again is no change"
    );

    let second = put(&maria, maria.id, "a.png", &png(400, 400)).expect(200);
    assert_ne!(second["seq"], first["seq"]);
    let old = format!("/avatars/{}/{}/96", maria.id, version.as_str().unwrap());
    if second["avatar"] != version {
        beseda.anonymous().get(&old).refused("avatar_not_found");
    }
    let removed = maria.delete(&format!("/api/operators/{}/avatar", maria.id)).expect(200);
    assert_eq!(removed["avatar"], Value::Null);
    beseda.anonymous().get(&old).refused("avatar_not_found");
    maria.delete(&format!("/api/operators/{}/avatar", maria.id)).expect(200);
    assert_eq!(beseda.number("SELECT count(*) FROM avatars"), 0);
    assert_eq!(petr.tab().ready["status"]["operators"][0]["avatar"], Value::Null);
    for path in ["/avatars/1/x/96", "/avatars/999/0123456789abcdef/96"] {
        beseda.anonymous().get(path).refused("avatar_not_found");
    }
    beseda.anonymous().get(&format!("/avatars/{}/x/100", maria.id)).refused("no_such_path");
}

#[test]
fn everybody_has_the_own_picture_administrators_plain_operators_and_the_owner_everybodys() {
    let beseda = Beseda::start();
    let (owner, andrey, maria, timur) =
        (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"), beseda.operator("Тимур"));
    let file = png(300, 300);
    for (who, of, refusal) in [
        (&maria, &maria, None),
        (&maria, &timur, Some("administrator_only")),
        (&maria, &andrey, Some("administrator_only")),
        (&andrey, &andrey, None),
        (&andrey, &maria, None),
        (&andrey, &owner, Some("owner_only")),
        (&owner, &andrey, None),
        (&owner, &owner, None),
    ] {
        let (answer, removal) =
            (put(who, of.id, "a.png", &file), who.delete(&format!("/api/operators/{}/avatar", of.id)));
        match refusal {
            Some(code) => {
                answer.refused(code);
                removal.refused(code);
            }
            None => {
                answer.expect(200);
                removal.expect(200);
            }
        }
    }
    put(&owner, maria.id, "a.png", &file).expect(200);
    let deleted = owner.delete(&format!("/api/operators/{}", maria.id)).expect(200)["operator"].clone();
    look(&beseda, &deleted, 96);
    put(&owner, maria.id, "a.png", &png(200, 200)).refused("operator_not_found");
    beseda.restart();
    look(&beseda, &deleted, 256);
}
