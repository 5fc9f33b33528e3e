//! What visitors agree to before their data is used, and the proof that they did.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::viewer::VisitorViewer;
use super::{channel, token};
use crate::error::{Code, Result};
use crate::model::VisitorId;
use crate::model::look::{ConsentKind, Look};
use crate::model::project::Language;
use crate::store::consent::NewConsent;
use crate::store::{self, Source, Tx};

/// The standard words of a way to agree, in Russian and English.
pub type StandardWords = fn(ConsentKind) -> [String; 2];

/// Characters of a version: enough that no two texts of a shop share one.
const VERSION_CHARS: usize = 16;

/// What a site's visitors are asked to agree to, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How; never [`ConsentKind::None`].
    pub kind: ConsentKind,
    /// The privacy policy; may be empty.
    pub policy_url: String,
    /// The document; may be empty.
    pub document_url: String,
    /// In Russian and English.
    pub texts: [String; 2],
    /// Another one as soon as texts or addresses are others.
    pub version: String,
}

impl Terms {
    /// The terms of a look, in the owner's words or the standard ones; `None`: nothing is asked.
    pub fn of(look: &Look, standard: impl Fn(ConsentKind) -> [String; 2]) -> Option<Terms> {
        let consent = &look.consent;
        if consent.kind == ConsentKind::None {
            return None;
        }
        let own = look.texts.consent.clone().unwrap_or_default();
        let [ru, en] = standard(consent.kind);
        let chosen = |own: String, standard: String| if own.is_empty() { standard } else { own };
        let texts = [chosen(own.ru, ru), chosen(own.en, en)];
        let mut digest = Sha256::new();
        for part in [consent.kind.as_str(), &consent.policy_url, &consent.document_url]
            .into_iter()
            .chain(texts.iter().map(String::as_str))
        {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        Some(Terms {
            kind: consent.kind,
            policy_url: consent.policy_url.clone(),
            document_url: consent.document_url.clone(),
            version: token::letters(&digest.finalize(), VERSION_CHARS),
            texts,
        })
    }
}

/// What came with a visitor's message.
#[derive(Clone, Debug)]
pub struct Given {
    /// The version of the terms that the visitor agreed to, if it did.
    pub version: Option<String>,
    /// The language in which it read them.
    pub language: Language,
    /// The address that it writes from.
    pub address: IpAddr,
    /// What is said where the owner chose no words.
    pub words: StandardWords,
}

/// Whether a visitor has to tick the box before it may write.
///
/// # Errors
/// Those of the store.
pub fn is_needed(source: &impl Source, viewer: &VisitorViewer, words: StandardWords) -> Result<bool> {
    let look = channel::find(source, viewer.channel_id)?.look;
    match Terms::of(&look, words).filter(|terms| terms.kind == ConsentKind::Box) {
        Some(terms) => Ok(!store::consent::exists(source, viewer.visitor_id, &terms.version)?),
        None => Ok(false),
    }
}

/// Keeps the proof that came with a message, or refuses the message for lack of it. Where there is a line and no box, writing
/// agrees and nothing is kept.
///
/// # Errors
/// `consent_needed`, also when the visitor agreed to terms that are others by now.
pub fn check(tx: &Tx, viewer: &VisitorViewer, given: &Given) -> Result<()> {
    let look = channel::find(tx, viewer.channel_id)?.look;
    let Some(terms) = Terms::of(&look, given.words).filter(|terms| terms.kind == ConsentKind::Box) else {
        return Ok(());
    };
    if store::consent::exists(tx, viewer.visitor_id, &terms.version)? {
        return Ok(());
    }
    if given.version.as_deref() != Some(terms.version.as_str()) {
        return Err(Code::ConsentNeeded.into());
    }
    let [ru, en] = &terms.texts;
    Ok(store::consent::insert(
        tx,
        &NewConsent {
            visitor_id: viewer.visitor_id,
            channel_id: viewer.channel_id,
            version: &terms.version,
            text: if given.language == Language::Ru { ru } else { en },
            document_url: &terms.document_url,
            page_url: &page_of(tx, viewer.visitor_id)?,
            address: &given.address.to_string(),
        },
    )?)
}

fn page_of(source: &impl Source, id: VisitorId) -> Result<String> {
    let visitor = store::visitor::get(source, id)?;
    Ok(visitor.and_then(|visitor| visitor.page).map_or_else(String::new, |page| page.url))
}
