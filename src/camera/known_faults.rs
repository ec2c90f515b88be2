//! What is known to go wrong with a model or a libgphoto2 (facts/camera.md section 4.6).

/// A known fault, by a word that does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownFault {
    /// libgphoto2 before 2.5.34 reads past the end of what a hostile USB device sends (CVE-2026-40333..40341).
    HostileUsb,
    /// The model is newer than this libgphoto2, which treats it as any PTP camera.
    NewerThanLibrary,
    /// EOS 6D: being asked all the time has been seen to leave BUSY on its display (libgphoto2 issue 670).
    BusyDisplay,
    /// Nikon D5300: with a low battery the driver has been seen to wait for a thousand seconds (gphoto2 393).
    HangsOnLowBattery,
    /// Nikon D780: a shot within half a second of the last one is refused while that is fetched (issue 1212).
    NotTwoAtOnce,
    /// EOS M and PowerShot: another way of remote control, with the screen on.
    OtherRemoteMode,
    /// Sony: files go to this computer only, none to the card.
    NothingOnCard,
}

/// Models by a part of their name; with a star, all whose name goes on from there.
const MODELS: &[(&str, KnownFault)] = &[
    ("EOS 6D", KnownFault::BusyDisplay),
    ("D5300", KnownFault::HangsOnLowBattery),
    ("D780", KnownFault::NotTwoAtOnce),
    ("EOS M*", KnownFault::OtherRemoteMode),
    ("PowerShot*", KnownFault::OtherRemoteMode),
    ("Sony*", KnownFault::NothingOnCard),
];

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
            Self::BusyDisplay => "busy_display",
            Self::HangsOnLowBattery => "hangs_on_low_battery",
            Self::NotTwoAtOnce => "not_two_at_once",
            Self::OtherRemoteMode => "other_remote_mode",
            Self::NothingOnCard => "nothing_on_card",
        }
    }

    /// Whether somebody should take care; others are only good to know.
    #[must_use]
    pub fn asks_for_care(self) -> bool {
        match self {
            Self::HangsOnLowBattery | Self::NothingOnCard | Self::NewerThanLibrary => true,
            Self::HostileUsb | Self::BusyDisplay | Self::NotTwoAtOnce | Self::OtherRemoteMode => false,
        }
    }
}

/// What is known of this model under this version of libgphoto2.
pub(super) fn of(model: &str, library: &str) -> impl Iterator<Item = KnownFault> + use<> {
    let older_than = |version| older(library, version);
    let mut known: Vec<KnownFault> =
        MODELS.iter().filter(|(name, _)| is_named(model, name)).map(|(_, fault)| *fault).collect();
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
    if let Some(family) = name.strip_suffix('*') {
        return model.contains(family);
    }
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
        assert_eq!(names("Canon EOS 6D", "2.5.34"), ["busy_display"]);
        assert_eq!(names("Canon EOS 6D Mark II", "2.5.34"), [""; 0]);
        assert_eq!(names("Canon EOS 80D", "2.5.30"), ["hostile_usb"]);
        assert_eq!(names("Canon EOS M50", "2.5.34"), ["other_remote_mode"]);
        assert_eq!(names("Canon EOS R10", "2.5.30"), ["newer_than_library", "hostile_usb"]);
        assert_eq!(names("Nikon Z fc", "2.5.31.1"), ["hostile_usb"]);
        assert_eq!(names("Canon EOS R5", "unreadable"), [""; 0]);
        assert_eq!(names("Nikon D5300", "2.6.0"), ["hangs_on_low_battery"]);
    }
}
