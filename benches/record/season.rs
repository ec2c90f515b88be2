//! A season at one station, with real rows and small pictures: students of a roster, half of them with a capture code and
//! half called by name; some shoot twice, some leave without a portrait, some come back for a retake, some shots are
//! nobody's, and half of what is kept is delivered.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use caiying::{
    clerk::{Clerk, WalkUp, known_by},
    errand::FOLDER,
    portrait::{ByteWindow, Crop, Demand, FaceInFrame, Making, Placement, Portrait, Resampler},
    profile::Profile,
    shot::{Digest, Exposure, Moment, Origin, Shot, ShotId, SittingId, Trigger},
    station::{Fact, SeenCode, Sitting, Take},
    student::{CaptureCode, People, Roster},
};

/// Between one student and the next, in milliseconds.
const APART: i64 = 12_000;

/// So many students are in a class.
const CLASS: u64 = 40;

/// Who is the n-th student, and what becomes of him.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Student(pub(crate) u64);

impl Student {
    /// Whether he shows a code; else he is called by name.
    fn has_code(self) -> bool {
        self.0 % 2 == 1
    }

    fn number(self) -> String {
        format!("2026{:07}", self.0)
    }

    /// What stands for him.
    pub(crate) fn code(self) -> CaptureCode {
        if !self.has_code() {
            return CaptureCode::of_number(&self.number());
        }
        let Self(n) = self;
        let json = format!(
            r#"{{"sjc":"{}","cjm":"C{n:07}","yxdm":"10001","zjhm":"{:04}","xh":"{}","cc":"本科","xllb":"普通","fy":"机电学院","xm":"{}","bh":"{}班"}}"#,
            1_790_000_000_000 + n,
            n % 10_000,
            self.number(),
            "张*三",
            n / CLASS
        );
        STANDARD.encode(json).parse().unwrap()
    }

    fn row(self) -> String {
        let code = if self.has_code() { self.code().expose().to_owned() } else { String::new() };
        let class = self.0 / CLASS;
        format!(
            "机电学院,专业{},{class}班,{},张小三,{:04},{code}\n",
            class / 10,
            self.number(),
            self.0 % 10_000
        )
    }

    /// He leaves without a portrait.
    pub(crate) fn leaves(self) -> bool {
        self.0.is_multiple_of(97)
    }

    /// He comes back for a retake.
    pub(crate) fn comes_back(self) -> bool {
        self.0.is_multiple_of(40) && !self.leaves()
    }

    /// His first shot gives no portrait.
    fn shoots_twice(self) -> bool {
        self.0.is_multiple_of(6)
    }

    /// After him somebody fires into the air.
    pub(crate) fn is_followed_by_a_stray(self) -> bool {
        self.0.is_multiple_of(150)
    }
}

/// The roster of so many students.
pub(crate) fn roster(students: u64) -> Roster {
    let rows: String = (1..=students).map(|n| Student(n).row()).collect();
    Roster::read(format!("学院,专业,班级,学号,姓名,后四位,采集码\n{rows}").as_bytes()).unwrap()
}

/// Plays a season for a clerk.
pub(crate) struct Season<'a> {
    clerk: &'a mut Clerk,
    profile: &'a Profile,
    people: People,
    sitting: SittingId,
    shot: ShotId,
    now: Moment,
    /// How long each portrait took to be kept, and to be counted afterwards, as the clerk's desk does.
    pub(crate) kept: Vec<(Duration, Duration)>,
}

impl<'a> Season<'a> {
    /// Goes on with a store; the roster must be in it.
    pub(crate) fn new(clerk: &'a mut Clerk, profile: &'a Profile, now: Moment) -> Self {
        let (sitting, shot) = clerk.next_numbers().unwrap();
        let people = clerk.people(None).unwrap();
        Self { clerk, profile, people, sitting, shot, now, kept: vec![] }
    }

    /// These students come, one after the other.
    pub(crate) fn play(&mut self, students: impl Iterator<Item = u64>) {
        for student in students.map(Student) {
            let seen = known_by(&student.code(), self.profile, &self.people);
            self.sit(&seen, student, false);
            if student.comes_back() {
                self.sit(&seen, student, true);
            }
            if student.is_followed_by_a_stray() {
                let shot = self.next_shot(None);
                self.clerk.shelve(self.now, &shot, None).unwrap();
            }
        }
    }

    fn sit(&mut self, seen: &SeenCode, student: Student, retake: bool) {
        self.now = self.now.plus_ms(APART);
        let sitting = Sitting { takes: 1, ..Sitting::new(self.sitting, seen.clone(), self.now, retake) };
        self.sitting = SittingId(self.sitting.0 + 1);
        self.clerk.seat(self.now, &sitting).unwrap();
        if student.shoots_twice() || student.leaves() {
            let shot = self.next_shot(Some(&sitting));
            self.clerk.shelve(self.now, &shot, Some(&sitting)).unwrap();
            let declined =
                Fact::Declined { sitting: sitting.id, shot: shot.id, reason: "no_face".to_owned() };
            self.clerk.record(self.now, &declined).unwrap();
        }
        if student.leaves() {
            return self.clerk.record(self.now, &Fact::Dismissed { sitting: sitting.id }).unwrap();
        }
        let shot = self.next_shot(Some(&sitting));
        let take = Take::of(shot.clone(), portrait(shot.id));
        self.clerk.shelve(self.now, &shot, Some(&sitting)).unwrap();
        let began = Instant::now();
        self.clerk.keep(self.now, &sitting, &take).unwrap();
        let kept = began.elapsed();
        self.clerk.ledger().tally(self.now.plus_ms(-8 * 3_600_000)).unwrap();
        self.kept.push((kept, began.elapsed()));
    }

    fn next_shot(&mut self, sitting: Option<&Sitting>) -> Shot {
        let id = self.shot;
        self.shot = ShotId(id.0 + 1);
        let name = format!("IMG_{:04}.JPG", id.0 % 10_000);
        let origin = Origin {
            camera: "012345678901".to_owned(),
            folder: "/store_00010001/DCIM/100CANON".to_owned(),
            name,
            bytes: Some(8_000_000),
            written: Some(self.now.0),
        };
        Shot {
            id,
            trigger: sitting.map_or(Trigger::Body, |sitting| Trigger::Station(sitting.id)),
            exposed: Exposure::exactly(self.now),
            origin,
            jpeg: [&b"original"[..], &id.0.to_le_bytes(), &[7; 800]].concat().into(),
        }
    }

    /// Everybody's current portrait but the last ones is delivered.
    pub(crate) fn deliver_but(&mut self, last: usize) {
        let current = self.clerk.ledger().current().unwrap();
        let objects: Vec<Digest> = current.iter().map(|parcel| parcel.object).collect();
        for some in objects[..objects.len().saturating_sub(last)].chunks(200) {
            self.clerk.note_delivered(self.now, FOLDER, some).unwrap();
        }
    }

    /// Somebody who is in no roster is let in, and photographed.
    pub(crate) fn let_in(&mut self, name: &str) {
        let walk_up = WalkUp::new(name, "", "名册漏了", self.now);
        self.clerk.note_walk_up(&walk_up).unwrap();
        let seen = caiying::clerk::let_in_as(walk_up.code, name, self.profile);
        self.sit(&seen, Student(1), false);
    }
}

/// A portrait nobody has a word against, unlike every other.
fn portrait(shot: ShotId) -> Portrait {
    let jpeg = [&b"portrait"[..], &shot.0.to_le_bytes(), &[9; 400]].concat();
    let crop = Crop { x: 0.0, y: 0.0, width: 960.0, height: 1280.0 };
    Portrait {
        sha256: Digest::of(&jpeg),
        jpeg: jpeg.into(),
        quality: 85,
        placement: Placement {
            crop,
            scale: 0.5,
            face: FaceInFrame { hair_top: 68.0, chin: 446.0, eyes: 268.0, width: 230.0, center_x: 240.0 },
        },
        making: Arc::new(Making {
            crop,
            width_px: 480,
            height_px: 640,
            resampler: Resampler::Lanczos3,
            demand: Demand { window: ByteWindow { min: 20_480, max: 40_000 }, min_quality: 60, dpi: 300 },
            program: "season".to_owned(),
        }),
        cloth: None,
        findings: vec![],
    }
}
