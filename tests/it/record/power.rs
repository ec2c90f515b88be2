//! What a power cut leaves depends on what was synced before what: the order itself, seen from below.

use std::process::Command;

use caiying::{clerk::Owner, shot::Digest, station::Take, vault::Kind};

use super::{
    assigning::{given, with_strays},
    disk::Disk,
    object, open, sitting, take,
};
use crate::opened;
use crate::{
    alone::{alone, is_alone},
    world::at,
};

/// The disk if this is the process of one test; else that process is run, and this one is done.
fn disk_of(test: &str) -> Option<Disk> {
    if is_alone() {
        return Some(Disk::here());
    }
    let (folder, control) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command: Command =
        Disk::watched(&format!("record::power::{test}"), folder.path(), control.path());
    alone(&mut command);
    None
}

/// Syncs by what they are of, repetitions left out.
fn kinds(synced: &[String], objects: &[(&str, Digest)]) -> Vec<String> {
    let mut kinds: Vec<String> = synced
        .iter()
        .filter_map(|line| {
            let (path, rest) = line.split_once(' ').unwrap_or((line, ""));
            let part = objects.iter().find(|(_, object)| path.contains(&object.to_string()));
            let shelf = objects.iter().find(|(_, object)| rest.contains(&object.to_string()));
            match (part, shelf) {
                (Some((what, _)), _) if path.starts_with("vault/tmp/") => Some(format!("{what} {rest}")),
                (Some((what, _)), _) => Some(format!("{what} renamed too early")),
                (_, Some((what, _))) => Some(format!("folder of {what}")),
                _ => path.ends_with("-wal").then(|| "ledger".to_owned()),
            }
        })
        .collect();
    kinds.dedup();
    kinds
}

#[test]
fn the_file_then_its_folder_then_the_row() {
    let Some(disk) = disk_of("the_file_then_its_folder_then_the_row") else { return };
    let (mut clerk, _) = open(disk.folder());
    clerk.seat(at(1), &sitting(1)).unwrap();
    disk.synced();
    let Take { shot, portrait, .. } = take(1);
    clerk.keep(at(3), &sitting(1), &Take::of(shot.clone(), portrait.clone())).unwrap();
    let synced = disk.synced();
    drop(clerk);
    let (original, original_path) = object(disk.folder(), Kind::Original, 1);
    let (made, made_path) = object(disk.folder(), Kind::Portrait, 1);
    let length = |path| std::fs::metadata(path).unwrap().len();
    assert_eq!(
        kinds(&synced, &[("original", original), ("portrait", made)]),
        [
            format!("original {}", length(original_path)),
            "folder of original".to_owned(),
            "ledger".to_owned(),
            format!("portrait {}", length(made_path)),
            "folder of portrait".to_owned(),
            "ledger".to_owned(),
        ],
        "{synced:#?}"
    );
}

#[test]
fn what_a_failed_folder_sync_left_is_synced_before_it_is_called_kept() {
    let Some(disk) = disk_of("what_a_failed_folder_sync_left_is_synced_before_it_is_called_kept") else {
        return;
    };
    // The shard's own folder, and the folder a new shard is made in.
    for (n, refused) in [(1, "vault/??"), (2, "vault")] {
        let store = disk.folder().join(n.to_string());
        let (mut clerk, _) = open(&store);
        clerk.seat(at(1), &sitting(n)).unwrap();
        disk.refuse(&format!("{n}/{refused}"));
        clerk.shelve(at(2), &take(n).shot, Some(&sitting(n))).unwrap_err();
        assert!(disk.has_refused(), "{refused}");
        disk.synced();
        clerk.shelve(at(2), &take(n).shot, Some(&sitting(n))).unwrap();
        let synced = disk.synced();
        drop(clerk);
        let (original, path) = object(&store, Kind::Original, n);
        let shard = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let at = |wanted: &dyn Fn(&str) -> bool| synced.iter().position(|line| wanted(line));
        let row = at(&|line| line.contains("-wal")).unwrap();
        let named = at(&|line| {
            line.starts_with(&format!("{n}/vault/{shard}/ ")) && line.contains(&original.to_string())
        });
        assert!(named.is_some_and(|named| named < row), "{refused}: {synced:#?}");
        let above = at(&|line| {
            line.starts_with(&format!("{n}/vault/ ")) && line.split(' ').any(|name| name == shard)
        });
        assert!(n == 1 || above.is_some_and(|above| above < row), "{refused}: {synced:#?}");
        let report = opened::verify(&store).unwrap();
        assert_eq!((report.shots, report.orphans, report.faults.len()), (1, 0, 0), "{report:?}");
    }
}

#[test]
fn an_adopted_original_is_secured_before_its_row() {
    let Some(disk) = disk_of("an_adopted_original_is_secured_before_its_row") else { return };
    let store = disk.folder().to_owned();
    let (mut clerk, _) = open(&store);
    clerk.seat(at(1), &sitting(1)).unwrap();
    // The program ends where the folder's sync would have come.
    disk.refuse("vault/??");
    clerk.shelve(at(2), &take(1).shot, Some(&sitting(1))).unwrap_err();
    drop(clerk);
    disk.synced();
    let (clerk, recovery) = open(&store);
    assert_eq!(recovery.adopted, 1);
    drop(clerk);
    let synced = disk.synced();
    let (original, _) = object(&store, Kind::Original, 1);
    let first = kinds(&synced, &[("original", original)]).into_iter().next();
    assert_eq!(first.as_deref(), Some("folder of original"), "{synced:#?}");
}

#[test]
fn a_stray_is_given_away_when_its_portrait_is_safe() {
    let Some(disk) = disk_of("a_stray_is_given_away_when_its_portrait_is_safe") else { return };
    let mut clerk = with_strays(disk.folder());
    let owner = Owner::Sitting(caiying::shot::SittingId(2));
    let assignment = given(&clerk, 2, owner);
    disk.synced();
    clerk.assign(at(9), &assignment).unwrap();
    let synced = disk.synced();
    drop(clerk);
    let (made, path) = object(disk.folder(), Kind::Portrait, 2);
    let length = std::fs::metadata(path).unwrap().len();
    let kinds = kinds(&synced, &[("portrait", made)]);
    assert_eq!(kinds, [format!("portrait {length}"), "folder of portrait".to_owned(), "ledger".to_owned()]);
}
