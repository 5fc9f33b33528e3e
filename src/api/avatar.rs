//! Pictures of operators.

use rouille::Response;

use super::{Call, Handled, page};
use crate::domain::avatar;
use crate::domain::view::operator as view;
use crate::edge::Answer;
use crate::error::Code;
use crate::model::OperatorId;
use crate::model::operator::{AvatarSize, AvatarVersion};
use crate::store;

/// Gives an operator a picture: the body is the file, `name` in the address its name.
pub fn put(call: &Call) -> Handled {
    let id = OperatorId(call.id("id")?);
    let viewer = call.who()?.viewer();
    call.api.domain.store.read(|reader| avatar::allowed(reader, &viewer, id).map(drop))?;
    let query = call.query(&["name"])?;
    let drawn = avatar::draw(query.get("name").map_or("", String::as_str), &call.bytes()?)?;
    let changed = call.api.domain.write_as(&viewer, move |tx| avatar::set(tx, &viewer, id, &drawn))?;
    call.json(200, &view::Operator::new(&changed, &call.api.domain.presence))
}

/// Takes it away.
pub fn remove(call: &Call) -> Handled {
    let id = OperatorId(call.id("id")?);
    let viewer = call.who()?.viewer();
    let changed = call.api.domain.write_as(&viewer, move |tx| avatar::remove(tx, &viewer, id))?;
    call.json(200, &view::Operator::new(&changed, &call.api.domain.presence))
}

/// The picture, for everybody: visitors see it on the shop's pages.
pub fn get(call: &Call) -> Handled {
    let id = OperatorId(call.id("id")?);
    let part = |name: &str| call.path.get(name).map_or("", String::as_str);
    let version = AvatarVersion(part("version").to_owned());
    let size = AvatarSize::parse(part("size")).ok_or(Code::NoSuchPath)?;
    let found = call.api.domain.store.read(|reader| Ok(store::avatar::get(reader, id, &version, size)?))?;
    let (media_type, bytes) = found.ok_or(Code::AvatarNotFound)?;
    let response = page::shared(Response::from_data(media_type.as_str(), bytes), page::IMMUTABLE);
    Ok(Answer::Response(response.with_additional_header("Content-Security-Policy", "default-src 'none'; sandbox")))
}
