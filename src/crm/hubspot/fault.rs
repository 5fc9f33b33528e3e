//! What HubSpot's answers mean.

use serde_json::Value;

use super::text;
use crate::crm::call::Answer;
use crate::crm::fault::{Cause, Fault};
use crate::crm::words;
use crate::model::limits;

/// A fault, with its status.
#[derive(Debug)]
pub(super) struct Failure {
    pub fault: Fault,
    /// The HTTP status; 0: no answer.
    pub status: u16,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure { fault, status: 0 }
    }
}

/// Reads an answer: its JSON, null for an empty one, or what is wrong.
pub(super) fn read(answer: &Answer) -> Result<Value, Failure> {
    let status = answer.status;
    let failed = |fault: Fault| Err(Failure { fault, status });
    if status == 204 {
        return Ok(Value::Null);
    }
    if !answer.whole {
        return failed(Fault::new(Cause::Unknown, answer.words()));
    }
    match answer.json().filter(Value::is_object) {
        // Some of a batch went wrong; ours is a batch of one.
        Some(body) if status == 207 => match body["results"].as_array().is_some_and(|results| !results.is_empty()) {
            true => Ok(body),
            false => failed(refusal(400, answer, &body["errors"][0])),
        },
        Some(body) if (200..300).contains(&status) => Ok(body),
        Some(body) => failed(refusal(status, answer, &body)),
        None => failed(without_words(answer)),
    }
}

fn without_words(answer: &Answer) -> Fault {
    let (cause, wait) = by_status(answer.status);
    let cause = match (answer.status, cause) {
        (300..=399 | 404 | 405, _) => Cause::Address,
        (_, Cause::Refused) => Cause::Strange,
        (_, cause) => cause,
    };
    Fault::new(cause, answer.words()).after(wait).after(answer.retry_after_ms)
}

fn by_status(status: u16) -> (Cause, Option<i64>) {
    match status {
        401 => (Cause::Secret, None),
        402 => (Cause::Blocked, None),
        403 => (Cause::Rights, None),
        423 => (Cause::Busy, Some(limits::HUBSPOT_LOCK_WAIT_MS)),
        429 => (Cause::Busy, Some(limits::HUBSPOT_LIMIT_WAIT_MS)),
        // The account is being moved between data centres.
        477 => (Cause::Busy, Some(limits::HUBSPOT_DAY_WAIT_MS)),
        400..=499 => (Cause::Refused, None),
        500.. => (Cause::Broken, None),
        _ => (Cause::Strange, None),
    }
}

fn refusal(status: u16, answer: &Answer, body: &Value) -> Fault {
    let (cause, mut wait) = by_status(status);
    if text(&body["policyName"]).contains("DAILY") {
        wait = Some(limits::HUBSPOT_DAY_WAIT_MS);
    }
    let message = text(&body["message"]);
    let (words, field) = match values(&message).as_slice() {
        [] if message.is_empty() => (words::of_json(body), None),
        [] => (message, None),
        // It is named beside the words.
        [(name, words)] => (words.clone(), Some(name.clone())),
        several => {
            let each = several.iter().map(|(name, words)| format!("{name}: {words}")).collect::<Vec<_>>();
            (each.join("; "), None)
        }
    };
    let missing = if cause == Cause::Rights { scopes(body) } else { Vec::new() };
    Fault::new(cause, words).after(wait).after(answer.retry_after_ms).of_field(field).without(missing)
}

/// Property and reason out of a message that carries JSON behind its first colon.
fn values(message: &str) -> Vec<(String, String)> {
    let Some((_, inside)) = message.split_once(": ") else { return Vec::new() };
    let Ok(Value::Array(values)) = serde_json::from_str::<Value>(inside) else { return Vec::new() };
    values
        .iter()
        .map(|value| (text(&value["name"]), text(&value["message"])))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// Scopes that were missing: lists, or words in brackets.
fn scopes(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for error in body["errors"].as_array().into_iter().flatten() {
        let context = &error["context"];
        for name in ["requiredGranularScopes", "requiredScopes", "missingScopes"] {
            let list = context[name].as_array().into_iter().flatten().map(text);
            found.extend(list.filter(|scope| !scope.is_empty()));
        }
        if let Some((_, list)) = context.as_str().and_then(|words| words.split_once('[')) {
            let list = list.split(']').next().unwrap_or("");
            found.extend(list.split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()));
        }
    }
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: Cause) -> Fault {
        let answer = Answer::of(status, body);
        let fault = read(&answer).unwrap_err().fault;
        assert_eq!(fault.cause, expected, "{status} {body}");
        fault
    }

    #[test]
    fn each_refusal_is_known() {
        let body = |category: &str| format!(r#"{{"status":"error","message":"M","category":{category:?}}}"#);
        for (status, category, expected) in [
            (400, "VALIDATION_ERROR", Cause::Refused),
            (401, "INVALID_AUTHENTICATION", Cause::Secret),
            (401, "EXPIRED_AUTHENTICATION", Cause::Secret),
            (403, "USER_DOES_NOT_HAVE_PERMISSIONS", Cause::Rights),
            (404, "OBJECT_NOT_FOUND", Cause::Refused),
            (409, "CONFLICT", Cause::Refused),
            (423, "LOCKED", Cause::Busy),
            (477, "MIGRATION", Cause::Busy),
            (502, "", Cause::Broken),
            (524, "", Cause::Broken),
        ] {
            assert_eq!(check(status, &body(category), expected).words, "M");
        }
        let daily = r#"{"status":"error","message":"You have reached your daily limit.","policyName":"DAILY"}"#;
        assert_eq!(check(429, daily, Cause::Busy).retry_after_ms, Some(limits::HUBSPOT_DAY_WAIT_MS));
        let soon = r#"{"status":"error","message":"…","policyName":"TEN_SECONDLY_ROLLING"}"#;
        assert_eq!(check(429, soon, Cause::Busy).retry_after_ms, Some(10_000));
        check(200, "<html>", Cause::Strange);
        check(404, "<html>", Cause::Address);
        check(503, "", Cause::Broken);
    }

    #[test]
    fn missing_scopes_are_named() {
        let body = r#"{"status":"error","message":"M","category":"MISSING_SCOPES",
            "errors":[{"message":"x","context":{"requiredScopes":["crm.objects.deals.write"]}}]}"#;
        assert_eq!(check(403, body, Cause::Rights).missing, ["crm.objects.deals.write"]);
        let body = r#"{"message":"M","errors":[{"context":"{missingScopes=[scope1, scope2]}"}]}"#;
        assert_eq!(check(403, body, Cause::Rights).missing, ["scope1", "scope2"]);
    }

    #[test]
    fn a_wrong_value_is_named_out_of_json_inside_the_message() {
        let inside = r#"[{\"isValid\":false,\"message\":\"x was not one of the allowed options: [A, B]\",\"error\":\"INVALID_OPTION\",\"name\":\"color\"}]"#;
        let body = format!(
            r#"{{"status":"error","message":"Property values were not valid: {inside}","category":"VALIDATION_ERROR"}}"#
        );
        let fault = check(400, &body, Cause::Refused);
        assert_eq!(fault.field.as_deref(), Some("color"));
        assert_eq!(fault.words, "x was not one of the allowed options: [A, B]");
        assert_eq!(fault.in_words(), "color: x was not one of the allowed options: [A, B]");
        assert_eq!(check(422, r#"{"errors":[{"message":"Занято"}]}"#, Cause::Refused).words, "Занято");
    }

    #[test]
    fn a_batch_of_one_that_failed_is_a_refusal() {
        check(
            207,
            r#"{"status":"COMPLETE","results":[],"numErrors":1,"errors":[{"status":"error","message":"M"}]}"#,
            Cause::Refused,
        );
    }
}
