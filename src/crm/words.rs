//! What an other side says, in words for a person: out of JSON the sentences, out of pages the text.

use serde_json::Value;

use crate::model::limits;

/// Members that carry a sentence, the plainest first: Bitrix24, problem+json and amoCRM, HubSpot and most others, FastAPI.
const SENTENCES: [&str; 9] =
    ["error_description", "detail", "message", "msg", "error", "description", "reason", "title", "hint"];

/// Members that carry further refusals, each about a part of the request.
const LISTS: [&str; 3] = ["errors", "validation-errors", "details"];

/// Levels that are looked into.
const DEPTH: usize = 4;

/// A body in words: its sentences if it is JSON, none if that has no sentence; else its text.
pub(super) fn of_body(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(said @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => of_json(&said),
        _ => plain(&String::from_utf8_lossy(body)),
    }
}

/// The sentences of an answer in JSON, whoever wrote it: the general one, then those about parts, each with its part.
pub(super) fn of_json(said: &Value) -> String {
    let mut sentences = Vec::new();
    collect(said, "", DEPTH, &mut sentences);
    let mut all = String::new();
    for (n, sentence) in sentences.iter().enumerate() {
        if sentences[..n].contains(sentence) {
            continue;
        }
        if !all.is_empty() {
            all.push_str(if all.ends_with(['.', '!', '?', '…']) { " " } else { "; " });
        }
        all.push_str(sentence);
    }
    plain(&all)
}

fn collect(said: &Value, part: &str, depth: usize, sentences: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match said {
        Value::String(text) if !text.trim().is_empty() => {
            let text = text.trim();
            sentences.push(if part.is_empty() { text.to_owned() } else { format!("{part}: {text}") });
        }
        Value::Array(list) => list.iter().for_each(|one| collect(one, part, depth - 1, sentences)),
        Value::Object(members) => {
            let own = ["field", "name", "param"].iter().find_map(|name| members.get(*name)?.as_str());
            let part = own.unwrap_or(part);
            let is_said = |name: &&&str| members.get(**name).is_some_and(|value| !is_empty(value));
            if let Some(name) = SENTENCES.iter().find(is_said) {
                collect(&members[*name], part, depth - 1, sentences);
            }
            for name in LISTS {
                match members.get(name) {
                    // Each member is named after the part that it is about.
                    Some(Value::Object(parts)) => {
                        parts.iter().for_each(|(part, said)| collect(said, part, depth - 1, sentences));
                    }
                    Some(list) => collect(list, part, depth - 1, sentences),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether nothing can be read in it.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => true,
    }
}

/// Words for a person out of what an other side answered: tags and entities of HTML taken out, white space joined, at most
/// [`limits::CRM_WORDS_CHARS`] characters.
pub(super) fn plain(text: &str) -> String {
    let mut without_tags = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        without_tags.push_str(&rest[..at]);
        let tag = &rest[at..];
        let begins = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match tag.find('>').filter(|_| begins) {
            Some(end) => {
                let name = tag[1..end].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
                // What stands between these tags is no text.
                let hidden = ["script", "style", "head"].iter().find(|hidden| name.eq_ignore_ascii_case(hidden));
                let behind = hidden.and_then(|name| tag.to_ascii_lowercase().find(&format!("</{name}")));
                rest = &tag[behind.filter(|behind| *behind > end).unwrap_or(end + 1)..];
                without_tags.push(' ');
            }
            None => {
                without_tags.push('<');
                rest = &tag[1..];
            }
        }
    }
    without_tags.push_str(rest);
    let mut text = without_tags;
    for (entity, sign) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        text = text.replace(entity, sign);
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.chars().take(limits::CRM_WORDS_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(plain(text), expected);
    }

    #[test]
    fn words_of_a_page_are_plain_and_short() {
        check("Не заполнено поле <b>&quot;Город&quot;</b><br>Ещё раз", "Не заполнено поле \"Город\" Ещё раз");
        check(
            "<html><head><title>x</title></head><body>\n<h1>403 Forbidden</h1>\n<hr>nginx</body>",
            "403 Forbidden nginx",
        );
        check("1 < 2 и 3 > 2", "1 < 2 и 3 > 2");
        check("<script>alert(1)</script>после<", "после<");
        check("a\u{0}b\r\n\tc", "a b c");
        assert_eq!(plain(&"я".repeat(2_000)).chars().count(), limits::CRM_WORDS_CHARS);
    }

    #[test]
    fn sentences_are_found_in_the_forms_that_programs_write() {
        for (body, expected) in [
            (r#"{"error":"","error_description":"Access denied."}"#, "Access denied."),
            (r#"{"error":"Phone is required"}"#, "Phone is required"),
            (r#"{"error":{"code":17,"message":"Phone is required"}}"#, "Phone is required"),
            (r#"{"title":"Unprocessable","status":422,"detail":"Телефон занят"}"#, "Телефон занят"),
            (
                r#"{"message":"The data was invalid.","errors":{"email":["Email is taken."],"phone":["Too short."]}}"#,
                "The data was invalid. email: Email is taken. phone: Too short.",
            ),
            (r#"{"detail":[{"loc":["body","phone"],"msg":"field required","type":"missing"}]}"#, "field required"),
            (
                r#"{"errors":[{"field":"email","message":"is not an email"},"and more"]}"#,
                "email: is not an email; and more",
            ),
            (r#"["Одно","Одно","Другое"]"#, "Одно; Другое"),
            (r#""Нет""#, "Нет"),
            (r#"{"ok":false,"code":12}"#, ""),
            ("{\"broken", "{\"broken"),
            ("<h1>Bad Gateway</h1>", "Bad Gateway"),
            ("12", "12"),
        ] {
            assert_eq!(of_body(body.as_bytes()), expected, "{body}");
        }
    }
}
