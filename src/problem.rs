//! The one form in which a refusal leaves the program: `application/problem+json` (RFC 9457), as the body of an answer
//! or inside an `error` frame, in the caller's language.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Code, Error, Param};
use crate::model::project::Language;
use crate::text;

/// A refusal, ready to send.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// A path that names the code; not in a frame, whose own `type` stands there.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// What happened.
    title: String,
    /// What to do about it.
    detail: String,
    /// The HTTP status.
    status: u16,
    /// The stable word.
    code: &'static str,
    /// The field it speaks of.
    field: Option<String>,
    /// Numbers and words behind the texts.
    params: BTreeMap<&'static str, Value>,
    /// All wrong fields of a form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Problem>,
    /// The number to quote.
    request_id: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Value {
    Number(i64),
    Text(String),
}

impl Problem {
    /// Renders a refusal; what is our fault goes to the log here, once, with its cause.
    pub fn new(error: &Error, language: Language, request_id: &str) -> Problem {
        if error.code == Code::Internal {
            tracing::error!(request_id, cause = error.cause(), "an internal fault");
        }
        Problem::render(error, language, request_id)
    }

    /// Renders a refusal for an `error` frame.
    pub fn in_frame(error: &Error, language: Language, request_id: &str) -> Problem {
        Problem { kind: None, ..Problem::new(error, language, request_id) }
    }

    /// For a terminal: field, what happened, what to do; one line a fault.
    pub fn in_words(&self) -> String {
        let field = self.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
        if self.errors.is_empty() {
            return format!("{field}{}. {}", self.title.trim_end_matches('.'), self.detail);
        }
        self.errors.iter().map(Problem::in_words).collect::<Vec<_>>().join("\n")
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    fn render(error: &Error, language: Language, request_id: &str) -> Problem {
        let code = error.code.as_str();
        let params = words(error, language, request_id);
        let text = |part: &str| text::catalogues().text(language, &format!("err.{code}.{part}"), &params);
        Problem {
            kind: Some(format!("/problems/{code}")),
            title: text("title"),
            detail: text("detail"),
            status: error.code.kind().status(),
            code,
            field: error.field.as_deref().map(str::to_owned),
            params: error.params.iter().map(|(name, value)| (*name, Value::from(value))).collect(),
            errors: error.errors.iter().map(|error| Problem::render(error, language, request_id)).collect(),
            request_id: request_id.to_owned(),
        }
    }
}

impl From<&Param> for Value {
    fn from(param: &Param) -> Self {
        match param {
            Param::Number(number) => Value::Number(*number),
            Param::Text(text) => Value::Text(text.clone()),
        }
    }
}

/// The parameters as the texts want them: states by their names, times with their unit.
fn words<'a>(error: &Error, language: Language, request_id: &str) -> Vec<(&'a str, Param)> {
    let mut words: Vec<(&str, Param)> = vec![("request_id", request_id.into())];
    for (name, value) in &error.params {
        let name = *name;
        match (name, value) {
            ("retry_after_ms", Param::Number(ms)) => words.push(("retry_after", text::duration(language, *ms).into())),
            ("limit_ms", Param::Number(ms)) => words.push(("limit_time", text::duration(language, *ms).into())),
            ("state", Param::Text(state)) => {
                words.push(("state", text::catalogues().text(language, &format!("state.{state}"), &[]).into()));
            }
            ("limit" | "got" | "min" | "max", Param::Number(bytes)) if counts_bytes(error.code) => {
                words.push((name, text::size(language, *bytes).into()));
            }
            ("kinds" | "found", Param::Text(kinds)) => {
                let names = kinds.split(", ").filter(|kind| !kind.is_empty());
                let names = names.map(|kind| text::catalogues().text(language, &format!("file_kind.{kind}"), &[]));
                words.push((name, names.collect::<Vec<_>>().join(", ").into()));
            }
            (name, value) => words.push((name, value.clone())),
        }
    }
    words
}

/// Whether the numbers of a refusal are sizes of files.
fn counts_bytes(code: Code) -> bool {
    matches!(code, Code::FileTooLarge | Code::UnsentFilesTooLarge)
}
