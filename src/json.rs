//! JSON from outside: strictly typed, with refusals that name the field.

use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};

/// Reads one object of a known shape.
///
/// # Errors
/// `json_malformed` for what is no JSON, `json_mismatch` with the path to the field for what is of another shape.
pub fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T> {
    // serde would also take the fields of a struct without their names, one after the other.
    if text.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::new(Code::JsonMismatch).with("reason", "expected an object, found an array"));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        refusal(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| refusal(".", &error))?;
    Ok(value)
}

fn refusal(path: &str, error: &serde_json::Error) -> Error {
    let reason = error.to_string();
    match error.classify() {
        serde_json::error::Category::Data => {
            let refusal = Error::new(Code::JsonMismatch);
            let refusal = if path == "." { refusal } else { refusal.field(path.to_owned()) };
            refusal.with("reason", reason)
        }
        _ => Error::new(Code::JsonMalformed).with("reason", reason),
    }
}
