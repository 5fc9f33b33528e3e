//! Pictures: their size as it is shown, and a small copy for the dialogue.
//!
//! The header is read first: what would take more memory than [`limits::PICTURE_MEMORY_BYTES`], as bombs of few bytes and
//! many pixels do, is never decoded and has no small copy. A decoder runs on a thread of its own, with room on its stack;
//! a panic in it is a broken picture.

use std::io::{BufReader, Cursor};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::error::{Code, Error, Result};
use crate::model::limits;
use crate::store::spool::Spool;

/// Bytes of stack of a decoder.
const STACK_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of a colour profile that a small copy carries.
const PROFILE_BYTES: usize = 16 * 1024;
/// Quality of small copies, of 100: no artefacts to be seen at their size.
const QUALITY: u8 = 82;

/// What is shown of a picture.
pub struct Picture {
    /// Width and height as it is shown.
    pub pixels: (u32, u32),
    /// A small copy, JPEG, or PNG of what shows through.
    pub thumbnail: Option<Vec<u8>>,
}

/// Looks at a picture.
///
/// # Errors
/// `file_broken` when it cannot be decoded. What our decoders do not know, or what is too large for them, is a picture
/// without a small copy: browsers know more.
pub fn look(spool: &Spool, media_type: &str) -> Result<Picture> {
    let format = ImageFormat::from_mime_type(media_type).ok_or_else(|| Error::internal("a picture of no format"))?;
    let reader = BufReader::new(spool.reader().map_err(Error::internal)?);
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("picture".into()).stack_size(STACK_BYTES);
        let thread = builder.spawn_scoped(scope, move || decode(ImageReader::with_format(reader, format)));
        let decoded = thread.map_err(Error::internal)?.join();
        decoded.unwrap_or_else(|_| Err(Code::FileBroken.into()))
    })
}

fn decode<R: std::io::BufRead + std::io::Seek>(mut reader: ImageReader<R>) -> Result<Picture> {
    let mut bounds = Limits::default();
    bounds.max_alloc = Some(limits::PICTURE_MEMORY_BYTES);
    reader.limits(bounds);
    // Without a header there is nothing to show.
    let mut decoder = reader.into_decoder().map_err(|_| Code::FileBroken)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Code::FileBroken.into());
    }
    // A damaged mark of orientation damages no picture.
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let pixels = if swaps(turned) { (height, width) } else { (width, height) };
    if u64::from(width) * u64::from(height) > limits::PICTURE_PIXELS {
        return Ok(Picture { pixels, thumbnail: None });
    }
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_for_rgb(profile));
    match DynamicImage::from_decoder(decoder) {
        Ok(whole) => Ok(Picture { pixels, thumbnail: Some(small(whole, turned, profile)?) }),
        Err(ImageError::Limits(_) | ImageError::Unsupported(_)) => Ok(Picture { pixels, thumbnail: None }),
        Err(_) => Err(Code::FileBroken.into()),
    }
}

fn small(whole: DynamicImage, turned: Orientation, profile: Option<Vec<u8>>) -> Result<Vec<u8>> {
    let most = limits::THUMBNAIL_PIXELS;
    let mut small = if whole.width().max(whole.height()) > most { whole.thumbnail(most, most) } else { whole };
    small.apply_orientation(turned);
    let mut bytes = Cursor::new(Vec::new());
    let small = small.into_rgba8();
    let written = if small.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        DynamicImage::from(small).into_rgb8().write_with_encoder(with_profile(encoder, profile))
    } else {
        small.write_with_encoder(with_profile(PngEncoder::new(&mut bytes), profile))
    };
    written.map_err(Error::internal)?;
    Ok(bytes.into_inner())
}

/// The colours of a phone's picture are wider than a screen's: without its profile the small copy would be paler.
fn with_profile<E: ImageEncoder>(mut encoder: E, profile: Option<Vec<u8>>) -> E {
    if let Some(profile) = profile {
        // Without it there is a picture all the same.
        drop(encoder.set_icc_profile(profile));
    }
    encoder
}

/// Whether a profile describes colours as the small copy has them, by its header (ICC.1:2022, section 7.2), and is no ballast.
fn is_for_rgb(profile: &[u8]) -> bool {
    profile.get(16..20) == Some(b"RGB ") && profile.len() <= PROFILE_BYTES
}

fn swaps(turned: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(turned, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}
