//! `caiying camera import`: a camera's card in a reader, or any folder of its files, compared with a store; what
//! the store has not is put there as a stray. For the day on which a camera or its cable fails.

use std::{path::Path, time::Duration};

use serde_json::json;

use super::{
    cli,
    failure::{Done, Failure},
    meter::Meter,
    places, say, unlock,
};
use crate::{
    camera::{Camera, CameraError, CameraNews, ClockOffset, folder::FolderCamera},
    clerk::{Clerk, ClerkError, Shelved},
    errand::Part,
    keys::Deed,
    language::{Language, Phrase},
    screens::Words,
    shift::ShiftError,
    shot::{Clock, ShotId},
    vault::{self, Vault},
};

/// One look at the folder.
const PATIENCE: Duration = Duration::from_millis(100);

/// Nobody has asked the camera for the time: its clock may stand for another zone, or in summer time. What looks
/// older than the store by less than this is taken.
const CLOCK_WITHIN_MS: i64 = 24 * 3600 * 1000;

/// What became of the files.
#[derive(Debug, Default)]
struct Count {
    /// Put into the store.
    fetched: usize,
    /// Left alone because they are older than the store.
    older: usize,
}

/// Imports a folder.
pub(super) fn run(options: &cli::Camera, language: Language) -> Result<Done, Failure> {
    let Some(folder) = &options.folder else { return Err(no_folder()) };
    let settings = places::settings(None)?;
    let store = options.store.clone().or(settings.store).unwrap_or_else(places::default_store);
    // A new store would be younger than every picture.
    let stood = unlock::stood(Deed::Capture, &store)?;
    let store = &stood.store;
    Vault::existing(store).map_err(ClerkError::from)?;
    vault::keep_apart(store.folder(), false).map_err(ShiftError::from)?;
    let clock = Clock::start();
    let (mut clerk, _) = Clerk::open(store, &settings.station, &settings.profile, clock.now())?;
    stood.log_in(&mut clerk, clock.now())?;
    let zone = places::local_offset_ms();
    let offset = ClockOffset { least: zone - CLOCK_WITHIN_MS, most: zone + CLOCK_WITHIN_MS };
    let mut card = FolderCamera::new(folder.clone(), clock, offset);
    let known = clerk.known()?;
    card.compare_with(if options.all { known.of_any_age() } else { known });
    let count = empty(&mut card, &mut clerk, clock, language)?;
    tell(&count, folder, options.json, language);
    Ok(Done::Well)
}

/// Puts everything that is not known into the store.
fn empty(
    card: &mut FolderCamera,
    clerk: &mut Clerk,
    clock: Clock,
    language: Language,
) -> Result<Count, Failure> {
    let (mut count, (_, mut next)) = (Count::default(), clerk.next_numbers()?);
    let (mut meter, mut seen) = (Meter::on_terminal(language), 0);
    loop {
        match card.next(PATIENCE) {
            CameraNews::Arrived(arrival) => {
                seen += 1;
                meter.step(Part::Fetching, seen, seen + card.owed().unwrap_or(0));
                if clerk.shelve(clock.now(), &arrival.numbered(next), None)? == Shelved::New {
                    count.fetched += 1;
                    next = ShotId(next.0 + 1);
                }
            }
            CameraNews::Lost(err) => return Err(err.into()),
            CameraNews::Connected(_) | CameraNews::Quiet => {}
        }
        while let Some(notice) = card.notice() {
            if let CameraError::OlderOnCard { count: older } = notice {
                count.older = older;
            } else {
                Failure::from(notice).report(language);
            }
        }
        if card.owed() == Some(0) {
            return Ok(count);
        }
    }
}

fn tell(count: &Count, folder: &Path, json: bool, language: Language) {
    let Count { fetched, older } = count;
    if json {
        return say(&json!({ "folder": folder, "fetched": fetched, "older": older }).to_string());
    }
    say(&match language {
        Language::Chinese => {
            let older = if *older == 0 {
                String::new()
            } else {
                format!("；{older} 张更早的照片没有取回（要一并取回请加 --all）")
            };
            format!("取回 {fetched} 张，放入未归属；其余的本来就有{older}")
        }
        Language::English => {
            let older = match older {
                0 => String::new(),
                older => format!("; {older} earlier photos were left alone (add --all to fetch them too)"),
            };
            format!("{fetched} photos fetched as strays; the others were there before{older}")
        }
    });
}

fn no_folder() -> Failure {
    Failure::misused(Words {
        headline: Phrase::new("没有说明要导入哪个文件夹", "no folder was named to import"),
        remedy: Phrase::new(
            "例如：caiying camera import /media/卡名",
            "for example: caiying camera import /media/CARD",
        ),
    })
}
