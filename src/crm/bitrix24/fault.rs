//! What Bitrix24's answers mean.

use serde_json::Value;

use super::text;
use crate::crm::call::Answer;
use crate::crm::fault::{Cause, Fault};
use crate::crm::words;
use crate::model::limits;

/// Reads an answer: the whole of a good one, or what is wrong.
pub(super) fn read(method: &str, answer: &Answer) -> Result<Value, Fault> {
    let body = answer.json();
    let body = match body {
        Some(body) if body.is_object() => body,
        _ if !answer.whole => return Err(Fault::new(Cause::Unknown, answer.words())),
        _ => return Err(without_words(answer)),
    };
    let good = (200..300).contains(&answer.status) && body.get("result").is_some() && body.get("error").is_none();
    if good { Ok(body) } else { Err(refusal(method, answer, &body)) }
}

/// An answer that is no object of JSON: a page, or nothing.
fn without_words(answer: &Answer) -> Fault {
    let cause = match answer.status {
        401 => Cause::Secret,
        429 => Cause::Busy,
        404 | 405 | 410 => Cause::Address,
        500.. => Cause::Broken,
        _ => Cause::Strange,
    };
    Fault::new(cause, answer.words()).after(answer.retry_after_ms)
}

fn refusal(method: &str, answer: &Answer, body: &Value) -> Fault {
    // The code may be empty, a number, or a sentence; the description may be missing.
    let code = text(&body["error"]);
    let description = text(&body["error_description"]);
    // A box behind a gateway may speak another language.
    let words = [description, code.clone(), words::of_json(body)];
    let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    let mut wait = answer.retry_after_ms;
    let mut missing = Vec::new();
    let cause = match (answer.status, code.to_ascii_uppercase().as_str()) {
        (_, "QUERY_LIMIT_EXCEEDED") => {
            wait = wait.or(Some(limits::BITRIX24_LIMIT_WAIT_MS));
            Cause::Busy
        }
        (_, "OPERATION_TIME_LIMIT") => {
            wait = wait.or(Some(limits::BITRIX24_METHOD_WAIT_MS));
            Cause::Busy
        }
        (429, _) => Cause::Busy,
        (_, "OVERLOAD_LIMIT" | "PORTAL_DELETED") => Cause::Blocked,
        // By 403 this code is about the plan; by 400 about one card.
        (403, "ACCESS_DENIED") => Cause::Blocked,
        (403, "INVALID_CREDENTIALS" | "USER_ACCESS_ERROR" | "ALLOWED_ONLY_INTRANET_USER") => Cause::Rights,
        (_, "INSUFFICIENT_SCOPE") => {
            missing.push(if method.starts_with("user.") { "user_basic" } else { "crm" }.to_owned());
            Cause::Rights
        }
        (401, _) | (_, "EXPIRED_TOKEN" | "INVALID_CREDENTIALS" | "NO_AUTH_FOUND" | "INVALID_TOKEN") => Cause::Secret,
        (_, "INVALID_REQUEST") if words.to_ascii_lowercase().contains("https") => Cause::Address,
        (_, "ERROR_METHOD_NOT_FOUND") => Cause::Address,
        (500.., _) => Cause::Broken,
        (_, "ACCESS_DENIED") => Cause::Rights,
        (_, "") if words.to_ascii_lowercase().starts_with("access denied") => Cause::Rights,
        (400.., _) => Cause::Refused,
        // A good status with an error inside is a refusal; without one it is no answer of Bitrix24.
        _ if body.get("error").is_some() => Cause::Refused,
        _ => Cause::Strange,
    };
    Fault::new(cause, words).after(wait).without(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: Cause) -> Fault {
        let answer = Answer::of(status, body);
        let fault = read("crm.item.add", &answer).unwrap_err();
        assert_eq!(fault.cause, expected, "{status} {body}");
        fault
    }

    #[test]
    fn each_refusal_is_known() {
        for (status, error, description, expected) in [
            (401, "INVALID_CREDENTIALS", "Invalid request credentials", Cause::Secret),
            (401, "NO_AUTH_FOUND", "Wrong authorization data", Cause::Secret),
            (401, "expired_token", "The access token provided has expired.", Cause::Secret),
            (403, "insufficient_scope", "The request requires higher privileges", Cause::Rights),
            (403, "ACCESS_DENIED", "REST API is available only on commercial plans", Cause::Blocked),
            (403, "INVALID_CREDENTIALS", "", Cause::Rights),
            (403, "user_access_error", "", Cause::Rights),
            (400, "INVALID_REQUEST", "Https required.", Cause::Address),
            (404, "ERROR_METHOD_NOT_FOUND", "Method not found!", Cause::Address),
            (500, "INTERNAL_SERVER_ERROR", "", Cause::Broken),
            (500, "PORTAL_DELETED", "", Cause::Blocked),
            (503, "QUERY_LIMIT_EXCEEDED", "Too many requests", Cause::Busy),
            (503, "OVERLOAD_LIMIT", "", Cause::Blocked),
            (429, "OPERATION_TIME_LIMIT", "", Cause::Busy),
            (400, "ACCESS_DENIED", "Доступ запрещён", Cause::Rights),
            (400, "", "Access denied.", Cause::Rights),
            (400, "100", "Expected iterable value for multiple field", Cause::Refused),
            (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID", "Неверное значение поля \"Город\"", Cause::Refused),
            (200, "Communication type is not defined", "", Cause::Refused),
        ] {
            check(status, &format!(r#"{{"error":{error:?},"error_description":{description:?}}}"#), expected);
        }
        let fault =
            check(400, r#"{"error":"X","error_description":"Не заполнено поле <br>\"Город\""}"#, Cause::Refused);
        assert_eq!(fault.words, "Не заполнено поле \"Город\"");
        assert_eq!(check(503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, Cause::Busy).retry_after_ms, Some(2_000));
        let fault = check(403, r#"{"error":"insufficient_scope","error_description":"x"}"#, Cause::Rights);
        assert_eq!(fault.missing, ["crm"]);
    }

    #[test]
    fn what_is_no_answer_of_bitrix24_is_known() {
        check(200, "<html><body>Скоро откроемся</body></html>", Cause::Strange);
        check(200, r#"{"ok":true}"#, Cause::Strange);
        let fault = check(422, r#"{"message":"Нет поля","errors":{"title":["пусто"]}}"#, Cause::Refused);
        assert_eq!(fault.words, "Нет поля; title: пусто");
        check(200, "[1]", Cause::Strange);
        check(404, "<h1>Not Found</h1>", Cause::Address);
        check(502, "<h1>Bad Gateway</h1>", Cause::Broken);
        let answer = Answer { whole: false, ..Answer::of(200, r#"{"result":{"it"#) };
        assert_eq!(read("scope", &answer).unwrap_err().cause, Cause::Unknown);
    }
}
