//! Which words of a catalogue a page gets: what only the server says goes to none, and what the operator's first screen does
//! not say comes after it, in a file of its own.
//!
//! Nobody keeps a list: a word is of the first screen when one of its modules names the key, whole (`t('act.take')`) or by
//! its beginning (`` t(`state.${chat.state}`) ``).

use std::collections::{BTreeMap, BTreeSet};

/// Where the words are, a file for each language.
pub const CATALOGUES: &str = "shared/text/";

/// How the second part of a catalogue ends, `ru.later.json`.
pub const LATER: &str = ".later.json";

/// The module from which the first screen is reached.
const FIRST_SCREEN: &str = "operator/main.js";

/// Refusals that pages say by themselves, before the server does or where it cannot.
const SAID_BY_PAGES: [&str; 17] = [
    "account_deleted",
    "administrator_only",
    "avatar_broken",
    "avatar_kind_refused",
    "avatar_name_refused",
    "avatar_no_picture",
    "avatar_size_refused",
    "bad_answer",
    "email_invalid",
    "invitation_invalid",
    "network",
    "owner_only",
    "page_fault",
    "password_too_long",
    "password_too_short",
    "setup_done",
    "setup_link_invalid",
];

/// Keys that the first screen names.
pub struct FirstScreen {
    keys: BTreeSet<String>,
    beginnings: BTreeSet<String>,
}

impl FirstScreen {
    /// Reads the modules of the first screen; `text` gives the source of one.
    pub fn read(text: impl Fn(&str) -> Option<String>) -> FirstScreen {
        let mut screen = FirstScreen { keys: BTreeSet::new(), beginnings: BTreeSet::new() };
        for path in modules(FIRST_SCREEN, &text) {
            screen.names(&text(&path).unwrap_or_default());
        }
        screen
    }

    /// Takes what a script names: dotted words in quotes, and dotted beginnings of templates.
    fn names(&mut self, script: &str) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        for (at, quote) in script.match_indices(['\'', '`']) {
            let rest = &script[at + 1..];
            let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
            if !word.contains('.') {
                continue;
            }
            let after = &rest[word.len()..];
            if after.starts_with(quote) && !word.ends_with('.') {
                self.keys.insert(word.to_owned());
            } else if after.starts_with(quote) || (quote == "`" && after.starts_with("${")) {
                self.beginnings.insert(word.to_owned());
            }
        }
    }

    fn says(&self, key: &str) -> bool {
        self.keys.contains(key) || self.beginnings.iter().any(|beginning| key.starts_with(beginning.as_str()))
    }
}

/// A catalogue's words for the first screen, or those that come `later`; without what only the server says: words of the
/// widget, which come as a module of its own, names of kinds of files, and refusals, which come in the answers.
pub fn words(catalogue: &str, screen: &FirstScreen, later: bool) -> String {
    let Ok(mut words) = serde_json::from_str::<BTreeMap<String, String>>(catalogue) else {
        return catalogue.to_owned();
    };
    words.retain(|key, _| {
        let refusal = key.strip_prefix("err.").and_then(|rest| rest.split_once('.'));
        let of_pages = match refusal {
            Some((code, _)) => SAID_BY_PAGES.contains(&code),
            None => !key.starts_with("w.") && !key.starts_with("file_kind."),
        };
        of_pages && screen.says(key) != later
    });
    serde_json::to_string(&words).unwrap_or_else(|_| catalogue.to_owned())
}

/// The words of the widget's window as a module that exports `words`. Those of its button come with the loader too.
pub fn of_widget(catalogue: &str) -> Option<String> {
    let mut words = serde_json::from_str::<BTreeMap<String, String>>(catalogue).ok()?;
    words.retain(|key, _| key.starts_with("w."));
    Some(format!("export const words = {};\n", serde_json::to_string(&words).ok()?))
}

/// A module and all that it imports at once.
fn modules(entry: &str, text: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(path) = waiting.pop() {
        let Some(script) = text(&path) else { continue };
        let imports =
            |line: &&str| ["import ", "} from ", "export * from ", "export {"].iter().any(|s| line.starts_with(s));
        for from in script.lines().filter(imports).filter_map(|line| line.split(['\'', '"']).nth(1)) {
            waiting.push(beside(&path, from));
        }
        found.insert(path);
        waiting.retain(|path| !found.contains(path));
    }
    found
}

/// The path that `from` means in the module at `path`.
fn beside(path: &str, from: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_screen_says_what_its_modules_name() {
        let files = |path: &str| {
            let text = match path {
                "operator/main.js" => "import { a } from './a.js';\nimport('./late.js');\nt('act.take');",
                "operator/a.js" => "import {\n  b,\n} from '../shared/b.js';\nt(`state.${x}`, t('lead.' + y));",
                "shared/b.js" => "const KEYS = ['help.one', 'plain'];",
                "operator/late.js" => "t('late.word');",
                _ => return None,
            };
            Some(text.to_owned())
        };
        let screen = FirstScreen::read(files);
        let catalogue = r#"{"act.take":"1","state.new":"2","lead.queued":"3","help.one":"4","late.word":"5","w.hi":"6","err.x.title":"7"}"#;
        let first = words(catalogue, &screen, false);
        assert_eq!(first, r#"{"act.take":"1","help.one":"4","lead.queued":"3","state.new":"2"}"#);
        assert_eq!(words(catalogue, &screen, true), r#"{"late.word":"5"}"#);
    }
}
