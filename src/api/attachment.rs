//! Files: uploads that are read as they come, and downloads that are read from the store as they are taken.
//!
//! Nothing that was uploaded runs as a page: only pictures are shown, all else is downloaded; no browser guesses another type;
//! and should one open a file as a page after all, that page may do nothing and is of no origin.

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::IpAddr;
use std::sync::Arc;

use rouille::{Response, ResponseBody};

use super::{Call, Handled, site};
use crate::domain::consent::{self, Given};
use crate::domain::file;
use crate::domain::file::upload::{self, Announced, Sender};
use crate::domain::mask::Mask;
use crate::domain::view::{operator, visitor};
use crate::domain::viewer::VisitorViewer;
use crate::domain::{Domain, token};
use crate::edge::{Answer, Stream, one_address};
use crate::error::{Code, Error, Result};
use crate::model::attachment::{Attachment, FileKind};
use crate::model::{AttachmentId, ChatId, limits};
use crate::store;
use crate::text::consent_words;

/// What an opened file may load and do: nothing.
const POLICY: &str = "default-src 'none'; sandbox";
/// An operator's browser asks each time whether it still may: after the log-out the next one there may not.
const ASKED: &str = "private, no-cache";
/// A file never changes, and a visitor's address of it is a secret of its own.
const KEPT: &str = "private, max-age=31536000, immutable";
/// Which sites may show a file: Beseda's own, or any.
const OWN_SITE: &str = "same-origin";
const ANY_SITE: &str = "cross-origin";
/// Seconds for which a browser remembers what [`preflight`] said.
const PREFLIGHT_S: &str = "86400";

/// An operator's upload.
pub fn upload(call: &Call, body: &mut Stream<'_>) -> Handled {
    let chat_id = ChatId(call.id("id")?);
    let viewer = call.who()?.viewer();
    let sender = Sender::Operator(viewer, chat_id);
    let (file, new) =
        upload::receive(&call.api.domain, sender, &announced(call.query(&["uid", "name"])?, body, None), body)?;
    let mask = call.api.domain.store.read(|reader| Mask::of_chat(reader, &viewer, chat_id))?;
    call.json(if new { 201 } else { 200 }, &operator::Attachment::new(&file, &mask))
}

/// A visitor's upload, from the page of any shop: who it is says the token, not a cookie.
pub fn upload_by_visitor(call: &Call, body: &mut Stream<'_>) -> Handled {
    let viewer = visitor_of(call)?;
    let domain = &call.api.domain;
    // The machine itself aside: behind a proxy that nobody named, all visitors come from there.
    let address = (!call.client.is_loopback()).then(|| one_address(call.client));
    check_pace(domain, &viewer, address)?;
    let mut query = call.query(&["uid", "name", "consent"])?;
    agree(call, &viewer, query.remove("consent"))?;
    let sender = Sender::Visitor(viewer);
    let (file, new) = upload::receive(domain, sender, &announced(query, body, address), body)?;
    let tickets = domain.tickets(viewer.visitor_id)?;
    call.json(if new { 201 } else { 200 }, &visitor::Attachment::new(&file, &tickets))
}

/// Whether a page of another site may upload: any may, with a visitor's token.
pub fn preflight(_call: &Call) -> Handled {
    let response = Response::empty_204()
        .with_additional_header("Access-Control-Allow-Methods", "POST")
        .with_additional_header("Access-Control-Allow-Headers", "authorization, content-type")
        .with_additional_header("Access-Control-Max-Age", PREFLIGHT_S);
    Ok(Answer::Response(response))
}

/// A file, for an operator.
pub fn download(call: &Call) -> Handled {
    let file = for_operator(call)?;
    whole_or_part(call, &file, OWN_SITE)
}

/// The small copy of a picture, for an operator.
pub fn thumbnail(call: &Call) -> Handled {
    let file = for_operator(call)?;
    small(call, &file, OWN_SITE)
}

/// A file or its small copy, for the visitor whose ticket the address carries.
pub fn download_by_visitor(call: &Call) -> Handled {
    let query = call.query(&["t", "thumbnail"])?;
    let id = AttachmentId(call.id("id")?);
    let ticket = query.get("t").ok_or(Code::AttachmentNotFound)?;
    let secret = call.api.domain.file_secret()?;
    let file = call.api.domain.store.read(|reader| file::for_visitor(reader, &secret, id, ticket))?;
    match query.get("thumbnail").map(String::as_str) {
        None => whole_or_part(call, &file, ANY_SITE),
        Some("1") => small(call, &file, ANY_SITE),
        Some(_) => Err(Error::new(Code::QueryInvalid).field("thumbnail").with("reason", "1, or absent")),
    }
}

/// The file under the name that this operator may see of it.
fn for_operator(call: &Call) -> Result<Attachment> {
    let id = AttachmentId(call.id("id")?);
    let viewer = call.who()?.viewer();
    call.api.domain.store.read(|reader| {
        let file = file::for_operator(reader, &viewer, id)?;
        let name = Mask::of_chat(reader, &viewer, file.chat_id)?.text_by(file.operator_id, &file.name);
        Ok(Attachment { name, ..file })
    })
}

fn announced(mut query: HashMap<&'static str, String>, body: &Stream<'_>, address: Option<IpAddr>) -> Announced {
    let mut take = |name| query.remove(name).unwrap_or_default();
    Announced { uid: take("uid"), name: take("name"), size: body.length(), address }
}

/// Keeps the proof that came with a file, which is the first thing that a visitor sends as often as a message is, or refuses
/// it before a byte of it is read.
fn agree(call: &Call, viewer: &VisitorViewer, version: Option<String>) -> Result<()> {
    let store = &call.api.domain.store;
    if !store.read(|reader| consent::is_needed(reader, viewer, consent_words))? {
        return Ok(());
    }
    let given = Given { version, language: call.language, address: call.client, words: consent_words };
    let viewer = *viewer;
    store.write(move |tx| consent::check(tx, &viewer, &given))
}

/// Who uploads, by `Authorization: Bearer` with what `ready` gave.
fn visitor_of(call: &Call) -> Result<VisitorViewer> {
    let key = call.path.get("key").map(String::as_str).unwrap_or_default();
    let bearer = call.request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let bearer = bearer.map(str::trim).filter(|bearer| token::is_well_formed(bearer));
    let channel = site::welcome(call, key)?;
    call.api.domain.store.read(|reader| {
        let hash = token::hash(bearer.ok_or(Code::LoginNeeded)?);
        let visitor_id = store::visitor::by_token(reader, channel.id, &hash)?.ok_or(Code::LoginNeeded)?;
        Ok(VisitorViewer { visitor_id, channel_id: channel.id })
    })
}

fn check_pace(domain: &Domain, viewer: &VisitorViewer, address: Option<IpAddr>) -> Result<()> {
    let mut taken = domain.visitor_uploads.take(&viewer.visitor_id.to_string());
    if let (Ok(()), Some(address)) = (&taken, address) {
        taken = domain.address_uploads.take(&address.to_string());
    }
    taken.map_err(|wait_ms| Error::new(Code::UploadsTooFast).with("retry_after_ms", wait_ms))
}

/// The file from its beginning to its end, or the one part that was asked for (RFC 9110, section 14).
fn whole_or_part(call: &Call, file: &Attachment, policy: &'static str) -> Handled {
    let tag = format!("\"{}\"", file.id);
    if is_known(call, &tag) {
        return Ok(served(not_modified(), &tag, policy));
    }
    let asked =
        call.request.header("range").filter(|_| call.request.header("if-range").is_none_or(|known| known == tag));
    let size = file.size;
    let (start, end, status) = match asked.and_then(|asked| range(asked, size)) {
        None => (0, size, 200),
        Some(Some((start, end))) => (start, end, 206),
        Some(None) => return Err(Error::new(Code::RangeUnsatisfiable).with("size", size)),
    };
    let pieces =
        Pieces { domain: Arc::clone(&call.api.domain), id: file.id, at: start, end, piece: Vec::new(), read: 0 };
    let length = usize::try_from(end - start).map_err(Error::internal)?;
    let mut response = Response {
        status_code: status,
        headers: vec![("Content-Type".into(), file.media_type.clone().into())],
        data: ResponseBody::from_reader_and_size(pieces, length),
        upgrade: None,
    };
    if status == 206 {
        response = response.with_additional_header("Content-Range", format!("bytes {start}-{}/{size}", end - 1));
    }
    let shown = if file.kind == FileKind::Image { "inline" } else { "attachment" };
    let response = response
        .with_additional_header("Accept-Ranges", "bytes")
        .with_additional_header("Content-Disposition", disposition(shown, &file.name));
    Ok(served(response, &tag, policy))
}

fn small(call: &Call, file: &Attachment, policy: &'static str) -> Handled {
    let tag = format!("\"{}-small\"", file.id);
    if is_known(call, &tag) {
        return Ok(served(not_modified(), &tag, policy));
    }
    let bytes = call.api.domain.store.read(|reader| Ok(store::attachment::thumbnail(reader, file.id)?))?;
    let bytes = bytes.ok_or(Code::AttachmentNotFound)?;
    let media_type = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    Ok(served(Response::from_data(media_type, bytes), &tag, policy))
}

fn is_known(call: &Call, tag: &str) -> bool {
    call.request.header("if-none-match").is_some_and(|known| known.split(',').any(|one| one.trim() == tag))
}

fn not_modified() -> Response {
    Response::empty_204().with_status_code(304)
}

fn served(response: Response, tag: &str, policy: &'static str) -> Answer {
    let response = response
        .with_unique_header("Cache-Control", if policy == OWN_SITE { ASKED } else { KEPT })
        .with_unique_header("ETag", tag.to_owned())
        .with_additional_header("Content-Security-Policy", POLICY)
        .with_additional_header("Cross-Origin-Resource-Policy", policy)
        .with_additional_header("Referrer-Policy", "no-referrer");
    Answer::Response(response)
}

/// The one range of a `Range` header: `None` when there is none that is understood, and the whole is sent; `Some(None)` when
/// it begins behind the end. Several ranges are sent as the whole, which the standard allows.
fn range(header: &str, size: i64) -> Option<Option<(i64, i64)>> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let number = |digits: &str| -> Option<i64> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(digits.parse().unwrap_or(i64::MAX))
    };
    match (first.trim(), last.trim()) {
        ("", last) => {
            let count = number(last)?.min(size);
            Some((count > 0).then_some((size - count, size)))
        }
        (first, "") => {
            let first = number(first)?;
            Some((first < size).then_some((first, size)))
        }
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            Some((first < size).then_some((first, last.min(size - 1) + 1)))
        }
    }
}

/// `Content-Disposition` with the name in full (RFC 6266, RFC 8187), and in plain letters for programs that know no other.
fn disposition(shown: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ' { c } else { '_' })
        .collect();
    let full: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("{shown}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

/// A file's bytes, each piece by a short read of its own: however slow the client, no transaction stays open.
struct Pieces {
    domain: Arc<Domain>,
    id: AttachmentId,
    at: i64,
    end: i64,
    piece: Vec<u8>,
    /// Bytes of the piece that were given.
    read: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() {
            let left = usize::try_from(self.end - self.at).unwrap_or(0).min(limits::PIECE_BYTES);
            if left == 0 {
                return Ok(0);
            }
            let (id, at) = (self.id, self.at);
            let piece = self.domain.store.read(|reader| Ok(store::attachment::piece(reader, id, at, left)?));
            self.piece = piece.map_err(io::Error::other)?;
            self.read = 0;
            self.at += i64::try_from(self.piece.len()).unwrap_or(0);
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.read += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_a_part_and_others_are_the_whole() {
        let check =
            |header: &str, expected: Option<Option<(i64, i64)>>| assert_eq!(range(header, 100), expected, "{header}");
        check("bytes=0-0", Some(Some((0, 1))));
        check("bytes=10-19", Some(Some((10, 20))));
        check("bytes=10-", Some(Some((10, 100))));
        check("bytes=-10", Some(Some((90, 100))));
        check("bytes=-1000", Some(Some((0, 100))));
        check("bytes=90-99999999999999999999", Some(Some((90, 100))));
        check("bytes=100-", Some(None));
        check("bytes=99999999999999999999-", Some(None));
        check("bytes=-0", Some(None));
        for whole in
            ["", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "items=0-1", "bytes=x-", "bytes=+1-2"]
        {
            check(whole, None);
        }
    }

    #[test]
    fn a_name_stands_in_a_header_whatever_it_is() {
        assert_eq!(
            disposition("attachment", "Прайс \"1\".pdf"),
            "attachment; filename=\"_____ _1_.pdf\"; \
             filename*=UTF-8''%D0%9F%D1%80%D0%B0%D0%B9%D1%81%20%221%22.pdf"
        );
        assert!(disposition("inline", "a\r\nX: y.png").is_ascii());
        assert!(!disposition("inline", "a\r\nX: y.png").contains('\n'));
    }
}
