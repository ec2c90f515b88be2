//! `caiying prove`: makes portraits again from their originals and compares them bit for bit.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{
    cli,
    failure::{Done, Failure},
    places, say, unlock,
};
use crate::{
    clerk::{Outcome, Proof, prove},
    language::{Language, Phrase},
    screens::trouble,
    shot::Digest,
};

/// Proves the files that were named, or everything the store ever kept.
pub(super) fn run(options: &cli::Prove, language: Language) -> Result<Done, Failure> {
    let store = places::store(options.store.as_deref())?;
    let digest = |file: &std::path::PathBuf| match fs::read(file) {
        Ok(bytes) => Ok(Digest::of(&bytes)),
        Err(err) => Err(Failure::file(file, &err)),
    };
    let wanted = options.files.iter().map(digest).collect::<Result<Vec<_>, _>>()?;
    let proofs = prove(&unlock::store(&store)?, (!wanted.is_empty()).then_some(&wanted))?;
    for (place, proof) in proofs.iter().enumerate() {
        let file = options.files.get(place).map(std::path::PathBuf::as_path);
        if options.json {
            say(&line(file, proof, language).to_string());
        } else {
            say(&words(file, proof, language));
        }
    }
    let same = proofs.iter().filter(|proof| proof.is_same()).count();
    if !options.json {
        let sum = Phrase::new(
            format!("共 {} 张，逐位一致 {same} 张。", proofs.len()),
            format!("{} portraits, {same} the same bit for bit.", proofs.len()),
        );
        say(sum.in_language(language));
    }
    Ok(if same == proofs.len() { Done::Well } else { Done::WithFindings })
}

/// One JSON object: `crop` in pixels of the upright shot, `scale` in portrait pixels per shot pixel.
fn line(file: Option<&Path>, proof: &Proof, language: Language) -> Value {
    let scale = proof.making.as_ref().map(|making| f64::from(making.width_px) / making.crop.width);
    json!({
        "file": file.map(|file| file.display().to_string()),
        "portrait": proof.portrait,
        "same": proof.is_same(),
        "outcome": slug(&proof.outcome),
        "words": said(&proof.outcome).in_language(language),
        "original": proof.original,
        "scale": scale,
        "making": proof.making,
    })
}

fn words(file: Option<&Path>, proof: &Proof, language: Language) -> String {
    let name = match file {
        Some(file) => file.display().to_string(),
        None => proof.portrait.to_string().chars().take(12).collect(),
    };
    format!("{name}\t{}", said(&proof.outcome).in_language(language))
}

fn slug(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Same => "same",
        Outcome::Differs => "differs",
        Outcome::Unknown => "unknown",
        Outcome::NoRecord => "no_record",
        Outcome::OtherOriginal => "other_original",
        Outcome::Unreadable(_) => "unreadable",
        Outcome::Declined(why) => why.slug(),
    }
}

fn said(outcome: &Outcome) -> Phrase {
    match outcome {
        Outcome::Same => Phrase::new("逐位一致：只裁切、缩小、压缩，没有修图", "the same, bit for bit"),
        Outcome::Differs => Phrase::new(
            "重新制作的结果不一致：请用制作它的版本再试，仍不一致请核对来源",
            "it comes out otherwise: try the version that made it; if it still does, ask where it comes from",
        ),
        Outcome::Unknown => Phrase::new(
            "台账里没有这个文件：被改动过，或属于另一个数据文件夹（--store）",
            "the store never kept this file: it was changed, or belongs to another store (--store)",
        ),
        Outcome::NoRecord => {
            Phrase::new("保存时还没有制作记录，无法证明", "kept before makings were recorded")
        }
        Outcome::OtherOriginal => Phrase::new(
            "制作记录和台账的原片不符：请运行 caiying verify",
            "record and ledger disagree: run caiying verify",
        ),
        Outcome::Unreadable(err) => trouble::clerk(err).headline,
        Outcome::Declined(why) => why.advice(),
    }
}
