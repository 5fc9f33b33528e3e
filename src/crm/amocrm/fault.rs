//! What amoCRM's answers mean.

use serde_json::Value;

use super::text;
use crate::crm::call::Answer;
use crate::crm::fault::{Cause, Fault};
use crate::crm::words;
use crate::model::limits;

/// A fault, with the places in our request that it is about.
#[derive(Debug)]
pub(super) struct Failure {
    pub fault: Fault,
    /// Dotted paths such as `custom_fields_values.6.values.0.value`.
    pub paths: Vec<String>,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure { fault, paths: Vec::new() }
    }
}

/// Reads an answer: its JSON, null for an empty one, or what is wrong.
pub(super) fn read(answer: &Answer) -> Result<Value, Failure> {
    if answer.status == 204 {
        return Ok(Value::Null);
    }
    if !answer.whole {
        return Err(Fault::new(Cause::Unknown, answer.words()).into());
    }
    match (answer.status, answer.json()) {
        (200..=299, Some(body)) if body.is_object() || body.is_array() => Ok(body),
        (_, Some(body)) if body.is_object() => Err(problem(answer, &body)),
        (_, _) => Err(without_words(answer).into()),
    }
}

/// An answer of the gateway before the CRM, or of somebody else: a page.
fn without_words(answer: &Answer) -> Fault {
    let (cause, wait) = match answer.status {
        401 => (Cause::Secret, None),
        402 => (Cause::Blocked, None),
        // The gateway blocks accounts and addresses that called too much.
        403 => (Cause::Blocked, Some(limits::AMOCRM_BLOCK_WAIT_MS)),
        429 => (Cause::Busy, None),
        300..=399 | 404 | 405 | 410 => (Cause::Address, None),
        500.. => (Cause::Broken, None),
        _ => (Cause::Strange, None),
    };
    Fault::new(cause, answer.words()).after(wait).after(answer.retry_after_ms)
}

/// `application/problem+json`.
fn problem(answer: &Answer, body: &Value) -> Failure {
    let mut details = Vec::new();
    let mut paths = Vec::new();
    let groups = body["validation-errors"].as_array().into_iter().flatten();
    for error in groups.flat_map(|group| group["errors"].as_array().into_iter().flatten()) {
        let (path, detail) = (text(&error["path"]), text(&error["detail"]));
        // A place among the additional fields is a number, which says nothing to people; the field is named by its name.
        let of = path.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or_default().to_owned();
        let counted = path.contains("custom_fields_values");
        details.push(if counted || of.is_empty() { detail } else { format!("{of}: {detail}") });
        paths.push(path);
    }
    details.retain(|detail| !detail.is_empty());
    let general = [text(&body["detail"]), text(&body["title"]), text(&body["hint"]), words::of_json(body)];
    let general = general.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    // That something is wrong in general says less than what it is.
    let words = if details.is_empty() { general } else { details.join("; ") };
    let cause = match answer.status {
        401 => Cause::Secret,
        402 => Cause::Blocked,
        403 => Cause::Rights,
        429 => Cause::Busy,
        500.. => Cause::Broken,
        // No right to add leads, told as a bad request.
        400 if words.contains("244") => Cause::Rights,
        400.. => Cause::Refused,
        _ => Cause::Strange,
    };
    Failure { fault: Fault::new(cause, words).after(answer.retry_after_ms), paths }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: Cause) -> Failure {
        let answer = Answer::of(status, body);
        let failure = read(&answer).unwrap_err();
        assert_eq!(failure.fault.cause, expected, "{status} {body}");
        failure
    }

    #[test]
    fn each_refusal_is_known() {
        let problem = |status: u16, detail: &str| {
            format!(r#"{{"title":"T","type":"https://httpstatus.es/{status}","status":{status},"detail":{detail:?}}}"#)
        };
        for (status, detail, expected) in [
            (401, "Неверный логин или пароль", Cause::Secret),
            (402, "Payment required", Cause::Blocked),
            (403, "Forbidden", Cause::Rights),
            (400, "Код ошибки 244. Недостаточно прав", Cause::Rights),
            (400, "Request validation failed", Cause::Refused),
            (404, "Pipeline not found", Cause::Refused),
            (429, "Too many requests", Cause::Busy),
            (500, "Internal", Cause::Broken),
        ] {
            assert_eq!(check(status, &problem(status, detail), expected).fault.words, detail);
        }
        let page = "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>";
        assert_eq!(check(403, page, Cause::Blocked).fault.retry_after_ms, Some(limits::AMOCRM_BLOCK_WAIT_MS));
        check(429, "<html>Too Many Requests</html>", Cause::Busy);
        check(404, "<html>Not Found</html>", Cause::Address);
        check(200, "<html>Вход</html>", Cause::Strange);
        check(302, "", Cause::Address);
        check(504, "<html>Gateway</html>", Cause::Broken);
    }

    #[test]
    fn a_refusal_names_the_places() {
        let body = r#"{"validation-errors":[{"request_id":"0","errors":[{"code":"NotSupportedChoice",
            "path":"custom_fields_values.6.values.0.value","detail":"The value you selected is not a valid choice."}]}],
            "title":"Bad Request","status":400,"detail":"Request validation failed"}"#;
        let failure = check(400, body, Cause::Refused);
        assert_eq!(failure.paths, ["custom_fields_values.6.values.0.value"]);
        assert_eq!(failure.fault.words, "The value you selected is not a valid choice.");
        let body = r#"{"validation-errors":[{"request_id":"0","errors":[{"code":"NotSupportedChoice",
            "path":"status_id","detail":"No such stage."}]}],"status":400,"detail":"Request validation failed"}"#;
        assert_eq!(check(400, body, Cause::Refused).fault.words, "status_id: No such stage.");
        assert_eq!(check(422, r#"{"message":"Занято"}"#, Cause::Refused).fault.words, "Занято");
    }
}
