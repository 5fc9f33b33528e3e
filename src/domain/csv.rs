//! Tables for spreadsheets: UTF-8 with a byte order mark, and cells that no spreadsheet takes for a formula.
//!
//! A cell that begins with `=`, `+`, `-` or `@`, perhaps after apostrophes, gets one more apostrophe in front; reading takes one
//! away from just those, so that what was written comes back as it was. A bare phone number is no formula.

use crate::error::{Error, Result};
use crate::model::limits;

/// Says that the text is UTF-8; spreadsheets guess otherwise.
const MARK: &str = "\u{feff}";

/// A table as text, lines ending in CR LF (RFC 4180).
///
/// # Errors
/// When the table cannot be written, which memory alone could cause.
pub fn write<'a>(separator: u8, rows: impl IntoIterator<Item = Vec<&'a str>>) -> Result<String> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(separator).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(guarded)).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(MARK.to_owned() + &String::from_utf8(bytes).map_err(Error::internal)?)
}

/// A row that was read, with the line on which it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its first line.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Reads a table; `is_head` knows the row of names, which tells `;` from `,` and is left out. Without one it is `;` where the
/// first row has any. Empty lines are none; line ends become `\n`. Of a longer table than [`limits::IMPORT_ROWS`] the row behind
/// the last one is read too, so that whoever asks knows; of a row [`limits::IMPORT_CELLS`] cells.
///
/// # Errors
/// When reading fails, which no text can cause.
pub fn read(text: &str, is_head: impl Fn(&[String]) -> bool) -> Result<Vec<Row>> {
    let text = text.strip_prefix(MARK).unwrap_or(text).replace("\r\n", "\n");
    let semicolons = rows(&text, b';')?;
    let commas = rows(&text, b',')?;
    let first = |rows: &[Row]| rows.first().map(|row| row.cells.clone()).unwrap_or_default();
    let mut rows = match (is_head(&first(&semicolons)), is_head(&first(&commas))) {
        (true, _) => semicolons,
        (_, true) => commas,
        _ if first(&semicolons).len() > 1 => semicolons,
        _ => commas,
    };
    if is_head(&first(&rows)) {
        rows.remove(0);
    }
    Ok(rows)
}

fn rows(text: &str, separator: u8) -> Result<Vec<Row>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let (mut counted, mut line) = (0, 1);
    // One more for the head, and one that tells.
    for record in reader.records().take(limits::IMPORT_ROWS + 2) {
        let record = record.map_err(Error::internal)?;
        // The reader's own count begins with the empty lines before a row.
        let start = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(counted);
        let skipped = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches('\n').len());
        let passed = text.get(counted..start + skipped).unwrap_or_default();
        line += passed.bytes().map(|byte| u64::from(byte == b'\n')).sum::<u64>();
        counted = start + skipped;
        rows.push(Row {
            line,
            cells: record.iter().take(limits::IMPORT_CELLS).map(|cell| plain(cell).to_owned()).collect(),
        });
    }
    Ok(rows)
}

fn guarded(cell: &str) -> String {
    if begins_a_formula(cell) && !is_phone(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest) => rest,
        _ => cell,
    }
}

fn begins_a_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn is_phone(cell: &str) -> bool {
    cell.strip_prefix('+').is_some_and(|rest| {
        rest.chars().any(|c| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_head(cells: &[String]) -> bool {
        cells.first().is_some_and(|cell| cell == "title")
    }

    #[test]
    fn what_was_written_comes_back_as_it_was() {
        let cells = [
            "=1+1",
            "'=1+1",
            "''=1+1",
            "+7 (912) 000-00-00",
            "'+7 912",
            "+cmd|' /C calc'!A0",
            "-",
            "@имя",
            "'",
            "'кавычки'",
            "a;b,c",
            "\"в кавычках\"",
            "две\nстроки\n\n=и ещё",
            "",
            " пробелы ",
            "\tтабуляция",
            "ё🍵",
        ];
        for separator in [b';', b','] {
            let rows = cells.iter().map(|cell| vec![*cell, "x"]);
            let text = write(separator, std::iter::once(vec!["title", "text"]).chain(rows)).unwrap();
            let read = read(&text, is_head).unwrap();
            let found: Vec<&str> = read.iter().map(|row| row.cells[0].as_str()).collect();
            assert_eq!(found, cells);
            assert!(read.iter().all(|row| row.cells.len() == 2));
        }
        let text = write(b';', [vec!["=1", "+7 912", "-1", "@a", "'=1"]]).unwrap();
        assert_eq!(text, "\u{feff}'=1;+7 912;'-1;'@a;''=1\r\n");
    }

    #[test]
    fn separator_and_head_are_found() {
        let check = |text: &str, expected: &[(u64, &[&str])]| {
            let rows = read(text, is_head).unwrap();
            let found: Vec<(u64, Vec<&str>)> =
                rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect();
            let expected: Vec<(u64, Vec<&str>)> =
                expected.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("title,text\na,b;c\n", &[(2, &["a", "b;c"])]);
        check("\u{feff}title;text\r\na;b,c\r\n", &[(2, &["a", "b,c"])]);
        check("a;b, c\n\n\"d\ne\";f", &[(1, &["a", "b, c"]), (3, &["d\ne", "f"])]);
        check("a,b\nc\n", &[(1, &["a", "b"]), (2, &["c"])]);
        check("", &[]);
    }
}
