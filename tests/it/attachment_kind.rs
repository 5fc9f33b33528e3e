//! What a file is, by its content: each kind, and what is refused whatever its name says.

use std::io::{Cursor, Write};

use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, RgbImage, RgbaImage};

use crate::support::{Beseda, uid};

/// A picture of this size, each pixel another colour than its neighbours.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * 7) as u8, (y * 13) as u8, (x + y) as u8]));
    written(&DynamicImage::from(image), format)
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PDF of one empty page and some bytes that nobody looks at.
pub fn pdf(bytes: usize) -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n%".to_vec();
    pdf.resize(10 + bytes, b'x');
    pdf.extend_from_slice(
        b"\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    );
    pdf
}

/// A ZIP of stored entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut contents) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let at = u32::try_from(bytes.len()).unwrap();
        let (length, name_length) = (u32::try_from(data.len()).unwrap(), u16::try_from(name.len()).unwrap());
        let mut common = vec![0_u8; 12];
        common.extend(length.to_le_bytes());
        common.extend(length.to_le_bytes());
        common.extend(name_length.to_le_bytes());
        common.extend([0, 0]);
        bytes.extend(b"PK\x03\x04\x14\0");
        bytes.extend(&common[..8]);
        bytes.extend([0; 4]);
        bytes.extend(&common[12..]);
        bytes.extend(name.as_bytes());
        bytes.extend(*data);
        contents.extend(b"PK\x01\x02\x14\0\x14\0");
        contents.extend(&common[..8]);
        contents.extend([0; 4]);
        contents.extend(&common[12..]);
        contents.extend([0; 10]);
        contents.extend(at.to_le_bytes());
        contents.extend(name.as_bytes());
    }
    let (at, length) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(contents.len()).unwrap());
    bytes.extend(contents);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([u8::try_from(entries.len()).unwrap(), 0, u8::try_from(entries.len()).unwrap(), 0]);
    bytes.extend(length.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// A table whose types are these, deflated.
fn packed(types: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(types).unwrap();
    let mut bytes = zip(&[("[Content_Types].xml", &encoder.finish().unwrap()), ("xl/workbook.xml", b"<w/>")]);
    let at = bytes.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    bytes[at + 10] = 8;
    bytes
}

/// A compound file whose directory has these names.
fn compound(names: &[&str]) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(512, 0);
    for name in names {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(entry.len() + 2).unwrap();
        entry.resize(64, 0);
        entry.extend(length.to_le_bytes());
        entry.push(2);
        entry.resize(128, 0);
        bytes.extend(entry);
    }
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn with(start: &[u8], bytes: usize) -> Vec<u8> {
    let mut all = start.to_vec();
    all.resize(start.len() + bytes, 0);
    all
}

#[test]
fn a_file_is_what_its_content_says() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let chat = beseda.visitor("Пётр").says("Вопрос");
    let types = ("[Content_Types].xml", &b"<Types/>"[..]);
    let odt = &b"application/vnd.oasis.opendocument.text"[..];
    // "Цена" in Windows-1251.
    let cyrillic = b"\xd6\xe5\xed\xe0;100\r\n".to_vec();
    #[rustfmt::skip]
    let table: Vec<(&str, Vec<u8>, &str, &str, &str)> = vec![
        ("чай.png", picture(4, 3, ImageFormat::Png), "image", "image/png", "чай.png"),
        ("чай.exe", picture(4, 3, ImageFormat::Png), "image", "image/png", "чай.exe.png"),
        ("чай.JPG", picture(4, 3, ImageFormat::Jpeg), "image", "image/jpeg", "чай.JPG"),
        ("чай.gif", picture(4, 3, ImageFormat::Gif), "image", "image/gif", "чай.gif"),
        ("чай", picture(4, 3, ImageFormat::WebP), "image", "image/webp", "чай.webp"),
        ("прайс.pdf", pdf(10), "pdf", "application/pdf", "прайс.pdf"),
        ("письмо.docx", zip(&[types, ("word/document.xml", b"<w/>")]), "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "письмо.docx"),
        ("прайс.zip", zip(&[types, ("xl/workbook.xml", b"<w/>")]), "document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "прайс.zip.xlsx"),
        ("показ.pptx", zip(&[types, ("ppt/presentation.xml", b"<p/>")]), "document", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "показ.pptx"),
        ("письмо.odt", zip(&[("mimetype", odt), ("content.xml", b"<o/>")]), "document", "application/vnd.oasis.opendocument.text", "письмо.odt"),
        ("письмо.doc", compound(&["Root Entry", "WordDocument"]), "document", "application/msword", "письмо.doc"),
        ("прайс.xls", compound(&["Root Entry", "Workbook"]), "document", "application/vnd.ms-excel", "прайс.xls"),
        ("письмо.rtf", b"{\\rtf1 \\'d7}".to_vec(), "document", "application/rtf", "письмо.rtf"),
        ("фото.zip", zip(&[("1.png", b"x")]), "archive", "application/zip", "фото.zip"),
        ("фото.rar", with(b"Rar!\x1a\x07\x01\0", 9), "archive", "application/vnd.rar", "фото.rar"),
        ("фото.7z", with(b"7z\xbc\xaf\x27\x1c", 9), "archive", "application/x-7z-compressed", "фото.7z"),
        ("звонок.mp3", with(b"ID3\x04\0", 9), "audio", "audio/mpeg", "звонок.mp3"),
        ("звонок.ogg", with(b"OggS\0\x02", 40), "audio", "audio/ogg", "звонок.ogg"),
        ("звонок.wav", with(b"RIFF\x10\0\0\0WAVEfmt ", 9), "audio", "audio/wav", "звонок.wav"),
        ("звонок.m4a", with(b"\0\0\0\x20ftypM4A ", 9), "audio", "audio/mp4", "звонок.m4a"),
        ("чай.mp4", with(b"\0\0\0\x20ftypisom", 9), "video", "video/mp4", "чай.mp4"),
        ("чай.webm", with(b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm", 9), "video", "video/webm", "чай.webm"),
        ("список.txt", "Чёрный чай\r\nЗелёный чай\n".into(), "text", "text/plain; charset=utf-8", "список.txt"),
        ("список.bat", "del чай".into(), "text", "text/plain; charset=utf-8", "список.bat.txt"),
        ("список.html", "просто текст".into(), "text", "text/plain; charset=utf-8", "список.html.txt"),
        ("прайс.csv", cyrillic, "text", "text/plain; charset=windows-1251", "прайс.csv"),
        ("список.txt", utf16("Чай <чёрный>\r\n"), "text", "text/plain; charset=utf-16", "список.txt"),
        ("сравнение.txt", "a < b, c > d; <Анна>".into(), "text", "text/plain; charset=utf-8", "сравнение.txt"),
    ];
    for (name, bytes, kind, media_type, called) in table {
        let file = maria.uploads(chat, &uid(), name, &bytes).expect(201);
        assert_eq!((&file["kind"], &file["media_type"]), (&kind.into(), &media_type.into()), "{name}");
        assert_eq!((&file["name"], &file["size"]), (&called.into(), &bytes.len().into()), "{name}");
        assert_eq!(file["thumbnail"], kind == "image", "{name}");
    }
}

#[test]
fn what_runs_or_is_not_what_it_says_is_refused() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let chat = beseda.visitor("Пётр").says("Вопрос");
    let types = ("[Content_Types].xml", &b"<Types/>"[..]);
    let long = format!("{}<scr", "ф".repeat(32 * 1024 - 2)) + "ipt>alert(1)</script>";
    #[rustfmt::skip]
    let refused: Vec<(&str, Vec<u8>, &str)> = vec![
        ("чай.png", with(b"MZ\x90\0", 200), "program"),
        ("чай.jpg", with(b"\x7fELF\x02", 200), "program"),
        ("чай.txt", b"<!DOCTYPE html><p>".to_vec(), "html"),
        ("чай.txt", b"\xef\xbb\xbf \n<b>x</b>".to_vec(), "html"),
        ("чай.txt", "Привет! <SCRIPT>alert(1)</SCRIPT>".into(), "html"),
        ("чай.txt", long.into_bytes(), "html"),
        ("чай.txt", utf16("<html>"), "html"),
        ("чай.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "svg"),
        ("чай.svg", b"<?xml version='1.0'?><svg/>".to_vec(), "svg"),
        ("чай.xml", b"<?xml version='1.0'?><a/>".to_vec(), "xml"),
        ("чай.txt", b"#!/bin/sh\nrm -rf /\n".to_vec(), "script"),
        ("чай.txt", b"@echo off\r\n".to_vec(), "script"),
        ("чай.txt", b"hello <?php system('id');".to_vec(), "script"),
        ("чай.docx", zip(&[types, ("word/document.xml", b""), ("word/vbaProject.bin", b"")]), "macros"),
        ("чай.xls", compound(&["Root Entry", "Workbook", "_VBA_PROJECT_CUR"]), "macros"),
        ("чай.xls", compound(&["Root Entry", "Workbook", "_vba_project"]), "macros"),
        ("чай.docx", zip(&[types, ("word/document.xml", b""), ("WORD/VBAPROJECT.BIN", b"")]), "macros"),
        ("чай.docx", zip(&[types, ("word/document.xml", b""), ("word/_rels/document.xml.rels", b"<R Type='http://schemas.microsoft.com/office/2006/relationships/vbaProject' Target='media.bin'/>")]), "macros"),
        ("чай.docx", zip(&[("[Content_Types].xml", b"<T ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>"), ("word/document.xml", b"")]), "macros"),
        ("чай.docx", zip(&[("[content_types].XML", b"<T ContentType='application/vnd.ms-office.vba&#80;roject'/>"), ("word/document.xml", b"")]), "macros"),
        ("чай.xlsx", zip(&[("[Content_Types].xml", &utf16("<T ContentType='application/vnd.ms-office.vbaProject'/>")), ("xl/workbook.xml", b"")]), "macros"),
        ("чай.xlsx", packed(b"<T ContentType='application/vnd.ms-office.vbaProject'/>"), "macros"),
        ("чай.xlsx", packed(&vec![b' '; 3 * 1024 * 1024]), "unknown"),
        ("чай.zip", zip(&[("META-INF/MANIFEST.MF", b"")]), "program"),
        ("чай.zip", zip(&[("META-INF/manifest.mf", b"")]), "program"),
        ("чай.zip", zip(&[("AndroidManifest.xml", b"")]), "program"),
        ("чай.doc", compound(&["Root Entry", "Property"]), "unknown"),
        ("чай.jpg", with(b"\0\0\0\x20ftypheic", 40), "picture"),
        ("чай.txt", b"a\0b".to_vec(), "unknown"),
        ("чай", vec![0; 1000], "unknown"),
    ];
    for (name, bytes, found) in refused {
        let problem = maria.uploads(chat, &uid(), name, &bytes).refused("file_kind_refused");
        assert_eq!(
            problem["params"]["found"],
            found,
            "{name}: {}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(60)])
        );
    }
    let broken: Vec<Vec<u8>> = vec![
        pdf(10)[..40].to_vec(),
        picture(200, 200, ImageFormat::Png)[..300].to_vec(),
        picture(200, 200, ImageFormat::Jpeg)[..100].to_vec(),
        with(b"GIF89a", 3),
        with(b"PK\x03\x04", 100),
        utf16("чай")[..5].to_vec(),
    ];
    for bytes in broken {
        maria.uploads(chat, &uid(), "чай", &bytes).refused("file_broken");
    }
    assert_eq!(beseda.number("SELECT count(*) FROM attachments"), 0);
    assert_eq!(beseda.number("SELECT count(*) FROM attachment_chunks"), 0);
}

/// JPEG with a mark that says how to turn it (Exif 2.32, tag 0x112).
fn turned(mark: u8) -> Vec<u8> {
    let jpeg = picture(40, 20, ImageFormat::Jpeg);
    let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[mark], b"\0\0\0\0\0\0"].concat();
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}

#[test]
fn a_picture_has_its_size_as_shown_and_a_small_copy_upright() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let chat = beseda.visitor("Пётр").says("Вопрос");
    let small = |file: &serde_json::Value| {
        let answer = maria.get(&format!("/api/attachments/{}/thumbnail", file["id"]));
        assert_eq!(answer.status, 200);
        let media_type = answer.header("content-type").unwrap().to_owned();
        (media_type, image::load_from_memory(&answer.bytes).unwrap())
    };
    let file = maria.uploads(chat, &uid(), "чай.jpg", &picture(1_120, 280, ImageFormat::Jpeg)).expect(201);
    assert_eq!((&file["width"], &file["height"]), (&1_120.into(), &280.into()));
    let (media_type, copy) = small(&file);
    assert_eq!((media_type.as_str(), copy.width(), copy.height()), ("image/jpeg", 560, 140));

    for (mark, width, height) in [(1, 40, 20), (3, 40, 20), (6, 20, 40), (8, 20, 40)] {
        let file = maria.uploads(chat, &uid(), "чай.jpg", &turned(mark)).expect(201);
        assert_eq!((&file["width"], &file["height"]), (&width.into(), &height.into()), "mark {mark}");
        let (_, copy) = small(&file);
        assert_eq!((copy.width(), copy.height()), (width, height), "mark {mark}");
    }

    let clear = RgbaImage::from_pixel(900, 900, image::Rgba([10, 20, 30, 40]));
    let file = maria.uploads(chat, &uid(), "знак.png", &written(&clear.into(), ImageFormat::Png)).expect(201);
    let (media_type, copy) = small(&file);
    assert_eq!((media_type.as_str(), copy.width()), ("image/png", 560));
    assert!(copy.color().has_alpha());

    let opaque = RgbaImage::from_pixel(900, 900, image::Rgba([10, 20, 30, 255]));
    let file = maria.uploads(chat, &uid(), "снимок.png", &written(&opaque.into(), ImageFormat::Png)).expect(201);
    assert_eq!(small(&file).0, "image/jpeg", "what does not show through is smaller so");

    // The colours of a phone's picture stay what they are.
    let mut profile = vec![7; 300];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut jpeg = Cursor::new(Vec::new());
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut jpeg);
    encoder.set_icc_profile(profile.clone()).unwrap();
    RgbImage::new(700, 20).write_with_encoder(encoder).unwrap();
    let file = maria.uploads(chat, &uid(), "чай.jpg", jpeg.get_ref()).expect(201);
    let copy = maria.get(&format!("/api/attachments/{}/thumbnail", file["id"])).bytes;
    let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(copy)).unwrap();
    assert_eq!(decoder.icc_profile().unwrap(), Some(profile));

    // Few bytes, many pixels: kept as it is, never decoded.
    let bomb = RgbImage::new(6_000, 6_000);
    let file = maria.uploads(chat, &uid(), "бомба.png", &written(&bomb.into(), ImageFormat::Png)).expect(201);
    assert_eq!((&file["width"], &file["thumbnail"]), (&6_000.into(), &false.into()));
    maria.get(&format!("/api/attachments/{}/thumbnail", file["id"])).refused("attachment_not_found");
}
