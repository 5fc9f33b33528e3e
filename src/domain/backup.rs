//! A backup by button: one whole copy of the file, kept for some minutes without a name, so that the owner's browser can
//! fetch it and nothing is left behind.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::audit::Note;
use super::viewer::Viewer;
use super::{Domain, hours, token, zone};
use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::limits;
use crate::store;

/// A copy that can be fetched.
#[derive(Clone, Debug)]
pub struct Backup {
    /// Whoever has it and is the owner gets the file.
    pub token: String,
    /// What the file should be called: `beseda-backup-2026-11-24-1830.db`, in the project's time zone.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The copy; to be read by position, for several may read it.
    pub file: Arc<File>,
    made_at: i64,
}

/// The newest copy.
pub struct Backups {
    clock: Clock,
    made: Mutex<Option<Backup>>,
    busy: AtomicBool,
}

/// Ends being busy, also by a panic.
struct Busy<'a>(&'a AtomicBool);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Backups {
    /// None yet.
    pub fn new(clock: Clock) -> Backups {
        Backups { clock, made: Mutex::new(None), busy: AtomicBool::new(false) }
    }

    /// The copy with this token.
    ///
    /// # Errors
    /// `backup_gone` after [`limits::BACKUP_KEPT_MS`], or when there is another one since.
    pub fn get(&self, token: &str) -> Result<Backup> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let found = made.as_ref().filter(|backup| backup.token == token && !self.is_old(backup));
        found.cloned().ok_or_else(|| Code::BackupGone.into())
    }

    /// Gives the disk back; how many went.
    pub fn forget_old(&self) -> usize {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        usize::from(made.take_if(|backup| self.is_old(backup)).is_some())
    }

    fn is_old(&self, backup: &Backup) -> bool {
        self.clock.now() - backup.made_at >= limits::BACKUP_KEPT_MS
    }
}

/// Makes a copy while people chat; the one before it goes.
///
/// # Errors
/// `owner_only`; `backup_busy` while another is being made; `disk_full`.
pub fn make(domain: &Domain, viewer: &Viewer) -> Result<Backup> {
    viewer.need_owner()?;
    let backups = &domain.backups;
    if backups.busy.swap(true, Ordering::AcqRel) {
        return Err(Code::BackupBusy.into());
    }
    let _busy = Busy(&backups.busy);
    drop(backups.made.lock().unwrap_or_else(PoisonError::into_inner).take());
    // Before the copy, so that it stands in it.
    let by = viewer.operator_id;
    domain.write_as(viewer, move |tx| Note::new(tx, by, AuditKind::BackupMade, "").whole())?;
    let file = store::backup::snapshot(&domain.store)?;
    let made_at = domain.clock.now();
    let backup = Backup {
        token: token::make()?,
        name: name(domain, made_at)?,
        size: file.metadata().map_err(Error::internal)?.len(),
        file: Arc::new(file),
        made_at,
    };
    *backups.made.lock().unwrap_or_else(PoisonError::into_inner) = Some(backup.clone());
    Ok(backup)
}

fn name(domain: &Domain, at: i64) -> Result<String> {
    let project = domain.store.read(|reader| Ok(store::project::get(reader)?))?;
    let zone = project.and_then(|project| zone::find(&project.time_zone));
    let moment = zone.and_then(|zone| hours::local(&zone, at));
    let moment = moment.map_or_else(|| at.to_string(), |moment| moment.strftime("%Y-%m-%d-%H%M").to_string());
    Ok(format!("beseda-backup-{moment}.db"))
}
