//! 销毁证书 in words, for paper: every field that NIST SP 800-88r1 section 4.8 asks for has its line, also where nobody
//! knows what belongs there.

use crate::{
    errand::{CardNote, Category, Certificate, Limit, MediumNote, Person, VolumeNote},
    paper::Section,
    shot::Digest,
};

/// The method in the language of those who sign.
const METHOD: &str = "照片和台账从写到磁盘的那一刻起就是密文。销毁时把唯一的钥匙文件在原处先写随机数、再写零，各自落盘后删除；\
    清空并压缩台账；把每个封存文件的开头和整个台账文件在原处写零，落盘后删除。";

/// What stands where nobody knows.
const UNKNOWN: &str = "未知 unknown（本机读不到）";

/// What stands where somebody may write with a pen.
const BY_HAND: &str = "________________________";

/// A certificate's title, its sections, and what stands at the foot of each sheet; `digest` is its JSON's.
#[must_use]
pub fn certificate_sections(certificate: &Certificate, digest: Digest) -> (String, Vec<Section>, String) {
    let state = match (certificate.is_final, certificate.rehearsal) {
        (true, false) => "",
        (true, true) => "（演练）",
        (false, _) => "（草稿：尚未销毁）",
    };
    let sections = vec![
        what(certificate),
        medium(&certificate.medium),
        how(certificate),
        counts(certificate),
        delivery(certificate),
        verification(certificate),
        limits(certificate),
        journal(certificate, digest),
        person("销毁人 Sanitised by", Some(&certificate.sanitised_by)),
        person("监督核对人 Verified by", certificate.verified_by.as_ref()),
    ];
    let foot = format!("证书 {}    JSON SHA-256 {digest}", certificate.number);
    (format!("数据销毁证书{state}"), sections, foot)
}

fn section(heading: &str, rows: Vec<(&str, String)>) -> Section {
    let rows = rows.into_iter().map(|(name, said)| (name.to_owned(), said)).collect();
    Section { heading: heading.to_owned(), rows }
}

fn or_unknown(said: Option<&String>) -> String {
    said.cloned().unwrap_or_else(|| UNKNOWN.to_owned())
}

fn or_by_hand(said: Option<&String>) -> String {
    said.cloned().unwrap_or_else(|| BY_HAND.to_owned())
}

fn what(certificate: &Certificate) -> Section {
    let Certificate { number, began, ended, profile, keys, .. } = certificate;
    section(
        "证书 Certificate",
        vec![
            ("编号", number.clone()),
            ("开始", began.clone()),
            ("结束", ended.clone().unwrap_or_else(|| "尚未".to_owned())),
            ("批次（档案）", profile.clone()),
            ("本站公钥 Ed25519", keys.station.clone()),
            ("批次公钥 age", keys.batch.clone()),
            (
                "学校恢复公钥",
                keys.recovery.clone().unwrap_or_else(|| "没有设：没有任何人托管密钥".to_owned()),
            ),
        ],
    )
}

fn medium(medium: &MediumNote) -> Section {
    let kind = match medium.kind.as_str() {
        "magnetic" => "机械硬盘 magnetic",
        "flash" => "闪存或固态 flash",
        "file" => "文件里的卷 volume in a file",
        _ => UNKNOWN,
    };
    let bytes = medium.bytes.map_or_else(|| UNKNOWN.to_owned(), |bytes| format!("{bytes} 字节"));
    let encrypted =
        if medium.encrypted { "有（LUKS）" } else { "没有，或由硬盘自己加密（看不到）" };
    section(
        "介质 Media",
        vec![
            ("制造商 Make", or_unknown(medium.maker.as_ref())),
            ("型号 Model", or_unknown(medium.model.as_ref())),
            ("序列号 Serial", or_unknown(medium.serial.as_ref())),
            ("资产编号 Property no.", or_by_hand(medium.property_number.as_ref())),
            ("介质类型 Type", kind.to_owned()),
            ("来源 Source", or_unknown(medium.source.as_ref())),
            (
                "卷",
                format!(
                    "{}，{}，{bytes}",
                    or_unknown(medium.device.as_ref()),
                    or_unknown(medium.file_system.as_ref())
                ),
            ),
            ("系统整盘加密", encrypted.to_owned()),
        ],
    )
}

fn how(certificate: &Certificate) -> Section {
    let description = match certificate.description {
        Category::Purge => "Purge（密码擦除；介质会把旧内容就地覆盖）",
        Category::Clear => "Clear（密码擦除；介质可能另存旧块，或不知是何介质，故不称 Purge）",
    };
    let tool = &certificate.tool;
    section(
        "方法 Sanitization",
        vec![
            ("级别 Description", description.to_owned()),
            ("方法", METHOD.to_owned()),
            ("方法 Method", certificate.method.clone()),
            ("工具 Tool", format!("{} {}", tool.name, tool.version)),
            ("核对方法 Verification", certificate.verification_method.clone()),
            ("介质去向 Destination", or_by_hand(certificate.destination.as_ref())),
        ],
    )
}

fn counts(certificate: &Certificate) -> Section {
    let counts = certificate.counts;
    let mut rows = vec![
        ("考生", format!("{} 位有成品", counts.students)),
        ("成品", format!("{} 张（含被取代和更正的）", counts.portraits)),
        ("原片", format!("{} 张，其中未归属 {} 张", counts.shots, counts.strays)),
        (
            "未了",
            format!(
                "两张成品未定 {} 位；交付后更正、未再交付 {} 位；坐过没有成品 {} 位",
                counts.undecided, counts.withdrawn, counts.without
            ),
        ),
        ("文件", format!("{} 个（库内 {} 个），{} 字节", counts.files, counts.objects, counts.bytes)),
    ];
    rows.extend(certificate.card_files.iter().map(|card| ("相机卡上取回过的", on_card(card))));
    rows.extend(
        certificate.copies.iter().map(|copy| ("流水记有的备份", format!("{} {}", copy.at, copy.target))),
    );
    if certificate.copies.is_empty() {
        rows.push(("备份", "流水没有记过备份；程序之外的复制无从得知".to_owned()));
    }
    section("内容 Contents", rows)
}

fn on_card(card: &CardNote) -> String {
    let CardNote { camera, folder, names, unnamed } = card;
    let ends = match (names.first(), names.last()) {
        (Some(first), Some(last)) => format!("{first} 至 {last}，"),
        _ => String::new(),
    };
    let camera = if camera.is_empty() { "相机未知" } else { camera };
    format!(
        "{camera} {folder}：{ends}共 {} 个（全部文件名在 JSON 里）；本程序不擦卡，请另行格式化",
        names.len() + unnamed
    )
}

fn delivery(certificate: &Certificate) -> Section {
    let delivery = &certificate.delivery;
    let accepted = delivery.accepted_by.clone().unwrap_or_else(|| "无".to_owned());
    let waiver = delivery.waiver.clone().unwrap_or_else(|| "无".to_owned());
    section(
        "交付 Delivery",
        vec![
            ("有回执", format!("{} 位", delivery.delivered)),
            ("从未交付", format!("{} 位", delivery.undelivered)),
            ("学校验收人", accepted),
            ("书面放弃", waiver),
        ],
    )
}

fn verification(certificate: &Certificate) -> Section {
    let Some(found) = &certificate.verification else {
        return section("核对 Verification", vec![("", "尚未核对".to_owned())]);
    };
    let yes = |is: bool| if is { "是" } else { "否" }.to_owned();
    let mut rows = vec![
        ("结论", if certificate.is_passed() { "通过 passed" } else { "没有通过 FAILED" }.to_owned()),
        ("钥匙文件已不在", yes(found.key_file_gone)),
        ("原处读回全零", yes(found.key_file_reads_zero)),
        ("抽样", format!("{} 个，事后仍能打开 {} 个", found.sample, found.sample_opens)),
        ("台账仍能打开", yes(found.ledger_opens)),
        (
            "文件",
            format!(
                "剩 {} 个；没能覆写开头 {} 个；不是本程序的 {} 个（未动）",
                found.files_left, found.not_overwritten, found.strange_files
            ),
        ),
    ];
    rows.push(("整卷检索", volume(&found.volume)));
    section("核对 Verification", rows)
}

fn volume(found: &VolumeNote) -> String {
    match found {
        VolumeNote::No { why } => {
            let why = match why.as_str() {
                "unknown_device" => "不知道是哪个设备",
                "not_permitted" => "没有权限读设备（请用 root 运行）",
                "too_large" => "卷太大（见 --search-gib）",
                said => said,
            };
            format!("没有做：{why}")
        }
        VolumeNote::Yes {
            device,
            bytes,
            secrets,
            secrets_found,
            heads_found,
            codes,
            codes_found,
            markers_found,
        } => {
            format!(
                "{device} 共 {bytes} 字节：密钥和钥匙文件片段 {secrets} 段，出现 {secrets_found} 处；抽样文件的开头\
                 出现 {heads_found} 处；采集码 {codes} 个，出现 {codes_found} 处（同一卷上的交付文件也算）；明文照片\
                 或数据库的开头 {markers_found} 处（卷上别的文件也算）"
            )
        }
    }
}

fn limits(certificate: &Certificate) -> Section {
    let rows = certificate
        .limits
        .iter()
        .map(|limit| ("", format!("· {}", limit_words(*limit, certificate))))
        .collect();
    section("没有做到的 What this leaves open", rows)
}

fn limit_words(limit: Limit, certificate: &Certificate) -> &'static str {
    let no_heads = certificate.has_no_heads_left();
    match limit {
        Limit::FlashKeepsOldBlocks => {
            "固态硬盘、U 盘和存储卡会把新内容写到别处，被覆盖的钥匙旧块可能还在芯片里，拆下芯片并且知道口令的人也许能读出。\
             要排除这一点，请一开始就用 LUKS 或硬盘自带的 Opal 整盘加密，停用时再执行硬盘的安全擦除。"
        }
        Limit::SchoolHasItsRecoveryKey if !no_heads => {
            "学校持有恢复密钥的私钥。它能打开此前复制走的封存文件（例如备份）；这里删掉的文件，如果磁盘上还留有完整的旧块，\
             它也可能打开。"
        }
        Limit::SchoolHasItsRecoveryKey => {
            "学校持有恢复密钥的私钥。它能打开此前复制走的封存文件（例如备份），打不开这里删掉的。"
        }
        Limit::CopiesElsewhere => {
            "备份和别处的复制不在此列：有人连钥匙文件一起复制过，那一份凭口令仍能打开。备份请另行销毁。"
        }
        Limit::CardsAreNotErased => "相机卡没有擦除。取回过的文件名列在 JSON 里，请在相机上格式化。",
        Limit::SealedPiecesStay if !no_heads && certificate.keys.recovery.is_none() => {
            "磁盘空闲处还留有封存文件的碎片。它们是密文，钥匙文件已经没有了。"
        }
        Limit::SealedPiecesStay if !no_heads => {
            "磁盘空闲处还留有封存文件的碎片。它们是密文，钥匙文件已经没有了；文件开头（装着它的密钥）是否都已就地覆写，\
             不能确定，持有恢复密钥私钥的人也许能打开其中一些。"
        }
        Limit::SealedPiecesStay => {
            "磁盘空闲处还留有封存文件的碎片。它们是密文，钥匙已经没有了；每个文件的开头（装着它的密钥）已就地覆写。"
        }
        Limit::MemoryUntilSwitchedOff => "钥匙在本机内存里用过，交换区也可能有。请现在关机。",
        Limit::WhatWasDelivered => "已交付的照片归学校，不在此列。",
    }
}

fn journal(certificate: &Certificate, digest: Digest) -> Section {
    let journal = &certificate.journal;
    let broken = if journal.broken == 0 {
        "完好".to_owned()
    } else {
        format!("此前已有 {} 处对不上", journal.broken)
    };
    section(
        "存留的流水 Journal",
        vec![
            (
                "文件",
                format!(
                    "{}，{} 行，其中 {} 行隐去了可能指向考生的字句；{broken}",
                    journal.file, journal.lines, journal.redacted
                ),
            ),
            ("文件 SHA-256", journal.sha256.to_string()),
            ("最后一行", journal.head.clone()),
            ("证书 JSON SHA-256", digest.to_string()),
            ("核对办法", "caiying destroy --check 销毁证书.json --checkpoint 学校保存的检查点".to_owned()),
        ],
    )
}

fn person(heading: &str, person: Option<&Person>) -> Section {
    let blank = BY_HAND.to_owned();
    let Some(person) = person else {
        return section(heading, vec![("", "演练，无需签字".to_owned())]);
    };
    section(
        heading,
        vec![
            ("姓名 Name", if person.name.is_empty() { blank.clone() } else { person.name.clone() }),
            ("职务 Title", if person.title.is_empty() { blank.clone() } else { person.title.clone() }),
            ("日期 Date", person.date.clone()),
            ("地点 Place", or_by_hand(person.place.as_ref())),
            ("联系方式 Contact", or_by_hand(person.contact.as_ref())),
            ("签字 Signature", blank),
        ],
    )
}
