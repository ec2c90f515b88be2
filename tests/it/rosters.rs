//! Rosters as schools mail them, and as nobody should: every format, every fault in words, and hostile files within
//! 64 MB of memory.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use caiying::student::{Columns, Fault, Field, Format, Limit, Roster, RosterError, Unreadable};
use serde_json::Value;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const CSV: &str = "学号,姓名,身份证号,学院,班级,层次\n\
    2024001,张小三,11010519491231002x,机电系,1班,本科\n\
    2024002,王𬱖,440524188001010014,机电系,1班,本科\n";

/// The parts of a workbook, besides those every one has.
struct Workbook(ZipWriter<Cursor<Vec<u8>>>);

impl Workbook {
    fn new(sheets: usize) -> Self {
        let mut book = Self(ZipWriter::new(Cursor::new(Vec::new())));
        let each = |line: fn(usize) -> String| (1..=sheets).map(line).collect::<String>();
        let listed = each(|n| format!("<sheet name=\"{n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
        let links = each(|n| format!("<Relationship Id=\"rId{n}\" Target=\"worksheets/sheet{n}.xml\"/>"));
        book.part("xl/workbook.xml", format!("<workbook xmlns:r=\"r\"><sheets>{listed}</sheets></workbook>"));
        book.part("xl/_rels/workbook.xml.rels", format!("<Relationships>{links}</Relationships>"));
        book
    }

    fn part(&mut self, name: &str, text: impl AsRef<[u8]>) -> &mut Self {
        self.many(name, text.as_ref(), 1)
    }

    /// A part that repeats a text; never held as a whole.
    fn many(&mut self, name: &str, text: &[u8], times: usize) -> &mut Self {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.0.start_file(name, options).unwrap();
        let (times, chunk) = if times > 1000 { (times / 1000, 1000) } else { (times, 1) };
        let chunk = text.repeat(chunk);
        for _ in 0..times {
            self.0.write_all(&chunk).unwrap();
        }
        self
    }

    fn bytes(self) -> Vec<u8> {
        self.0.finish().unwrap().into_inner()
    }
}

fn with_sheet(sheet: &str) -> Vec<u8> {
    let mut book = Workbook::new(1);
    book.part("xl/worksheets/sheet1.xml", sheet);
    book.bytes()
}

/// A cell of text.
fn text(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

fn inspect(bytes: &[u8]) -> (Roster, caiying::student::Report) {
    Roster::inspect(bytes, &Columns::default()).unwrap()
}

fn name<'a>(roster: &'a Roster, number: &str) -> Option<&'a str> {
    roster.exactly(number)?.get(Field::Name)
}

#[test]
fn the_same_list_reads_the_same_in_every_format_a_spreadsheet_saves() {
    let gb18030 = encoding_rs::GB18030.encode(CSV).0.into_owned();
    assert!(std::str::from_utf8(&gb18030).is_err());
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(CSV.replace(',', "\t").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, format) in [
        (CSV.as_bytes().to_vec(), Format::Utf8),
        (format!("\u{feff}{CSV}").into_bytes(), Format::Utf8),
        (gb18030, Format::Gb18030),
        (utf16, Format::Utf16),
        (CSV.replace('\n', "\r\n").into_bytes(), Format::Utf8),
        (CSV.replace('\n', "\r").into_bytes(), Format::Utf8),
        (CSV.replacen('\n', "\r\n\n", 1).into_bytes(), Format::Utf8),
    ] {
        let (roster, report) = inspect(&bytes);
        assert_eq!((report.format, report.students, report.grave), (format, 2, 0), "{report:?}");
        assert_eq!(name(&roster, "2024001"), Some("张小三"));
        // Four bytes in GB18030, two units in UTF-16.
        assert_eq!(name(&roster, "440524188001010014"), Some("王𬱖"));
        assert_eq!(name(&roster, "１１０１０５１９４９１２３１００２ｘ"), Some("张小三"));
        assert_eq!(name(&roster, "024001"), None, "half a match is a wrong match");
    }
}

#[test]
fn a_workbook_is_read_with_its_titles_runs_formulas_and_numbers() {
    let mut book = Workbook::new(2);
    book.part("xl/worksheets/sheet1.xml", sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"));
    book.part(
        "xl/sharedStrings.xml",
        "<sst><si><t>学号</t></si><si><t>姓 名</t></si><si><r><t>张</t></r><r><t>小&amp;&#19977;</t></r>\
         <rPh><t>zhang</t></rPh></si><si><t xml:space=\"preserve\"> 李四 </t></si></sst>",
    );
    let rows = [
        format!("<row r=\"1\">{}</row>", text("A1", "2026级新生名单")),
        "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c></row>".to_owned(),
        "<row r=\"5\"><c r=\"A5\"><v>20240001</v></c><c r=\"C5\" t=\"s\"><v>2</v></c></row>".to_owned(),
        "<row r=\"6\"><c r=\"A6\"><v>2.0240002E7</v></c><c r=\"C6\" t=\"s\"><v>3</v></c></row>".to_owned(),
        "<row r=\"7\"><c r=\"A7\"><v>1.1010519491231E17</v></c><c r=\"C7\" t=\"s\"><v>3</v></c></row>"
            .to_owned(),
        "<row r=\"8\"><c r=\"A8\"><f>A7+1</f><v>20240004</v></c><c r=\"C8\" t=\"s\"><v>3</v></c></row>"
            .to_owned(),
        "<row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row>".to_owned(),
    ];
    book.part("xl/worksheets/sheet2.xml", sheet(&rows.concat()));
    let (roster, report) = inspect(&book.bytes());
    assert_eq!(
        (report.format, report.heading, report.students, report.unusable),
        (Format::Workbook, 3, 2, 2)
    );
    assert_eq!((name(&roster, "20240001"), name(&roster, "20240002")), (Some("张小&三"), Some("李四")));
    let faults: Vec<_> = report.faults.iter().map(|fault| (fault.row, fault.fault)).collect();
    assert_eq!(faults, [(7, Fault::Mangled), (8, Fault::Formula)]);
}

#[test]
fn of_two_sheets_that_look_like_rosters_none_is_taken() {
    let rows = format!("<row>{}{}</row>", text("A1", "学号"), text("B1", "姓名"));
    let mut book = Workbook::new(2);
    book.part("xl/worksheets/sheet1.xml", sheet(&rows)).part("xl/worksheets/sheet2.xml", sheet(&rows));
    assert_eq!(Roster::read(&book.bytes()).unwrap_err(), RosterError::Workbook(Unreadable::TwoSheets));
}

#[test]
fn who_is_in_doubt_is_left_out_and_told_by_row() {
    let csv =
        "考生名册\n学号,姓名\n1001,甲\n\n1002,乙\n1001,丙\n,丁\n1=2,戊\n1003,=己\n1004,庚\u{202e}\n1005,\n";
    let (roster, report) = inspect(csv.as_bytes());
    let faults: Vec<_> = report.faults.iter().map(|fault| (fault.row, fault.fault)).collect();
    assert_eq!(
        faults,
        [
            (6, Fault::Twice { first: 3 }),
            (7, Fault::NoKey),
            (8, Fault::OddNumber),
            (9, Fault::Formula),
            (10, Fault::Unsafe { code: 0x202e }),
            (11, Fault::Nameless),
        ]
    );
    assert_eq!((roster.len(), report.unusable, report.grave, report.slight), (2, 6, 5, 1));
    assert_eq!(name(&roster, "1002"), Some("乙"));
    assert!(roster.exactly("1001").is_none(), "two rows claim the number: nobody has it");
    assert!(roster.exactly("1005").is_some());
    let refused = Roster::read(csv.as_bytes()).unwrap_err().to_string();
    assert!(refused.contains("row 6, 学号: the same as in row 3"), "{refused}");
}

#[test]
fn columns_have_the_names_the_profile_gives_them() {
    let columns = Columns::default().with("XH", Field::StudentNumber).with("ＸＭ", Field::Name);
    let (roster, _) = Roster::inspect("xh*,xm (必填)\n7,张三\n".as_bytes(), &columns).unwrap();
    assert_eq!(name(&roster, "7"), Some("张三"));
    assert_eq!(Roster::read("xh,xm\n7,张三\n".as_bytes()).unwrap_err(), RosterError::NoKey);
}

#[test]
fn students_are_found_by_last_digits_letters_and_name_and_only_offered() {
    let mut csv =
        "学号,姓名,身份证号,班级\n2024001,单小三,11010519491231002X,1班\n2024101,张伟,,1班\n".to_owned();
    for n in 0..20 {
        csv += &format!("2025{n:03},王伟,,2班\n");
    }
    let roster = Roster::read(csv.as_bytes()).unwrap();
    let all = |typed: &str| {
        let found = roster.search(typed);
        (
            found.shown.iter().map(|s| s.get(Field::StudentNumber).unwrap().to_owned()).collect::<Vec<_>>(),
            found.all,
        )
    };
    assert_eq!(all("4001"), (vec!["2024001".to_owned()], 1));
    assert_eq!(all("002x"), (vec!["2024001".to_owned()], 1));
    // 单 is read Shan in a name and Dan elsewhere.
    assert_eq!((all("sxs"), all("DXS")), ((vec!["2024001".to_owned()], 1), (vec!["2024001".to_owned()], 1)));
    assert_eq!(all("张伟").1, 1);
    assert_eq!((all("ww").0.len(), all("ww").1), (9, 20));
    assert_eq!((all("1").1, all("").1, all("zzz").1), (0, 0, 0));
}

/// The list of retakes narrows to whoever is meant, however many they are, and to nobody by a letter or a digit.
#[test]
fn all_that_are_meant_are_told_by_their_places() {
    let mut csv = "学号,姓名,身份证号\n2024001,张小三,11010519491231002X\n".to_owned();
    for n in 10..30 {
        csv.push_str(&format!("20241{n},王伟,\n"));
    }
    let roster = Roster::read(csv.as_bytes()).unwrap();
    for his in ["2024001", "4001", "11010519491231002x", "02X", "张小三", "张", "zxs", "２０２４００１"]
    {
        assert_eq!(roster.meant(his), Some(vec![0]), "{his}");
    }
    assert_eq!(roster.meant("王").unwrap().len(), 20, "more than are shown with a number key");
    assert_eq!((roster.meant(""), roster.meant(" 1 "), roster.meant("z")), (None, None, None));
    assert_eq!(roster.meant("9999"), Some(vec![]));
    // What a roster shows of somebody is all it may have.
    let masked = Roster::read("学号,姓名（脱敏）,证件号码后四位\n2024001,张*三,002X\n".as_bytes()).unwrap();
    for his in ["张", "002x"] {
        assert_eq!(masked.meant(his), Some(vec![0]), "{his}");
    }
}

#[test]
fn a_roster_comes_back_from_the_store_as_it_went_in() {
    let (roster, _) = inspect(CSV.as_bytes());
    let again = Roster::read(&roster.to_csv()).unwrap();
    assert_eq!(again.to_csv(), roster.to_csv());
    for number in ["2024001", "11010519491231002X"] {
        let key = caiying::student::CaptureCode::of_number(number);
        assert_eq!(again.find(&key), roster.exactly("2024001"), "by the key he sat under");
    }
    let foreign = caiying::student::CaptureCode::of_number("2024009");
    assert!(again.find(&foreign).is_none());
}

/// A folder, and the program with a limit to its memory: whatever it asks the system for beyond 64 MB is refused, and
/// it ends by a signal.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn check(&self, file: &Path) -> Output {
        Command::new("sh")
            .args(["-c", "ulimit -d 65536 && exec \"$0\" roster check --json \"$1\""])
            .arg(env!("CARGO_BIN_EXE_caiying"))
            .arg(file)
            .env("HOME", self.0.path())
            .output()
            .unwrap()
    }

    /// The code a check ends with, and what it says.
    fn outcome(&self, name: &str, bytes: &[u8]) -> (Option<i32>, String) {
        let output = self.check(&self.file(name, bytes));
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }
}

/// 512 GiB are asked for by two cells; a formatted corner is no reason to refuse.
#[test]
fn what_a_workbook_claims_of_its_size_is_not_believed() {
    let far = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>";
    let whole = |last: &str| {
        let first = text("A1", "学号");
        with_sheet(&format!(
            "<worksheet>{}</worksheet>",
            far.replacen("{}", &first, 1).replacen("{}", last, 1)
        ))
    };
    let desk = Desk::new();
    let (code, said) = desk.outcome("corner.xlsx", &whole("<c r=\"XFD1048576\"/>"));
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = desk.outcome("far.xlsx", &whole(&text("XFD1048576", "1")));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("列数超出上限（256）"), "{said}");
    let (code, said) = desk.outcome("row.xlsx", &whole(&text("A1048576", "7")));
    assert_eq!((code, said.contains("\"students\":1")), (Some(0), true), "{said}");
}

#[test]
fn hostile_files_are_refused_in_words_within_64_megabytes() {
    let desk = Desk::new();
    let million: String = (0..1_000_000).map(|n| format!("a{n},")).collect();
    let nested = "<a>".repeat(3_000_000);
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let heading = format!("<row>{}</row>", text("A1", "学号"));
    let one = with_sheet(&sheet(&heading));
    let bomb = |name: &str, text: &[u8], times| {
        let mut book = Workbook::new(1);
        book.part("xl/worksheets/sheet1.xml", sheet(&heading)).many(name, text, times);
        book.bytes()
    };
    let mut many_parts = Workbook::new(1);
    for n in 0..40_000 {
        many_parts.part(&format!("p{n}"), "");
    }
    let mut endless = Workbook::new(1);
    let body = "<row><c><v>2</v></c></row>";
    endless.many(
        "xl/worksheets/sheet1.xml",
        format!("<s>{heading}{}</s>", body.repeat(50_000)).as_bytes(),
        1,
    );
    for (name, bytes, said) in [
        ("shared.xlsx", bomb("xl/sharedStrings.xml", b"<si><t>0123456789</t></si>", 2_000_000), "文字总数"),
        ("text.xlsx", bomb("xl/sharedStrings.xml", b"<t>0123456789", 5_000_000), "名册"),
        ("spaces.xlsx", bomb("xl/sharedStrings.xml", &[b' '; 1024], 200_000), "单元格的字数"),
        ("comments.xlsx", bomb("xl/sharedStrings.xml", b"<!-- -->", 9_000_000), "展开后的大小"),
        ("nested.xlsx", with_sheet(&nested), "嵌套层数"),
        ("laughs.xlsx", with_sheet(&format!("{laughs}{}", sheet("<row><c><v>&b;</v></c></row>"))), "DTD"),
        ("entity.xlsx", with_sheet(&sheet("<row><c t=\"str\"><v>&b;</v></c></row>")), "已损坏"),
        ("cut.xlsx", one[..one.len() / 2].to_vec(), "已损坏"),
        ("open.xlsx", with_sheet("<worksheet><sheetData><row>"), "已损坏"),
        ("empty.xlsx", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), "已损坏"),
        ("parts.xlsx", many_parts.bytes(), "内部文件数"),
        ("rows.xlsx", endless.bytes(), "行数"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), ".xls"),
        ("columns.csv", million.clone().into_bytes(), "列数"),
        (
            "quote.csv",
            format!("学号,姓名\n1,\"张三\n{}", "2,李四\n".repeat(100_000)).into_bytes(),
            "引号没有闭合",
        ),
        ("line.csv", vec![b'1'; 15 << 20], "单元格的字数"),
        (
            "rows.csv",
            format!("学号\n{}", (0..50_000).map(|n| format!("{n}\n")).collect::<String>()).into_bytes(),
            "行数",
        ),
        ("noise.csv", b"\xff\x00\x80\xc4\xe3\x81".to_vec(), "不是文本"),
        ("nul.csv", "学号\n1\0\n".as_bytes().to_vec(), "unsafe_character"),
        ("nothing.csv", vec![], "没有采集码、学号、身份证号"),
    ] {
        let (code, words) = desk.outcome(name, &bytes);
        assert!(matches!(code, Some(1 | 2)), "{name}: {code:?} {words}");
        assert!(words.contains(said), "{name}: {words}");
        assert_eq!(words.lines().count(), 1, "{name}: {words}");
    }
}

/// A gigabyte in one line: the file has a hole, the disk is not filled.
#[test]
fn a_line_of_a_gigabyte_is_refused_by_its_length() {
    let desk = Desk::new();
    let file = desk.file("long.csv", "学号,姓名\n1,".as_bytes());
    fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(1 << 30).unwrap();
    let output = desk.check(&file);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("文件超出上限（16 MB）"));
    assert_eq!(Limit::File.number(), "16 MB");
}

/// The largest list that may come, with every column filled, is read within the same memory.
#[test]
fn the_largest_list_fits_into_64_megabytes() {
    let desk = Desk::new();
    let mut csv = "学号,姓名,考生号,学院,专业,班级,层次\n".to_owned();
    for n in 0..40_000 {
        csv += &format!(
            "2026{n:06},欧阳娜娜{n},26340101{n:06},机电工程与自动化学院,数控技术,数控26{:02}班,本科\n",
            n / 40 % 100
        );
    }
    let output = desk.check(&desk.file("large.csv", csv.as_bytes()));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &report["students"], &report["grave"]),
        (Some(0), &40_000.into(), &0.into())
    );
}
