//! The camera as a second witness: what it reads in a shot stops the shot, and the store agrees with itself after.

use std::path::Path;

use caiying::{
    clerk::{Clerk, ClerkError},
    portrait::decode,
    rehearsal::sample_shot,
    scan::{Luma, read, read_all},
    shot::{ShotId, SittingId, Trigger},
    station::{Fact, SeenCode, Sitting, Take},
};

use crate::opened;
use crate::world::{at, code, portrait, shot};

fn sitting(id: u64, student: u8) -> Sitting {
    let seen = SeenCode::unread(code(student));
    Sitting { takes: 1, ..Sitting::new(SittingId(id), seen, at(1), false) }
}

fn clerk(store: &Path) -> Clerk {
    opened::clerk(store, "A1", "chsi_2017_99", at(0)).unwrap().0
}

#[test]
fn a_disowned_shot_is_a_stray_and_can_be_kept_for_nobody() {
    let store = tempfile::tempdir().unwrap();
    let mut clerk = clerk(store.path());
    let sits = sitting(1, 1);
    clerk.seat(at(1), &sits).unwrap();
    let taken = shot(1, Trigger::Body, 2);
    clerk.shelve(at(2), &taken, Some(&sits)).unwrap();
    let reason = "anothers_code".to_owned();
    clerk.record(at(3), &Fact::Disowned { sitting: SittingId(1), shot: ShotId(1), reason }).unwrap();
    assert_eq!(clerk.ledger().shots().unwrap()[0].sitting, None);
    let take = Take::of(taken, portrait(ShotId(1)));
    let refused = clerk.keep(at(4), &sits, &take);
    assert!(matches!(refused, Err(ClerkError::OthersShot)), "{refused:?}");
    drop(clerk);
    assert_eq!(opened::verify(store.path()).unwrap().faults, []);
    // A restart gives it back to nobody.
    let again = self::clerk(store.path());
    assert_eq!(again.ledger().shots().unwrap()[0].sitting, None);
    drop(again);
    assert_eq!(opened::verify(store.path()).unwrap().faults, []);
}

#[test]
fn a_code_in_a_shot_of_any_size_is_seen_at_half_size() {
    let grey = crate::scanning::picture(b"CODE-2", 8);
    for (right, below) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let (width, height) = (grey.width + right, grey.height + below);
        let pixel = |n: usize| [7, grey.at(n % width, n / width), 7];
        let rgb: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        let half = Luma::halved((width, height), &rgb);
        assert_eq!((half.width, half.height), (width / 2, height / 2));
        assert_eq!(half.pixels.len(), half.width * half.height);
        assert_eq!(read(&half)[0].capture_code().unwrap(), code(2));
    }
    assert_eq!(Luma::halved((0, 0), &[]).pixels, [0; 0]);
    assert_eq!(Luma::halved((1, 1), &[1, 2, 3]).pixels, [0; 0]);
}

/// Brightness alone is what the colours are, as far as a code goes: whatever a camera or a program made of a picture.
#[test]
fn the_light_of_a_shot_is_that_of_its_colours() {
    let jpeg = sample_shot(1).unwrap();
    let (light, picture) = (Luma::of_shot(&jpeg).unwrap(), decode(&jpeg).unwrap());
    assert_eq!((light.width, light.height), (picture.width as usize / 2, picture.height as usize / 2));
    // Rec. 601, as JFIF has it.
    let colours = picture
        .pixels
        .chunks_exact(3)
        .map(|rgb| 0.299 * f64::from(rgb[0]) + 0.587 * f64::from(rgb[1]) + 0.114 * f64::from(rgb[2]));
    let mean = colours.sum::<f64>() / f64::from(picture.width * picture.height);
    let seen = light.pixels.iter().map(|v| f64::from(*v)).sum::<f64>() / light.pixels.len() as f64;
    assert!((mean - seen).abs() < 1.0, "{mean} {seen}");
    for bad in [&b""[..], b"no picture", &jpeg[..jpeg.len() / 2]] {
        assert!(Luma::of_shot(bad).is_none());
    }
    let grey = crate::scanning::picture(b"CODE-2", 8);
    for kind in [image::ExtendedColorType::Rgb8, image::ExtendedColorType::L8] {
        let channels = if kind == image::ExtendedColorType::L8 { 1 } else { 3 };
        let pixels: Vec<u8> = grey.pixels.iter().flat_map(|v| std::iter::repeat_n(*v, channels)).collect();
        let mut jpeg = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90)
            .encode(&pixels, grey.width as u32, grey.height as u32, kind)
            .unwrap();
        assert_eq!(read(&Luma::of_shot(&jpeg).unwrap())[0].capture_code().unwrap(), code(2), "{kind:?}");
    }
}

/// What looking for codes in a 24-megapixel shot costs: `cargo test --release ... witness_costs -- --ignored`.
#[test]
#[ignore = "a measurement, of this machine"]
fn what_the_witness_costs() {
    for seed in 0..6 {
        let jpeg = sample_shot(seed).unwrap();
        let began = std::time::Instant::now();
        let picture = decode(&jpeg).unwrap();
        let colours = began.elapsed();
        drop(picture);
        let began = std::time::Instant::now();
        let grey = Luma::of_shot(&jpeg).unwrap();
        let luma = began.elapsed();
        let codes = read_all(&grey).len();
        eprintln!("{codes} codes; colours {colours:?}; light {luma:?}, all {:?}", began.elapsed());
    }
}
