//! The words for what stays locked: passphrases, holders, the key file, and what may not be done alone.

use std::time::Duration;

use super::Words;
use crate::{
    keys::{KeysError, LabelFault, NotARecipient, Refused, SLOTS, Weakness},
    language::Phrase,
    vault::key_file::KeyFileError,
};

/// Words for a key file that could not be made, read, changed or destroyed.
#[must_use]
pub fn key_file(err: &KeyFileError) -> Words {
    match err {
        KeyFileError::Exists => Words::new(
            ("这个数据文件夹已有钥匙文件", "没有改动；请直接解锁，或换一个数据文件夹"),
            ("this store has a key file already", "nothing was changed; unlock it, or take another store"),
        ),
        KeyFileError::Missing => Words::new(
            (
                "钥匙文件不见了",
                "没有它什么都打不开；请不要在此拍摄，找回放错地方的 keys 文件，或请学校用恢复密钥打开照片",
            ),
            (
                "the key file is missing",
                "nothing opens without it: take no photos here; find the file keys where it was put by mistake, or the \
                 school opens the photos with its recovery key",
            ),
        ),
        KeyFileError::Destroyed => Words::new(
            (
                "这个数据文件夹已经监督删除，打不开了",
                "请运行 caiying destroy 删完剩下的文件；新的拍摄请换一个数据文件夹",
            ),
            (
                "this store was destroyed under supervision: nothing opens it",
                "run caiying destroy to clear away what is left; take another store for new photos",
            ),
        ),
        KeyFileError::NoSpace => Words::new(
            ("磁盘已满，钥匙文件没有写成", "请腾出空间后重试"),
            ("the disk is full: the key file was not made", "make room and try again"),
        ),
        KeyFileError::Disk { doing, source } => Words::new(
            (format!("钥匙文件无法读写（{doing}: {source}）"), "请检查磁盘是否在位、是否只读，然后重试"),
            (
                format!("the disk refused ({doing} the key file: {source})"),
                "is the disk there, and not read-only? then try again",
            ),
        ),
        KeyFileError::Keys(err) => keys(err),
    }
}

/// Words for a try that comes too early after others that failed.
#[must_use]
pub fn too_early(left: Duration) -> Words {
    let seconds = left.as_millis().div_ceil(1000);
    Words {
        headline: Phrase::new("口令输错太多次", "too many wrong passphrases"),
        remedy: Phrase::new(
            format!("请等 {seconds} 秒后再输；忘记口令请找管理员"),
            format!("wait {seconds} seconds and try again; forgotten: ask the administrator"),
        ),
    }
}

/// Words for whatever stays locked.
#[must_use]
pub fn keys(err: &KeysError) -> Words {
    Words { headline: headline(err), remedy: remedy(err) }
}

fn headline(err: &KeysError) -> Phrase {
    let (zh, en) = match err {
        KeysError::NotAKeyFile => ("钥匙文件的位置上是别的文件", "another file lies in the key file's place"),
        KeysError::NewerVersion { .. } => {
            ("钥匙文件是更新版本的采影写的", "a later caiying wrote the key file")
        }
        KeysError::Torn => ("钥匙文件两份都坏了", "both copies in the key file are broken"),
        KeysError::Tampered => {
            ("钥匙文件被人改过，不能信任", "somebody changed the key file: do not trust it")
        }
        KeysError::Costly => {
            ("钥匙文件要求的运算量不合理，不能信任", "the key file asks for absurd work: do not trust it")
        }
        KeysError::AnotherStore => {
            ("钥匙属于另一个数据文件夹，没有改动", "these are another store's keys; nothing was changed")
        }
        KeysError::Stale => ("钥匙文件刚被别人改过，没有改动", "the key file was changed in the meantime"),
        KeysError::WrongPassphrase => ("口令不对", "wrong passphrase"),
        KeysError::NoSuchHolder { .. } => ("这个人已不在名单里", "this holder is no longer in the list"),
        KeysError::LastAdministrator => ("这是最后一位管理员，不能移除", "this is the last administrator"),
        KeysError::NotARecoverySecret => ("这不是恢复密钥的私钥", "this is no recovery secret"),
        KeysError::NoRecovery => ("这个数据文件夹没有设恢复密钥", "this store has no recovery key"),
        KeysError::WrongRecovery => {
            ("这把恢复密钥打不开这个数据文件夹", "this recovery key does not open this store")
        }
        KeysError::OpenToAll => {
            ("这是演练用的数据文件夹，没有口令", "this is a rehearsal's store: it has no passphrases")
        }
        KeysError::NeedsPassphrase => ("这个数据文件夹要用口令打开", "this store opens with a passphrase"),
        KeysError::NoMemory => ("内存不足，无法核对口令", "not enough memory to check a passphrase"),
        KeysError::NoRandomness => {
            ("系统给不出随机数，没有改动", "the system gives no random numbers; nothing was changed")
        }
        KeysError::CannotSeal => ("封存失败，没有保存", "sealing failed and nothing was saved"),
        KeysError::NotSealed => ("这个文件没有封存", "this file is not sealed"),
        KeysError::OthersSeal => ("这个文件不是用这里的钥匙封存的", "this file is sealed to other keys"),
        KeysError::Spoilt => ("封存的文件被改动或损坏", "this sealed file was changed or damaged"),
        KeysError::Full => {
            return Phrase::new(format!("{SLOTS} 个名额已满"), format!("all {SLOTS} slots are held"));
        }
        KeysError::Refused(why) => return deed_refused(*why).headline,
        KeysError::Label(fault) => return label(*fault).headline,
        KeysError::Weak(weakness) => return weak(*weakness).headline,
        KeysError::Recipient(fault) => return recipient(*fault).headline,
    };
    Phrase::new(zh, en)
}

fn remedy(err: &KeysError) -> Phrase {
    let (zh, en) = match err {
        KeysError::NotAKeyFile | KeysError::Torn => (
            "请不要在此拍摄；联系技术人员，或请学校用恢复密钥打开照片",
            "take no photos here; call the technician, or let the school open the photos \
             with its recovery key",
        ),
        KeysError::NewerVersion { .. } => ("请升级采影后再打开", "upgrade, then open it"),
        KeysError::Tampered | KeysError::Costly => {
            ("请停止使用，保留原样，联系管理员", "stop, leave everything as it is, call the administrator")
        }
        KeysError::AnotherStore => ("请检查数据文件夹是否被换过", "was the store's folder exchanged?"),
        KeysError::Stale => ("请重新解锁后再做一次", "unlock again and do it once more"),
        KeysError::WrongPassphrase => (
            "请看清大小写和输入法后再输一次；忘记口令请找管理员",
            "mind capitals and input method and type it again; forgotten: ask the administrator",
        ),
        KeysError::NoSuchHolder { .. } | KeysError::NeedsPassphrase => {
            ("请选自己的名字并输入口令", "choose your name and type your passphrase")
        }
        KeysError::Full => {
            ("请管理员先移除不再来的人", "the administrator first removes somebody who has left")
        }
        KeysError::LastAdministrator => ("请先加一位管理员", "add another administrator first"),
        KeysError::NotARecoverySecret => (
            "私钥以 AGE-SECRET-KEY-1 开头，请学校完整粘贴",
            "it begins with AGE-SECRET-KEY-1; the school pastes all of it",
        ),
        KeysError::NoRecovery => ("只能用口令打开", "only a passphrase opens it"),
        KeysError::WrongRecovery => {
            ("请学校核对是不是这个批次的恢复密钥", "the school looks for this batch's recovery key")
        }
        KeysError::OpenToAll => {
            ("真实拍摄请另建数据文件夹并设口令", "make another store, with passphrases, for real photos")
        }
        KeysError::NoMemory => ("请关闭其他程序后再输一次", "close other programs and type it again"),
        KeysError::NoRandomness | KeysError::CannotSeal => (
            "请重启电脑后再试；仍不行请联系技术人员",
            "restart the computer; call the technician if it stays so",
        ),
        KeysError::NotSealed | KeysError::Spoilt => (
            "请不要使用它，联系技术人员从备份恢复",
            "do not use it; the technician restores it from a backup",
        ),
        KeysError::OthersSeal => (
            "没有改动；请检查是否来自另一个数据文件夹",
            "nothing was changed; does it come from another store?",
        ),
        KeysError::Refused(why) => return deed_refused(*why).remedy,
        KeysError::Label(fault) => return label(*fault).remedy,
        KeysError::Weak(weakness) => return weak(*weakness).remedy,
        KeysError::Recipient(fault) => return recipient(*fault).remedy,
    };
    Phrase::new(zh, en)
}

/// Words for a deed that those who stand for it may not do.
#[must_use]
pub fn deed_refused(why: Refused) -> Words {
    let (zh, en) = match why {
        Refused::NotTheirs => (
            ("当前登录的人无权做这件事", "请有权的人解锁后再做"),
            ("whoever unlocked may not do this", "somebody who may unlocks first"),
        ),
        Refused::NeedsSecond => (
            ("这件事须两人在场", "请第二个人选自己的名字并输入口令"),
            ("this takes two persons", "the second chooses their name and types their passphrase"),
        ),
        Refused::SamePerson => (
            ("第二个人不能是同一个人", "请另一位持口令的人输入"),
            ("the second person has to be another one", "another holder types their passphrase"),
        ),
        Refused::NeedsSupervisor => (
            ("两人中须有一位学校监督员", "请学校监督员输入口令"),
            ("one of the two has to be the school's supervisor", "the supervisor types their passphrase"),
        ),
        Refused::OnlySupervisors => (
            ("两人都是学校监督员", "请摄影方的人输入口令"),
            (
                "both are the school's supervisors",
                "somebody of the photographers' side types their passphrase",
            ),
        ),
    };
    Words::new(zh, en)
}

/// Settings were changed where nobody has logged in, and the store has an administrator.
#[must_use]
pub fn settings_locked() -> Words {
    Words::new(
        ("设置没有改：只有管理员能改设置", "请管理员先用自己的口令打开照片库，再按 F7"),
        (
            "nothing was changed: settings are the administrator's",
            "who opens the store first, then presses F7",
        ),
    )
}

fn weak(weakness: Weakness) -> Words {
    let (zh, en) = match weakness {
        Weakness::TooShort => {
            ("口令太短，至少 8 个字符", "the passphrase is too short: 8 characters or more")
        }
        Weakness::TooAlike => ("口令只有几个字符在重复", "the passphrase repeats the same few characters"),
        Weakness::Common => ("这个口令人人都会先猜到", "this passphrase is among the first anybody tries"),
        Weakness::OwnName => ("口令就是本人的名字", "the passphrase is the holder's own name"),
    };
    Words::new(
        (zh, "请换一个：几个不相干的词连起来，好记又难猜"),
        (en, "choose another: a few unrelated words in a row are easy to remember and hard to guess"),
    )
}

fn label(fault: LabelFault) -> Words {
    let (zh, en) = match fault {
        LabelFault::Empty => ("没有填姓名", "no name was given"),
        LabelFault::TooLong => ("姓名太长，最多 16 个汉字", "the name is too long: 48 bytes at most"),
        LabelFault::Invisible => ("姓名里有看不见的字符", "the name holds characters that nobody can see"),
        LabelFault::Taken => ("已有同名的人", "another holder has this name"),
    };
    Words::new((zh, "请改一下姓名"), (en, "change the name"))
}

fn recipient(fault: NotARecipient) -> Words {
    let (zh, en) = match fault {
        NotARecipient::Secret => {
            return Words::new(
                (
                    "这是恢复密钥的私钥，不能交给任何人，也不能填在这里",
                    "请学校把私钥收好，只填以 age1 开头的公钥；若已有旁人看到，请重新生成一对",
                ),
                (
                    "this is the secret half of a recovery key: it belongs to the school alone",
                    "give the public half, which begins with age1; if others have seen the secret, make a new pair",
                ),
            );
        }
        NotARecipient::Empty => ("没有填恢复公钥", "no recovery key was given"),
        NotARecipient::Foreign => ("这不是恢复公钥", "this is no recovery key"),
        NotARecipient::Mistyped => {
            ("恢复公钥有字符不对或不全", "a character of the recovery key is wrong or missing")
        }
        NotARecipient::Worthless => {
            ("这个公钥谁都能解开，不能用", "nothing can be kept from others with this key")
        }
    };
    Words::new(
        (zh, "请向学校要以 age1 开头的公钥，共 62 个字符，最好复制粘贴"),
        (
            en,
            "ask the school for the public key: it begins with age1 and has 62 characters; best copied and pasted",
        ),
    )
}
