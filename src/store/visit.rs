//! Visits and the pages seen in them.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::visit::{Device, MARKS, Source as VisitSource, Visit};
use crate::model::visitor::Page;
use crate::model::{VisitId, VisitorId};

macro_rules! columns {
    () => {
        "id, visitor_id, seen_at, utm_source, utm_medium, utm_campaign, utm_content, utm_term, gclid, yclid, fbclid, ymclid, \
         referrer, first_url, first_title, browser, system, device, language, time_zone"
    };
}

const GET: &str = concat!("SELECT ", columns!(), " FROM visits WHERE id = :id");

const LATEST: &str =
    concat!("SELECT ", columns!(), " FROM visits WHERE visitor_id = :visitor_id ORDER BY id DESC LIMIT 1");

const COUNT: &str = "
SELECT count(*)
FROM visits
WHERE visitor_id = :visitor_id";

const INSERT: &str = "
INSERT INTO visits (visitor_id, started_at, seen_at, utm_source, utm_medium, utm_campaign, utm_content, utm_term, gclid,
                    yclid, fbclid, ymclid, referrer, first_url, first_title, browser, system, device, language, time_zone)
VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";

const SEEN: &str = "
UPDATE visits
SET seen_at = max(seen_at, :now)
WHERE id = :id";

const INSERT_PAGE_VIEW: &str = "
INSERT INTO page_views (visit_id, url, title, viewed_at)
VALUES (:visit_id, :url, :title, :viewed_at)";

const PAGE_VIEWS: &str = "
SELECT url, title, viewed_at
FROM page_views
WHERE visit_id = :visit_id
ORDER BY id DESC
LIMIT :n";

/// A visit.
pub fn get(source: &impl Source, id: VisitId) -> Result<Option<Visit>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, visit).optional()?)
}

/// The last visit of a visitor.
pub fn latest(source: &impl Source, visitor_id: VisitorId) -> Result<Option<Visit>> {
    let mut statement = source.connection().prepare_cached(LATEST)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id }, visit).optional()?)
}

/// How often a visitor came.
pub fn count(source: &impl Source, visitor_id: VisitorId) -> Result<i64> {
    let mut statement = source.connection().prepare_cached(COUNT)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id }, |row| row.get(0))?)
}

/// Begins a visit.
pub fn insert(tx: &Tx, visitor_id: VisitorId, from: &VisitSource, device: &Device) -> Result<VisitId> {
    let [utm_source, utm_medium, utm_campaign, utm_content, utm_term, gclid, yclid, fbclid, ymclid] = &from.marks;
    tx.connection().prepare_cached(INSERT)?.execute(rusqlite::params![
        visitor_id,
        tx.now(),
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        utm_term,
        gclid,
        yclid,
        fbclid,
        ymclid,
        from.referrer,
        from.first_url,
        from.first_title,
        device.browser,
        device.system,
        device.device,
        device.language,
        device.time_zone,
    ])?;
    Ok(VisitId(tx.connection().last_insert_rowid()))
}

/// Notes that the visit goes on.
pub fn seen(tx: &Tx, id: VisitId) -> Result<()> {
    tx.connection().prepare_cached(SEEN)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    Ok(())
}

/// Adds a page that was looked at.
pub fn insert_page_view(tx: &Tx, id: VisitId, page: &Page) -> Result<()> {
    tx.connection().prepare_cached(INSERT_PAGE_VIEW)?.execute(named_params! {
        ":visit_id": id, ":url": page.url, ":title": page.title, ":viewed_at": page.at,
    })?;
    Ok(())
}

/// At most `n` pages of a visit, newest first.
pub fn page_views(source: &impl Source, id: VisitId, n: usize) -> Result<Vec<Page>> {
    let mut statement = source.connection().prepare_cached(PAGE_VIEWS)?;
    let rows = statement.query_map(named_params! { ":visit_id": id, ":n": n }, |row| {
        Ok(Page { url: row.get(0)?, title: row.get(1)?, at: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn visit(row: &Row) -> rusqlite::Result<Visit> {
    let mut marks: [Option<String>; MARKS.len()] = Default::default();
    for (i, mark) in marks.iter_mut().enumerate() {
        *mark = row.get(3 + i)?;
    }
    Ok(Visit {
        id: row.get(0)?,
        visitor_id: row.get(1)?,
        seen_at: row.get(2)?,
        source: VisitSource { marks, referrer: row.get(12)?, first_url: row.get(13)?, first_title: row.get(14)? },
        device: Device {
            browser: row.get(15)?,
            system: row.get(16)?,
            device: row.get(17)?,
            language: row.get(18)?,
            time_zone: row.get(19)?,
        },
    })
}
