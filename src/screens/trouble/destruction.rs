//! Words for the supervised deletion: what is asked, what stands in its way, how it ended, and what a certificate is worth.

use std::path::Path;

use super::{Words, clerk, export, key_file};
use crate::{
    clerk::Inventory,
    errand::{Certificate, CertificateFault, DestructionError, Finished, JournalFault, LEAST_WAIVER},
    language::Phrase,
    sync::ExportError,
};

/// What a supervisor types to accept what was delivered.
pub const ACCEPTED: [&str; 2] = ["已验收", "accepted"];

/// Words for a store that is not destroyed, or not wholly.
#[must_use]
pub fn destruction(err: &DestructionError) -> Words {
    match err {
        DestructionError::Clerk(err) => clerk(err),
        DestructionError::KeyFile(err) => key_file(err),
        DestructionError::Folder(err) => certificate_folder(err),
        DestructionError::InsideTheStore => Words::new(
            ("证书不能放在要销毁的数据文件夹里", "请把 --certificate 指到别处，最好是学校的 U 盘"),
            (
                "the certificate cannot lie in the store itself",
                "give another folder, best on the school's stick",
            ),
        ),
        DestructionError::Elsewhere(part) => elsewhere(part),
        DestructionError::HasACertificate => Words::new(
            ("这个文件夹里已有一份销毁证书", "没有销毁；请换一个文件夹，不要覆盖旧证书"),
            ("there is a certificate in this folder already", "nothing was destroyed; give another folder"),
        ),
        DestructionError::Undelivered { count } => Words::new(
            (
                format!("{count} 位考生的成品从未交付，没有销毁"),
                "请先导出（caiying export）；学校书面放弃的，加 --waiver 当场写明理由",
            ),
            (
                format!("the portraits of {count} students were never delivered; nothing was destroyed"),
                "export them first, or give --waiver and type why the school waives them",
            ),
        ),
        DestructionError::Unsettled { undecided, withdrawn } => unsettled(*undecided, *withdrawn),
        DestructionError::NotAccepted => Words::new(
            ("学校没有验收，没有销毁", "请学校监督员核对交付的照片后再做"),
            (
                "the school did not accept what was delivered; nothing was destroyed",
                "let the supervisor look first",
            ),
        ),
        DestructionError::NoWaiver => Words::new(
            (
                format!("书面放弃要写 {LEAST_WAIVER} 到 400 个字"),
                "没有销毁；请写明由谁、因何放弃，不要写考生姓名",
            ),
            (err.to_string(), "nothing was destroyed; say who waives and why, and name no student"),
        ),
        DestructionError::Paper(_) | DestructionError::Unwritable(_) => Words::new(
            (format!("证书写不出来（{err}），没有销毁"), "请联系技术人员"),
            (format!("the certificate cannot be made ({err}); nothing was destroyed"), "call the technician"),
        ),
        DestructionError::Unfinished(source) => unfinished(source),
    }
}

fn elsewhere(part: &Path) -> Words {
    let part = part.display();
    Words::new(
        (
            format!("{part} 是链接，或在另一个文件系统上，没有销毁"),
            "请联系技术人员：先把它移回数据文件夹（真实的文件，不用链接和挂载点），再运行一次",
        ),
        (
            format!("{part} is a link or on another file system; nothing was destroyed"),
            "the technician first moves it back into the store's folder, neither linked nor mounted",
        ),
    )
}

fn unsettled(undecided: usize, withdrawn: usize) -> Words {
    let said = open_ends(&Inventory { undecided, withdrawn, ..Inventory::default() });
    Words::new(
        (
            format!("{}：没有销毁", said.zh),
            "请先补拍或更正（caiying correct），再导出；学校书面放弃的，加 --waiver 当场写明理由",
        ),
        (
            format!("{}: nothing was destroyed", said.en),
            "take them again or correct them, and export; or give --waiver and type why the school waives them",
        ),
    )
}

fn certificate_folder(err: &ExportError) -> Words {
    let said = export(err);
    Words {
        headline: Phrase::new(
            format!("证书文件夹：{}", said.headline.zh),
            format!("the certificate's folder: {}", said.headline.en),
        ),
        remedy: Phrase::new(
            "没有销毁；请换一个能写的文件夹",
            "nothing was destroyed; give a folder that can be written",
        ),
    }
}

fn unfinished(source: &DestructionError) -> Words {
    let said = destruction(source).headline;
    Words::new(
        (
            format!("钥匙已经销毁，数据再也打不开，但还没有做完（{}）", said.zh),
            "请排除原因后再运行 caiying destroy，它会删完剩下的文件；证书文件夹里有已签名的草稿",
        ),
        (
            format!("the keys are erased and nothing opens any more, but not all is done ({})", said.en),
            "mend it and run caiying destroy again; the signed draft lies in the certificate's folder",
        ),
    )
}

/// Words for a certificate without a place.
#[must_use]
pub fn no_certificate_folder() -> Words {
    Words::new(
        ("没有写明证书放在哪里", "请加 --certificate 文件夹（数据文件夹以外，最好是学校的 U 盘）"),
        ("no folder is given for the certificate", "give --certificate DIR, outside the store"),
    )
}

/// What is about to be destroyed.
#[must_use]
pub fn to_be_destroyed(known: &Inventory, folder: &Path) -> Phrase {
    let Inventory { students, portraits, undelivered, shots, strays, broken_lines, without, .. } = known;
    let folder = folder.display();
    let mut zh = format!(
        "将要销毁 {folder}：{students} 位考生，成品 {portraits} 张，原片 {shots} 张（其中未归属 {strays} 张），\
         从未交付 {undelivered} 位"
    );
    let mut en = format!(
        "about to be destroyed: {folder}, {students} students, {portraits} portraits, {shots} originals ({strays} \
         nobody's), {undelivered} never delivered"
    );
    let others = open_ends(&Inventory { undelivered: 0, ..known.clone() });
    if !others.zh.is_empty() {
        zh.push_str(&format!("；{}", others.zh));
        en.push_str(&format!("; {}", others.en));
    }
    if *without > 0 {
        zh.push_str(&format!("；{without} 位考生坐过、没有成品"));
        en.push_str(&format!("; {without} students sat and have no portrait"));
    }
    if *broken_lines > 0 {
        zh.push_str(&format!("；流水有 {broken_lines} 处对不上，会写进证书"));
        en.push_str(&format!(
            "; the journal is broken in {broken_lines} places, which the certificate will say"
        ));
    }
    Phrase::new(zh, en)
}

/// Asks why portraits without a receipt may go.
#[must_use]
pub fn ask_for_waiver(known: &Inventory) -> Phrase {
    let said = open_ends(known);
    Phrase::new(
        format!("{}。请写明由谁、因何放弃（不少于 {LEAST_WAIVER} 个字，不写考生姓名）", said.zh),
        format!(
            "{}. Who waives them, and why ({LEAST_WAIVER} characters or more, no student's name)",
            said.en
        ),
    )
}

/// What the school was not given, or not rightly.
fn open_ends(known: &Inventory) -> Phrase {
    let ends = [
        (known.undelivered, "位考生的成品从未交付", "were never delivered"),
        (known.undecided, "位考生有两张成品，还没有人决定用哪张", "have two portraits and nobody decided"),
        (
            known.withdrawn,
            "位考生交付过的成品后来更正为不是他的，没有再交付",
            "were delivered with another's portrait, and with nothing right since",
        ),
    ];
    let ends = ends.iter().filter(|(count, ..)| *count > 0);
    let (zh, en): (Vec<String>, Vec<String>) =
        ends.map(|(count, zh, en)| (format!("{count} {zh}"), format!("{count} {en}"))).unzip();
    Phrase::new(zh.join("；"), en.join("; "))
}

/// Asks the supervisor whether the school accepts what was delivered.
#[must_use]
pub fn ask_for_acceptance(supervisor: &str, delivered: usize) -> Phrase {
    Phrase::new(
        format!("{supervisor}：学校已收到并验收 {delivered} 位考生的照片，请输入“已验收”"),
        format!(
            "{supervisor}: the school has and accepts the photos of {delivered} students; type \"accepted\""
        ),
    )
}

/// Asks for the last word.
#[must_use]
pub fn ask_for_last_word(name: &str, portraits: usize, rehearsal: bool) -> Phrase {
    let (zh, en) =
        if rehearsal { ("这是演练的数据。", "This is a rehearsal's store. ") } else { ("", "") };
    Phrase::new(
        format!("{zh}销毁后谁也打不开，也不能恢复。确认请输入文件夹名“{name}”或成品张数 {portraits}"),
        format!(
            "{en}Nothing brings it back. To go on, type the folder's name \"{name}\" or the number {portraits}"
        ),
    )
}

/// Words for a last word that was not given.
#[must_use]
pub fn not_confirmed() -> Words {
    Words::new(
        ("输入的不是文件夹名，也不是成品张数，没有销毁", "要销毁请重新运行"),
        (
            "neither the folder's name nor the number was typed; nothing was destroyed",
            "run it again to go on",
        ),
    )
}

/// Asks whether what an interrupted destruction left is to go.
#[must_use]
pub fn ask_to_finish(folder: &Path, name: &str) -> Phrase {
    let folder = folder.display();
    Phrase::new(
        format!("{folder} 的销毁上次没有做完，钥匙已经没有了。要删完剩下的文件，请输入文件夹名“{name}”"),
        format!(
            "the destruction of {folder} was interrupted, and its keys are gone. To remove what is left, type the \
             folder's name \"{name}\""
        ),
    )
}

/// Words for an interrupted destruction that nobody wants finished now.
#[must_use]
pub fn not_finished() -> Words {
    Words::new(
        ("输入的不是文件夹名，没有再删除什么", "要删完请重新运行 caiying destroy"),
        ("that is not the folder's name; nothing more was removed", "run caiying destroy again to go on"),
    )
}

/// What is said while it is done.
#[must_use]
pub fn under_way() -> Phrase {
    Phrase::new(
        "正在销毁并核对；检索整卷可能要几分钟，请不要关机",
        "destroying and looking at what is left: the raw volume may take minutes; do not switch off",
    )
}

/// How it ended.
#[must_use]
pub fn destroyed(certificate: &Certificate, folder: &Path) -> Words {
    let (number, folder) = (&certificate.number, folder.display());
    let (zh, en) = if certificate.rehearsal {
        ("演练数据", "the rehearsal's store")
    } else {
        ("数据", "the store")
    };
    let is_passed = certificate.is_passed();
    if is_passed {
        return Words::new(
            (
                format!("{zh}已销毁并核对，证书 {number} 在 {folder}"),
                "请打印“销毁证书.pdf”，两人签字，和同一文件夹里的其余文件一起交学校保存",
            ),
            (
                format!("{en} is destroyed and was looked at; certificate {number} is in {folder}"),
                "print the PDF, sign it, and give the school the whole folder",
            ),
        );
    }
    Words::new(
        (
            format!("{zh}的钥匙已销毁，但核对时有一项没有通过，证书 {number} 在 {folder} 里写明是哪一项"),
            "请不要把这台电脑或硬盘交出去，联系技术人员",
        ),
        (
            format!(
                "the keys of {en} are erased, but one check failed: certificate {number} in {folder} says which"
            ),
            "do not hand this computer or disk on; call the technician",
        ),
    )
}

/// How a destruction ended that had been interrupted.
#[must_use]
pub fn destruction_finished(finished: &Finished) -> Words {
    let Finished { removed, left, certificate } = finished;
    let place = certificate.display();
    if *left > 0 {
        return Words::new(
            (
                format!("上次的销毁：又删除 {removed} 个文件，还有 {left} 个删不掉"),
                "请检查磁盘是否只读，再运行一次",
            ),
            (
                format!("the interrupted destruction: {removed} more files removed, {left} cannot be"),
                "is the disk read-only? then run it again",
            ),
        );
    }
    Words::new(
        (
            format!("上次的销毁已做完：又删除 {removed} 个文件，什么也没有留下"),
            &format!("钥匙早已销毁，不能再签名；已签名的草稿和补记在 {place}"),
        ),
        (
            format!("the interrupted destruction is done: {removed} more files removed, nothing is left"),
            &format!("nothing can sign any more; the signed draft and a note are in {place}"),
        ),
    )
}

/// Words for a certificate that holds.
#[must_use]
pub fn certificate_holds(certificate: &Certificate, kept: usize) -> Words {
    let Certificate { number, began, journal, .. } = certificate;
    let lines = journal.lines;
    let (zh, en) = match kept {
        0 => (
            "没有比对学校保存的检查点：签名只说明没有改动，不说明是哪台采集站；请加 --checkpoint".to_owned(),
            "no checkpoint was compared: that it is the station's own key is not shown; give --checkpoint"
                .to_owned(),
        ),
        _ => (
            format!("和学校保存的 {kept} 个检查点是同一把密钥签的，流水也对得上"),
            format!("signed with the key of {kept} kept checkpoints, with which the journal agrees"),
        ),
    };
    let (whole_zh, whole_en) = match journal.broken {
        0 => ("完好".to_owned(), "is whole".to_owned()),
        n => (
            format!("有 {n} 处在销毁前就对不上，证书已写明"),
            format!("was broken in {n} places before, as the certificate says"),
        ),
    };
    let is_passed = certificate.is_passed();
    let (state_zh, state_en) = match (certificate.is_final, is_passed) {
        (true, true) => ("核对通过", "every check passed"),
        (true, false) => ("核对时有一项没有通过", "a check failed"),
        (false, _) => ("这是动手前的草稿", "this is a draft from before anything was erased"),
    };
    Words::new(
        (format!("证书 {number}（{began}）签名完好，{state_zh}，流水 {lines} 行{whole_zh}"), &zh),
        (
            format!(
                "certificate {number} ({began}) is signed, {state_en}, its journal of {lines} lines {whole_en}"
            ),
            &en,
        ),
    )
}

/// Words for a certificate that does not hold.
#[must_use]
pub fn certificate(fault: &CertificateFault) -> Words {
    let zh = match fault {
        CertificateFault::NotOne => "这不是销毁证书".to_owned(),
        CertificateFault::NotSigned => "签名不是这份证书的：内容被改动，或签名文件不对".to_owned(),
        CertificateFault::OtherJournal => "旁边的流水不是证书写明的那一份".to_owned(),
        CertificateFault::Journal(fault) => journal(*fault),
        CertificateFault::OtherStation => {
            "学校保存的检查点是另一台采集站签的，或和旁边的流水对不上".to_owned()
        }
    };
    Words::new(
        (zh, "请不要采信；向采集单位要原件，一个字也不要改"),
        (fault.to_string(), "do not rely on it; ask for the files as they were written"),
    )
}

fn journal(fault: JournalFault) -> String {
    match fault {
        JournalFault::Unreadable(line) => format!("流水文件第 {line} 行读不懂"),
        JournalFault::Missing(seq) => format!("流水第 {seq} 行不见了，或是插进来的"),
        JournalFault::Changed(seq) => format!("流水第 {seq} 行被改动，或接不上前一行"),
        JournalFault::Checkpoint(size) => format!("第 {size} 行之后的检查点和流水对不上"),
    }
}
