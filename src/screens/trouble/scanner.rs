//! Words for what a scanner typed and nobody can use.

use super::Words;
use crate::scan::Misscan;

/// Words for a scan that is refused.
#[must_use]
pub fn misscan(why: Misscan) -> Words {
    match why {
        Misscan::Incomplete => Words::new(
            ("扫码枪的内容可能不完整，没有采用", "请停一秒再扫一次；总是这样时，请把扫码枪设为以回车结尾"),
            (
                "the scan may be incomplete and was not used",
                "wait a second and scan again; if it stays so, set the scanner to end with Enter",
            ),
        ),
        Misscan::NoPrefix => Words::new(
            (
                "扫码枪的内容没有本机设置里的前缀，没有采用",
                "请再扫一次，或核对 settings.toml 的 scanner.prefix",
            ),
            (
                "the scan lacks the prefix of the settings and was not used",
                "scan again, or check scanner.prefix in settings.toml",
            ),
        ),
        Misscan::CapsLock => Words::new(
            ("键盘的大写锁定开着，扫码枪的大小写会颠倒", "请按 CapsLock 关闭大写锁定后再扫一次"),
            ("Caps Lock is on and turns the scanner's letters about", "turn it off and scan again"),
        ),
        Misscan::Layout => Words::new(
            ("键盘布局不是美式英语，扫码枪的字符会变样", "请把系统的键盘布局改为美式英语（US）后再扫一次"),
            (
                "the keyboard's layout is not American English, and changes what the scanner types",
                "set the system's layout to English (US) and scan again",
            ),
        ),
        Misscan::FullWidth => Words::new(
            ("输入法是全角状态，扫码枪的字符会变样", "请切换到英文半角输入后再扫一次"),
            ("the input method writes full-width characters", "switch it to English and scan again"),
        ),
        Misscan::InputMethod => Words::new(
            ("中文输入法把扫码枪的内容当成了拼音", "请切换到英文输入，清空输入框后再扫一次"),
            (
                "the Chinese input method took the scan for pinyin",
                "switch it to English, clear the field and scan again",
            ),
        ),
        Misscan::Lines => Words::new(
            ("扫到的内容有好几行，不是采集码", "请考生出示学信网的图像采集码"),
            ("the scan has several lines: no capture code", "ask the student for the capture code of 学信网"),
        ),
        Misscan::TooLong => Words::new(
            ("扫到的内容太长，不是采集码", "请考生出示学信网的图像采集码"),
            ("the scan is too long for a capture code", "ask the student for the capture code of 学信网"),
        ),
    }
}

/// Words for a student who scans while another one sits.
#[must_use]
pub fn somebody_sits() -> Words {
    Words::new(
        ("上一位考生还没有结束，这次扫码没有采用", "请在上一位结束后再扫一次"),
        ("somebody still sits: this scan was not used", "scan again when he has left"),
    )
}

/// Words for a command's code that no command has.
#[must_use]
pub fn unknown_command() -> Words {
    Words::new(
        ("这张命令码卡片不是本程序的", "请用 caiying scan --command-card 重新打印"),
        ("this command is not known", "print a new card with caiying scan --command-card"),
    )
}

/// Words for a command that means nothing now.
#[must_use]
pub fn no_use_for_command() -> Words {
    Words::new(
        ("现在用不上这个命令码", "请看屏幕下方现在可用的按键"),
        ("this command means nothing now", "the keys that do stand at the screen's foot"),
    )
}
