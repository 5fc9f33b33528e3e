//! Proofs that visitors agreed.

use rusqlite::named_params;

use super::reader::Source;
use super::{Result, Tx};
use crate::model::{ChannelId, VisitorId};

const INSERT: &str = "
INSERT INTO consents (visitor_id, channel_id, version, text, document_url, page_url, address, given_at)
VALUES (:visitor_id, :channel_id, :version, :text, :document_url, :page_url, :address, :now)
ON CONFLICT DO NOTHING";

const EXISTS: &str = "
SELECT EXISTS (SELECT 1 FROM consents WHERE visitor_id = :visitor_id AND version = :version)";

/// A proof.
pub struct NewConsent<'a> {
    /// Who agreed.
    pub visitor_id: VisitorId,
    /// Where.
    pub channel_id: ChannelId,
    /// To which version.
    pub version: &'a str,
    /// In these words.
    pub text: &'a str,
    /// With this document.
    pub document_url: &'a str,
    /// On this page.
    pub page_url: &'a str,
    /// From this address.
    pub address: &'a str,
}

/// Keeps a proof; the first of a version stays.
pub fn insert(tx: &Tx, consent: &NewConsent) -> Result<()> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":visitor_id": consent.visitor_id, ":channel_id": consent.channel_id, ":version": consent.version,
        ":text": consent.text, ":document_url": consent.document_url, ":page_url": consent.page_url,
        ":address": consent.address, ":now": tx.now(),
    })?;
    Ok(())
}

/// Whether a visitor agreed to this version.
pub fn exists(source: &impl Source, visitor_id: VisitorId, version: &str) -> Result<bool> {
    let values = named_params! { ":visitor_id": visitor_id, ":version": version };
    Ok(source.connection().prepare_cached(EXISTS)?.query_row(values, |row| row.get(0))?)
}
