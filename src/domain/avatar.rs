//! Pictures of operators: what is taken, and in what form it is kept.
//!
//! A file is judged by its name, then by its first bytes, then by the size in its head, and only then decoded and
//! drawn, one at a time.
//! What is kept is drawn anew, so nothing of the file but the picture reaches anybody.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};

use super::viewer::Viewer;
use super::{audit, operator_edit};
use crate::error::{Code, Error, Result};
use crate::model::operator::{Avatar, AvatarSize, AvatarType, AvatarVersion, Operator, Role};
use crate::model::{OperatorId, limits};
use crate::store::{self, Source, Tx};

/// JPEG's quality, of 100: smaller shows in faces.
const QUALITY: u8 = 88;

/// Decoding and drawing take memory and a core: one picture at a time is enough.
static DRAWING: Mutex<()> = Mutex::new(());

/// Draws the picture of a file in the sizes that are kept.
///
/// # Errors
/// `avatar_name_refused`, `avatar_kind_refused`, `avatar_no_picture`, `avatar_not_square`, `avatar_size_refused`,
/// `avatar_broken`.
pub fn draw(name: &str, bytes: &[u8]) -> Result<Avatar> {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    if !["png", "jpg", "jpeg"].iter().any(|known| end.eq_ignore_ascii_case(known)) {
        let plain = end.len() <= limits::NAME_CHARS && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let found = if plain && !end.is_empty() { format!(".{end}") } else { "…".to_owned() };
        return Err(Error::new(Code::AvatarNameRefused).with("found", found));
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
        Ok(other) => return Err(Error::new(Code::AvatarKindRefused).with("found", word(other))),
        Err(_) if is_heic(bytes) => return Err(Error::new(Code::AvatarKindRefused).with("found", "HEIC")),
        Err(_) if is_svg(bytes) => return Err(Error::new(Code::AvatarKindRefused).with("found", "SVG")),
        Err(_) => return Err(Code::AvatarNoPicture.into()),
    };
    let _alone = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    let picture = decode(bytes, format)?;
    let media_type = if is_opaque(&picture) { AvatarType::Jpeg } else { AvatarType::Png };
    let small = encode(&picture, AvatarSize::Small, media_type)?;
    let large = encode(&picture, AvatarSize::Large, media_type)?;
    let digest = Sha256::digest(&large);
    let version = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(Avatar { version: AvatarVersion(version), media_type, small, large })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let broken = |_| Error::new(Code::AvatarBroken);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(limits::AVATAR_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if format == ImageFormat::Jpeg && !has_end(bytes) {
        return Err(Code::AvatarBroken.into());
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn check_size(width: u32, height: u32) -> Result<()> {
    let said = |code| Error::new(code).with("width", i64::from(width)).with("height", i64::from(height));
    if width != height {
        return Err(said(Code::AvatarNotSquare));
    }
    if !(limits::AVATAR_PX_MIN..=limits::AVATAR_PX_MAX).contains(&width) {
        let error = said(Code::AvatarSizeRefused).with("least", i64::from(limits::AVATAR_PX_MIN));
        return Err(error.with("most", i64::from(limits::AVATAR_PX_MAX)));
    }
    Ok(())
}

/// Whether the last picture data of a JPEG file have their end mark (ITU-T T.81, B.1.1.3); its decoder draws grey otherwise.
fn has_end(bytes: &[u8]) -> bool {
    let last = |mark: [u8; 2]| bytes.windows(2).rposition(|pair| pair == mark);
    last([0xff, 0xd9]) > last([0xff, 0xda])
}

fn is_opaque(picture: &DynamicImage) -> bool {
    !picture.color().has_alpha() || picture.to_rgba8().pixels().all(|pixel| pixel.0[3] == 255)
}

fn encode(picture: &DynamicImage, size: AvatarSize, media_type: AvatarType) -> Result<Vec<u8>> {
    let drawn = picture.resize_exact(size.px(), size.px(), FilterType::Lanczos3);
    let mut bytes = Vec::new();
    match media_type {
        AvatarType::Png => {
            let drawn = DynamicImage::ImageRgba8(drawn.to_rgba8());
            drawn.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(Error::internal)?;
        }
        AvatarType::Jpeg => {
            JpegEncoder::new_with_quality(&mut bytes, QUALITY)
                .encode_image(&drawn.to_rgb8())
                .map_err(Error::internal)?;
        }
    }
    Ok(bytes)
}

/// What telephones make of photographs (ISO/IEC 23008-12).
fn is_heic(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        && matches!(bytes.get(8..12), Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1"))
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..1_024).unwrap_or(bytes)).to_lowercase();
    head.contains("<svg")
}

fn word(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Gif => "GIF",
        ImageFormat::WebP => "WebP",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Ico => "ICO",
        ImageFormat::Avif => "AVIF",
        _ => "…",
    }
}

/// Gives an operator a picture. The same again makes no event.
///
/// # Errors
/// `operator_not_found`, `owner_only`, `administrator_only`.
pub fn set(tx: &Tx, viewer: &Viewer, id: OperatorId, avatar: &Avatar) -> Result<Operator> {
    let known = allowed(tx, viewer, id)?;
    if known.avatar.as_ref() == Some(&avatar.version) {
        return Ok(known);
    }
    store::avatar::set(tx, id, avatar)?;
    noted(tx, viewer, &known)
}

/// Takes an operator's picture away; none is as good.
///
/// # Errors
/// Those of [`set`].
pub fn remove(tx: &Tx, viewer: &Viewer, id: OperatorId) -> Result<Operator> {
    let known = allowed(tx, viewer, id)?;
    if known.avatar.is_none() {
        return Ok(known);
    }
    store::avatar::remove(tx, id)?;
    noted(tx, viewer, &known)
}

fn noted(tx: &Tx, viewer: &Viewer, known: &Operator) -> Result<Operator> {
    let changed = operator_edit::present(tx, known.id)?;
    audit::operator(tx, viewer.operator_id, known, &changed, false)?;
    Ok(changed)
}

/// Whoever may change the name of an operator may change the picture, and everybody the own one; says so before a file is
/// looked at.
///
/// # Errors
/// Those of [`set`].
pub fn allowed(source: &impl Source, viewer: &Viewer, id: OperatorId) -> Result<Operator> {
    if id != viewer.operator_id {
        viewer.need_administrator()?;
    }
    let known = operator_edit::present(source, id)?;
    if id != viewer.operator_id && known.role != Role::Operator {
        viewer.need_owner()?;
    }
    Ok(known)
}
