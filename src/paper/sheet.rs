//! A4 sheets of text: a title, sections of named lines, as many sheets as they take. What the font lacks is shown as a
//! question mark: a sheet with a gap is better than none.

use super::{
    lettering::{has, width, write},
    page::{Page, PaperError},
};

/// A4, upright, at 300 pixels an inch: 210 by 297 mm.
const PAPER: (u32, u32) = (2480, 3508);

/// From the paper's edge.
const MARGIN: f64 = 190.0;

/// Where what a line says begins, behind its name.
const SAID_AT: f64 = 760.0;

/// Heights of letters.
const TITLE: f32 = 78.0;
const HEADING: f32 = 50.0;
const TEXT: f32 = 38.0;

/// What may stand a little beyond the edge.
const HANGING: &str = "。，、；：）”";

/// Some named lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its lines: the name of each, and what it says. One without a name goes over the whole width.
    pub rows: Vec<(String, String)>,
}

/// Sheets with a title, these sections, and a line at the foot of each, before its number.
///
/// # Errors
/// When the fonts that travel with the program are damaged.
pub fn sheets(title: &str, sections: &[Section], foot: &str) -> Result<Vec<Page>, PaperError> {
    let mut pen = Pen { pages: vec![Page::new(PAPER.0, PAPER.1)], at: MARGIN + 90.0 };
    pen.line(title, MARGIN, TITLE)?;
    pen.at += 90.0;
    for section in sections {
        pen.section(section)?;
    }
    let count = pen.pages.len();
    for (page, n) in pen.pages.iter_mut().zip(1..) {
        let foot = printable(&format!("{foot}    {n}/{count}"))?;
        write(page, &foot, (MARGIN, f64::from(PAPER.1) - 110.0), 30.0)?;
    }
    Ok(pen.pages)
}

struct Pen {
    pages: Vec<Page>,
    /// The baseline of the next line.
    at: f64,
}

impl Pen {
    fn section(&mut self, section: &Section) -> Result<(), PaperError> {
        self.at += 26.0;
        // A heading does not stand alone at a sheet's foot.
        self.make_room(170.0);
        self.line(&section.heading, MARGIN, HEADING)?;
        self.at += 70.0;
        for (name, said) in &section.rows {
            let from = if name.is_empty() { MARGIN } else { SAID_AT };
            let lines = wrapped(said, f64::from(PAPER.0) - MARGIN - from)?;
            for (n, line) in lines.iter().enumerate() {
                self.make_room(54.0);
                if n == 0 && !name.is_empty() {
                    self.line(name, MARGIN, TEXT)?;
                }
                self.line(line, from, TEXT)?;
                self.at += 54.0;
            }
        }
        Ok(())
    }

    fn make_room(&mut self, room: f64) {
        if self.at + room > f64::from(PAPER.1) - 200.0 {
            self.pages.push(Page::new(PAPER.0, PAPER.1));
            self.at = MARGIN + 60.0;
        }
    }

    fn line(&mut self, text: &str, left: f64, size: f32) -> Result<(), PaperError> {
        let text = printable(text)?;
        self.pages.last_mut().map_or(Ok(()), |page| write(page, &text, (left, self.at), size))
    }
}

/// The text with question marks for what the font lacks.
fn printable(text: &str) -> Result<String, PaperError> {
    text.chars().map(|c| Ok(if has(c)? { c } else { '?' })).collect()
}

/// The lines a text takes: broken at blanks where there are any, else between characters, as Chinese is.
fn wrapped(text: &str, room: f64) -> Result<Vec<String>, PaperError> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for c in printable(paragraph)?.chars() {
            line.push(c);
            // No line begins with what ends a sentence: that hangs over the edge.
            if HANGING.contains(c) || width(&line, TEXT)? <= room {
                continue;
            }
            // The last word goes to the next line, unless it is the only one.
            let broken_at = line.rfind(' ').filter(|at| *at > line.len() / 2).map(|at| at + 1);
            let broken_at = broken_at.unwrap_or(line.len() - c.len_utf8());
            let rest = line.split_off(broken_at);
            lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
        }
        lines.push(line);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_broken_and_nothing_of_it_is_lost_or_beyond_the_edge() {
        let text = "固态硬盘可能在备用块里留有旧数据 solid state disks may keep old blocks ".repeat(5);
        let lines = wrapped(&text, 900.0).unwrap();
        assert!(lines.len() > 3);
        for line in &lines {
            assert!(width(line, TEXT).unwrap() <= 900.0, "{line}");
        }
        let without = |text: &str| text.replace(' ', "");
        assert_eq!(without(&lines.concat()), without(&text));
        assert_eq!(wrapped("一\n\n二", 900.0).unwrap(), ["一", "", "二"]);
    }

    #[test]
    fn what_takes_more_than_a_sheet_goes_on_on_the_next() {
        let row = |n: usize| (format!("第 {n} 项"), "未知".to_owned());
        let section = Section { heading: "介质".to_owned(), rows: (0..120).map(row).collect() };
        let pages = sheets("证书", std::slice::from_ref(&section), "第").unwrap();
        assert_eq!(pages.len(), 3);
        let short = Section { rows: vec![row(1)], ..section };
        assert_eq!(
            sheets("证书\u{e000}", &[short], "").unwrap().len(),
            1,
            "a character nobody has is no hindrance"
        );
    }
}
