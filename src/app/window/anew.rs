//! What of the command line still holds when a shift begins in the place of another one.

use super::super::cli;
use crate::{camera::CameraChoice, settings::Settings};

/// The camera that is asked for. A choice of camera is any text.
pub(super) fn camera(options: &cli::Window, settings: &Settings) -> CameraChoice {
    options.camera.clone().unwrap_or_else(|| settings.camera.parse().unwrap_or_default())
}

/// What the command line said for good: where the settings lie, and of a station at work where it keeps its portraits
/// and how it is calibrated. Whoever was kept there must be known there, so no other store takes its place by itself.
/// What a rehearsal was begun with is nothing for work.
pub(super) fn lasting(options: &cli::Window, settings: &Settings) -> cli::Window {
    let file = cli::Window { settings: options.settings.clone(), ..cli::Window::default() };
    if camera(options, settings) == CameraChoice::Rehearsal {
        return file;
    }
    cli::Window { store: options.store.clone(), calibration: options.calibration.clone(), ..file }
}

/// What the next shift begins with: as the settings say from now on, in the store that lasts; a rehearsal apart.
pub(super) fn next(lasting: &cli::Window, rehearse: bool) -> cli::Window {
    if rehearse {
        let settings = lasting.settings.clone();
        return cli::Window { settings, camera: Some(CameraChoice::Rehearsal), ..cli::Window::default() };
    }
    lasting.clone()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn asked(camera: Option<CameraChoice>) -> cli::Window {
        cli::Window {
            camera,
            store: Some(PathBuf::from("store")),
            calibration: Some(PathBuf::from("calibration")),
            settings: Some(PathBuf::from("settings")),
            profile: Some("profile".to_owned()),
            ..cli::Window::default()
        }
    }

    /// A student who was kept is asked about again only by the store that has his portrait.
    #[test]
    fn work_goes_on_in_the_store_it_began_in_also_after_a_rehearsal() {
        let lasting = lasting(&asked(None), &Settings::default());
        let rehearsal = next(&lasting, true);
        assert_eq!((rehearsal.store, rehearsal.calibration), (None, None));
        assert_eq!(rehearsal.settings, Some(PathBuf::from("settings")));
        let work = next(&lasting, false);
        assert_eq!(work.store, Some(PathBuf::from("store")));
        assert_eq!(work.calibration, Some(PathBuf::from("calibration")));
        assert_eq!((work.camera, work.profile), (None, None), "as the settings say from now on");
    }

    #[test]
    fn no_portrait_of_work_goes_where_a_rehearsal_was() {
        let in_settings = Settings { camera: "rehearsal".to_owned(), ..Settings::default() };
        for lasting in [
            lasting(&asked(Some(CameraChoice::Rehearsal)), &Settings::default()),
            lasting(&asked(None), &in_settings),
        ] {
            let work = next(&lasting, false);
            assert_eq!((work.store, work.calibration), (None, None));
            assert_eq!(work.settings, Some(PathBuf::from("settings")));
        }
    }
}
