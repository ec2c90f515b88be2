//! What no single value shows: numbers that contradict each other, windows with nothing in them.

use super::{Frame, Identity, JobKind, Limit, Photo, Profile, ProfileError, Reason, job::Identification};

/// Collects the first contradiction of a profile.
struct Doubt<'a> {
    file: &'a str,
}

impl Doubt<'_> {
    fn refuse_unless(
        &self,
        holds: bool,
        key: &str,
        said: impl FnOnce() -> String,
    ) -> Result<(), ProfileError> {
        if holds { Ok(()) } else { Err(ProfileError::new(self.file, key, Reason::Contradiction(said()))) }
    }
}

/// Refuses a profile whose values contradict each other.
pub(super) fn check(profile: &Profile) -> Result<(), ProfileError> {
    let doubt = Doubt { file: &profile.name };
    photo(&doubt, &profile.photo)?;
    frame(&doubt, &profile.photo, &profile.frame)?;
    limits(&doubt, profile)?;
    job(&doubt, profile)?;
    privacy(&doubt, profile)?;
    delivery(&doubt, profile)
}

fn photo(doubt: &Doubt<'_>, photo: &Photo) -> Result<(), ProfileError> {
    let (min, max) = photo.bytes();
    doubt.refuse_unless(min <= max, "photo.size_kb", || {
        format!("no file satisfies both readings of KB: at least {min} bytes and at most {max}")
    })?;
    doubt.refuse_unless((1..=100).contains(&photo.min_quality), "photo.min_quality", || {
        format!("JPEG quality goes from 1 to 100, not {}", photo.min_quality)
    })?;
    doubt.refuse_unless(photo.colour_bits == 24, "photo.colour_bits", || {
        format!("a colour JPEG has 24 bits a pixel, not {}", photo.colour_bits)
    })?;
    doubt.refuse_unless((1..=4096).contains(&photo.width_px), "photo.width_px", || {
        format!("{} is no width for a portrait", photo.width_px)
    })?;
    doubt.refuse_unless((1..=4096).contains(&photo.height_px), "photo.height_px", || {
        format!("{} is no height for a portrait", photo.height_px)
    })?;
    doubt.refuse_unless(photo.dpi > 0, "photo.dpi", || "must be more than 0".to_owned())?;
    let good = ["jpg", "jpeg", "JPG"].contains(&photo.extension.as_str());
    doubt.refuse_unless(good, "photo.extension", || format!("{:?} is not a JPEG's", photo.extension))
}

fn frame(doubt: &Doubt<'_>, photo: &Photo, frame: &Frame) -> Result<(), ProfileError> {
    let (width, height) = (f64::from(photo.width_px), f64::from(photo.height_px));
    for (key, window, edge) in [
        ("frame.hair_top_px", frame.hair_top_px, height),
        ("frame.eye_line_px", frame.eye_line_px, height),
        ("frame.face_width_px", frame.face_width_px, width),
    ] {
        doubt.refuse_unless(window.low >= 0.0 && window.high <= edge, key, || {
            format!("{window} reaches beyond the picture (0–{edge})")
        })?;
        doubt.refuse_unless(window.inset(frame.guard_px).is_some(), key, || {
            format!("nothing is left of {window} inside a guard of {} px", frame.guard_px)
        })?;
    }
    doubt.refuse_unless(frame.hair_top_px.low < frame.eye_line_px.high, "frame.eye_line_px", || {
        "the eyes cannot be above the hair".to_owned()
    })?;
    let target = frame.target;
    let lowest = frame.least_hair_top(photo);
    let highest = frame.hair_top_px.high - frame.guard_px;
    doubt.refuse_unless(
        (lowest..=highest).contains(&target.hair_top_px),
        "frame.target.hair_top_px",
        || {
            format!(
                "{} is outside of what window, guard and head room allow ({lowest}–{highest})",
                target.hair_top_px
            )
        },
    )?;
    let chin = target.hair_top_px + target.head_px;
    doubt.refuse_unless(target.head_px > 0.0 && chin < height, "frame.target.head_px", || {
        format!("the chin would lie at {chin} of {height} px")
    })
}

/// `warn` must be met before `fail`, in whichever direction the measure gets worse.
fn limits(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let rising = |limit: Limit| limit.warn <= limit.fail;
    let falling = |limit: Limit| limit.warn >= limit.fail;
    let checks = &profile.checks;
    for (key, limit, holds) in [
        ("backdrop.colour_difference", profile.backdrop.colour_difference, rising as fn(Limit) -> bool),
        ("checks.roll_deg", checks.roll_deg, rising),
        ("checks.sharpness.focus", checks.sharpness.focus, falling),
        ("checks.sharpness.edges", checks.sharpness.edges, falling),
    ] {
        doubt.refuse_unless(limit.warn >= 0.0 && limit.fail >= 0.0 && holds(limit), key, || {
            format!("a value would fail ({}) before it warns ({})", limit.fail, limit.warn)
        })?;
    }
    let one = checks.one_face;
    for (key, share) in [
        ("checks.one_face.min_score", one.min_score),
        ("checks.one_face.min_height", one.min_height),
        ("checks.one_face.second_area", one.second_area),
        ("acceptance.first_pass_rate", profile.acceptance.first_pass_rate),
        ("acceptance.visible_outliers", profile.acceptance.visible_outliers),
        ("frame.head_room", profile.frame.head_room),
    ] {
        doubt.refuse_unless((0.0..=1.0).contains(&share), key, || {
            format!("{share} is not a share between 0 and 1")
        })?;
    }
    Ok(())
}

fn job(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let by = &profile.job.identified_by;
    doubt.refuse_unless(!by.is_empty(), "job.identified_by", || {
        "nothing would stand for a person".to_owned()
    })?;
    let freshmen_by_code =
        profile.job.kind == JobKind::Freshmen && by.first() == Some(&Identification::CaptureCode);
    doubt.refuse_unless(!freshmen_by_code, "job.identified_by", || {
        "freshmen have no 采集码 (it is issued from the year before graduation on)".to_owned()
    })?;
    if let Some(code) = &profile.job.school_code {
        let good = code.len() == 5 && code.bytes().all(|c| c.is_ascii_digit());
        doubt.refuse_unless(good, "job.school_code", || format!("院校代码 has five digits, not {code:?}"))?;
    }
    if let (Some(first), Some(last)) = (profile.period.first_day, profile.period.last_day) {
        doubt.refuse_unless(first <= last, "period.last_day", || format!("{last} is before {first}"))?;
    }
    let throughput = profile.throughput;
    doubt
        .refuse_unless(throughput.stations > 0, "throughput.stations", || "must be more than 0".to_owned())?;
    let hours = throughput.hours_per_day;
    doubt.refuse_unless(hours > 0.0 && hours <= 24.0, "throughput.hours_per_day", || {
        format!("a day has 24 hours, not {hours}")
    })?;
    doubt.refuse_unless(profile.retakes.shots_per_sitting > 0, "retakes.shots_per_sitting", || {
        "nobody could be photographed".to_owned()
    })
}

/// Whoever keeps identities masked cannot name files or print strips by them.
fn privacy(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    match profile.privacy.identity {
        Identity::Full => {
            let somebody = !profile.privacy.unlocked_by.is_empty();
            doubt.refuse_unless(somebody, "privacy.unlocked_by", || {
                "identity is full, but nobody may unlock it".to_owned()
            })
        }
        Identity::Masked => {
            let named = profile.files.iter().flat_map(|set| set.name.fields());
            let filed = profile.folders.iter().flat_map(super::NamePattern::fields);
            let fields = named.map(|field| ("files", field)).chain(filed.map(|field| ("folders", field)));
            let fields = fields.chain(profile.strip.iter().map(|field| ("strip", *field)));
            for (key, field) in fields {
                doubt.refuse_unless(!field.is_identity(), key, || {
                    format!("{field} would show an identity that privacy.identity keeps masked")
                })?;
            }
            Ok(())
        }
    }
}

fn delivery(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    doubt.refuse_unless(!profile.files.is_empty(), "files", || "nothing would be delivered".to_owned())?;
    let mut folders: Vec<_> = profile.files.iter().map(|set| set.folder.as_str()).collect();
    folders.sort_unstable();
    folders.dedup();
    doubt.refuse_unless(folders.len() == profile.files.len(), "files", || {
        "several sets need a folder of their own each".to_owned()
    })?;
    for set in &profile.files {
        let clean = set.folder.chars().all(|c| c.is_alphanumeric() || "+-_ ".contains(c));
        doubt.refuse_unless(clean, "files.folder", || format!("{:?} is no safe folder name", set.folder))?;
    }
    for cell in &profile.print.cells {
        let fits = cell.count > 0 && cell.mm.iter().all(|mm| *mm > 0.0);
        doubt.refuse_unless(fits, "print.cells", || format!("{} has no size or no count", cell.size))?;
    }
    let cells: f64 =
        profile.print.cells.iter().map(|c| f64::from(c.count) * c.mm.iter().product::<f64>()).sum();
    let paper: f64 = profile.print.paper_mm.iter().product();
    doubt.refuse_unless(cells <= paper, "print.paper_mm", || {
        format!("{cells} mm² of prints do not fit {paper} mm² of paper")
    })
}
