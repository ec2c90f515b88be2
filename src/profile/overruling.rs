//! Which checks a school may let a person overrule.
//!
//! The names of the checks stand here too, because a profile is read before anything is judged; a test holds this list
//! against the checks themselves.

/// Checks that may be overruled: they are about the sitter and the light, where a person may know better. Somebody
/// cannot hold his head straight, wears his glasses for a reason, or has red eyes today.
const OVERRULABLE: [&str; 35] = [
    "hair_top",
    "eye_line",
    "face_width",
    "centring",
    "roll",
    "yaw",
    "nose_aside",
    "pitch",
    "lid_gap",
    "blink",
    "gaze",
    "lip_gap",
    "jaw_open",
    "smile",
    "glare",
    "red_eye",
    "hair_height",
    "pupil_distance",
    "focus",
    "edges",
    "motion",
    "over_exposure",
    "under_exposure",
    "light_evenness",
    "brightness",
    "dynamic_range",
    "colour_cast",
    "backdrop_colour",
    "backdrop_evenness",
    "backdrop_gradient",
    "head_shadow",
    "clothes_contrast",
    "blue_clothes",
    "shoulders",
    "side_margin",
];

/// Checks that nobody may overrule: a file that is not as demanded is refused by whoever takes it in, and of two faces
/// nobody knows whose portrait it is.
const NEVER: [&str; 4] = ["one_face", "file_size", "quality", "file_format"];

/// The names of all checks, as a profile may have to name them.
pub fn check_names() -> impl Iterator<Item = &'static str> {
    OVERRULABLE.into_iter().chain(NEVER)
}

/// What is wrong with a list of checks that may be overruled.
pub(super) fn doubt(names: &[String]) -> Option<String> {
    names.iter().enumerate().find_map(|(place, name)| {
        if NEVER.contains(&name.as_str()) {
            let never = NEVER.join(", ");
            return Some(format!(
                "nobody may overrule {name}: {never} are about the file itself, or about who it is"
            ));
        }
        if !OVERRULABLE.contains(&name.as_str()) {
            return Some(format!("there is no check named {name:?}; there are {}", OVERRULABLE.join(", ")));
        }
        names.iter().take(place).any(|other| other == name).then(|| format!("names {name} twice"))
    })
}
