//! The program as others call it: words, JSON, exit codes; one clear line for every mistake.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use virtual_camera::{Options, VirtualCamera};

use crate::sitter::{cloth, jpeg, well_seated};

/// A folder to work in, and the program with a home of its own.
pub(crate) struct Desk(tempfile::TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_caiying"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .output()
            .unwrap()
    }
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("not ended by a signal")
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one line of words a mistake gets.
pub(crate) fn one_line(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn develop_tells_everything_of_a_portrait() {
    let desk = Desk::new();
    let shot = desk.file("IMG_0001.JPG", &jpeg(&well_seated()));
    let made = desk.run(&["develop", "--json", "--out", "portraits", &shot]);
    assert_eq!(code(&made), 0, "{made:?}");
    let line: Value = serde_json::from_str(&out(&made)).unwrap();
    assert_eq!((line["file"].as_str(), line["outcome"].as_str()), (Some(shot.as_str()), Some("portrait")));
    let portrait = fs::read(desk.path("portraits/IMG_0001.jpg")).unwrap();
    assert_eq!(line["portrait"]["bytes"], portrait.len());
    assert_eq!(line["portrait"]["sha256"], caiying::shot::Digest::of(&portrait).to_string());
    assert!(line["portrait"]["quality"].as_u64().unwrap() >= 60);
    for (table, keys) in [
        ("crop", &["x", "y", "width", "height"][..]),
        ("face", &["hair_top", "chin", "eyes", "width", "center_x"]),
        ("ms", &["decode", "find", "frame", "encode", "total"]),
    ] {
        for key in keys {
            assert!(line[table][key].is_number(), "{table}.{key}: {line}");
        }
    }
    let findings = line["findings"].as_array().unwrap();
    assert_eq!(findings.len(), caiying::portrait::CHECKS.len());
    for finding in findings {
        // Null is a value that could not be seen.
        let value = &finding["value"];
        assert!((value.is_number() || value.is_null()) && finding["limit"].is_string(), "{finding}");
        assert_eq!(finding["verdict"] == "pass", finding["advice"].is_null(), "{finding}");
    }
    let again = desk.run(&["develop", "--out", "portraits", &shot]);
    assert_eq!(code(&again), 0, "the same portrait may lie there already");
    fs::write(desk.path("portraits/IMG_0001.jpg"), "another").unwrap();
    let refused = desk.run(&["develop", "--out", "portraits", &shot]);
    assert_eq!(code(&refused), 2);
    assert!(one_line(&refused).contains("没有覆盖"), "{refused:?}");
    assert_eq!(fs::read(desk.path("portraits/IMG_0001.jpg")).unwrap(), b"another");
}

#[test]
fn develop_declines_in_words_and_goes_on() {
    let desk = Desk::new();
    let bare = desk.file("bare.jpg", &jpeg(&cloth(1400, 1100)));
    let good = desk.file("good.jpg", &jpeg(&well_seated()));
    let text = desk.file("text.jpg", "不是照片".as_bytes());
    let empty = desk.file("empty.jpg", b"");
    let made = desk.run(&["develop", "--json", &bare, &text, &empty, &good]);
    assert_eq!(code(&made), 1);
    let lines: Vec<Value> = out(&made).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines.iter().map(|line| line["reason"].as_str().unwrap_or("-")).collect();
    assert_eq!(told, ["no_face", "unreadable", "unreadable", "-"]);
    assert!(lines[1]["advice"].as_str().unwrap().contains("不是 JPEG 文件"));
    let words = desk.run(&["develop", "--lang", "en", &bare]);
    assert!(out(&words).contains("no face: the sitter should face the camera"), "{words:?}");
    let missing = desk.run(&["develop", "nothing.jpg"]);
    assert_eq!(code(&missing), 2);
    assert!(one_line(&missing).contains("文件无法读写：nothing.jpg"));
}

#[test]
fn a_bad_profile_is_one_line_with_file_key_and_reason() {
    let desk = Desk::new();
    let shot = desk.file("a.jpg", &jpeg(&well_seated()));
    let unknown =
        desk.file("school.toml", b"based_on = \"chsi_2017_99\"\n[frame]\nhair_topp_px = [50, 110]\n");
    let refused = desk.run(&["develop", "--profile", &unknown, &shot]);
    assert_eq!(code(&refused), 2);
    assert_eq!(
        one_line(&refused),
        "档案 school 的 frame.hair_topp_px：没有这个键：请按 profiles/README.md 修改\n"
    );
    let date = desk.file("date.toml", b"based_on = \"chsi_2017_99\"\n[period]\nlast_day = 2026-11-31\n");
    let refused = desk.run(&["develop", "--lang", "en", "--profile", &date, &shot]);
    assert!(one_line(&refused).contains("profile date, key last_day: line 3 is not TOML: invalid date"));
    let nobody = desk.run(&["develop", "--profile", "nobody", &shot]);
    assert!(one_line(&nobody).contains("没有这个档案；现有 anqing_2026_freshmen、"), "{nobody:?}");
    // A school's own profile lies in the user's folder and may change one that travels with the program.
    let own = desk.path(".config/caiying/profiles");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("ours.toml"), "based_on = \"tender_graduates\"\ntitle = \"本校\"\n").unwrap();
    assert_eq!(code(&desk.run(&["develop", "--profile", "ours", &shot])), 0);
}

#[test]
fn wrong_use_is_one_line_in_either_language() {
    let desk = Desk::new();
    for (arguments, words) in [
        (&["develop"][..], "用法不对"),
        (&["develope", "x.jpg"], "caiying --help"),
        (&["rehearse", "--students", "many"], "用法不对"),
        (&["verify", "--lang", "en", "--what"], "see caiying --help"),
    ] {
        let refused = desk.run(arguments);
        assert_eq!(code(&refused), 2, "{arguments:?}");
        assert!(one_line(&refused).contains(words), "{arguments:?}: {refused:?}");
    }
    let help = desk.run(&["--help"]);
    assert_eq!(code(&help), 0);
    assert!(out(&help).contains("rehearse") && !out(&help).contains("camera-host"));
}

#[test]
fn scan_tells_texts_bytes_and_corners() {
    let desk = Desk::new();
    let png = |name: &str, bytes: &[u8]| {
        let code = qrcode::QrCode::new(bytes).unwrap();
        let (width, colours) = (code.width(), code.to_colors());
        let side = (width + 8) * 6;
        let mut picture = image::GrayImage::from_pixel(side as u32, side as u32, image::Luma([235]));
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let (column, row) = ((x as usize / 6).wrapping_sub(4), (y as usize / 6).wrapping_sub(4));
            if column < width && row < width && colours[row * width + column] == qrcode::Color::Dark {
                pixel.0 = [20];
            }
        }
        picture.save(desk.path(name)).unwrap();
        name.to_owned()
    };
    let (text, binary) =
        (png("text.png", "采集码 1".as_bytes()), png("binary.png", &[0xff, 0x00, 0x80, 0xfe]));
    let read = desk.run(&["scan", "--json", &text]);
    assert_eq!(code(&read), 0);
    let line: Value = serde_json::from_str(&out(&read)).unwrap();
    assert_eq!(line["codes"][0]["text"], "采集码 1");
    assert_eq!(line["codes"][0]["corners"].as_array().unwrap().len(), 4);
    let read = desk.run(&["scan", "--json", &binary]);
    assert_eq!(code(&read), 1, "no capture code");
    let line: Value = serde_json::from_str(&out(&read)).unwrap();
    assert_eq!(line["codes"][0]["bytes_base64"], "/wCA/g==");
    assert!(line["codes"][0]["text"].is_null());
    let card = png("card.png", b"BEGIN:VCARD\nEND:VCARD");
    let read = desk.run(&["scan", "--json", &card]);
    assert_eq!(code(&read), 1, "no capture code");
    let line: Value = serde_json::from_str(&out(&read)).unwrap();
    assert_eq!(line["codes"][0]["text"], "BEGIN:VCARD\nEND:VCARD");
    let bare = desk.file("bare.jpg", &jpeg(&cloth(300, 300)));
    let none = desk.run(&["scan", &bare]);
    assert_eq!(code(&none), 1);
    assert!(out(&none).contains("没有读到二维码"));
    let nothing = desk.file("text.txt", b"text");
    assert_eq!(code(&desk.run(&["scan", &nothing])), 1);
    let all = desk.run(&["scan", "--json", &nothing, &text]);
    assert_eq!((code(&all), out(&all).lines().count()), (0, 1), "a text among pictures is passed over");
    assert_eq!(code(&desk.run(&["scan", &nothing, &nothing])), 2, "no picture at all");
}

#[test]
fn a_store_that_is_not_there_is_a_trouble_and_is_not_made() {
    let desk = Desk::new();
    let verified = desk.run(&["verify", "--store", "nowhere"]);
    assert_eq!(code(&verified), 3);
    assert!(one_line(&verified).contains("找不到数据文件夹"), "{verified:?}");
    let exported = desk.run(&["export", "--store", "nowhere", "--to", "stick"]);
    assert_eq!(code(&exported), 3);
    assert_eq!(code(&desk.run(&["prove", "--store", "nowhere"])), 3);
    assert!(!desk.path("nowhere").exists() && !desk.path("stick").exists());
}

/// From the rehearsal to the delivered folder, judged by programs that are not ours.
#[test]
fn a_rehearsal_verifies_exports_and_passes_an_independent_look() {
    let desk = Desk::new();
    let played = desk.run(&["rehearse", "--students", "5", "--seed", "3", "--store", "store", "--json"]);
    assert_eq!(code(&played), 0, "{played:?}");
    let report: Value = serde_json::from_str(&out(&played)).unwrap();
    for zero in ["wrong", "lost", "doubled", "unreadable", "originals_lost"] {
        assert_eq!(report[zero], 0, "{report}");
    }
    let again = desk.run(&["rehearse", "--students", "5", "--store", "store"]);
    assert_eq!(code(&again), 2, "a rehearsal never goes into a store that exists");

    let verified = desk.run(&["verify", "--store", "store", "--json"]);
    assert_eq!(code(&verified), 0, "{verified:?}");
    let verified: Value = serde_json::from_str(&out(&verified)).unwrap();
    assert_eq!(verified["kept"], report["kept"]);

    let exported = desk.run(&["export", "--store", "store", "--to", "stick", "--json"]);
    assert_eq!(code(&exported), 0, "{exported:?}");
    let exported: Value = serde_json::from_str(&out(&exported)).unwrap();
    assert_eq!(exported["written"], 5, "one file for each student, retakes superseded");
    let nameless =
        desk.run(&["export", "--store", "store", "--to", "named", "--profile", "ynart_graduates_freshmen"]);
    assert_eq!(code(&nameless), 1, "names need a roster");
    assert!(out(&nameless).contains("请用 --roster 给出学校名册"), "{nameless:?}");
    for file in fs::read_dir(desk.path("stick")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jpg") {
            independent_look(&path);
        }
    }

    portraits_come_out_the_same_again(&desk);
    exports_that_must_not_be_are_refused(&desk);
    a_file_that_was_taken_away_is_found(&desk);
}

fn portraits_come_out_the_same_again(desk: &Desk) {
    let all = desk.run(&["prove", "--store", "store", "--json"]);
    assert_eq!(code(&all), 0, "{all:?}");
    assert!(out(&all).lines().count() >= 5, "retakes as well");
    let delivered = fs::read_dir(desk.path("stick")).unwrap().flatten().map(|file| file.path());
    let delivered =
        delivered.into_iter().find(|path| path.extension().is_some_and(|end| end == "jpg")).unwrap();
    let file = delivered.display().to_string();
    let proof = desk.run(&["prove", &file, "--store", "store", "--json"]);
    let proof: Value = serde_json::from_str(&out(&proof)).unwrap();
    assert_eq!(
        (&proof["same"], &proof["making"]["resampler"]),
        (&true.into(), &"lanczos3".into()),
        "{proof}"
    );
    assert!(proof["scale"].as_f64().is_some_and(|scale| scale < 1.0), "{proof}");
    let batch = desk.run(&["consistency", "--store", "store", "--json"]);
    assert_eq!(code(&batch), 0, "one rig, one cloth: {batch:?}");
    let sum: Value = serde_json::from_str(out(&batch).lines().last().unwrap()).unwrap();
    assert_eq!((&sum["compared"], &sum["left_out"]), (&5.into(), &0.into()), "{sum}");
    let retouched = desk.path("retouched.jpg");
    fs::write(&retouched, [fs::read(&delivered).unwrap(), vec![0]].concat()).unwrap();
    let retouched = desk.run(&["prove", &retouched.display().to_string(), "--store", "store"]);
    assert_eq!(code(&retouched), 1);
    assert!(out(&retouched).contains("台账里没有这个文件"), "{retouched:?}");
}

fn exports_that_must_not_be_are_refused(desk: &Desk) {
    let locked =
        desk.run(&["export", "--store", "store", "--to", "named", "--profile", "anqing_2027_graduates"]);
    assert_eq!(code(&locked), 2);
    assert!(one_line(&locked).contains("--unlocked-by supervisor"), "{locked:?}");
    let by =
        ["export", "--store", "store", "--to", "full", "--profile", "anqing_2027_graduates", "--unlocked-by"];
    assert_eq!(code(&desk.run(&[&by[..], &["administrator"]].concat())), 2, "not by anybody");
    assert_eq!(
        code(&desk.run(&[&by[..], &["supervisor"]].concat())),
        1,
        "unlocked, but nobody gave a roster"
    );
    let tight = desk.run(&["export", "--store", "store", "--to", "tight", "--profile", "tender_graduates"]);
    assert_eq!(code(&tight), 1);
    assert!(one_line(&tight).contains("不在这个档案要求的 20480–30000 之内"), "{tight:?}");
}

fn a_file_that_was_taken_away_is_found(desk: &Desk) {
    let victim = fs::read_dir(desk.path("store/vault"))
        .unwrap()
        .flatten()
        .find(|shard| shard.file_name() != "tmp")
        .unwrap();

    let victim = fs::read_dir(victim.path()).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(victim).unwrap();
    let broken = desk.run(&["verify", "--store", "store"]);
    assert_eq!(code(&broken), 1);
    assert!(out(&broken).contains("不见了"), "{broken:?}");
}

/// ImageMagick and ExifTool look at a portrait.
fn independent_look(path: &Path) {
    let ask = |program: &str, arguments: &[&str]| {
        let answer = Command::new(program).args(arguments).arg(path).output();
        let answer = answer.unwrap_or_else(|err| panic!("{program}: {err}: ./dev test installs it"));
        String::from_utf8(answer.stdout).unwrap()
    };
    let seen = ask("identify", &["-format", "%w %h %x %y %U %Q %[colorspace] %[interlace] %z"]);
    let words: Vec<&str> = seen.split_whitespace().collect();
    let [width, height, across, down, unit, quality, space, interlace, depth] = words[..] else {
        panic!("{seen}")
    };
    assert_eq!((width, height, across, down, unit), ("480", "640", "300", "300", "PixelsPerInch"), "{seen}");
    assert_eq!((space, interlace, depth), ("sRGB", "None", "8"), "{seen}");
    assert!(quality.parse::<u32>().unwrap() >= 60, "{seen}");
    let told = ask("exiftool", &["-json", "-a", "-G1"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let told = told[0].as_object().unwrap();
    let foreign: Vec<_> = told
        .keys()
        .filter(|key| {
            !["SourceFile", "ExifTool", "System", "File", "JFIF", "Composite"]
                .contains(&key.split(':').next().unwrap())
        })
        .collect();
    assert!(foreign.is_empty(), "metadata was carried over: {foreign:?}");
    assert_eq!(told["File:EncodingProcess"], "Baseline DCT, Huffman coding");
    assert_eq!(told["File:ColorComponents"], 3);
    let bytes = fs::metadata(path).unwrap().len();
    assert!((20_480..=40_000).contains(&bytes), "{bytes}");
}

#[test]
fn the_camera_commands_work_on_the_real_libgphoto2() {
    let desk = Desk::new();
    let body = VirtualCamera::start(&Options::default()).unwrap();
    let port = body.gphoto_port();
    let info = desk.run(&["camera", "info", "--camera", &port, "--json"]);
    assert_eq!(code(&info), 0, "{info:?}");
    let info: Value = serde_json::from_str(&out(&info)).unwrap();
    assert_eq!((info["model"].as_str(), info["battery"].as_str()), (Some("Canon EOS 80D"), Some("100%")));
    assert!(info["clock_ahead_ms"].is_number(), "{info}");
    let shot = desk.run(&["camera", "shoot", "-n", "2", "--camera", &port, "--out", "originals", "--json"]);
    assert_eq!(code(&shot), 0, "{shot:?}");
    let exposures = body.exposures();
    for (line, truth) in out(&shot).lines().zip(&exposures) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["sha256"], truth.sha256);
        let written = fs::read(desk.path(line["path"].as_str().unwrap())).unwrap();
        assert_eq!(caiying::shot::Digest::of(&written).to_string(), truth.sha256);
    }
    assert_eq!(exposures.len(), 2);
    body.unplug();
    let gone = desk.run(&["camera", "info", "--camera", &port]);
    assert_eq!(code(&gone), 3);
    one_line_of_ours(&gone, "相机");
    let nowhere = desk.run(&["camera", "list"]);
    assert_eq!(code(&nowhere), 3, "no camera on this machine's USB");
    one_line_of_ours(&nowhere, "没有找到相机");
}

/// libgphoto2 itself may mutter on standard error; our own line is one.
fn one_line_of_ours(output: &Output, words: &str) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(said.lines().filter(|line| line.contains(words)).count(), 1, "{said}");
}
