//! What no single value shows: numbers that contradict each other, windows with nothing in them.

mod frame;
mod limits;

use super::{
    Codes, Decoder, Identification, Identity, JobKind, LikenessReport, NAMELESS_FOLDER, Profile,
    ProfileError, Reason, Role, Tick, check_name,
};
use crate::student::Field;

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
    limits::check(&doubt, profile)?;
    if let Some((key, said)) = profile.drift.doubt() {
        doubt.refuse_unless(false, key, || said)?;
    }
    if let Some((key, said)) = profile.station.doubt() {
        doubt.refuse_unless(false, key, || said)?;
    }
    let ticked = profile.ticks.iter().any(|tick| tick.required);
    doubt.refuse_unless(!(profile.station.auto_keep && ticked), "station.auto_keep", || {
        "nobody would tick what must be ticked (ticks[].required)".to_owned()
    })?;
    ticks(&doubt, &profile.ticks)?;
    frame::photo(&doubt, &profile.photo)?;
    frame::frame(&doubt, &profile.photo, &profile.frame)?;
    job(&doubt, profile)?;
    privacy(&doubt, profile)?;
    roster(&doubt, profile)?;
    delivery(&doubt, profile)?;
    codes(&doubt, profile)
}

fn ticks(doubt: &Doubt<'_>, ticks: &[Tick]) -> Result<(), ProfileError> {
    for (place, tick) in ticks.iter().enumerate() {
        doubt.refuse_unless(tick.has_good_id(), &format!("ticks[{place}].id"), || {
            format!("{:?} is no name: small letters, digits and underscores", tick.id)
        })?;
        doubt.refuse_unless(tick.has_words(), &format!("ticks[{place}]"), || "says nothing".to_owned())?;
    }
    let ids: Vec<_> = ticks.iter().map(|tick| &tick.id).collect();
    doubt.refuse_unless(are_unique(&ids), "ticks", || "names something twice".to_owned())
}

fn job(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    doubt.refuse_unless(!profile.title.trim().is_empty(), "title", || "says nothing".to_owned())?;
    let by = &profile.job.identified_by;
    doubt.refuse_unless(!by.is_empty(), "job.identified_by", || {
        "nothing would stand for a person".to_owned()
    })?;
    doubt.refuse_unless(are_unique(by), "job.identified_by", || "names something twice".to_owned())?;
    let freshmen_by_code = profile.job.kind == JobKind::Freshmen && by.contains(&Identification::CaptureCode);
    doubt.refuse_unless(!freshmen_by_code, "job.identified_by", || {
        "freshmen have no 采集码 (it is issued from the year before graduation on)".to_owned()
    })?;
    let named = profile.job.school.as_ref().is_none_or(|school| !school.trim().is_empty());
    doubt.refuse_unless(named, "job.school", || "says nothing".to_owned())?;
    doubt
        .refuse_unless(profile.job.expected != Some(0), "job.expected", || "nobody would come".to_owned())?;
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

/// Every decoder is known, every form is used, and each can tell by what a student is known again.
fn codes(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let Codes { decoders, forms, .. } = &profile.codes;
    doubt.refuse_unless(!decoders.is_empty(), "codes.decoders", || "no code would be read".to_owned())?;
    doubt.refuse_unless(are_unique(decoders), "codes.decoders", || "names something twice".to_owned())?;
    for decoder in decoders {
        if let Decoder::Form(name) = decoder {
            let known = forms.iter().any(|form| form.name == *name);
            doubt.refuse_unless(known, "codes.decoders", || format!("there is no form named {name:?}"))?;
        }
    }
    let names: Vec<_> = forms.iter().map(|form| &form.name).collect();
    doubt.refuse_unless(are_unique(&names), "codes.forms", || "two forms have one name".to_owned())?;
    for (place, form) in forms.iter().enumerate() {
        let used = decoders.contains(&Decoder::Form(form.name.clone()));
        let key = format!("codes.forms[{place}]");
        doubt.refuse_unless(used, &key, || format!("codes.decoders does not name {:?}", form.name))?;
        let numbered =
            [Field::CodeNumber, Field::StudentNumber].iter().any(|field| form.fields.contains_key(field));
        doubt.refuse_unless(numbered, &format!("{key}.fields"), || {
            "holds neither 采集码编号 nor 学号: nobody could be known again".to_owned()
        })?;
    }
    let levels = &profile.job.levels;
    let named = levels.iter().all(|level| !level.trim().is_empty()) && are_unique(levels);
    doubt.refuse_unless(named, "job.levels", || "says nothing, or something twice".to_owned())
}

/// Columns of a roster: each name is one field's, and no column brings what is worked out here.
fn roster(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let mut names: Vec<&str> = Vec::new();
    for (field, columns) in &profile.roster.columns {
        let key = format!("roster.columns.{field}");
        for name in columns {
            doubt.refuse_unless(!name.trim().is_empty(), &key, || "holds an empty name".to_owned())?;
            doubt.refuse_unless(!names.contains(&name.trim()), &key, || {
                format!("{name} is another field's too")
            })?;
            names.push(name.trim());
        }
    }
    let by_card = profile.job.identified_by.contains(&Identification::IdCard);
    doubt.refuse_unless(by_card || !profile.privacy.read_id_cards, "privacy.read_id_cards", || {
        "nobody is known by an identity card here (job.identified_by has no id_card)".to_owned()
    })
}

/// Whoever keeps identities masked cannot name files or print strips by them.
fn privacy(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    match profile.privacy.identity {
        Identity::Full => {
            let by = &profile.privacy.unlocked_by;
            doubt.refuse_unless(!by.is_empty(), "privacy.unlocked_by", || {
                "identity is full, but nobody may unlock it".to_owned()
            })?;
            let may = |role: &Role| matches!(role, Role::Supervisor | Role::Administrator);
            doubt.refuse_unless(by.iter().all(may), "privacy.unlocked_by", || {
                "only a supervisor or an administrator may unlock identities".to_owned()
            })?;
            doubt.refuse_unless(are_unique(by), "privacy.unlocked_by", || "names somebody twice".to_owned())
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
    let folders: Vec<_> = profile.files.iter().map(|set| set.folder.to_lowercase()).collect();
    doubt.refuse_unless(are_unique(&folders), "files", || {
        "several sets need a folder of their own each".to_owned()
    })?;
    for (place, level) in profile.folders.iter().enumerate() {
        // A level without fields is called what it says.
        if let Ok(name) = level.fill(|_field| None) {
            safe_folder(doubt, &format!("folders[{place}]"), &name)?;
        }
    }
    for (place, set) in profile.files.iter().enumerate() {
        if !set.folder.is_empty() {
            safe_folder(doubt, &format!("files[{place}].folder"), &set.folder)?;
        }
        let key = format!("files[{place}].name");
        doubt.refuse_unless(set.name.fields().next().is_some(), &key, || {
            "it names every student alike: put a field in braces".to_owned()
        })?;
        let ending = format!(".{}", profile.photo.extension);
        doubt.refuse_unless(set.name.ending().ends_with(&ending), &key, || {
            format!("it must end in {ending}")
        })?;
    }
    doubt.refuse_unless(are_unique(&profile.strip), "strip", || "names a field twice".to_owned())?;
    prints(doubt, profile)?;
    deadlines(doubt, profile)
}

fn safe_folder(doubt: &Doubt<'_>, key: &str, name: &str) -> Result<(), ProfileError> {
    doubt.refuse_unless(name != NAMELESS_FOLDER, key, || {
        format!("{NAMELESS_FOLDER} is for portraits without a name")
    })?;
    check_name(name)
        .or_else(|why| doubt.refuse_unless(false, key, || format!("{name:?} is no safe folder name: {why}")))
}

fn prints(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let [width, height] = profile.print.paper_mm;
    let real = |mm: f64| mm.is_finite() && mm > 0.0;
    doubt.refuse_unless(real(width) && real(height), "print.paper_mm", || "is no paper".to_owned())?;
    for cell in &profile.print.cells {
        let [across, down] = cell.mm;
        let has_size = cell.count > 0 && real(across) && real(down);
        doubt.refuse_unless(has_size, "print.cells", || format!("{} has no size or no count", cell.size))?;
        let fits = (across <= width && down <= height) || (across <= height && down <= width);
        doubt.refuse_unless(fits, "print.cells", || format!("{} does not fit the paper", cell.size))?;
    }
    let area = |cell: &super::PrintCell| f64::from(cell.count) * cell.mm.iter().product::<f64>();
    let (cells, paper) = (profile.print.cells.iter().map(area).sum::<f64>(), width * height);
    doubt.refuse_unless(cells <= paper, "print.paper_mm", || {
        format!("{cells} mm² of prints do not fit {paper} mm² of paper")
    })
}

fn deadlines(doubt: &Doubt<'_>, profile: &Profile) -> Result<(), ProfileError> {
    for (place, due) in profile.deadlines.iter().enumerate() {
        let in_days = matches!((due.within, due.unit, due.by), (Some(1..), Some(_), None));
        let by_day = matches!((due.within, due.unit, due.by), (None, None, Some(_)));
        doubt.refuse_unless(in_days || by_day, &format!("deadlines[{place}]"), || {
            "is due within a number of days (within, unit) or by a day (by)".to_owned()
        })?;
    }
    let due: Vec<_> = profile.deadlines.iter().map(|due| due.deliverable).collect();
    doubt.refuse_unless(are_unique(&due), "deadlines", || "something is due twice".to_owned())?;
    let likeness = profile.likeness;
    let second = likeness.second_round && likeness.report == LikenessReport::None;
    doubt.refuse_unless(!second, "likeness.second_round", || "there is no first comparison".to_owned())
}

fn are_unique<T: PartialEq>(things: &[T]) -> bool {
    things.iter().enumerate().all(|(place, thing)| !things.iter().skip(place + 1).any(|other| other == thing))
}
