//! The files of `assets/`: embedded in release builds, read from disk in debug builds.

mod words;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use words::{CATALOGUES, FirstScreen, LATER};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets"]
struct Files;

/// Where the widget finds its own as modules, `ru.js` and `en.js`: made here, for a shop's page may let scripts
/// of ours in and nothing else.
const WIDGET_WORDS: &str = "widget/words/";

/// All assets under one hash, which stands in their addresses and makes them immutable.
pub struct Assets {
    version: String,
    /// Compressed files, made when they are first asked for.
    gzipped: Mutex<HashMap<String, Arc<[u8]>>>,
}

impl Assets {
    /// Takes the hash of all files.
    pub fn load() -> Assets {
        let mut paths: Vec<Cow<'static, str>> = Files::iter().collect();
        paths.sort_unstable();
        let mut hash = Sha256::new();
        for path in &paths {
            if let Some(file) = Files::get(path) {
                hash.update(path.as_bytes());
                hash.update(file.metadata.sha256_hash());
            }
        }
        let digest = hash.finalize();
        let version = digest.iter().take(6).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        Assets { version, gzipped: Mutex::default() }
    }

    /// The hash, in twelve hexadecimal digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The folder under which the files are served.
    pub fn base(&self) -> String {
        format!("/a/{}", self.version)
    }

    /// A file's bytes, as browsers get it: of scripts and styles without what is for those who read them here, of the
    /// catalogues the words that pages say, in two parts.
    pub fn get(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if let Some(name) = path.strip_prefix(CATALOGUES) {
            let (language, later) = match name.strip_suffix(LATER) {
                Some(language) => (language, true),
                None => (name.strip_suffix(".json")?, false),
            };
            let screen = FirstScreen::read(|path| {
                Files::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
            });
            return Some(words::words(&self.catalogue(language)?, &screen, later).into_bytes().into());
        }
        if let Some(language) = path.strip_prefix(WIDGET_WORDS).and_then(|name| name.strip_suffix(".js")) {
            return Some(words::of_widget(&self.catalogue(language)?)?.into_bytes().into());
        }
        let bytes = Files::get(path)?.data;
        let lean: fn(&str) -> String = match path.rsplit('.').next() {
            Some("js") => |text| without_comment_lines(text, true),
            Some("css") => |text| without_comment_lines(text, false),
            _ => return Some(bytes),
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => Some(lean(text).into_bytes().into()),
            Err(_) => Some(bytes),
        }
    }

    /// A catalogue as it stands here, with the words that only the server says.
    pub fn catalogue(&self, language: &str) -> Option<String> {
        let bytes = Files::get(&format!("{CATALOGUES}{language}.json"))?.data;
        String::from_utf8(bytes.into_owned()).ok()
    }

    /// A file that is text.
    pub fn text(&self, path: &str) -> Option<String> {
        self.get(path).and_then(|bytes| String::from_utf8(bytes.into_owned()).ok())
    }

    /// A file's bytes, gzipped; kept, except in debug builds, where the file may change.
    pub fn gzipped(&self, path: &str) -> Option<Arc<[u8]>> {
        let kept = self.gzipped.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if kept.is_some() && !cfg!(debug_assertions) {
            return kept;
        }
        let bytes: Arc<[u8]> = gzip(&self.get(path)?).into();
        self.gzipped.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), Arc::clone(&bytes));
        Some(bytes)
    }
}

/// A script or style with an empty line wherever a line holds nothing but a comment, so that the lines keep their numbers,
/// and without indentation, except inside `templates`, strings of several lines.
///
/// Comments beside code stay. What looks like a comment inside a string of several lines would go too, and a lone backtick
/// inside another string would be taken for a template: the style of the pages has neither, and a test reads every served
/// script next to its source.
fn without_comment_lines(text: &str, templates: bool) -> String {
    let mut lean = String::with_capacity(text.len());
    let (mut inside, mut in_template) = (false, false);
    for line in text.lines() {
        let words = line.trim();
        let begins = !inside && words.starts_with("/*");
        let comment =
            inside || words.starts_with("//") || (begins && words.find("*/").is_none_or(|at| at + 2 == words.len()));
        if !comment {
            lean.push_str(if in_template { line } else { line.trim_start() });
            in_template ^= templates && line.matches('`').count() % 2 == 1;
        }
        lean.push('\n');
        inside = (inside || begins) && !words.contains("*/");
    }
    lean
}

/// Gzips bytes in memory.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::best());
    // Writing into a Vec does not fail.
    drop(encoder.write_all(bytes));
    encoder.finish().unwrap_or_default()
}

/// The media type of a file, by its name.
pub fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, lean: &str) {
        assert_eq!(without_comment_lines(source, true), lean, "{source:?}");
    }

    #[test]
    fn comment_lines_go_and_the_lines_keep_their_numbers() {
        check("/** What it is. */\nlet a = 1;\n", "\nlet a = 1;\n");
        check("/**\n * What it is.\n */\nlet a;\n", "\n\n\nlet a;\n");
        check("  // why\n  b();\n", "\nb();\n");
        check("  a = `\n  {}\n`;\n  b();\n", "a = `\n  {}\n`;\nb();\n");
        check("a(); // beside\n", "a(); // beside\n");
        check("/** @type {number} */ (x).y();\n", "/** @type {number} */ (x).y();\n");
        check("/* one */ b /* two\n", "/* one */ b /* two\n");
        check(".a {}\n/* both\n   lines */\n.b {}\n", ".a {}\n\n\n.b {}\n");
    }
}
