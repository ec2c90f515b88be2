//! What is known to go wrong with a libgphoto2 (facts/camera.md sections 2 and 4.6). What is known of a model stands in
//! the file of its family, `profiles/cameras/`.

/// A known fault, by a word that does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownFault {
    /// libgphoto2 before 2.5.34 reads past the end of what a hostile USB device sends (CVE-2026-40333..40341).
    HostileUsb,
    /// The model is newer than this libgphoto2, which treats it as any PTP camera.
    NewerThanLibrary,
}

/// Models that libgphoto2 knows by name from 2.5.32 on.
const SINCE_2_5_32: &[&str] = &[
    "EOS R3",
    "EOS R8",
    "EOS R10",
    "EOS R50",
    "EOS R100",
    "EOS R6 Mark III",
    "Z 6III",
    "Z6III",
    "Z f",
    "Zf",
];

impl KnownFault {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HostileUsb => "hostile_usb",
            Self::NewerThanLibrary => "newer_than_library",
        }
    }

    /// Whether somebody should take care; others are only good to know.
    #[must_use]
    pub fn asks_for_care(self) -> bool {
        match self {
            Self::NewerThanLibrary => true,
            Self::HostileUsb => false,
        }
    }
}

/// What is known of this model under this version of libgphoto2.
pub(super) fn of(model: &str, library: &str) -> impl Iterator<Item = KnownFault> + use<> {
    let older_than = |version| older(library, version);
    let mut known = Vec::new();
    if older_than([2, 5, 32]) && SINCE_2_5_32.iter().any(|name| is_named(model, name)) {
        known.push(KnownFault::NewerThanLibrary);
    }
    if older_than([2, 5, 34]) {
        known.push(KnownFault::HostileUsb);
    }
    known.into_iter()
}

/// Whether a model has this name, and not a longer one: an EOS R10 is no EOS R100, and a 6D Mark II no 6D.
fn is_named(model: &str, name: &str) -> bool {
    let Some((_, rest)) = model.split_once(name) else { return false };
    !rest.starts_with(char::is_alphanumeric) && !rest.trim_start().starts_with("Mark")
}

/// Whether a version such as `2.5.30.1` is older; one that cannot be read is not.
fn older(version: &str, than: [u32; 3]) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let mut next = || numbers.next().and_then(Result::ok);
    match (next(), next(), next()) {
        (Some(major), Some(minor), Some(patch)) => [major, minor, patch] < than,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_apart_and_versions_compared() {
        let names = |model, library| of(model, library).map(KnownFault::name).collect::<Vec<_>>();
        assert_eq!(names("Canon EOS R6", "2.5.33"), ["hostile_usb"]);
        assert_eq!(names("Canon EOS R6 Mark III", "2.5.31"), ["newer_than_library", "hostile_usb"]);
        assert_eq!(names("Canon EOS 80D", "2.5.30"), ["hostile_usb"]);
        assert_eq!(names("Canon EOS R10", "2.5.30"), ["newer_than_library", "hostile_usb"]);
        assert_eq!(names("Nikon Z fc", "2.5.31.1"), ["hostile_usb"]);
        assert_eq!(names("Canon EOS R5", "unreadable"), [""; 0]);
        assert_eq!(names("Canon EOS R10", "2.6.0"), [""; 0]);
    }
}
