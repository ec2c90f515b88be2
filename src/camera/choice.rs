//! Which camera to use.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

/// Which camera to use, as the command line and the settings say it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CameraChoice {
    /// `rehearsal`: pictures that travel with the program.
    Rehearsal,
    /// `folder` or `folder:PATH`: a hot folder.
    Folder(Option<PathBuf>),
    /// `auto`: the first camera libgphoto2 finds.
    #[default]
    Auto,
    /// Anything else: a port of libgphoto2, such as `usb:001,042` or `ptpip:192.168.1.2`.
    Port(String),
}

impl FromStr for CameraChoice {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.split_once(':') {
            Some(("folder", path)) => Self::Folder(Some(PathBuf::from(path))),
            _ if text == "folder" => Self::Folder(None),
            _ if text == "rehearsal" => Self::Rehearsal,
            _ if text == "auto" => Self::Auto,
            _ => Self::Port(text.to_owned()),
        })
    }
}
