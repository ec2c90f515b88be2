//! `caiying scan --list` and `caiying scan --webcam`, with the fake's cameras.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Stdio},
};

use serde_json::Value;

use super::*;

/// The program before a desktop of the fake's.
fn caiying(desktop: &Desktop, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caiying"));
    command.args(arguments).env("LD_PRELOAD", fake()).env("FAKE_WEBCAM", &desktop.0).env("HOME", &desktop.0);
    command
}

fn desktop() -> (tempfile::TempDir, Desktop) {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop(folder.path().to_owned());
    (folder, desktop)
}

#[test]
fn the_list_says_what_is_there_and_which_format_is_used() {
    let (_kept, desktop) = desktop();
    let none = caiying(&desktop, &["scan", "--list"]).output().unwrap();
    assert_eq!(none.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&none.stderr).contains("没有找到扫码摄像头"), "{none:?}");
    desktop.plug(0, "Usual Camera", USUAL, b"-");
    desktop.plug(1, "Usual Camera", "", b"-");
    desktop.plug(2, "Odd Camera", "H264 1920 1080 1 30\n", b"-");
    let list = caiying(&desktop, &["scan", "--list"]).output().unwrap();
    let said = String::from_utf8(list.stdout).unwrap();
    assert_eq!(list.status.code(), Some(0));
    assert!(said.starts_with("0\tUsual Camera\n\tMJPG 1280×720 30/s\t使用\n\tYUYV 640×480 30/s\n"), "{said}");
    assert!(said.contains("2\tOdd Camera\n\tH264 1920×1080 30/s\t不能读取\n"), "{said}");
    assert_eq!(said.matches("Usual Camera").count(), 1, "the entry without pictures is none");
    let list = caiying(&desktop, &["scan", "--list", "--json"]).output().unwrap();
    let lines: Vec<Value> = String::from_utf8(list.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((lines[0]["number"].as_u64(), lines[0]["name"].as_str()), (Some(0), Some("Usual Camera")));
    assert_eq!(lines[0]["used"], "MJPG 1280×720 30/s");
    assert_eq!(lines[0]["formats"].as_array().unwrap().len(), 7);
    assert!(lines[1]["used"].is_null());
}

/// A program that reads codes, and is ended however the test ends.
struct Reading(Child);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn codes_come_as_they_are_held_up_until_ctrl_c() {
    let (_kept, desktop) = desktop();
    desktop.plug(0, "Other", YUYV, &yuyv("NOBODY"));
    desktop.plug(3, "Usual Camera", USUAL, &jpeg("STUDENT-1"));
    for (wanted, json) in [("3", false), ("Usual Camera", true)] {
        let arguments = ["scan", "--webcam", wanted, "--json"];
        let mut command = caiying(&desktop, &arguments[..if json { 4 } else { 3 }]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut reading = Reading(command.spawn().unwrap());
        let mut lines = BufReader::new(reading.0.stdout.take().unwrap()).lines();
        for n in 1..4 {
            desktop.show(3, &jpeg(&format!("STUDENT-{n}")));
            let line = lines.next().unwrap().unwrap();
            let wanted = format!("STUDENT-{n}");
            if json {
                assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["text"], wanted);
            } else {
                assert_eq!(line, wanted);
            }
        }
        let pid = rustix::process::Pid::from_child(&reading.0);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        assert_eq!(reading.0.wait().unwrap().code(), Some(0));
        assert!(lines.next().is_none());
        let mut said = String::new();
        reading.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
        desktop.show(3, &jpeg("STUDENT-1"));
    }
}

#[test]
fn what_is_wrong_with_the_webcam_is_said_beside_the_codes() {
    let (_kept, desktop) = desktop();
    let mut command = caiying(&desktop, &["scan", "--webcam"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut reading = Reading(command.spawn().unwrap());
    let mut said = BufReader::new(reading.0.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("没有找到扫码摄像头：请插好摄像头"));
    desktop.plug(0, "Plain", YUYV, &yuyv("STUDENT-1"));
    let mut lines = BufReader::new(reading.0.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "STUDENT-1");
}
