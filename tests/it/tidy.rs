//! Rules of the repository that no compiler holds. A rule that has to be broken gets a line here, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use beseda::api::ROUTES;
use beseda::error::Code;
use serde_json::Value;

/// What each part of the program may use; the parts of a folder share a line.
const USES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("store", &["clock", "error", "model"]),
    ("domain", &["clock", "error", "model", "store"]),
    ("live", &["clock", "domain", "error", "json", "model", "problem", "store", "text"]),
    ("edge", &["error", "model"]),
    ("outbound", &["clock", "model"]),
    ("outbox", &["clock", "crm", "domain", "error", "model", "outbound", "store", "text"]),
    ("lookup", &["clock", "crm", "domain", "error", "model", "store"]),
    (
        "api",
        &[
            "assets", "crm", "domain", "edge", "error", "json", "live", "lookup", "model", "outbound", "problem",
            "store", "text",
        ],
    ),
    ("cli", &["app", "clock", "config", "domain", "error", "json", "lock", "model", "problem", "store", "text"]),
    ("crm", &["clock", "error", "model", "outbound", "text"]),
    ("cron", &["clock", "domain", "error", "model", "store"]),
    ("control", &["clock", "cron", "domain", "live", "outbox"]),
    ("config", &["edge", "model"]),
    ("text", &["assets", "error", "model"]),
    ("problem", &["error", "model", "text"]),
    ("json", &["error"]),
    ("assets", &[]),
    ("clock", &[]),
    ("error", &[]),
    ("lock", &[]),
    ("log", &[]),
    ("main", &["cli"]),
];

/// Who knows what from outside.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["src/store/"]),
    ("httparse", &["src/edge/"]),
    ("tungstenite::", &["src/live/", "src/edge/upgrade.rs", "src/edge/respond.rs"]),
    ("SystemTime", &["src/clock.rs"]),
    ("signal_hook", &["src/app.rs"]),
    ("ureq::", &["src/outbound.rs"]),
    ("use ring", &["src/domain/push/crypt.rs"]),
];

/// Codes that no test in `tests/it` or beside the code can see, with the reason.
const UNSEEN: &[(&str, &str)] = &[("going_away", "said to who asks in the moment of stopping")];

/// Files that write without asking whether an operator still may, with the reason.
const NOBODYS: &[(&str, &str)] = &[
    ("src/api/attachment.rs", "visitors agree"),
    ("src/api/crm.rs", "what the CRM said to a question is noted whoever asked"),
    ("src/api/site.rs", "pages of shops are refused"),
    ("src/domain/account.rs", "sessions begin by a password, and end"),
    ("src/domain/file/upload.rs", "visitors upload too; what was given up is removed"),
    ("src/domain/invitation.rs", "whoever has the link sets the password"),
    ("src/domain/mod.rs", "write_as itself"),
    ("src/domain/push/mod.rs", "devices say what came"),
    ("src/domain/setup.rs", "nobody is there yet"),
];

/// Words in Russian that stand in a script, with the reason.
const CYRILLIC: &[(&str, &str)] = &[
    ("operator/chat/template-text.js", "the names that templates have gaps for: data, understood in both languages"),
    ("shared/doorway.js", "the other language is offered in itself; and what to do when the catalogue did not load"),
    ("shared/text.js", "units of time, which belong to the plural rules"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder whose name ends in one of these.
fn files(folder: &str, ends: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true if entry.file_name() == "node_modules" => {}
                true => walk(&entry.path(), found),
                false => found.push(entry.path()),
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.sort();
    let named = paths.into_iter().map(|path| (path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(), path));
    named
        .filter(|(name, _)| ends.iter().any(|end| name.ends_with(end)))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect()
}

/// The lines of code of a Rust file, without comments.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or("")).filter(|line| !line.trim().is_empty())
}

/// The code of a Rust file above its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

fn tests_of(name: &str, text: &str) -> String {
    if name.ends_with("tests.rs") || name.starts_with("tests/") {
        return text.to_owned();
    }
    text.split_once("#[cfg(test)]\nmod ").map_or(String::new(), |(_, tests)| tests.to_owned())
}

fn none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn uses_go_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = USES.iter().copied().collect();
    let mut broken = Vec::new();
    for (name, text) in files("src", &[".rs"]) {
        let part = name.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        if matches!(part, "app" | "lib") {
            continue;
        }
        let Some(allowed) = allowed.get(part) else { panic!("src/{part} has no line in USES") };
        for line in code_lines(&text) {
            for used in line.split("crate::").skip(1) {
                let used = used.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap();
                if used != part && !used.is_empty() && !allowed.contains(&used) {
                    broken.push(format!("{name} uses crate::{used}: {}", line.trim()));
                }
            }
        }
        for (word, places) in CRATES {
            if !places.iter().any(|place| name.starts_with(place)) && !name.ends_with("tests.rs") {
                let lines = code_lines(without_tests(&text)).filter(|line| line.contains(word));
                broken.extend(lines.map(|line| format!("{name} knows {word}: {}", line.trim())));
            }
        }
    }
    none(&broken, "app -> edge, api, live -> domain -> store -> model");
}

#[test]
fn what_operators_do_is_done_only_while_they_may() {
    let mut broken = Vec::new();
    for (name, text) in files("src", &[".rs"]) {
        let ours = ["src/api/", "src/domain/", "src/live/operator.rs"].iter().any(|place| name.starts_with(place));
        if ours && NOBODYS.iter().all(|(known, _)| *known != name) {
            let code: String = code_lines(without_tests(&text)).map(str::trim).collect();
            let count = code.matches("store.write(").count() + code.matches("store.write_then(").count();
            broken.extend((count > 0).then(|| format!("{name}: {count}")));
        }
    }
    none(&broken, "Domain::write_as, or a line in NOBODYS");
}

#[test]
fn sql_stands_in_the_store_only() {
    let words = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "PRAGMA ", "BEGIN IMMEDIATE"];
    let mut broken = Vec::new();
    for (name, text) in files("src", &[".rs"]) {
        if !name.starts_with("src/store/") {
            let lines = code_lines(&text).filter(|line| words.iter().any(|word| line.contains(word)));
            broken.extend(lines.map(|line| format!("{name}: {}", line.trim())));
        }
    }
    none(&broken, "SQL outside src/store");
}

#[test]
fn nothing_is_unwrapped_and_no_lint_is_silenced_without_a_reason() {
    let mut broken = Vec::new();
    for (name, text) in files("src", &[".rs"]) {
        if name.ends_with("tests.rs") {
            continue;
        }
        for line in code_lines(without_tests(&text)) {
            if [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "dbg!("]
                .iter()
                .any(|word| line.contains(word))
            {
                broken.push(format!("{name}: {}", line.trim()));
            }
        }
        let silenced =
            text.lines().filter(|line| line.trim_start().starts_with("#[allow(") || line.starts_with("#![allow("));
        broken.extend(
            silenced
                .filter(|line| !line.contains("reason") && !line.contains(" // "))
                .map(|line| format!("{name}: {line}")),
        );
    }
    none(&broken, "a fault is an error that somebody can read");
}

#[test]
fn every_file_says_what_it_is() {
    let mut broken = Vec::new();
    for folder in ["src", "tests"] {
        for (name, text) in files(folder, &[".rs"]) {
            let first = text.lines().next().unwrap_or("");
            let sentence = text.lines().take_while(|line| line.starts_with("//!")).collect::<String>();
            if !first.starts_with("//! ") || sentence.len() < 8 {
                broken.push(name);
            }
        }
    }
    for (name, text) in files("assets", &[".js"]) {
        if !text.starts_with("/**") && !text.starts_with("//") && !text.starts_with("/*") {
            broken.push(name);
        }
    }
    none(&broken, "a file begins with what it is for");
}

#[test]
fn no_file_is_long() {
    let mut broken = Vec::new();
    for (folder, ends) in
        [("src", &[".rs", ".sql"][..]), ("assets", &[".js", ".css", ".html"]), ("tests", &[".rs", ".js"])]
    {
        for (name, text) in files(folder, ends) {
            // Tests of one part stand together, and so do the tables of the file; they are read one at a time.
            let limit = if name.ends_with("tests.rs") || name.ends_with(".sql") { 600 } else { 500 };
            let count = text.lines().count();
            if count > limit {
                broken.push(format!("{name}: {count} lines"));
            }
        }
    }
    none(&broken, "a file has at most 500 lines");
}

#[test]
fn colours_stand_in_the_tokens_only() {
    let mut broken = Vec::new();
    for (name, text) in files("assets", &[".css", ".js"]) {
        if name.ends_with("shared/tokens.css") || name.contains("/widget/") || name.contains("/demo/") {
            continue;
        }
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
            for after in line.split('#').skip(1) {
                let digits = after.chars().take_while(char::is_ascii_hexdigit).count();
                let ends = after.chars().nth(digits).is_none_or(|c| matches!(c, ';' | ',' | ')' | '"' | '\'' | ' '));
                if matches!(digits, 3 | 4 | 6 | 8) && ends {
                    broken.push(format!("{name}: {}", line.trim()));
                }
            }
        }
    }
    none(&broken, "hex colours outside tokens.css");
}

#[test]
fn words_of_the_interface_stand_in_the_catalogues() {
    let mut broken = Vec::new();
    for (name, text) in files("assets", &[".js"]) {
        let short = name.trim_start_matches("assets/");
        if short.starts_with("gallery/") || CYRILLIC.iter().any(|(known, _)| *known == short) {
            continue;
        }
        let mut comment = false;
        for line in text.lines() {
            let trimmed = line.trim();
            comment |= trimmed.starts_with("/*");
            let code = if comment { "" } else { line.split(" //").next().unwrap_or("") };
            comment &= !trimmed.contains("*/");
            if !trimmed.starts_with("//") && code.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c)) {
                broken.push(format!("{name}: {trimmed}"));
            }
        }
    }
    none(&broken, "words in a script");
}

/// A catalogue: keys with their texts.
fn catalogue(language: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join(format!("assets/shared/text/{language}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn pages_get_every_word_that_they_say() {
    let assets = beseda::assets::Assets::load();
    let words = |name: &str| -> BTreeMap<String, String> {
        serde_json::from_str(&assets.text(&format!("shared/text/{name}.json")).unwrap()).unwrap()
    };
    let (first, later) = (words("ru"), words("ru.later"));
    assert!(first.len() > 200 && later.len() > 200, "{} words first, {} later", first.len(), later.len());
    assert!(first.keys().all(|key| !later.contains_key(key)));
    let (mut said, mut missing, mut bare) = (0, Vec::new(), Vec::new());
    for (name, text) in files("assets", &[".js"]).iter().filter(|(name, _)| !name.contains("/widget/")) {
        for (at, _) in text.match_indices("t('").filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric()))
        {
            let key = text[at + 3..].split('\'').next().unwrap_or_default();
            if key.contains('.') {
                said += 1;
                let comes = first.contains_key(key) || later.contains_key(key);
                missing.extend((!comes).then(|| format!("{name}: {key}")));
            }
        }
        // Those of a list are loaded by `later` too.
        let lines = text.lines().filter(|line| name.contains("/operator/") && line.contains(" import('"));
        let lines =
            lines.filter(|line| !line.contains("later(() => import('") && !line.trim().starts_with(['(', '*', '/']));
        bare.extend(lines.map(|line| format!("{name}: {}", line.trim())));
    }
    assert!(said > 300, "only {said} were found");
    none(&missing, "a word that a page says is in the catalogue that it gets");
    none(&bare, "what is loaded later comes by `later`, which brings its words");
}

/// What stands in braces: names of parameters, and groups of forms.
fn braces(text: &str) -> (BTreeSet<String>, Vec<String>) {
    let inside = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(inside, _)| inside.to_owned());
    let (forms, names): (Vec<String>, Vec<String>) = inside.partition(|inside| inside.contains('/'));
    (names.into_iter().collect(), forms)
}

#[test]
fn both_catalogues_say_the_same() {
    let (ru, en) = (catalogue("ru"), catalogue("en"));
    let keys = |catalogue: &BTreeMap<String, String>| catalogue.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ru), keys(&en));
    for (key, russian) in &ru {
        let english = &en[key];
        assert!(!russian.trim().is_empty() && !english.trim().is_empty(), "{key} is empty");
        let ((ru_names, ru_forms), (en_names, en_forms)) = (braces(russian), braces(english));
        assert_eq!(ru_names, en_names, "{key}: parameters");
        for (forms, count) in [(ru_forms, 3), (en_forms, 2)] {
            for group in forms {
                assert_eq!(group.split('/').count(), count, "{key}: {group}");
            }
        }
    }
}

#[test]
fn every_code_has_its_words_with_its_own_parameters() {
    for (language, catalogue) in [("ru", catalogue("ru")), ("en", catalogue("en"))] {
        let mut known = BTreeSet::new();
        for code in Code::ALL {
            let mut allowed: BTreeSet<&str> = code.params().iter().copied().collect();
            allowed.extend(["request_id", "retry_after", "limit_time"]);
            for part in ["title", "detail"] {
                let key = format!("err.{}.{part}", code.as_str());
                let text = catalogue.get(&key).unwrap_or_else(|| panic!("{key} is missing in {language}"));
                let (names, forms) = braces(text);
                let counted = forms.iter().filter_map(|group| group.split_once(':').map(|(name, _)| name.to_owned()));
                for name in names.into_iter().chain(counted) {
                    assert!(allowed.contains(name.as_str()), "{key} in {language} uses {name}");
                }
                known.insert(key);
            }
        }
        // Codes of the pages' own stand beside them, and are no codes of the server.
        let strange: Vec<&String> = catalogue
            .keys()
            .filter(|key| key.starts_with("err.") && key.matches('.').count() == 2 && !known.contains(*key))
            .collect();
        println!("words of refusals that only the pages make, {language}: {strange:?}");
    }
}

#[test]
fn every_code_is_seen_by_a_test() {
    let mut tests = String::new();
    for folder in ["tests/it", "src"] {
        for (name, text) in files(folder, &[".rs"]) {
            if !name.ends_with("tidy.rs") {
                tests += &tests_of(&name, &text);
            }
        }
    }
    let mut broken = Vec::new();
    for code in Code::ALL {
        let word = code.as_str();
        let seen = tests.contains(&format!("\"{word}\""))
            || tests.contains(&format!("\"{word} "))
            || tests.contains(&format!("Code::{code:?}"));
        match (seen, UNSEEN.iter().any(|(known, _)| *known == word)) {
            (false, false) => broken.push(format!("{word} is in no test")),
            (true, true) => broken.push(format!("{word} is seen: take it off the list")),
            _ => {}
        }
    }
    none(&broken, "every refusal is seen once");
}

#[test]
fn the_description_has_every_route_and_every_code() {
    let beseda = crate::support::Beseda::start();
    let description = beseda.anonymous().get("/api/openapi.json").expect(200);
    assert_eq!(description["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            let open: Vec<&str> = path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
            let named: Vec<&str> = operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            assert_eq!(open, named, "{method} {path}");
            assert_eq!(operation["security"].is_null(), operation["x-who"] == "anybody", "{method} {path}");
        }
    }
    let routes: BTreeSet<(String, String)> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/") || route.path.starts_with("/ws/") || route.path == "/healthz")
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(described, routes);
    let codes: Vec<&str> =
        description["x-codes"].as_array().unwrap().iter().map(|code| code["code"].as_str().unwrap()).collect();
    assert_eq!(codes, Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
    let mut missing = Vec::new();
    references(&description, &mut |reference| {
        let path = reference.trim_start_matches('#');
        if description.pointer(path).is_none() {
            missing.push(reference.to_owned());
        }
    });
    none(&missing, "references that lead nowhere");
}

fn references(value: &Value, seen: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => seen(reference),
                    value => references(value, seen),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, seen)),
        _ => {}
    }
}

#[test]
fn the_readme_has_every_setting() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap_or_default();
    let Some((_, after)) = readme.split_once("<!-- settings -->\n") else { return };
    let (table, _) = after.split_once("<!-- /settings -->").expect("the end of the table");
    assert_eq!(table.trim(), beseda::cli::settings_table().trim());
}

#[test]
fn the_pages_know_the_servers_limits() {
    let text = std::fs::read_to_string(root().join("assets/shared/limits.js")).unwrap();
    let limits = ["src/model/limits.rs", "src/model/limits/site.rs"];
    let limits = limits.map(|name| std::fs::read_to_string(root().join(name)).unwrap()).concat();
    for line in text.lines().filter_map(|line| line.strip_prefix("export const ")) {
        let (name, value) = line.split_once(" = ").unwrap();
        let value = value.split(';').next().unwrap();
        // The pages say PASSWORD_CHARS where the server says PASSWORD_CHARS_MIN.
        let same = limits.lines().any(|line| {
            line.strip_prefix("pub const ").and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| {
                ["", "_MIN", "_MAX"].iter().any(|end| rest.starts_with(&format!("{end}:")))
                    && rest.ends_with(&format!("= {value};"))
            })
        });
        assert!(same, "assets/shared/limits.js: {name} = {value} is not what src/model/limits.rs says");
    }
}
