//! Words for a shut gate: why nobody sits down, and whose turn it is.

use super::Words;
use crate::{profile::NotACode, station::Refusal, student::CodeError};

/// Words for a refusal; the headline stands on the banner, a few characters wide.
#[must_use]
pub fn refusal(why: &Refusal) -> Words {
    match why {
        Refusal::WrongSchool { holds, wanted } => Words {
            headline: phrase("不是本校的码", "another school's code"),
            remedy: phrase(
                &format!("码里的院校代码是 {holds}，本次采集是 {wanted}：请考生换本校学籍的采集码"),
                &format!("it holds school {holds}, this job is {wanted}: ask for the code of this school"),
            ),
        },
        Refusal::WrongLevel { holds, wanted } => Words {
            headline: phrase("层次不对", "wrong level"),
            remedy: phrase(
                &format!("码里是{holds}，本次采集{}：请考生换这次的学籍", wanted.join("、")),
                &format!("it holds {holds}, this job takes {}: ask for the other code", wanted.join(", ")),
            ),
        },
        Refusal::NotACode(what) => not_a_code(what),
        Refusal::TwoCodes => Words::new(
            ("看到两个码", "请只出示一个采集码，另一部手机放下"),
            ("two codes in view", "show one capture code only; put the other phone down"),
        ),
        Refusal::SecondCode => Words::new(
            ("此人可能已拍", "另一个码已有照片，姓名和后四位或学号相同：问清学籍，确需再拍按 Y"),
            ("maybe kept before", "under another code of the same person: ask which enrolment, Y to go on"),
        ),
        Refusal::NoRoom => Words::new(
            ("磁盘快满了", "不能再请人坐下：请清出空间；已保存的照片都在"),
            ("no room left", "nobody sits down: make room; what was saved is safe"),
        ),
        Refusal::NotOnDuty { retake: true } => Words::new(
            ("已有照片", "现在登录的人不做补拍：请补拍操作员或管理员按 F12 登录"),
            ("kept before", "whoever is logged in takes no retakes: who does presses F12 and logs in"),
        ),
        Refusal::NotOnDuty { retake: false } => Words::new(
            ("请摄影登录", "现在登录的人不拍照：请摄影、补拍操作员或管理员按 F12 登录"),
            ("no photographer", "whoever is logged in takes no photos: who does presses F12 and logs in"),
        ),
    }
}

fn phrase(zh: &str, en: &str) -> crate::language::Phrase {
    crate::language::Phrase::new(zh, en)
}

fn not_a_code(what: &NotACode) -> Words {
    let ask = "请出示学信网的图像采集码";
    let ask_en = "ask for the capture code of 学信网";
    match what {
        NotACode::Foreign(what) => Words {
            headline: phrase("不是采集码", "no capture code"),
            remedy: phrase(&format!("这是{}：{ask}", what.zh), &format!("this is {}: {ask_en}", what.en)),
        },
        NotACode::Unknown => Words::new(
            ("不是采集码", "这个码不是本次采集认识的格式：请出示学信网的图像采集码"),
            ("no capture code", "nothing this job knows: ask for the capture code of 学信网"),
        ),
        NotACode::Unfit(why) => {
            let (zh, en) = match why {
                CodeError::Empty => ("二维码是空的", "it is empty"),
                CodeError::ControlCharacters { .. } => ("含有控制字符", "it holds control characters"),
                CodeError::TooLong { .. } => ("内容太长", "it is too long"),
                CodeError::NotText { .. } => ("内容不是文字", "it is no text"),
            };
            Words {
                headline: phrase("不是采集码", "no capture code"),
                remedy: phrase(&format!("{zh}：{ask}"), &format!("{en}: {ask_en}")),
            }
        }
    }
}
