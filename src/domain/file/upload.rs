//! How a file comes in: checked by its head, received beside the database, judged, and stored chunk by chunk.
//!
//! Never more of it in memory than a chunk. At most [`limits::UPLOADS`] are received at a time, however slowly; of those that
//! are there at most [`limits::UPLOADS_STORED`] go on at a time. One at a time is decoded when it is a picture, and one at a
//! time is stored, so that whoever writes meanwhile waits for one chunk at most.

use std::io::Read;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::kind::{self, Judged, Verdict};
use super::{name, picture};
use crate::domain::viewer::{Viewer, VisitorViewer};
use crate::domain::{Domain, chat, visitor};
use crate::error::{Code, Error, Result};
use crate::model::attachment::{Attachment, FileKind, FileRules};
use crate::model::chat::ChatState;
use crate::model::{AttachmentId, ChatId, OperatorId, Uid, VisitorId, limits};
use crate::store::attachment::{Found, NewAttachment};
use crate::store::spool::Spool;
use crate::store::{self, Source, Tx};

/// Bytes that are received at a time.
const PART_BYTES: usize = 64 * 1024;
/// Chunks of an abandoned upload that one transaction removes.
const CHUNKS_AT_ONCE: usize = 16;

/// Who sends a file, and where.
#[derive(Clone, Copy, Debug)]
pub enum Sender {
    /// An operator, into this chat.
    Operator(Viewer, ChatId),
    /// A visitor, into the chat that concerns it now.
    Visitor(VisitorViewer),
}

/// What the head of an upload says.
#[derive(Clone, Debug)]
pub struct Announced {
    /// Made by the sender.
    pub uid: String,
    /// The file's name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Where a visitor's comes from, if the uploads from there are counted.
    pub address: Option<IpAddr>,
}

/// Uploads that are under way.
#[derive(Default)]
pub struct Uploads {
    taken: Mutex<Vec<Place>>,
    waiting: AtomicUsize,
    left: Condvar,
    /// How many are being stored.
    stored: Mutex<usize>,
    ready: Condvar,
    decoding: Mutex<()>,
    storing: Mutex<()>,
}

/// Who has a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taker {
    Operator(OperatorId),
    Visitor(VisitorId),
}

impl Taker {
    fn is_visitor(self) -> bool {
        matches!(self, Taker::Visitor(_))
    }
}

/// A place among those that are received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    taker: Taker,
    /// A visitor's, if its uploads are counted.
    address: Option<IpAddr>,
    /// Bytes that were announced.
    size: u64,
}

/// One of those that wait for a place; each holds a connection meanwhile.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Option<Waiting<'a>> {
        let waiting = Waiting(count);
        let before = count.fetch_add(1, Ordering::Relaxed);
        (before < limits::UPLOADS_WAITING).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A place among the uploads; dropping it gives it back.
struct Turn<'a> {
    uploads: &'a Uploads,
    place: Place,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut taken = self.uploads.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = taken.iter().position(|place| *place == self.place) {
            taken.swap_remove(at);
        }
        self.uploads.left.notify_all();
    }
}

/// A place among those that are judged and stored; dropping it gives it back.
struct Storing<'a>(&'a Uploads);

impl Drop for Storing<'_> {
    fn drop(&mut self) {
        *self.0.stored.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ready.notify_one();
    }
}

impl Uploads {
    /// Waits for a place: slow visitors cannot take all of them, nor one person or address more than its share.
    fn turn(&self, place: Place, patience: Duration) -> Result<Turn<'_>> {
        let end = Instant::now() + patience;
        let busy = || Error::new(Code::UploadsBusy).with("retry_after_ms", limits::UPLOAD_RETRY_MS);
        let _waiting = Waiting::enter(&self.waiting).ok_or_else(busy)?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let count = |is: &dyn Fn(&Place) -> bool| taken.iter().filter(|other| is(other)).count();
            let own = count(&|other| other.taker == place.taker);
            let visitors = count(&|other| other.taker.is_visitor());
            let near = count(&|other| place.address.is_some() && other.address == place.address);
            let crowded = place.taker.is_visitor() && visitors >= limits::VISITORS_UPLOADS;
            let room = taken.len() < limits::UPLOADS && near < limits::UPLOADS_OF_ADDRESS;
            if room && own < limits::UPLOADS_OF_ONE && !crowded {
                taken.push(place);
                return Ok(Turn { uploads: self, place });
            }
            let Some(left) = end.checked_duration_since(Instant::now()) else {
                return Err(busy());
            };
            taken = self.left.wait_timeout(taken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until it may be judged and stored. What holds this up is this machine, not a client.
    fn storing(&self) -> Storing<'_> {
        let mut stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        while *stored >= limits::UPLOADS_STORED {
            stored = self.ready.wait(stored).unwrap_or_else(PoisonError::into_inner);
        }
        *stored += 1;
        Storing(self)
    }

    /// Bytes that all who have a place announced.
    fn announced(&self) -> u64 {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.iter().fold(0, |sum, place| sum.saturating_add(place.size))
    }
}

/// Takes a file in; the second value says whether it is new: the same uid again is the file that is there.
///
/// # Errors
/// By its head, before `body` is read: `uid_invalid`, `uid_reused`, `file_name_invalid`, `file_empty`, `file_too_large`,
/// `chat_not_found`, `chat_taken`, `chat_ended`, `unsent_files_too_large`, `uploads_busy`, `disk_full`. By its content:
/// `file_kind_refused`, `file_broken`. `request_timeout` when it comes too slowly.
pub fn receive(domain: &Domain, sender: Sender, head: &Announced, body: &mut dyn Read) -> Result<(Attachment, bool)> {
    let uid = Uid::parse(&head.uid).ok_or_else(|| Error::new(Code::UidInvalid).field("uid"))?;
    let name = name::clean(&head.name)?;
    let (rules, chat_id, known) = domain.store.read(|reader| {
        let rules = super::rules(reader)?;
        check_size(&rules, head.size)?;
        let chat_id = chat_of(reader, sender)?;
        let known = known(reader, &uid, sender, chat_id, head.size)?;
        if let (Sender::Visitor(viewer), None) = (sender, &known) {
            check_unsent(reader, &viewer, &rules, head.size)?;
        }
        Ok((rules, chat_id, known))
    })?;
    if let Some(known) = known {
        // Whoever sends it again hears of it when it is through: browsers take no early answer for a success.
        let sha256 = drain(body)?;
        return same(known, &sha256).map(|file| (file, false));
    }
    let place = Place { taker: taker(sender), address: head.address, size: head.size };
    let _turn = domain.uploads.turn(place, Duration::from_millis(limits::UPLOAD_WAIT_MS))?;
    let (spool, sha256) = spool(domain, head.size, body)?;
    let _storing = domain.uploads.storing();
    let judged = judge(&spool, &rules)?;
    let picture = if judged.kind == FileKind::Image {
        let _one = domain.uploads.decoding.lock().unwrap_or_else(PoisonError::into_inner);
        Some(picture::look(&spool, judged.media_type)?)
    } else {
        None
    };
    let new = NewAttachment {
        uid,
        chat_id,
        operator_id: author(sender),
        name: name::ending_in(&name, judged.endings),
        kind: judged.kind,
        media_type: judged.media_type.to_owned(),
        size: i64::try_from(head.size).map_err(Error::internal)?,
        sha256,
        pixels: picture.as_ref().map(|picture| picture.pixels),
        thumbnail: picture.and_then(|picture| picture.thumbnail),
    };
    let _one = domain.uploads.storing.lock().unwrap_or_else(PoisonError::into_inner);
    store(domain, sender, new, &spool)
}

/// Removes what was uploaded and never sent, and what never came whole; returns how many files went.
///
/// # Errors
/// Those of the store.
pub fn sweep(domain: &Domain) -> Result<usize> {
    let now = domain.clock.now();
    let (half, unsent) = (now - limits::HALF_UPLOAD_MS, now - limits::UNSENT_FILE_MS);
    let mut count = 0;
    while let Some(id) = domain.store.read(|reader| Ok(store::attachment::old_unused(reader, half, unsent)?))? {
        // Sent in this very moment: it is none of those any more.
        if remove(domain, id)? {
            count += 1;
        }
    }
    Ok(count)
}

/// Removes an unsent file in short transactions; whether it was one.
fn remove(domain: &Domain, id: AttachmentId) -> Result<bool> {
    if !domain.store.write(move |tx| Ok(store::attachment::give_up(tx, id)?))? {
        return Ok(false);
    }
    while !domain.store.write(move |tx| Ok(store::attachment::delete_part(tx, id, CHUNKS_AT_ONCE)?))? {}
    Ok(true)
}

fn author(sender: Sender) -> Option<OperatorId> {
    match sender {
        Sender::Operator(viewer, _) => Some(viewer.operator_id),
        Sender::Visitor(_) => None,
    }
}

fn taker(sender: Sender) -> Taker {
    match sender {
        Sender::Operator(viewer, _) => Taker::Operator(viewer.operator_id),
        Sender::Visitor(viewer) => Taker::Visitor(viewer.visitor_id),
    }
}

fn check_size(rules: &FileRules, size: u64) -> Result<()> {
    let got = i64::try_from(size).unwrap_or(i64::MAX);
    if got == 0 {
        return Err(Code::FileEmpty.into());
    }
    if got > rules.max_bytes {
        return Err(Error::new(Code::FileTooLarge).with("limit", rules.max_bytes).with("got", got));
    }
    Ok(())
}

/// The chat that the file is for, if its sender may write there.
fn chat_of(source: &impl Source, sender: Sender) -> Result<ChatId> {
    match sender {
        Sender::Operator(viewer, chat_id) => Ok(chat::find(source, &viewer, chat_id)?.id),
        Sender::Visitor(viewer) => {
            let chat = visitor::current_chat(source, &viewer)?.ok_or(Code::ChatNotFound)?;
            if chat.state == ChatState::Spam { Err(Code::ChatEnded.into()) } else { Ok(chat.id) }
        }
    }
}

/// The file that this sender uploaded before under the same uid, whole.
fn known(source: &impl Source, uid: &Uid, sender: Sender, chat_id: ChatId, size: u64) -> Result<Option<Found>> {
    let Some(found) = store::attachment::by_uid(source, uid)? else { return Ok(None) };
    let file = &found.attachment;
    let own = match sender {
        Sender::Operator(..) => file.chat_id == chat_id,
        Sender::Visitor(viewer) => {
            store::chat::get(source, file.chat_id)?.is_some_and(|chat| chat.visitor.id == viewer.visitor_id)
        }
    };
    if !own || file.operator_id != author(sender) || u64::try_from(file.size).ok() != Some(size) {
        return Err(Error::new(Code::UidReused).field("uid"));
    }
    Ok(found.stored.then_some(found))
}

/// The file that is there, if the same bytes came again.
fn same(known: Found, sha256: &[u8; 32]) -> Result<Attachment> {
    if known.sha256 == *sha256 { Ok(known.attachment) } else { Err(Error::new(Code::UidReused).field("uid")) }
}

fn check_unsent(source: &impl Source, viewer: &VisitorViewer, rules: &FileRules, size: u64) -> Result<()> {
    let limit = rules.max_bytes * i64::try_from(limits::FILES_AT_ONCE).unwrap_or(1);
    let unsent = store::attachment::unsent_bytes(source, viewer.visitor_id)?;
    if unsent + i64::try_from(size).unwrap_or(limit) > limit {
        return Err(Error::new(Code::UnsentFilesTooLarge).with("limit", limit));
    }
    Ok(())
}

fn read_part(body: &mut dyn Read, part: &mut [u8]) -> Result<usize> {
    // Of a client that went nobody hears; one that is slow is told.
    body.read(part).map_err(|_| Error::new(Code::RequestTimeout).with("limit_ms", limits::BODY_MS as i64))
}

/// Takes the whole body, each part of it for `take`; gives its SHA-256.
fn read_all(body: &mut dyn Read, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<[u8; 32]> {
    let (mut part, mut hash) = (vec![0; PART_BYTES], Sha256::new());
    loop {
        let count = read_part(body, &mut part)?;
        let got = part.get(..count).unwrap_or_default();
        if got.is_empty() {
            return Ok(hash.finalize().into());
        }
        hash.update(got);
        take(got)?;
    }
}

fn drain(body: &mut dyn Read) -> Result<[u8; 32]> {
    read_all(body, |_| Ok(()))
}

fn spool(domain: &Domain, size: u64, body: &mut dyn Read) -> Result<(Spool, [u8; 32])> {
    let mut spool = Spool::make(&domain.store, domain.uploads.announced())?;
    let sha256 = read_all(body, |part| Ok(spool.append(part)?))?;
    if spool.size() == size { Ok((spool, sha256)) } else { Err(Code::FileBroken.into()) }
}

fn judge(spool: &Spool, rules: &FileRules) -> Result<Judged> {
    let refused = |found: &str| {
        let kinds: Vec<&str> = rules.kinds.iter().map(|kind| kind.as_str()).collect();
        Error::new(Code::FileKindRefused).with("kinds", kinds.join(", ")).with("found", found)
    };
    match kind::judge(spool) {
        Ok(judged) if rules.kinds.contains(&judged.kind) => Ok(judged),
        Ok(judged) => Err(refused(judged.kind.as_str())),
        Err(Verdict::Refused(found)) => Err(refused(found)),
        Err(Verdict::Broken) => Err(Code::FileBroken.into()),
        Err(Verdict::Io(error)) => Err(Error::internal(error)),
    }
}

/// Stores the row, each chunk, and that it is whole; half of it stays behind when that fails, and is swept.
fn store(domain: &Domain, sender: Sender, new: NewAttachment, spool: &Spool) -> Result<(Attachment, bool)> {
    let uid = new.uid.clone();
    let before = domain.store.read(|reader| Ok(store::attachment::by_uid(reader, &uid)?))?;
    if let Some(found) = before {
        let size = u64::try_from(new.size).unwrap_or(0);
        let known = domain.store.read(|reader| known(reader, &uid, sender, new.chat_id, size))?;
        match known {
            // Sent twice at once: the other was faster.
            Some(known) => return same(known, &new.sha256).map(|file| (file, false)),
            // The rest of an attempt that a crash ended.
            None => drop(remove(domain, found.attachment.id)?),
        }
    }
    let id = write(domain, sender, move |tx| {
        chat_of(tx, sender)?;
        Ok(store::attachment::insert(tx, &new)?)
    })?;
    let (mut at, mut n) = (0, 0);
    while at < spool.size() {
        let chunk = spool.piece(at, limits::CHUNK_BYTES).map_err(Error::internal)?;
        at += chunk.len() as u64;
        domain.store.write(move |tx| Ok(store::attachment::insert_chunk(tx, id, n, &chunk)?))?;
        n += 1;
    }
    let whole = write(domain, sender, move |tx| {
        store::attachment::stored(tx, id)?;
        Ok(store::attachment::by_uid(tx, &uid)?)
    })?;
    let whole = whole.ok_or_else(|| Error::internal("a file vanished"))?;
    Ok((whole.attachment, true))
}

fn write<T: Send + 'static>(
    domain: &Domain,
    sender: Sender,
    job: impl FnOnce(&Tx) -> Result<T> + Send + 'static,
) -> Result<T> {
    match sender {
        Sender::Operator(viewer, _) => domain.write_as(&viewer, job),
        Sender::Visitor(_) => domain.store.write(job),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(id: i64, address: Option<u8>) -> Place {
        let address = address.map(|last| IpAddr::from([192, 0, 2, last]));
        Place { taker: Taker::Visitor(VisitorId(id)), address, size: 10 }
    }

    fn operator(id: i64) -> Place {
        Place { taker: Taker::Operator(OperatorId(id)), address: None, size: 10 }
    }

    #[test]
    fn neither_one_person_nor_one_address_nor_all_visitors_take_every_place() {
        let uploads = Uploads::default();
        let turn = |place| uploads.turn(place, Duration::from_millis(1));
        let refused = |place| turn(place).err().map(|error| error.code);
        let busy = Some(Code::UploadsBusy);
        let mut turns = vec![turn(visitor(1, Some(1))).unwrap(), turn(visitor(1, Some(1))).unwrap()];
        assert_eq!(refused(visitor(1, Some(2))), busy, "a third of one person");
        turns.extend((2..4).map(|id| turn(visitor(id, Some(1))).unwrap()));
        assert_eq!(refused(visitor(4, Some(1))), busy, "a fifth from one address");
        assert_eq!(refused(visitor(4, Some(2))), None, "another address");
        turns.extend((4..24).map(|id| turn(visitor(id, None)).unwrap()));
        assert_eq!(refused(visitor(24, Some(3))), busy, "one more of visitors");
        turns.extend((0..8).map(|id| turn(operator(id)).unwrap()));
        assert_eq!(refused(operator(9)), busy, "one more of all");
        assert_eq!(uploads.announced(), 10 * 32);
        turns.remove(4);
        assert_eq!(refused(operator(9)), None);
        assert_eq!(refused(visitor(24, Some(3))), None, "each gave its place back");
        turns.clear();
        assert_eq!(uploads.announced(), 0);
    }

    #[test]
    fn so_many_are_stored_at_a_time_and_the_next_one_goes_on_when_one_is_through() {
        let uploads = Uploads::default();
        let mut stored: Vec<_> = (0..limits::UPLOADS_STORED).map(|_| uploads.storing()).collect();
        std::thread::scope(|scope| {
            let next = scope.spawn(|| drop(uploads.storing()));
            assert!(!next.is_finished());
            stored.pop();
            next.join().unwrap();
        });
        stored.clear();
        assert_eq!(*uploads.stored.lock().unwrap(), 0);
    }
}
