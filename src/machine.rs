//! 本机: what this computer says of itself: how much room its disk has, how long its battery lasts, which sticks are in,
//! where a school's list may lie, whether a scanner may be, which disk a folder lies on and what still lies there below every file system; that it keeps no
//! picture of this program's memory, and gets back what of it is not used.

mod dumps;
mod heap;
mod keyboards;
mod medium;
mod raw_volume;
mod room;
mod rosters;
mod sticks;

use std::{fs, path::Path};

pub use dumps::leave_no_dump;
pub use heap::give_back_what_is_freed;
pub use keyboards::may_scan;
pub use medium::{Medium, MediumKind, host_name};
pub use raw_volume::{Searched, search};
pub use room::Room;
pub use rosters::{MOST_ROSTERS, RosterFile, RosterFound, read_at_most, rosters};
pub use sticks::{Stick, is_on_a_missing_stick, sticks};

/// Where Linux tells of batteries and mains (Documentation/ABI/testing/sysfs-class-power).
const POWER: &str = "/sys/class/power_supply";

/// How this computer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Condition {
    /// Bytes free where photos are kept; `None` when nobody can tell.
    pub free_bytes: Option<u64>,
    /// Its battery; `None` where there is none.
    pub battery: Option<Battery>,
}

/// A laptop's battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Battery {
    /// What is left, in per cent.
    pub percent: u8,
    /// Whether it is full or being charged.
    pub on_mains: bool,
}

impl Condition {
    /// Looks now; `store` is where photos are kept.
    #[must_use]
    pub fn now(store: &Path) -> Self {
        Self { free_bytes: free_bytes(store), battery: battery(Path::new(POWER)) }
    }
}

/// How many bytes there is room for at a place, which may not be made yet: then in the folder above it.
#[must_use]
pub fn free_bytes(place: &Path) -> Option<u64> {
    let there = place.ancestors().find(|folder| folder.is_dir())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The battery that is emptiest, of those that drive this computer: a mouse has one too.
fn battery(power: &Path) -> Option<Battery> {
    let supplies = fs::read_dir(power).ok()?.flatten().map(|entry| entry.path());
    let of_this_computer = supplies.filter(|supply| {
        said(supply, "type").as_deref() == Some("Battery")
            && said(supply, "scope").as_deref() != Some("Device")
    });
    let read = |supply: std::path::PathBuf| {
        let percent = said(&supply, "capacity")?.parse::<u8>().ok()?.min(100);
        let on_mains = said(&supply, "status").is_some_and(|status| status != "Discharging");
        Some(Battery { percent, on_mains })
    };
    of_this_computer.filter_map(read).min_by_key(|battery| battery.percent)
}

fn said(supply: &Path, what: &str) -> Option<String> {
    Some(fs::read_to_string(supply.join(what)).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_emptiest_battery_of_the_computer_counts_and_a_mouse_does_not() {
        let power = tempfile::tempdir().unwrap();
        let supply = |name: &str, says: &[(&str, &str)]| {
            fs::create_dir(power.path().join(name)).unwrap();
            for (what, said) in says {
                fs::write(power.path().join(name).join(what), format!("{said}\n")).unwrap();
            }
        };
        assert_eq!(battery(power.path()), None);
        supply("AC", &[("type", "Mains"), ("online", "1")]);
        supply("mouse", &[("type", "Battery"), ("scope", "Device"), ("capacity", "3")]);
        assert_eq!(battery(power.path()), None);
        supply("BAT0", &[("type", "Battery"), ("capacity", "80"), ("status", "Charging")]);
        supply("BAT1", &[("type", "Battery"), ("capacity", "41"), ("status", "Discharging")]);
        supply("BAT2", &[("type", "Battery"), ("capacity", "unknown")]);
        assert_eq!(battery(power.path()), Some(Battery { percent: 41, on_mains: false }));
    }

    #[test]
    fn a_store_that_is_not_made_yet_has_the_room_of_the_folder_above() {
        let folder = tempfile::tempdir().unwrap();
        let here = free_bytes(folder.path()).unwrap();
        let below = free_bytes(&folder.path().join("not/yet")).unwrap();
        assert!(here > 0 && here.abs_diff(below) < here / 10);
    }
}
