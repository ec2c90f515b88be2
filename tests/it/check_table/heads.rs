//! Whether heads land where they are meant to, held against what people read in the pictures.

use caiying::{portrait::Verdict, profile::Profile};

use super::{
    Graded,
    fixtures::{OF_PIXELS, OF_THE_FOLDER},
    sitters::Group,
};

/// One head: portrait pixels, and shares of the head in per cent.
struct Landed {
    /// No check failed but for what the folder's files lack in pixels.
    accepted: bool,
    /// The windows hold; the hair top by the reading, the rest by our own measures, which nobody read.
    inside: bool,
    /// How far the head, as read, is from the target's height, in per cent of the picture's height.
    off_target: f64,
    /// How far our hair top and chin are from the readings.
    hair_off: f64,
    chin_off: f64,
}

fn landed(graded: &Graded<'_>, profile: &Profile) -> Landed {
    let (placement, (hair, chin)) = (graded.usual.placement, graded.sitter.truth);
    let (face, head) = (placement.face, &graded.sitter.face.head);
    let down = |y: f64| (y - placement.crop.y) * placement.scale;
    let frame = &profile.frame;
    let inside = frame.hair_top_px.contains(down(hair))
        && frame.hair_top_px.contains(face.hair_top)
        && frame.eye_line_px.contains(face.eyes)
        && frame.face_width_px.contains(face.width);
    let failed = graded.usual.findings.iter().filter(|found| found.answer.verdict == Verdict::Fail);
    let of_folder = |check: &str| OF_THE_FOLDER.iter().any(|(c, _)| *c == check);
    let mut failed = failed.filter(|found| !of_folder(found.check) && !OF_PIXELS.contains(&found.check));
    let (read, height) = (chin - hair, f64::from(profile.photo.height_px));
    Landed {
        accepted: failed.next().is_none(),
        inside,
        off_target: 100.0 * (read * placement.scale - frame.target.head_px).abs() / height,
        hair_off: 100.0 * (head.hair_top - hair) / read,
        chin_off: 100.0 * (head.chin - chin) / read,
    }
}

/// How many of some values are at most so large.
fn within(values: &[f64], most: f64) -> String {
    format!("{} / {}", values.iter().filter(|value| value.abs() <= most).count(), values.len())
}

/// Prints how heads landed, and holds what issue 5 asks for.
pub(super) fn print_and_hold(graded: &[Graded<'_>], profile: &Profile) {
    let of_folder: Vec<(&str, Landed)> = graded
        .iter()
        .filter(|graded| graded.sitter.is(Group::Folder))
        .map(|graded| (graded.sitter.name.as_str(), landed(graded, profile)))
        .collect();
    if of_folder.is_empty() {
        return;
    }
    let all = |value: fn(&Landed) -> f64| of_folder.iter().map(|(_, one)| value(one)).collect::<Vec<_>>();
    let (off, hair, chin) = (all(|one| one.off_target), all(|one| one.hair_off), all(|one| one.chin_off));
    let accepted: Vec<&Landed> = of_folder.iter().map(|(_, one)| one).filter(|one| one.accepted).collect();
    let inside = |among: &mut dyn Iterator<Item = &Landed>| among.filter(|one| one.inside).count();
    let accepted_off: Vec<f64> = accepted.iter().map(|one| one.off_target).collect();
    eprintln!("\n| 头的位置（对照 index.csv 的读数） | 张数 |\n|---|---|");
    eprintln!("| 出成品 | {} / {} |", of_folder.len(), of_folder.len());
    eprintln!("| 没有一项判重拍（不计原片像素不够的） | {} |", accepted.len());
    eprintln!(
        "| 其中头顶、眼睛、脸宽都在范围里 | {} / {} |",
        inside(&mut accepted.iter().copied()),
        accepted.len()
    );
    eprintln!(
        "| 全部里在范围里的 | {} / {} |",
        inside(&mut of_folder.iter().map(|(_, one)| one)),
        of_folder.len()
    );
    eprintln!("| 头高离目标不到图高的 2 %（全部） | {} |", within(&off, 2.0));
    eprintln!("| 头高离目标不到图高的 2 %（没有判重拍的） | {} |", within(&accepted_off, 2.0));
    eprintln!("| 头顶误差不到头高的 1 %、2 % | {}、{} |", within(&hair, 1.0), within(&hair, 2.0));
    eprintln!("| 下巴误差不到头高的 2 % | {} |", within(&chin, 2.0));
    for (name, one) in &of_folder {
        eprintln!(
            "{name}: 头高差 {:.2} %，头顶 {:+.2} %，下巴 {:+.2} %{}",
            one.off_target,
            one.hair_off,
            one.chin_off,
            if one.accepted { "" } else { "，判重拍" }
        );
    }
    assert!(accepted.iter().all(|one| one.inside), "accepted, and outside of a window");
    let near = off.iter().filter(|off| **off <= 2.0).count();
    assert!(100 * near >= 95 * off.len(), "{near} of {} heads are as high as they should be", off.len());
}
