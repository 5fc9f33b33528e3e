//! What the client thinks of the work, once a chat is closed.

use super::viewer::VisitorViewer;
use super::{chat, text};
use crate::error::{Code, Error, Result};
use crate::model::chat::{Chat, ChatState, TransitionKind};
use crate::model::{ChatId, limits};
use crate::store::{self, Tx};

/// Stores the rating of a closed chat: `score` 1 to 5, `comment` up to [`limits::RATING_COMMENT_CHARS`] characters, once.
/// The same rating again succeeds, so that a lost answer does no harm.
///
/// # Errors
/// `score_invalid`, `text_too_long`, `text_control`, `chat_not_found`, `chat_ended`, `chat_not_closed`, `rated_already`.
pub fn rate(tx: &Tx, viewer: &VisitorViewer, chat_id: ChatId, score: i64, comment: &str) -> Result<Chat> {
    if !(1..=5).contains(&score) {
        return Err(Error::new(Code::ScoreInvalid).field("score").with("got", score));
    }
    let comment = text::optional_lines("comment", comment, limits::RATING_COMMENT_CHARS)?;
    let found = store::chat::get(tx, chat_id)?.filter(|chat| chat.visitor.id == viewer.visitor_id);
    let rated = found.ok_or(Code::ChatNotFound)?;
    if store::visitor::is_blocked(tx, viewer.visitor_id)? {
        return Err(Code::ChatEnded.into());
    }
    if let Some(rating) = &rated.rating {
        let same = rating.score == score && rating.comment == comment;
        return if same { Ok(rated) } else { Err(Code::RatedAlready.into()) };
    }
    if rated.state != ChatState::Closed {
        return Err(Code::ChatNotClosed.into());
    }
    store::chat::insert_rating(tx, chat_id, score, &comment)?;
    chat::record(tx, &rated, TransitionKind::Rate, rated.state, None)?;
    chat::reload(tx, chat_id)
}
