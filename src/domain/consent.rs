//! What visitors agree to before their data is used, and the proof that they did.

use sha2::{Digest, Sha256};

use super::token;
use crate::model::look::{ConsentKind, Look};

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
