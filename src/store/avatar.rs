//! Pictures of operators.

use rusqlite::{OptionalExtension, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::OperatorId;
use crate::model::operator::{Avatar, AvatarSize, AvatarType, AvatarVersion};

const SMALL: &str = "
SELECT avatars.media_type, avatars.small
FROM avatars
JOIN operators ON operators.id = avatars.operator_id
WHERE avatars.operator_id = :operator_id AND operators.avatar = :version";

const LARGE: &str = "
SELECT avatars.media_type, avatars.large
FROM avatars
JOIN operators ON operators.id = avatars.operator_id
WHERE avatars.operator_id = :operator_id AND operators.avatar = :version";

const SET: &str = "
INSERT INTO avatars (operator_id, media_type, small, large)
VALUES (:operator_id, :media_type, :small, :large)
ON CONFLICT (operator_id) DO UPDATE
SET media_type = :media_type, small = :small, large = :large";

const REMOVE: &str = "
DELETE FROM avatars
WHERE operator_id = :operator_id";

/// The picture of this version.
pub fn get(
    source: &impl Source,
    operator_id: OperatorId,
    version: &AvatarVersion,
    size: AvatarSize,
) -> Result<Option<(AvatarType, Vec<u8>)>> {
    let query = match size {
        AvatarSize::Small => SMALL,
        AvatarSize::Large => LARGE,
    };
    let mut statement = source.connection().prepare_cached(query)?;
    let values = named_params! { ":operator_id": operator_id, ":version": version.0 };
    Ok(statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Replaces an operator's picture, with an event.
pub fn set(tx: &Tx, operator_id: OperatorId, avatar: &Avatar) -> Result<()> {
    tx.connection().prepare_cached(SET)?.execute(named_params! {
        ":operator_id": operator_id, ":media_type": avatar.media_type, ":small": avatar.small, ":large": avatar.large,
    })?;
    super::operator::set_avatar(tx, operator_id, Some(&avatar.version))
}

/// Removes an operator's picture, with an event.
pub fn remove(tx: &Tx, operator_id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(REMOVE)?.execute(named_params! { ":operator_id": operator_id })?;
    super::operator::set_avatar(tx, operator_id, None)
}
