//! The operator's card: what it says is a command and nobody's code, whichever way it is read; and it can be read.

use std::process::Command as Process;

use caiying::{
    scan::{Command, Luma, UnknownCommand, read},
    student::CaptureCode,
};
use proptest::prelude::*;

#[test]
fn a_command_is_one_to_the_letter_and_what_begins_like_one_is_no_code() {
    for command in Command::ALL {
        let text = command.text();
        assert_eq!(Command::read(&text), Some(Ok(command)));
        assert!(text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'), "{text}");
        assert_eq!(Command::of(&text.parse().unwrap()), Some(Ok(command)));
        // A bar misread, Caps Lock, a piece missing: refused, never another command and never a student.
        for wrong in [text.to_lowercase(), text[..text.len() - 1].to_owned(), format!("{text}0")] {
            assert_eq!(Command::read(&wrong), Some(Err(UnknownCommand)), "{wrong}");
        }
        for place in 8..text.len() {
            let mut wrong = text.clone();
            wrong.replace_range(place..=place, if &text[place..=place] == "7" { "8" } else { "7" });
            assert_eq!(Command::read(&wrong), Some(Err(UnknownCommand)), "{wrong}");
        }
    }
    let texts: std::collections::BTreeSet<_> = Command::ALL.into_iter().map(Command::text).collect();
    assert_eq!(texts.len(), Command::ALL.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_other_text_is_a_command(text in "\\PC{0,60}") {
        prop_assert!(text.to_uppercase().starts_with("CAIYING-") || Command::read(&text).is_none());
    }
}

/// The card that the program writes, in the named file.
fn written(folder: &std::path::Path, name: &str) -> Vec<u8> {
    let file = folder.join(name);
    let out = Process::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["scan", "--command-card"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    std::fs::read(file).unwrap()
}

#[test]
fn every_code_on_the_card_can_be_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let card = Luma::from_file(&written(folder.path(), "card.png")).unwrap();
    assert_eq!((card.width, card.height), (1748, 2480), "A5 at 300 to the inch");
    for (n, command) in Command::ALL.into_iter().enumerate() {
        // One row of the card, as a hand covers the others.
        let rows = 330 + n * 400..330 + (n + 1) * 400;
        let row = card.crop(1000..1748, rows.clone());
        let codes: Vec<CaptureCode> = read(&row).iter().filter_map(|code| code.capture_code().ok()).collect();
        assert_eq!(codes.iter().map(Command::of).collect::<Vec<_>>(), [Some(Ok(command))]);
        assert_eq!(bars(&card, 330 + n * 400 + 200), command.text());
    }
}

/// What a scanner of one line reads across the bars: start and stop, the check, and the characters.
fn bars(card: &Luma, row: usize) -> String {
    let dark: Vec<bool> = (90..1200).map(|column| card.at(column, row) < 128).collect();
    let runs: Vec<usize> = dark.chunk_by(|a, b| a == b).map(<[bool]>::len).collect();
    // Four pixels a module; the white behind the stop is not counted.
    let widths: Vec<usize> = runs.iter().take(runs.len() - 1).map(|run| run / 4).collect();
    let symbols: Vec<&[usize]> = widths.chunks(6).collect();
    assert_eq!(symbols[0], [2, 1, 1, 2, 1, 4], "start of set B");
    assert_eq!(symbols[symbols.len() - 2..].concat(), [2, 3, 3, 1, 1, 1, 2], "stop");
    // Letters, digits and the hyphen of the published table.
    let known = [
        ('-', "122132"),
        ('0', "123122"),
        ('1', "123221"),
        ('2', "223211"),
        ('3', "221132"),
        ('4', "221231"),
        ('5', "213212"),
        ('6', "223112"),
        ('7', "312131"),
        ('8', "311222"),
        ('9', "321122"),
        ('A', "111323"),
        ('B', "131123"),
        ('C', "131321"),
        ('D', "112313"),
        ('E', "132113"),
        ('F', "132311"),
        ('G', "211313"),
        ('H', "231113"),
        ('I', "231311"),
        ('K', "112331"),
        ('L', "132131"),
        ('N', "113321"),
        ('O', "133121"),
        ('P', "313121"),
        ('R', "231131"),
        ('S', "213113"),
        ('T', "213311"),
        ('V', "311123"),
        ('Y', "312113"),
    ];
    let letter = |symbol: &[usize]| {
        let widths: String =
            symbol.iter().map(|width| char::from_digit(*width as u32, 10).unwrap()).collect();
        known.iter().find(|(_, known)| *known == widths).map_or('?', |(c, _)| *c)
    };
    symbols[1..symbols.len() - 3].iter().map(|symbol| letter(symbol)).collect()
}

#[test]
fn the_card_for_printers_is_a_pdf_whose_table_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = String::from_utf8(written(folder.path(), "命令卡.PDF")).unwrap();
    assert!(pdf.starts_with("%PDF-1.4\n") && pdf.ends_with("%%EOF\n"));
    assert!(pdf.contains("/MediaBox [0 0 419.52 595.20]"), "A5 in points");
    let table: usize = pdf.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
    assert!(pdf[table..].starts_with("xref\n0 5\n"));
    for (n, line) in pdf[table..].lines().skip(3).take(4).enumerate() {
        let start: usize = line[..10].parse().unwrap();
        assert!(pdf[start..].starts_with(&format!("{} 0 obj\n", n + 1)), "object {}", n + 1);
    }
    let stream = pdf.split("stream\n").nth(1).unwrap();
    let length: usize = pdf.split("/Length ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert_eq!(stream.strip_suffix("end").unwrap().len(), length);
}

#[test]
fn a_card_of_another_kind_is_refused_in_words() {
    let out = Process::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["scan", "--command-card", "/nonexistent/card.docx"])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("既不是 .pdf 也不是 .png"));
}
