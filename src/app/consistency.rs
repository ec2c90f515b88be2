//! `caiying consistency`: which portraits of a store stand out from the others.

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    places, say, unlock,
};
use crate::{
    clerk::{Compared, compare},
    language::{Language, Phrase},
    profile::Profile,
};

/// Compares a store's portraits.
pub(super) fn run(options: &cli::Consistency, language: Language) -> Result<Done, Failure> {
    let profile = places::profile(&options.profile)?;
    let store = places::store(options.store.as_deref())?;
    let batch = compare(&unlock::store(&store)?)?;
    let outliers: Vec<_> =
        batch.compared.iter().filter(|one| !one.difference.beyond(&profile.consistency).is_empty()).collect();
    for one in &outliers {
        say(&if options.json { line(one, &profile) } else { words(one, &profile, language) });
    }
    // Of no portraits none stands out.
    let share = outliers.len() as f64 / batch.compared.len().max(1) as f64;
    let most = profile.acceptance.visible_outliers;
    if options.json {
        say(&json!({
            "compared": batch.compared.len(),
            "left_out": batch.left_out,
            "outliers": outliers.len(),
            "share": share,
            "most": most,
        })
        .to_string());
    } else {
        let (all, out, left) = (batch.compared.len(), outliers.len(), batch.left_out);
        let (here, allowed) = (100.0 * share, 100.0 * most);
        // A profile without a contract allows all of them.
        let limit = if most < 1.0 {
            Phrase::new(
                format!("，合同要求少于 {allowed:.1}%"),
                format!(", fewer than {allowed:.1} % are allowed"),
            )
        } else {
            Phrase::new("，合同没有规定", ", no contract says how many are allowed")
        };
        let sum = Phrase::new(
            format!("比较 {all} 张，明显不同 {out} 张（{here:.1}%{}），没有比较 {left} 张。", limit.zh),
            format!("{all} compared, {out} stand out ({here:.1} %{}), {left} left out.", limit.en),
        );
        say(sum.in_language(language));
    }
    let good = outliers.is_empty() || share < most;
    Ok(if good { Done::Well } else { Done::WithFindings })
}

fn line(one: &Compared, profile: &Profile) -> String {
    let difference = one.difference;
    json!({
        "student": one.parcel.code.fingerprint(),
        "portrait": one.parcel.jpeg,
        "stands_out_by": difference.beyond(&profile.consistency),
        "head_px": difference.head_px,
        "light": difference.light,
        "cloth": difference.cloth,
    })
    .to_string()
}

fn words(one: &Compared, profile: &Profile, language: Language) -> String {
    let difference = one.difference;
    let said = difference.beyond(&profile.consistency).into_iter().map(|by| {
        let phrase = match by {
            "head" => Phrase::new(
                format!(
                    "头部{} {:.0} px",
                    if difference.head_px > 0.0 { "大" } else { "小" },
                    difference.head_px.abs()
                ),
                format!("head {:+.0} px", difference.head_px),
            ),
            "light" => Phrase::new(
                format!(
                    "背景{} {:.0} L*",
                    if difference.light > 0.0 { "亮" } else { "暗" },
                    difference.light.abs()
                ),
                format!("backdrop {:+.0} L*", difference.light),
            ),
            _ => Phrase::new(
                format!("背景色差 {:.1}", difference.cloth),
                format!("backdrop dE {:.1}", difference.cloth),
            ),
        };
        phrase.in_language(language).to_owned()
    });
    format!("{}\t{}", one.parcel.code.fingerprint(), said.collect::<Vec<_>>().join("；"))
}
