//! The files that people of the demo send: made here, so that the program carries none.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::error::{Error, Result};

/// A file by the word that the script uses.
///
/// # Errors
/// When there is none of this word.
pub fn made(word: &str) -> Result<Vec<u8>> {
    match word {
        "picture" => picture(),
        "pdf" => Ok(pdf()),
        word => Err(Error::internal(format!("the demo's script: no file {word}"))),
    }
}

/// A pack of tea on a table, as a customer might photograph it.
fn picture() -> Result<Vec<u8>> {
    const WIDTH: u32 = 960;
    const HEIGHT: u32 = 720;
    let shade = |colour: [u8; 3], part: u32| {
        colour.map(|value| u8::try_from(u32::from(value) * part.min(100) / 100).unwrap_or(u8::MAX))
    };
    let image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (in_pack, in_label) =
            ((330..630).contains(&x) && (130..590).contains(&y), (370..590).contains(&x) && (250..430).contains(&y));
        // Leaves of the blend: dots in a slanted grid.
        let (leaf_x, leaf_y) = ((x + y / 3) % 44, (y + x / 5) % 36);
        let leaf = leaf_x.abs_diff(22).pow(2) + leaf_y.abs_diff(18).pow(2) * 2 < 70;
        Rgb(match (in_pack, in_label) {
            (_, true) if (318..326).contains(&y) || (350..356).contains(&y) => [66, 84, 62],
            (_, true) => [244, 238, 222],
            (true, _) if leaf => [128, 158, 92],
            (true, _) => shade([58, 92, 66], 70 + (x - 330) / 8),
            _ if y > 520 => shade([164, 118, 78], 80 + (x * 7 + y * 3) % 19),
            _ => shade([226, 222, 212], 72 + y / 20),
        })
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).map_err(Error::internal)?;
    Ok(bytes.into_inner())
}

/// One page that says how to brew (ISO 32000-1: a catalogue, a page, a font, its text).
fn pdf() -> Vec<u8> {
    let text = "BT /F 26 Tf 60 740 Td (95 C / 7 min / 2 g per 200 ml) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (n, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj{object}endobj\n", n + 1);
    }
    let (at, count) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {count}\n{table}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n");
    file.into_bytes()
}
