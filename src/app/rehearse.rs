//! `caiying rehearse`: plays a morning and says whether anybody got another's portrait.

use std::fs;

use super::{
    cli,
    failure::{Done, Failure},
    places, say,
};
use crate::rehearsal::{self, Options};

/// Plays a rehearsal. A store nobody asked for is removed when all went well.
pub(super) fn run(options: &cli::Rehearse) -> Result<Done, Failure> {
    let store = options.store.clone().unwrap_or_else(places::rehearsal_store);
    let program =
        std::env::current_exe().map_err(|err| Failure::file(std::path::Path::new("caiying"), &err))?;
    let report = rehearsal::rehearse(&Options {
        students: options.students,
        seed: options.seed,
        camera: options.camera.clone(),
        stagehand: options.stagehand.clone(),
        store: store.clone(),
        profile: places::profile(&options.profile)?,
        program,
        overlap: options.overlap,
        every: options.every,
    })?;
    if options.json {
        // A report is plain numbers and words: it always has a JSON form.
        say(&serde_json::to_string(&report).unwrap_or_default());
    } else {
        say(&report.to_string());
    }
    if !report.is_clean() {
        return Ok(Done::WithFindings);
    }
    if options.store.is_none() {
        fs::remove_dir_all(&store).map_err(|err| Failure::file(&store, &err))?;
    }
    Ok(Done::Well)
}
