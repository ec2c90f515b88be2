//! 体检 in the window: what this shift knows of its devices, its record and its day, a line each. The command
//! `caiying doctor` asks the camera more than a station at work should.

use super::Shift;
use crate::{
    camera::doctor::Verdict,
    crew::CameraOrder,
    language::Phrase,
    machine::Room,
    screens::{CheckupLine, CheckupView, Mend, Place, TroubleKind, Words, doctor::disk_verdict, trouble},
};

/// A laptop's battery of fewer per cent wants a socket now; of fewer, before noon.
const BATTERY_ACT: u8 = 15;
const BATTERY_LOOK: u8 = 40;

impl Shift {
    /// Everything that should be fit before the first student comes.
    pub(super) fn checkup(&self) -> CheckupView {
        let lines = [
            Some(self.job()),
            Some(self.camera_line()),
            self.of_trouble(TroubleKind::CameraClock, ("相机时钟", "camera clock"), Some(Mend::SetClock)),
            self.of_trouble(TroubleKind::CameraSettings, ("相机设置", "camera settings"), None),
            self.of_trouble(TroubleKind::CameraCard, ("相机卡", "camera card"), Some(Mend::LookAgain)),
            self.of_trouble(TroubleKind::CameraNotice, ("相机", "camera"), None),
            self.of_trouble(TroubleKind::Battery, ("相机电量", "camera battery"), None),
            Some(self.codes_line()),
            self.roster_line(),
            Some(self.calibration_line()),
            self.disk_line(),
            self.battery_line(),
            Some(self.record_line()),
            self.second_copy_line(),
            self.strays_line(),
        ];
        CheckupView {
            lines: lines.into_iter().flatten().collect(),
            reference: self.reference_view(),
            roster: self.roster_view(),
        }
    }

    /// The operator wants the camera's clock set: not while somebody sits, whose photos are told by it.
    pub fn set_camera_clock(&mut self) {
        self.order_camera(CameraOrder::SetClock);
    }

    /// The operator wants the camera's card compared with the store once more: not while somebody sits, because a shot
    /// that is on its way then might be nobody's.
    pub fn look_through_the_card(&mut self) {
        self.order_camera(CameraOrder::LookAgain);
    }

    /// Orders what takes the camera's time; whether it was ordered. Whoever sits goes first.
    pub(super) fn order_camera(&mut self, order: CameraOrder) -> bool {
        let is_free = self.is_chair_free();
        if is_free {
            self.camera.push(order);
            self.hand_over();
        } else {
            self.set_trouble(TroubleKind::Notice, Some(trouble::not_while_seated()));
        }
        is_free
    }

    fn job(&self) -> CheckupLine {
        let shown = &self.shown;
        let (title, station) = (&shown.profile.title, &shown.station);
        let said = Phrase::new(format!("{title}，采集站 {station}"), format!("{title}, station {station}"));
        line(Verdict::Good, ("档案", "profile"), said)
    }

    fn camera_line(&self) -> CheckupLine {
        let camera = &self.shown.camera;
        let title = ("相机", "camera");
        if camera.connected {
            let battery = camera.battery.as_deref().unwrap_or("–");
            let said = Phrase::new(
                format!("{}，电量 {battery}", camera.model),
                format!("{}, battery {battery}", camera.model),
            );
            return line(Verdict::Good, title, said);
        }
        let words = self.troubles.get(&TroubleKind::Camera);
        let missing = line(Verdict::Act, title, Phrase::new("还没有连上", "not connected yet"));
        let told = words.map_or(missing, |words| of_words(Verdict::Act, title, words));
        CheckupLine { mend: camera.held.then_some(Mend::ReleaseCamera), ..told }
    }

    fn codes_line(&self) -> CheckupLine {
        let title = ("扫码", "codes");
        if let Some(words) = self.troubles.get(&TroubleKind::Webcam) {
            return CheckupLine {
                mend: Some(Mend::Go(Place::Setup)),
                ..of_words(Verdict::Act, title, words)
            };
        }
        let said = match (self.shown.webcam, self.scan.is_some(), self.shown.rehearsal) {
            (true, ..) => Phrase::new("摄像头在读码", "the webcam reads codes"),
            (false, true, _) => Phrase::new("正在打开摄像头", "the webcam is being opened"),
            (false, false, true) => {
                Phrase::new("演练的考生自己出示采集码", "rehearsed students show their codes")
            }
            (false, false, false) => Phrase::new("不用摄像头：用扫码枪", "no webcam: a scanner is used"),
        };
        line(Verdict::Good, title, said)
    }

    fn calibration_line(&self) -> CheckupLine {
        let title = ("校准", "calibration");
        let (verdict, said, remedy) = match (self.drifting.stale(self.clock.now()), self.shown.rehearsal) {
            (_, true) if !self.drifting.is_calibrated() => {
                return line(Verdict::Good, title, Phrase::new("演练不用", "not needed to rehearse"));
            }
            (Some(words), _) => (Verdict::Look, words.headline, Some(words.remedy)),
            (None, _) => match self.troubles.get(&TroubleKind::Drift) {
                Some(words) => (Verdict::Look, words.headline.clone(), Some(words.remedy.clone())),
                None if self.drifting.is_calibrated() => {
                    (Verdict::Good, Phrase::new("今天校准过", "of today"), None)
                }
                None => {
                    let said = Phrase::new("还没有校准", "none yet");
                    let remedy = Phrase::new(
                        "布好灯和背景布，请一位同事坐下，拍一张参照",
                        "set lamps and cloth, sit somebody down, and shoot a reference",
                    );
                    (Verdict::Look, said, Some(remedy))
                }
            },
        };
        CheckupLine { remedy, mend: Some(Mend::Reference), ..line(verdict, title, said) }
    }

    fn disk_line(&self) -> Option<CheckupLine> {
        let bytes = self.shown.machine.free_bytes?;
        let gb = bytes / 1_000_000_000;
        let verdict = disk_verdict(Room::of(Some(bytes)));
        let remedy = Phrase::new("请腾出空间，或换一个数据文件夹", "make room, or use another folder");
        let said = Phrase::new(format!("剩余 {gb} GB"), format!("{gb} GB free"));
        let remedy = (verdict != Verdict::Good).then_some(remedy);
        Some(CheckupLine { remedy, ..line(verdict, ("磁盘", "disk"), said) })
    }

    fn battery_line(&self) -> Option<CheckupLine> {
        let battery = self.shown.machine.battery?;
        let percent = battery.percent;
        let verdict = match percent {
            _ if battery.on_mains => Verdict::Good,
            ..BATTERY_ACT => Verdict::Act,
            BATTERY_ACT..BATTERY_LOOK => Verdict::Look,
            _ => Verdict::Good,
        };
        let remedy = (verdict != Verdict::Good).then(|| Phrase::new("请接上电源", "plug it in"));
        let said = Phrase::new(format!("{percent}%"), format!("{percent}%"));
        Some(CheckupLine { remedy, ..line(verdict, ("电脑电量", "laptop"), said) })
    }

    fn record_line(&self) -> CheckupLine {
        let title = ("台账", "record");
        if let Some(words) = self.troubles.get(&TroubleKind::Record) {
            return of_words(Verdict::Act, title, words);
        }
        let tally = self.shown.tally;
        let said = Phrase::new(
            format!("已保存 {} 人，待交付 {}", tally.students, tally.waiting),
            format!("{} students kept, {} waiting", tally.students, tally.waiting),
        );
        line(Verdict::Good, title, said)
    }

    /// What is rehearsed need not be kept.
    fn second_copy_line(&self) -> Option<CheckupLine> {
        let alone = self.shown.tally.alone;
        let said = Phrase::new(
            format!("{alone} 张照片只在这块硬盘上：按 F5，再按 B 备份"),
            format!("{alone} photos are on this disk only: F5, then B"),
        );
        let look = line(Verdict::Look, ("备份", "backup"), said);
        (alone > 0 && !self.shown.rehearsal)
            .then_some(CheckupLine { mend: Some(Mend::Go(Place::Day)), ..look })
    }

    fn strays_line(&self) -> Option<CheckupLine> {
        let strays = self.shown.tally.strays;
        let said =
            Phrase::new(format!("{strays} 张照片不知道是谁的"), format!("{strays} photos are nobody's"));
        let look = line(Verdict::Look, ("未归属", "strays"), said);
        (strays > 0).then_some(CheckupLine { mend: Some(Mend::Go(Place::Tray)), ..look })
    }

    fn of_trouble(&self, kind: TroubleKind, title: (&str, &str), mend: Option<Mend>) -> Option<CheckupLine> {
        let words = self.troubles.get(&kind)?;
        Some(CheckupLine { mend, ..of_words(Verdict::Look, title, words) })
    }
}

pub(super) fn line(verdict: Verdict, title: (&str, &str), said: Phrase) -> CheckupLine {
    CheckupLine { verdict, title: Phrase::new(title.0, title.1), said, remedy: None, mend: None }
}

pub(super) fn of_words(verdict: Verdict, title: (&str, &str), words: &Words) -> CheckupLine {
    CheckupLine { remedy: Some(words.remedy.clone()), ..line(verdict, title, words.headline.clone()) }
}
