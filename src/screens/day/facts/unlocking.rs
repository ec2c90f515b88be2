//! The sentences of who showed a passphrase, and of who did not know it.

use crate::{
    keys::Deed,
    language::Phrase,
    profile::Role,
    shot::{Moment, date_and_time},
    station::Fact,
};

/// What the deeds for which two must stand are called, by their short names.
const DEEDS: [(Deed, &str, &str); 6] = [
    (Deed::ExportWithIdentity, "导出", "export"),
    (Deed::ImportRoster, "导入学校名册", "taking in the school's roster"),
    (Deed::MovePhoto, "勘误", "moving a portrait to another student"),
    (Deed::GiveStray, "把未归属的照片归给考生", "giving a shot that was nobody's to a student"),
    (Deed::Delete, "监督删除", "supervised deletion"),
    (Deed::ChangeSupervisors, "增减学校监督员", "changing who supervises"),
];

/// Somebody logged in, or stood for something.
pub(super) fn unlocked(purpose: &str, role: Role, by: &str) -> Phrase {
    let role = match role {
        Role::Photographer => ("摄影师", "the photographer"),
        Role::RetakeOperator => ("补拍操作员", "the retake operator"),
        Role::Supervisor => ("学校监督员", "the school's supervisor"),
        Role::Administrator => ("管理员", "the administrator"),
    };
    let named = |role: &str| if by.is_empty() { role.to_owned() } else { format!("{role} {by} ") };
    let (zh, en) = (named(role.0), named(role.1));
    let en = en.trim_end();
    let deed = DEEDS.into_iter().find(|(deed, ..)| deed.slug() == purpose);
    let what = deed.map_or_else(|| Phrase::new(purpose, purpose), |(_, zh, en)| Phrase::new(zh, en));
    if purpose == Fact::LOGIN {
        Phrase::new(format!("{zh}登录"), format!("{en} logged in"))
    } else if by.is_empty() {
        // Written before passphrases were asked for: a role, on somebody's word.
        Phrase::new(
            format!("{zh}在场，允许文件名写明身份（用途：{}）", what.zh),
            format!("{en} stood for file names that show identities (for: {})", what.en),
        )
    } else {
        Phrase::new(
            format!("{zh}输入口令，作为第二人批准：{}", what.zh),
            format!("{en} stood for it as the second, with a passphrase: {}", what.en),
        )
    }
}

/// Somebody tried in vain to log in.
pub(super) fn failed(holder: &str, times: u32, (first, last): (Moment, Moment)) -> Phrase {
    let (from, to) = (date_and_time(first), date_and_time(last));
    let whose = if holder == "?" {
        Phrase::new("已移除的人", "somebody who was removed")
    } else {
        Phrase::new(holder, holder)
    };
    if times == 1 {
        return Phrase::new(
            format!("口令输错一次（选的是{}）：{from}", whose.zh),
            format!("a wrong passphrase was typed for {}: {from}", whose.en),
        );
    }
    Phrase::new(
        format!("口令输错 {times} 次（选的是{}）：{from} 到 {to}", whose.zh),
        format!("wrong passphrases were typed for {}, {times} times: {from} to {to}", whose.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Administrator, Supervisor};

    #[test]
    fn who_stood_is_named_and_what_was_written_before_names_reads_as_it_did() {
        let says = |purpose: &str, role, by: &str| unlocked(purpose, role, by).zh;
        assert_eq!(says("export", Supervisor, ""), "学校监督员在场，允许文件名写明身份（用途：导出）");
        assert_eq!(says("correct", Supervisor, "赵老师"), "学校监督员 赵老师 输入口令，作为第二人批准：勘误");
        assert_eq!(says(Fact::LOGIN, Administrator, "陈工"), "管理员 陈工 登录");
        assert_eq!(says("later", Administrator, "陈工"), "管理员 陈工 输入口令，作为第二人批准：later");
    }

    #[test]
    fn whose_passphrase_was_wrong_is_named_as_long_as_he_is_known() {
        let twice = failed("陈工", 2, (Moment(0), Moment(1000))).zh;
        assert!(twice.starts_with("口令输错 2 次（选的是陈工）：") && twice.contains(" 到 "), "{twice}");
        assert!(failed("?", 1, (Moment(0), Moment(0))).zh.contains("已移除的人"));
    }
}
