//! Files on the card: listed, looked up, downloaded and proven to be whole.

use chrono::Offset as _;

use super::{
    super::{CameraError, CardFile, ListedFile, twins::is_jpeg},
    Gphoto,
    errors::broken,
};

/// So many files one after the other of which nothing can be learnt: it is not the files, it is the camera.
const UNREADABLE_IN_A_ROW: usize = 3;

impl Gphoto {
    /// What the camera says of a file without handing it over.
    ///
    /// The time is local time to the camera and a time stamp to libgphoto2, which takes this computer's zone
    /// for the camera's in most places and none in some: the later of the two readings stands.
    pub(super) fn look_up(&self, folder: &str, name: &str) -> Result<ListedFile, CameraError> {
        let info = self.camera()?.fs().file_info(folder, name).wait().map_err(|err| broken(&err))?;
        let size = info.file().size().unwrap_or_default();
        let stamp = info.file().mtime().filter(|stamp| *stamp > 0);
        let written = stamp.and_then(|stamp| {
            let at = chrono::DateTime::from_timestamp(stamp, 0)?;
            let zone = at.with_timezone(&chrono::Local).offset().fix().local_minus_utc();
            Some((stamp + i64::from(zone.max(0))) * 1000)
        });
        let file = CardFile { folder: folder.to_owned(), name: name.to_owned(), size };
        Ok(ListedFile { file, written })
    }

    fn download(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError> {
        let context = self.context()?;
        let data =
            self.camera()?.fs().download(&file.folder, &file.name).wait().map_err(|err| broken(&err))?;
        // The crate reads through the driver's pointer without a look; an empty file has none.
        if data.size(&context).wait().map_err(|err| broken(&err))? == 0 {
            return Ok(vec![]);
        }
        Ok(data.get_data(&context).wait().map_err(|err| broken(&err))?.into_vec())
    }

    pub(super) fn list_below(&self, folder: &str, found: &mut Vec<ListedFile>) -> Result<(), CameraError> {
        let (files, mut unreadable) = (self.camera()?.fs(), 0);
        let names = files.list_files(folder).wait().map_err(|err| broken(&err))?;
        for name in names.filter(|name| is_jpeg(name)) {
            match self.look_up(folder, &name) {
                Ok(listed) => {
                    unreadable = 0;
                    found.push(listed);
                }
                // One damaged file must not stand between the station and its camera. If it was the connection,
                // the folders below are not to be had either.
                Err(err) => {
                    unreadable += 1;
                    if unreadable >= UNREADABLE_IN_A_ROW {
                        return Err(err);
                    }
                }
            }
        }
        for name in files.list_folders(folder).wait().map_err(|err| broken(&err))? {
            let below = if folder == "/" { format!("/{name}") } else { format!("{folder}/{name}") };
            self.list_below(&below, found)?;
        }
        Ok(())
    }

    /// Twice at most: a short read is not repeated by libgphoto2 itself.
    pub(super) fn fetch_whole(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError> {
        let whole = |picture: &[u8]| picture.len() as u64 == file.size && picture.ends_with(&[0xff, 0xd9]);
        let first = self.download(file)?;
        if whole(&first) {
            return Ok(first);
        }
        let second = self.download(file)?;
        // A file whose length is right but that does not end in EOI is the camera's own doing (some append
        // more): the darkroom judges it.
        if second.len() as u64 == file.size {
            return Ok(second);
        }
        let got = second.len() as u64;
        Err(CameraError::Truncated { name: file.name.clone(), got, expected: file.size })
    }
}
