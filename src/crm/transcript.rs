//! The dialogue of a lead as readable text, in pieces that fit the CRM.
//!
//! One neutral text is made and then escaped for the CRM's markup, so that words of people stay words. It is cut between
//! messages only; when it is too long in all, its beginning is left out, and the text says so with the link to the whole.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::field::Misfit;
use crate::error::Param;
use crate::model::lead::{Lead, Line};
use crate::model::limits;
use crate::model::project::Language;
use crate::model::visit::MARKS;
use crate::text::{Catalogues, catalogues};

/// How a CRM reads a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// As it is.
    Plain,
    /// `[B]` and the like are styles.
    BbCode,
    /// A piece of HTML.
    Html,
}

/// The texts of a lead's notes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Notes {
    /// One for each note, in their order; the first begins with what is known of the client.
    pub texts: Vec<String>,
    /// First lines of `texts`, by which a note is known again in the CRM.
    pub headings: Vec<String>,
}

/// Makes the notes of a lead, each at most `bytes` long and at most [`limits::CRM_NOTES`] in number.
pub(super) fn notes(lead: &Lead, left_out: &[(String, Misfit)], markup: Markup, bytes: usize) -> Notes {
    let words = Words::of(lead);
    let summary = words.summary(left_out);
    let mut blocks: Vec<String> = Vec::with_capacity(lead.lines.len());
    let mut day = String::new();
    for line in &lead.lines {
        let today = words.time(line.at, words.day_form());
        let text = words.line(line);
        blocks.push(if today == day { text } else { format!("{today}\n{text}") });
        day = today;
    }
    let packed = |skipped: usize| {
        let mut all = summary.clone();
        if skipped > 0 {
            all.push(words.cut(skipped));
        }
        all.extend(blocks[skipped..].iter().cloned());
        pack(&all, markup, bytes)
    };
    // The more is left out the fewer notes there are, so the least that has to be left out is found by halving.
    let (mut fits, mut least) = (blocks.len(), 0);
    while least < fits {
        let middle = least + (fits - least) / 2;
        if packed(middle).len() <= limits::CRM_NOTES {
            fits = middle;
        } else {
            least = middle + 1;
        }
    }
    let parts = packed(fits);
    let of = parts.len();
    let headings: Vec<String> = (1..=of).map(|part| escape(&words.heading(part, of), markup)).collect();
    let texts = headings.iter().zip(parts).map(|(heading, part)| join(&[heading.clone(), part], markup));
    let texts = texts.map(|text| linked(text, &lead.chat_url, markup)).collect();
    Notes { texts, headings }
}

/// The title of a card: the operator's own, or one after the client.
pub(super) fn title(lead: &Lead, chars: usize) -> String {
    let words = Words::of(lead);
    let client = &lead.client;
    let title = match client.name.as_ref().or(client.phone.as_ref()).or(client.email.as_ref()) {
        _ if !lead.title.is_empty() => lead.title.clone(),
        Some(name) => words.say("lead.title", &[("name", name.as_str().into())]),
        None => words.say("lead.title_unknown", &[("chat", lead.chat_id.0.into())]),
    };
    clean(&title).replace('\n', " ").chars().take(chars).collect()
}

/// The ad source in one line; empty when none is known.
pub(super) fn source(lead: &Lead) -> String {
    let source = &lead.source;
    let marks = MARKS.iter().zip(&source.marks).filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
    marks.collect::<Vec<_>>().join("; ")
}

/// Text without control characters other than line break and tab.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The beginning of a text that has at most so many bytes, cut between characters.
pub(super) fn first_bytes(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

struct Words<'a> {
    lead: &'a Lead,
    zone: TimeZone,
    catalogues: &'static Catalogues,
}

impl<'a> Words<'a> {
    fn of(lead: &'a Lead) -> Self {
        let zone = TimeZone::get(&lead.time_zone).unwrap_or(TimeZone::UTC);
        Words { lead, zone, catalogues: catalogues() }
    }

    fn say(&self, key: &str, params: &[(&str, Param)]) -> String {
        self.catalogues.text(self.lead.language, key, params)
    }

    fn day_form(&self) -> &'static str {
        match self.lead.language {
            Language::Ru => "%d.%m.%Y",
            Language::En => "%Y-%m-%d",
        }
    }

    fn time(&self, at: i64, form: &str) -> String {
        let Ok(at) = Timestamp::from_millisecond(at) else { return String::new() };
        self.zone.to_datetime(at).strftime(form).to_string()
    }

    /// Names the press, the same on every repeat and no other's.
    fn heading(&self, part: usize, of: usize) -> String {
        let time = self.time(self.lead.made_at, &format!("{} %H:%M:%S", self.day_form()));
        let number = |value: usize| Param::Number(i64::try_from(value).unwrap_or(i64::MAX));
        let params =
            [("chat", self.lead.chat_id.0.into()), ("time", time.into()), ("part", number(part)), ("of", number(of))];
        self.say(if of == 1 { "lead.heading" } else { "lead.heading_part" }, &params)
    }

    fn cut(&self, skipped: usize) -> String {
        let count = Param::Number(i64::try_from(skipped).unwrap_or(i64::MAX));
        self.say("lead.cut", &[("count", count), ("url", self.lead.chat_url.as_str().into())])
    }

    fn summary(&self, left_out: &[(String, Misfit)]) -> Vec<String> {
        let lead = self.lead;
        let mut lines = Vec::new();
        let mut line = |key: &str, value: &str| {
            if !value.is_empty() {
                lines.push(self.say(key, &[("value", value.into())]));
            }
        };
        line("lead.client", lead.client.name.as_deref().unwrap_or(""));
        line("lead.phone", lead.client.phone.as_deref().unwrap_or(""));
        line("lead.email", lead.client.email.as_deref().unwrap_or(""));
        line("lead.comment", &lead.comment);
        line("lead.operator", lead.operator.as_ref().map_or("", |operator| &operator.name));
        line("lead.channel", &lead.channel);
        line("lead.source", &source(lead));
        line("lead.referrer", lead.source.referrer.as_deref().unwrap_or(""));
        line("lead.first_page", &lead.source.first_url);
        if let Some((url, title)) = &lead.page {
            line("lead.page", &if title.is_empty() { url.clone() } else { format!("{title}, {url}") });
        }
        line("lead.chat", &lead.chat_url);
        for (name, misfit) in left_out {
            let value = lead.fields.iter().find(|field| field.name == *name).map_or("", |field| &field.value);
            let why = self.say(&format!("lead.misfit.{}", misfit.as_str()), &[]);
            let params = [("name", name.as_str().into()), ("value", value.into()), ("why", why.into())];
            lines.push(self.say("lead.left_out", &params));
        }
        lines.push(String::new());
        lines
    }

    fn line(&self, line: &Line) -> String {
        let name = if line.name.is_empty() { self.say("lead.somebody", &[]) } else { line.name.clone() };
        let mut text = format!("{} {name}: {}", self.time(line.at, "%H:%M"), line.text);
        if let Some((name, bytes)) = &line.file {
            if !line.text.is_empty() {
                text.push('\n');
            }
            text +=
                &self.say("lead.file", &[("name", name.as_str().into()), ("size", size(*bytes, self.lead.language))]);
        }
        text
    }
}

/// A size for people: whole kilobytes, at least one.
fn size(bytes: i64, language: Language) -> Param {
    let kilobytes = (bytes.max(1) + 1_023) / 1_024;
    let unit = if language == Language::Ru { "КБ" } else { "KB" };
    Param::Text(format!("{kilobytes}\u{a0}{unit}"))
}

/// Puts blocks together into as few parts as their order allows; a block that is too long by itself is cut.
fn pack(blocks: &[String], markup: Markup, bytes: usize) -> Vec<String> {
    // Room for the heading, and for the link that markup may add.
    let room = bytes.saturating_sub(limits::CRM_HEADING_BYTES);
    let mut parts: Vec<String> = vec![String::new()];
    for block in blocks {
        let escaped = escape(block, markup);
        let escaped = if escaped.len() > room { format!("{}…", first_bytes(&escaped, room - 3)) } else { escaped };
        let last = parts.last_mut().map(|last| (last.len() + escaped.len() + "<br>".len() <= room, last));
        match last {
            Some((_, last)) if last.is_empty() => last.push_str(&escaped),
            Some((true, last)) => {
                last.push_str(line_break(markup));
                last.push_str(&escaped);
            }
            _ => parts.push(escaped),
        }
    }
    parts
}

fn line_break(markup: Markup) -> &'static str {
    if markup == Markup::Html { "<br>" } else { "\n" }
}

fn join(parts: &[String], markup: Markup) -> String {
    parts.join(line_break(markup))
}

/// Makes words stay words in a text with markup.
fn escape(text: &str, markup: Markup) -> String {
    let text = clean(text);
    match markup {
        Markup::Plain => text,
        // A zero-width space keeps «[b]» from being a style.
        Markup::BbCode => text.replace('[', "[\u{200b}"),
        Markup::Html => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            text.replace('\n', "<br>")
        }
    }
}

/// Makes the address of the chat a link where the markup needs that.
fn linked(text: String, url: &str, markup: Markup) -> String {
    if markup != Markup::Html || url.is_empty() {
        return text;
    }
    let url = escape(url, markup);
    text.replacen(&url, &format!("<a href=\"{url}\">{url}</a>"), 1)
}
