//! 键盘: whether anything is plugged in that may type like a code scanner.

use std::fs;

/// Where Linux lists what has keys (Documentation/input/uinput.rst calls them event devices).
const DEVICES: &str = "/proc/bus/input/devices";

/// The buses of keyboards that are part of a computer (linux/input.h): i8042, I2C, the platform, SPI, RMI. Scanners come
/// by USB, Bluetooth or as a program's own device.
const BUILT_IN: [&str; 5] = ["0011", "0018", "0019", "001c", "001d"];

/// The keys 1 to 0 and Q to P (linux/input-event-codes.h: 2 to 11, 16 to 25), as bits of a device's lowest word.
const TYPES: u64 = 0x03ff_0ffc;

/// Whether a scanner may be plugged in: always, unless this computer's own keyboard is the only one. Looks anew each
/// time: the list is the kernel's memory, and takes no longer than a scanner takes between two characters.
#[must_use]
pub fn may_scan() -> bool {
    fs::read_to_string(DEVICES).map_or(true, |devices| may_scan_by(&devices))
}

/// A list without any keyboard says nothing: the keys come from elsewhere.
fn may_scan_by(devices: &str) -> bool {
    let keyboards: Vec<&str> = devices.split("\n\n").filter(|device| types(device)).collect();
    keyboards.is_empty() || !keyboards.iter().all(|device| is_built_in(device))
}

fn types(device: &str) -> bool {
    let keys = device.lines().find_map(|line| line.strip_prefix("B: KEY="));
    // Words of 64 or 32 bits, the lowest last: both have these keys in the last one.
    let lowest = keys.and_then(|keys| u64::from_str_radix(keys.split_whitespace().last()?, 16).ok());
    lowest.is_some_and(|word| word & TYPES != 0)
}

fn is_built_in(device: &str) -> bool {
    let said = device.lines().find_map(|line| line.strip_prefix("I: Bus="));
    said.and_then(|said| said.split_whitespace().next()).is_some_and(|bus| BUILT_IN.contains(&bus))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "I: Bus=0011 Vendor=0001 Product=0001 Version=ab83\nN: Name=\"AT Translated Set 2 keyboard\"\n\
        H: Handlers=sysrq kbd leds event3\nB: EV=120013\n\
        B: KEY=402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n\n";

    const POWER: &str = "I: Bus=0019 Vendor=0000 Product=0001 Version=0000\nN: Name=\"Power Button\"\n\
        H: Handlers=kbd event1\nB: EV=3\nB: KEY=10000000000000 0\n\n";

    const WEBCAM: &str = "I: Bus=0003 Vendor=04f2 Product=b6d0 Version=1234\nN: Name=\"Integrated Camera\"\n\
        H: Handlers=kbd event9\nB: EV=3\nB: KEY=100000 0 0 0\n\n";

    const SCANNER: &str = "I: Bus=0003 Vendor=05e0 Product=1200 Version=0110\nN: Name=\"Bar Code Scanner\"\n\
        H: Handlers=sysrq kbd leds event12\nB: EV=120013\n\
        B: KEY=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n\n";

    #[test]
    fn only_a_computers_own_keyboard_is_no_scanner() {
        let bluetooth = SCANNER.replace("Bus=0003", "Bus=0005");
        let digits = SCANNER.replace("febeffdfffefffff fffffffffffffffe", "0 ffc");
        // A 32-bit kernel's words.
        let narrow = "I: Bus=0003 Vendor=1\nB: KEY=10000 0 0 ffffffff fffffffe\n\n";
        for (devices, may) in [
            ([OWN, POWER, WEBCAM].concat(), false),
            ([OWN, POWER, WEBCAM, SCANNER].concat(), true),
            ([OWN, &bluetooth].concat(), true),
            ([OWN, &digits].concat(), true),
            ([OWN, narrow].concat(), true),
            (SCANNER.to_owned(), true),
            // Over a network, or in a container: nobody knows who types.
            ([POWER, WEBCAM].concat(), true),
            (String::new(), true),
            ("I: Bus=\nB: KEY=\n\nB: KEY=zz\n".to_owned(), true),
        ] {
            assert_eq!(may_scan_by(&devices), may, "{devices}");
        }
    }
}
