//! Words for strays that cannot be given to anybody, and for acts that nobody stands for.

use super::Words;
use crate::{clerk::ClerkError, language::Phrase, portrait::Decline, station::NotAnAct};

/// Why a stray stays one.
pub(super) fn refused(err: &ClerkError) -> Words {
    if matches!(err, ClerkError::NotToBeKept) {
        return Words::new(
            ("这张照片检测不合格，不能归给任何人", "请该考生补拍"),
            ("this shot failed a check and is given to nobody", "ask the student for a retake"),
        );
    }
    if matches!(err, ClerkError::StillSits) {
        return Words::new(
            ("这位考生正在就座，照片没有归给他", "请等他结束后再归属"),
            ("this student sits just now; the shot stays a stray", "try again when he has left"),
        );
    }
    if matches!(err, ClerkError::TwoMustStand) {
        return Words::new(
            ("移动已保存的成品要两人确认，没有改动", "请另一位工作人员填写姓名"),
            ("two persons must stand for moving a kept portrait", "ask a colleague to enter his name"),
        );
    }
    if matches!(err, ClerkError::SameStudent) {
        return Words::new(
            ("这张成品本来就是这位考生的，没有改动", "请重新选择考生"),
            ("it is this student's already; nothing was changed", "choose the student again"),
        );
    }
    Words::new(
        ("没有这一次就座的记录，照片没有归属", "请重新选择考生"),
        ("no such sitting is on record; the shot stays a stray", "choose the student again"),
    )
}

/// What was to be given is nobody's to give.
pub(super) fn no_stray() -> Words {
    Words::new(
        ("这张照片不在未归属里，或已归给考生", "没有改动；请按 Esc 回到未归属列表"),
        ("this shot is no stray, or was given to a student already", "nothing was changed; go back with Esc"),
    )
}

/// What was to be taken from a student does not count for him.
pub(super) fn not_his() -> Words {
    Words::new(
        ("这次就座没有可以移走的成品，或已经移走了", "没有改动；请重新选择"),
        ("no portrait of this sitting counts, or it was moved already", "nothing was changed; choose again"),
    )
}

/// No portrait comes of a stray: the photographer's advice comes too late, a retake does not.
#[must_use]
pub fn declined_stray(why: &Decline) -> Words {
    // Here nobody sits, and whoever has that code may still be given it.
    if *why == Decline::AnothersCode {
        return Words::new(
            (
                "照片里拍到了另一位考生的采集码，不能归给这一位",
                "请按 Esc 换成那位考生；看不准就不要归，请考生补拍",
            ),
            (
                "another student's code is in the shot: it cannot be this one's",
                "press Esc and choose whose code it is; if in doubt give it to nobody, and ask for a retake",
            ),
        );
    }
    let remedy =
        Phrase::new("不能归给任何人；请该考生补拍", "it is given to nobody; ask the student for a retake");
    Words { headline: why.advice(), remedy }
}

/// What an act lacks.
#[must_use]
pub fn not_an_act(err: NotAnAct) -> Words {
    match err {
        NotAnAct::Nobody => Words::new(
            ("没有写明是谁操作", "请填写操作人的姓名"),
            ("nobody stands for it", "enter the name of whoever does"),
        ),
        NotAnAct::NoReason => Words::new(
            ("没有写明理由", "请用一句话写明理由，不要写考生的姓名和证件号"),
            ("no reason is given", "enter one in a line; name no student"),
        ),
        NotAnAct::NoSecond => Words::new(
            ("本档案要求两人确认", "请另一位工作人员填写姓名"),
            ("two persons must stand for it", "ask a colleague to enter his name"),
        ),
        NotAnAct::SamePerson => Words::new(
            ("两个确认人是同一个名字", "请另一位工作人员填写自己的姓名"),
            ("both names are the same", "the second person must be somebody else"),
        ),
        NotAnAct::TooLong => Words::new(
            ("姓名或理由超过 200 字", "请写短一些"),
            ("name or reason has more than 200 characters", "make it shorter"),
        ),
    }
}
