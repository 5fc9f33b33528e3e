//! Tables for spreadsheets: UTF-8 with a byte order mark, and cells that no spreadsheet takes for a formula.
//!
//! A cell that begins with `=`, `+`, `-` or `@`, perhaps after apostrophes or what nobody sees, gets one more apostrophe in
//! front; reading takes one away from just those, so that what was written comes back as it was. A bare phone number is no
//! formula. Every cell stands in quotes, so that a separator that a spreadsheet assumes does not part one.

use super::text::is_invisible;
use crate::error::{Error, Result};
use crate::model::limits;

/// Says that the text is UTF-8; spreadsheets guess otherwise.
const MARK: &str = "\u{feff}";

/// Bytes of a cell that are made room for at first.
const CELL_BYTES: usize = 1_024;

/// A table as text, lines ending in CR LF (RFC 4180).
///
/// # Errors
/// When the table cannot be written, which memory alone could cause.
pub fn write<'a>(separator: u8, rows: impl IntoIterator<Item = Vec<&'a str>>) -> Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(guarded)).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(MARK.to_owned() + &String::from_utf8(bytes).map_err(Error::internal)?)
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in a spreadsheet, from 1: the head and empty rows count, line breaks within cells do not.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Reads a table; `is_head` knows the row of names, which tells `;` from `,` and is left out. Without one it is `;` where the
/// first row has any. Empty lines are none; line ends become `\n`. Of a longer table than [`limits::IMPORT_ROWS`] the row behind
/// the last one is read too, so that whoever asks knows; of a row [`limits::IMPORT_CELLS`] cells. Memory goes for what is kept.
///
/// # Errors
/// When reading fails, which no text can cause.
pub fn read(text: &str, is_head: impl Fn(&[String]) -> bool) -> Result<Vec<Row>> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let first = |separator| -> Result<Vec<String>> {
        Ok(Rows::new(text, separator).next().transpose()?.map(|row| row.cells).unwrap_or_default())
    };
    let (semicolons, commas) = (first(b';')?, first(b',')?);
    let separator = match (is_head(&semicolons), is_head(&commas)) {
        (true, _) => b';',
        (_, true) => b',',
        _ if semicolons.len() > 1 => b';',
        _ => b',',
    };
    // One more for the head, and one that tells.
    let mut rows = Rows::new(text, separator).take(limits::IMPORT_ROWS + 2).collect::<Result<Vec<_>>>()?;
    if rows.first().is_some_and(|row| is_head(&row.cells)) {
        rows.remove(0);
    }
    Ok(rows)
}

/// The rows of a text, one after the other and each cell by cell, so that what is behind a limit takes no memory.
struct Rows<'a> {
    reader: csv_core::Reader,
    rest: &'a str,
    /// Of the row that comes next.
    number: u64,
    cell: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, separator: u8) -> Rows<'a> {
        let reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Rows { reader, rest: text, number: 1, cell: vec![0; CELL_BYTES] }
    }

    fn pass(&mut self, bytes: usize) -> Result<&'a str> {
        let (passed, rest) =
            self.rest.split_at_checked(bytes).ok_or_else(|| Error::internal("a cell ends in a letter"))?;
        self.rest = rest;
        Ok(passed)
    }

    fn row(&mut self) -> Result<Option<Row>> {
        // The reader passes over empty lines within the first cell, where their end would not show.
        let empty = self.pass(self.rest.len() - self.rest.trim_start_matches(['\n', '\r']).len())?;
        self.number += empty.bytes().map(|byte| u64::from(byte == b'\n')).sum::<u64>();
        let (number, mut cells) = (self.number, Vec::new());
        loop {
            let (end, length) = self.cell()?;
            match end {
                CellEnd::Text => return Ok(None),
                CellEnd::Cell | CellEnd::Row => {
                    if cells.len() < limits::IMPORT_CELLS {
                        let bytes = self.cell.get(..length).unwrap_or_default();
                        let cell = std::str::from_utf8(bytes).map_err(Error::internal)?.replace("\r\n", "\n");
                        cells.push(plain(&cell).to_owned());
                    }
                    if end == CellEnd::Row {
                        self.number += 1;
                        return Ok(Some(Row { number, cells }));
                    }
                }
            }
        }
    }

    /// Reads into the buffer; gives what ended, and how many bytes there are.
    fn cell(&mut self) -> Result<(CellEnd, usize)> {
        let mut length = 0;
        let mut passed = 0;
        loop {
            let input = self.rest.as_bytes().get(passed..).unwrap_or_default();
            let output = self.cell.get_mut(length..).unwrap_or_default();
            let (result, read, written) = self.reader.read_field(input, output);
            passed += read;
            length += written;
            let end = match result {
                // An empty input, which comes next, says that this was all.
                csv_core::ReadFieldResult::InputEmpty => continue,
                csv_core::ReadFieldResult::OutputFull => {
                    let bytes = self.cell.len();
                    self.cell.resize(bytes * 2, 0);
                    continue;
                }
                csv_core::ReadFieldResult::Field { record_end: true } => CellEnd::Row,
                csv_core::ReadFieldResult::Field { record_end: false } => CellEnd::Cell,
                csv_core::ReadFieldResult::End => CellEnd::Text,
            };
            let passed = self.pass(passed)?;
            // The reader leaves the second half of a line end to the next row.
            if end == CellEnd::Row && passed.ends_with('\r') && self.rest.starts_with('\n') {
                self.pass(1)?;
            }
            return Ok((end, length));
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.row().transpose()
    }
}

/// What ended where a cell was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CellEnd {
    Cell,
    Row,
    Text,
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

/// Spreadsheets drop what nobody sees before a sign, and some read wide signs as the plain ones.
fn begins_a_formula(cell: &str) -> bool {
    let bare = cell.trim_start_matches('\'');
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'];
    bare.starts_with(['\t', '\r'])
        || bare.trim_start_matches(|c| is_invisible(c) || c.is_whitespace()).starts_with(signs)
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
            "＝1+1",
            "\u{200b}=1+1",
            "'\u{feff} @имя",
            " -1",
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
        assert_eq!(text, "\u{feff}\"'=1\";\"+7 912\";\"'-1\";\"'@a\";\"''=1\"\r\n");
    }

    #[test]
    fn what_is_behind_the_limits_is_passed_over() {
        let wide = format!("{}\nb", ",".repeat(5_000_000));
        let rows = read(&wide, is_head).unwrap();
        assert_eq!(
            rows.iter().map(|row| (row.number, row.cells.len())).collect::<Vec<_>>(),
            [(1, limits::IMPORT_CELLS), (2, 1)]
        );
        assert!(rows.iter().all(|row| row.cells.capacity() < limits::IMPORT_CELLS * 2));
        let long = "a,b\n".repeat(limits::IMPORT_ROWS * 2);
        assert_eq!(read(&long, is_head).unwrap().len(), limits::IMPORT_ROWS + 2);
    }

    #[test]
    fn separator_and_head_are_found() {
        let check = |text: &str, expected: &[(u64, &[&str])]| {
            let rows = read(text, is_head).unwrap();
            let found: Vec<(u64, Vec<&str>)> =
                rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect();
            let expected: Vec<(u64, Vec<&str>)> =
                expected.iter().map(|(number, cells)| (*number, cells.to_vec())).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("title,text\na,b;c\n", &[(2, &["a", "b;c"])]);
        check("\u{feff}title;text\r\na;b,c\r\n", &[(2, &["a", "b,c"])]);
        check("a;b, c\n\n\"d\ne\";f", &[(1, &["a", "b, c"]), (3, &["d\ne", "f"])]);
        check("a,b\nc\n", &[(1, &["a", "b"]), (2, &["c"])]);
        check("", &[]);
        check(
            "\r\n\r\na;b\r\n\r\n\r\nc;\"d\r\n\r\ne\"\r\n;\r\nf;g",
            &[(3, &["a", "b"]), (6, &["c", "d\n\ne"]), (7, &["", ""]), (8, &["f", "g"])],
        );
        let long = "ж".repeat(5_000);
        check(&format!("a;{long}\nb;\"{long}"), &[(1, &["a", &long]), (2, &["b", &long])]);
    }
}
