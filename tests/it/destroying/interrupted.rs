//! A destruction that is cut short: before the keys go nothing has happened; after, it is finished without any key.

use std::{cell::Cell, fs};

use caiying::{
    errand::{Certificate, Destruction, DestructionError, Testimony, finish_destruction},
    keys::random_bytes,
    paper::PaperError,
    shot::Clock,
    vault::{begin_destruction, begun_destruction, key_file},
};

use super::Season;
use crate::locks::{caiying, said};

fn testimony() -> Testimony {
    Testimony {
        first: ("陈工".to_owned(), "管理员".to_owned()),
        second: Some(("赵老师".to_owned(), "学校监督员".to_owned())),
        accepted_by: Some("赵老师".to_owned()),
        ..Testimony::default()
    }
}

/// Destroys a store up to where the certificate's page cannot be made.
fn cut_short(season: &Season, breaks: impl Fn(&Certificate) -> bool) -> DestructionError {
    let destruction = Destruction::prepare(season.store.clone(), "A1", Clock::start()).unwrap();
    let page = |certificate: &Certificate, _| {
        if breaks(certificate) { Err(PaperError::Font) } else { Ok(b"%PDF".to_vec()) }
    };
    destruction.carry_out(&testimony(), (&season.stick(), &page), 0, &mut |_, _| ()).unwrap_err()
}

#[test]
fn what_fails_before_the_keys_go_leaves_the_store_as_it_was() {
    let season = Season::new();
    season.deliver_all();
    let err = cut_short(&season, |_| true);
    assert!(matches!(err, DestructionError::Paper(_)), "{err}");
    assert!(season.is_whole());
    assert_eq!(
        finish_destruction(&season.folder, Clock::start()).unwrap(),
        None,
        "there is nothing to finish"
    );
    assert!(season.is_whole(), "asking changes nothing");
}

#[test]
fn what_fails_after_is_finished_without_a_key() {
    let season = Season::new();
    season.deliver_all();
    let seen = Cell::new(0);
    let err = cut_short(&season, |certificate| {
        seen.set(seen.get() + 1);
        certificate.is_final
    });
    assert!(matches!(err, DestructionError::Unfinished(_)), "{err}");
    assert_eq!(seen.get(), 2, "a draft before, and the certificate");
    assert!(caiying::screens::trouble::destruction(&err).headline.zh.contains("钥匙已经销毁"));
    let draft = season.paper().join("销毁证书.草稿.json");
    let told: Certificate = serde_json::from_slice(&fs::read(&draft).unwrap()).unwrap();
    assert!(!told.is_final && told.verification.is_none());
    let finished = finish_destruction(&season.folder, Clock::start()).unwrap().unwrap();
    assert_eq!(finished.left, 0);
    assert!(!season.folder.exists());
    assert!(season.paper().join("销毁补记.json").exists());
}

/// The power fails at every place where it matters: the mark stands and the keys are whole, half erased, or gone.
#[test]
fn a_power_cut_leaves_what_destroy_finishes_and_every_other_command_names() {
    let season = Season::new();
    let at = season.folder.display().to_string();
    let run = |arguments: &[&str]| caiying(season.home.path(), arguments, "");
    begin_destruction(&season.folder, &season.stick().display().to_string()).unwrap();
    assert!(season.is_whole() && finish_destruction(&season.folder, Clock::start()).unwrap().is_none());
    assert!(run(&["keys", "--store", &at, "list"]).status.success(), "with whole keys nothing has happened");

    let mut noise = fs::read(season.folder.join("keys")).unwrap();
    random_bytes(&mut noise).unwrap();
    fs::write(season.folder.join("keys"), &noise).unwrap();
    for arguments in
        [&["verify", "--store", &at][..], &["journal", "--store", &at], &["keys", "--store", &at, "list"]]
    {
        let refused = run(arguments);
        assert!(said(&refused).contains("已经监督删除"), "{arguments:?}: {}", said(&refused));
    }
    key_file::erase(&season.folder).unwrap();
    let refused = run(&["verify", "--store", &at]);
    assert!(said(&refused).contains("已经监督删除"), "{}", said(&refused));
    assert!(!run(&["keys", "--store", &at, "create", "--name", "陈工"]).status.success(), "no new keys here");
    fs::remove_file(season.folder.join("ledger.sqlite")).unwrap();
    fs::remove_dir_all(season.folder.join("vault/papers")).unwrap();

    let slip = run(&["destroy", "--store", &at]);
    assert_eq!(slip.status.code(), Some(1));
    assert!(said(&slip).contains(&at) && said(&slip).contains("没有再删除什么"), "{}", said(&slip));
    assert!(season.folder.join("vault").exists(), "nobody said that it may go");
    let done = caiying(season.home.path(), &["destroy", "--store", &at], "store\n");
    assert!(done.status.success() && said(&done).contains("上次的销毁已做完"), "{}", said(&done));
    assert!(!season.folder.exists());
    let note = fs::read_to_string(season.stick().join("销毁补记.json")).unwrap();
    assert!(note.contains("\"signed\": false"), "{note}");
}

/// The mark of a destruction that erased nothing goes when work goes on.
#[test]
fn keys_that_are_lost_after_work_went_on_are_not_taken_for_destroyed() {
    let season = Season::new();
    begin_destruction(&season.folder, &season.stick().display().to_string()).unwrap();
    season.deliver_all();
    assert_eq!(begun_destruction(&season.folder), None);
    let mut noise = fs::read(season.folder.join("keys")).unwrap();
    random_bytes(&mut noise).unwrap();
    fs::write(season.folder.join("keys"), &noise).unwrap();
    let at = season.folder.display().to_string();
    let refused = caiying(season.home.path(), &["destroy", "--store", &at, "--certificate", "."], "store\n");
    assert!(!refused.status.success() && !said(&refused).contains("监督删除"), "{}", said(&refused));
    assert!(season.folder.join("ledger.sqlite").exists(), "nothing was removed");
}

#[test]
fn keys_that_were_lost_are_not_taken_for_destroyed() {
    let season = Season::new();
    fs::remove_file(season.folder.join("keys")).unwrap();
    let at = season.folder.display().to_string();
    let refused = caiying(season.home.path(), &["destroy", "--store", &at, "--certificate", "."], "");
    assert!(!refused.status.success() && said(&refused).contains("钥匙文件不见了"), "{}", said(&refused));
    assert!(season.folder.join("ledger.sqlite").exists(), "nothing was removed");
}
