//! Files on the card: listed, looked up, downloaded and proven to be whole.

use chrono::Offset as _;
use gphoto2::file::CameraFile;

use super::{
    super::{CameraError, CardFile, ListedFile, twins::is_jpeg, wire::LONGEST_PICTURE},
    Gphoto,
    errors::broken,
};

/// So many files one after the other of which nothing can be learnt: it is not the files, it is the camera.
const UNREADABLE_IN_A_ROW: usize = 3;

/// Folders lie no deeper: `/store_00020001/DCIM/100CANON` is three, and a card reader's may be some more.
const DEEPEST: usize = 6;

/// No card has more folders: DCF numbers them from 100 to 999.
const MOST_FOLDERS: usize = 2_000;

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
        let data =
            self.camera()?.fs().download(&file.folder, &file.name).wait().map_err(|err| broken(&err))?;
        self.bytes_of(&data)
    }

    /// What the driver has brought.
    pub(super) fn bytes_of(&mut self, data: &CameraFile) -> Result<Vec<u8>, CameraError> {
        let context = self.context()?;
        // The crate reads through the driver's pointer without a look; an empty file has none.
        if data.size(&context).wait().map_err(|err| broken(&err))? == 0 {
            return Ok(vec![]);
        }
        Ok(data.get_data(&context).wait().map_err(|err| broken(&err))?.into_vec())
    }

    /// Every JPEG file on the card. What a camera says of its folders is not believed without end: see
    /// [`is_reasonable`].
    pub(super) fn list_all(&self) -> Result<Vec<ListedFile>, CameraError> {
        let (mut found, mut open, mut listed) = (Vec::new(), vec!["/".to_owned()], 0);
        while let Some(folder) = open.pop().filter(|_| listed < MOST_FOLDERS) {
            listed += 1;
            self.list_files_in(&folder, &mut found)?;
            let below = self.camera()?.fs().list_folders(&folder).wait().map_err(|err| broken(&err))?;
            open.extend(below.filter_map(|name| is_reasonable(&folder, &name)));
        }
        Ok(found)
    }

    fn list_files_in(&self, folder: &str, found: &mut Vec<ListedFile>) -> Result<(), CameraError> {
        let mut unreadable = 0;
        let names = self.camera()?.fs().list_files(folder).wait().map_err(|err| broken(&err))?;
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
        Ok(())
    }

    /// Twice at most: a short read is not repeated by libgphoto2 itself.
    pub(super) fn fetch_whole(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError> {
        let not_whole = |got| CameraError::Truncated { name: file.name.clone(), got, expected: file.size };
        if file.size > LONGEST_PICTURE as u64 {
            return Err(not_whole(0));
        }
        let is_as_long =
            |picture: &[u8]| picture.len() as u64 == file.size && picture.starts_with(&[0xff, 0xd8]);
        let first = self.download(file)?;
        if is_as_long(&first) && first.ends_with(&[0xff, 0xd9]) {
            return Ok(first);
        }
        let second = self.download(file)?;
        // A file whose length is right but that does not end in EOI is the camera's own doing (some append
        // more): the darkroom judges it. One that does not even begin as a picture is no picture.
        if is_as_long(&second) {
            return Ok(second);
        }
        Err(not_whole(second.len() as u64))
    }
}

/// The path of a folder in that one, unless no real card has such a one: deeper than any, or inside a folder of
/// its own name. A camera whose folders hold themselves would be listed without end, and every file of it found
/// once more at every turn.
fn is_reasonable(folder: &str, name: &str) -> Option<String> {
    let mut above = folder.split('/').filter(|above| !above.is_empty());
    let depth = above.clone().count();
    let is_itself = above.any(|above| above == name);
    let separator = if folder.ends_with('/') { "" } else { "/" };
    (depth < DEEPEST && !is_itself).then(|| format!("{folder}{separator}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_hold_themselves_are_left() {
        assert_eq!(is_reasonable("/", "store_00020001").as_deref(), Some("/store_00020001"));
        assert_eq!(is_reasonable("/store_00020001", "DCIM").as_deref(), Some("/store_00020001/DCIM"));
        assert_eq!(is_reasonable("/store_00020001/DCIM/100CANON", "DCIM"), None);
        assert_eq!(is_reasonable("/a/b/c/d/e/f", "g"), None);
    }
}
