//! A portrait is made again from its original, bit for bit; whatever is not as it was is told.

use std::{fs, path::Path, sync::Arc};

use caiying::{
    clerk::{Clerk, Outcome, Proof},
    portrait::{Crop, Decline, Enlarging, Making, ModelFinder, Portrait, Resampler, develop, remake},
    profile::Profile,
    shot::{Digest, Shot, ShotId, SittingId, Trigger},
    station::{Fact, How, SeenCode, Sitting, Take},
};
use image::imageops::{rotate90, rotate270};

use crate::opened;
use crate::{
    portraits::held,
    sitter::{jpeg, well_seated},
    world::{at, code, portrait, shot},
};

/// A camera's file, and the portrait made of it; the camera may have been held on its side.
fn made(orientation: u16) -> (Vec<u8>, Portrait) {
    let seen = match orientation {
        6 => rotate270(&well_seated()),
        8 => rotate90(&well_seated()),
        _ => well_seated(),
    };
    let original = held(&jpeg(&seen), orientation);
    let mut finder = ModelFinder::new().unwrap();
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let developed = develop(&original, &profile, &mut finder, Enlarging::Forbidden);
    (original, developed.outcome.unwrap())
}

fn keep(clerk: &mut Clerk, n: u8, original: &[u8], portrait: Portrait) {
    let id = u64::from(n);
    let sitting =
        Sitting { takes: 1, ..Sitting::new(SittingId(id), SeenCode::unread(code(n)), at(1), false) };
    let shot = Shot { jpeg: original.into(), ..shot(id, Trigger::Body, 2) };
    clerk.keep(at(3), &sitting, &Take::of(shot, portrait)).unwrap();
}

fn store(place: &Path) -> Clerk {
    opened::clerk(place, "test", "p", at(0)).unwrap().0
}

fn only(proofs: Vec<Proof>) -> Proof {
    assert_eq!(proofs.len(), 1);
    proofs.into_iter().next().unwrap()
}

#[test]
fn a_portrait_is_made_again_bit_for_bit_from_what_the_store_holds() {
    let place = tempfile::tempdir().unwrap();
    let (original, portrait) = made(1);
    let mut clerk = store(place.path());
    keep(&mut clerk, 1, &original, portrait.clone());
    drop(clerk);
    let proof = only(opened::prove(place.path(), None).unwrap());
    assert!(proof.is_same(), "{proof:?}");
    assert_eq!((proof.portrait, proof.original), (portrait.sha256, Some(Digest::of(&original))));
    assert_eq!(proof.making.as_ref(), Some(&*portrait.making), "no digit was lost on the way");
    assert!(only(opened::prove(place.path(), Some(&[portrait.sha256])).unwrap()).is_same());
    let retouched = Digest::of(b"retouched");
    let stranger = only(opened::prove(place.path(), Some(&[retouched])).unwrap());
    assert!(matches!(stranger.outcome, Outcome::Unknown), "{stranger:?}");
    assert_eq!(opened::verify(place.path()).unwrap().faults, []);
    let batch = opened::compare(place.path()).unwrap();
    assert_eq!((batch.compared.len(), batch.left_out), (1, 0));
    assert!((batch.compared[0].look.head_px - 378.0).abs() < 1.0, "{batch:?}");
}

#[test]
fn what_was_done_to_a_portrait_beside_cutting_comes_to_light() {
    let place = tempfile::tempdir().unwrap();
    let (original, portrait) = made(1);
    let mut clerk = store(place.path());
    // One bit of the scan, of which the screen shows nothing.
    let mut retouched = portrait.jpeg.to_vec();
    let at_middle = retouched.len() / 2;
    retouched[at_middle] ^= 1;
    let by_hand = Portrait { sha256: Digest::of(&retouched), jpeg: retouched.into(), ..portrait.clone() };
    keep(&mut clerk, 1, &original, by_hand);
    drop(clerk);
    let proof = only(opened::prove(place.path(), None).unwrap());
    assert!(matches!(proof.outcome, Outcome::Differs), "{proof:?}");

    // The record of another cut: a tenth of a pixel is another file.
    let place = tempfile::tempdir().unwrap();
    let mut clerk = store(place.path());
    let mut making = (*portrait.making).clone();
    making.crop = Crop { x: making.crop.x + 0.1, ..making.crop };
    keep(&mut clerk, 1, &original, Portrait { making: Arc::new(making), ..portrait });
    drop(clerk);
    assert!(matches!(only(opened::prove(place.path(), None).unwrap()).outcome, Outcome::Differs));
}

#[test]
fn a_missing_or_foreign_original_is_told_and_stops_no_other_proof() {
    let place = tempfile::tempdir().unwrap();
    let mut clerk = store(place.path());
    let (first, portrait_of_first) = made(6);
    let (second, portrait_of_second) = made(8);
    keep(&mut clerk, 1, &first, portrait_of_first);
    keep(&mut clerk, 2, &second, portrait_of_second);
    // No picture at all: nothing can come of it.
    keep(&mut clerk, 3, b"no picture", portrait(ShotId(3)));
    let lost = clerk.ledger().shot_with_jpeg(Digest::of(&first)).unwrap().unwrap().object;
    drop(clerk);
    let mut removed = 0;
    for shard in fs::read_dir(place.path().join("vault")).unwrap() {
        let object = shard.unwrap().path().join(lost.to_string());
        removed += usize::from(fs::remove_file(object).is_ok());
    }
    assert_eq!(removed, 1, "the original is gone");
    let proofs = opened::prove(place.path(), None).unwrap();
    assert!(matches!(proofs[0].outcome, Outcome::Unreadable(_)), "{proofs:?}");
    assert!(proofs[1].is_same(), "{proofs:?}");
    assert!(matches!(proofs[2].outcome, Outcome::Declined(_)), "{proofs:?}");
    let batch = opened::compare(place.path()).unwrap();
    assert_eq!((batch.compared.len(), batch.left_out), (2, 1), "what is no picture is not compared");
}

/// A portrait's object as the program sealed it before portraits had records, byte for byte.
fn without_record(portrait: &Portrait) -> Vec<u8> {
    let binding = br#"{"kind":"portrait","station":"test","sitting":1,"code":"241470170acf9e8a6004abf2b89dd4162a98b9a6b3f263355ec728d86706367d","shot":1,"trigger":"body","exposed":{"earliest":2000,"latest":2000},"origin":{"camera":"","folder":"","name":""},"bound":3000}"#;
    let length = u32::try_from(binding.len()).unwrap().to_le_bytes();
    [b"caiying object 1\n", &length[..], binding, &portrait.jpeg].concat()
}

#[test]
fn what_was_kept_before_there_were_records_is_whole_and_said_to_be_unproven() {
    let place = tempfile::tempdir().unwrap();
    let mut clerk = store(place.path());
    let (original, portrait) = made(1);
    let sitting = Sitting { takes: 1, ..Sitting::new(SittingId(1), SeenCode::unread(code(1)), at(1), false) };
    let shot = Shot { jpeg: original.into(), ..shot(1, Trigger::Body, 2) };
    clerk.shelve(at(2), &shot, Some(&sitting)).unwrap();
    let old = opened::store(place.path()).keys().seal(&[&without_record(&portrait)]).unwrap();
    let object = Digest::of(&old);
    let shard = place.path().join("vault").join(&object.to_string()[..2]);
    fs::create_dir_all(&shard).unwrap();
    fs::write(shard.join(object.to_string()), &old).unwrap();
    let kept = Fact::Kept {
        sitting: sitting.id,
        shot: shot.id,
        object,
        portrait: portrait.sha256,
        bytes: portrait.jpeg.len(),
        quality: portrait.quality,
        how: How::ByHand,
        supersedes: vec![],
    };
    clerk.record(at(3), &kept).unwrap();
    // Another one, of today, goes beside it.
    let (second, portrait_of_second) = made(8);
    keep(&mut clerk, 2, &second, portrait_of_second);
    drop(clerk);

    let proofs = opened::prove(place.path(), None).unwrap();
    let old_proof = proofs.iter().find(|proof| proof.portrait == portrait.sha256).unwrap();
    assert!(matches!(old_proof.outcome, Outcome::NoRecord), "{old_proof:?}");
    assert!(old_proof.making.is_none() && !old_proof.is_same());
    assert_eq!(proofs.iter().filter(|proof| proof.is_same()).count(), 1, "{proofs:?}");
    let report = opened::verify(place.path()).unwrap();
    assert_eq!((report.faults, report.kept, report.orphans), (vec![], 2, 0));
    let batch = opened::compare(place.path()).unwrap();
    assert_eq!((batch.compared.len(), batch.left_out), (1, 1), "nobody knows where its head is");

    // It is read to the byte, its binding too, and a station opens the store and goes on with it.
    let (binding, jpeg) = opened::vault(place.path()).unwrap().get(object).unwrap();
    assert_eq!((binding.record, binding.sitting, jpeg), (None, Some(SittingId(1)), portrait.jpeg.to_vec()));
    let clerk = store(place.path());
    let waiting: Vec<Digest> = clerk.ledger().queue().unwrap().iter().map(|parcel| parcel.object).collect();
    assert!(waiting.contains(&object) && waiting.len() == 2, "{waiting:?}");
}

/// A record is read from a file, and somebody may have written what he liked into it.
#[test]
fn a_record_that_nobody_can_have_made_is_refused() {
    let (original, portrait) = made(1);
    let honest = (*portrait.making).clone();
    let Crop { x, y, width, height } = honest.crop;
    let sides = [(0, 640), (480, 0), (u32::MAX, u32::MAX), (4097, 640), (480, 100_000)];
    let crops = [
        Crop { x: f64::NAN, ..honest.crop },
        Crop { y: f64::INFINITY, ..honest.crop },
        Crop { x: -1.0, ..honest.crop },
        Crop { width: -width, ..honest.crop },
        Crop { height: 0.0, ..honest.crop },
        Crop { width: f64::MIN_POSITIVE, ..honest.crop },
        Crop { height: f64::NAN, ..honest.crop },
        Crop { x: x + 1e9, ..honest.crop },
        Crop { y: y + height, ..honest.crop },
        Crop { width: 1e300, height: 1e300, ..honest.crop },
    ];
    let hostile = sides
        .into_iter()
        .map(|(width_px, height_px)| Making { width_px, height_px, ..honest.clone() })
        .chain(crops.into_iter().map(|crop| Making { crop, ..honest.clone() }))
        .chain([Making { resampler: Resampler::HalfThenLanczos3, ..honest.clone() }]);
    for making in hostile {
        let refused = remake(&original, &making);
        assert!(matches!(refused, Err(Decline::Darkroom(_))), "{making:?}: {refused:?}");
    }
    assert_eq!(remake(&original, &honest).unwrap(), *portrait.jpeg);
}
