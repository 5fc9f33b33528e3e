//! A backup by button.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use rouille::{Response, ResponseBody};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Call, Handled};
use crate::domain::backup;
use crate::edge::Answer;
use crate::error::Error;

/// A copy that is ready.
#[derive(Serialize, JsonSchema)]
pub struct Made {
    /// Where it is for some minutes, for the owner.
    path: String,
    /// What the file should be called.
    name: String,
    /// Bytes.
    size: u64,
}

/// Makes one; it can be fetched for some minutes.
pub fn make(call: &Call) -> Handled {
    let made = backup::make(&call.api.domain, &call.who()?.viewer())?;
    let path = format!("/api/backups/{}", made.token);
    call.json(201, &Made { path, name: made.name, size: made.size })
}

/// The file.
pub fn get(call: &Call) -> Handled {
    let token = call.path.get("token").map(String::as_str).unwrap_or_default();
    let made = call.api.domain.backups.get(token)?;
    let length = usize::try_from(made.size).map_err(Error::internal)?;
    let response = Response {
        status_code: 200,
        headers: vec![("Content-Type".into(), "application/vnd.sqlite3".into())],
        data: ResponseBody::from_reader_and_size(FromStart { file: made.file, at: 0 }, length),
        upgrade: None,
    };
    let response = response
        .with_unique_header("Cache-Control", "no-store")
        .with_additional_header("Content-Disposition", format!("attachment; filename=\"{}\"", made.name));
    Ok(Answer::Response(response))
}

/// Reads a file that others read too: each has its own place in it.
struct FromStart {
    file: Arc<File>,
    at: u64,
}

impl Read for FromStart {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
