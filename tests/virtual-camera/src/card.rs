//! The memory card: `DCIM/100CANON/IMG_0001.JPG` and what follows (DCF, the camera file system rule).
//!
//! A handle says where its object lies: DCIM is `0x9000_0000`, folder 100 adds `100 << 16`, a file
//! adds twice its number and one for a raw file. So handles stay the same from session to session,
//! as they do on a real body.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::ptp::format;
use crate::scene::Picture;

/// The storage id of the SD slot with a card in it; an EOS 80D has this one slot.
pub(crate) const STORAGE: u32 = 0x0002_0001;
/// The same slot without a card: PTP says so by a logical half of zero.
pub(crate) const EMPTY_SLOT: u32 = 0x0002_0000;
/// The handle under which hosts ask for the root.
pub(crate) const ROOT: u32 = 0xFFFF_FFFF;
/// The handle of the DCIM folder.
const DCIM: u32 = 0x9000_0000;

/// Handles of folders that hold themselves ([`Card::echo_in`]): the level in bits 16 to 27.
const ECHO: u32 = 0xA000_0000;
/// The bits of a handle that tell a file from the others in its folder.
const FILE: u32 = 0xFFFF;

fn is_echo(handle: u32) -> bool {
    handle & 0xF000_0000 == ECHO
}

/// Where the next picture goes: a folder number 100..=999 and a file number 1..=9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) folder: u16,
    pub(crate) number: u16,
}

impl Place {
    fn next(self) -> Self {
        match (self.folder, self.number) {
            (999.., 9999..) => Self { folder: 100, number: 1 },
            (folder, 9999..) => Self { folder: folder + 1, number: 1 },
            (folder, number) => Self { folder, number: number + 1 },
        }
    }

    /// `IMG_0001.JPG`, or `.CR2`.
    pub(crate) fn name(self, format: u16) -> String {
        let ending = if format == format::CR2 { "CR2" } else { "JPG" };
        format!("IMG_{:04}.{ending}", self.number)
    }

    /// The folder's path as libgphoto2 gives it.
    pub(crate) fn path(self) -> String {
        format!("/store_{STORAGE:08x}/DCIM/{}", folder_name(self.folder))
    }

    fn handle(self, format: u16) -> u32 {
        folder_handle(self.folder) | u32::from(self.number) << 1 | u32::from(format == format::CR2)
    }
}

fn folder_handle(folder: u16) -> u32 {
    DCIM | u32::from(folder) << 16
}

fn folder_name(folder: u16) -> String {
    format!("{folder}CANON")
}

/// A file on the card.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) handle: u32,
    pub(crate) parent: u32,
    pub(crate) picture: Picture,
    /// Not downloaded yet: flag 0x20 of the listing, cleared by SetObjectAttributes (0x910C).
    pub(crate) new: bool,
}

/// Anything a handle can mean.
#[derive(Debug, Clone)]
pub(crate) enum Node<'a> {
    Folder { handle: u32, parent: u32, name: String },
    File(Cow<'a, Stored>),
}

/// The card and the camera's numbering of files, which goes on from card to card.
#[derive(Debug)]
pub(crate) struct Card {
    capacity: u64,
    folders: BTreeSet<u16>,
    files: BTreeMap<u32, Stored>,
    /// Bytes of all files: hosts ask how full the card is all the time.
    used: u64,
    next: Place,
}

impl Card {
    /// An empty card of that many bytes; the first file will bear that number, in 100CANON.
    pub(crate) fn new(capacity: u64, first_number: u16) -> Self {
        Self {
            capacity,
            folders: BTreeSet::new(),
            files: BTreeMap::new(),
            used: 0,
            next: Place { folder: 100, number: first_number.clamp(1, 9999) },
        }
    }

    pub(crate) fn capacity(&self) -> u64 {
        self.capacity
    }

    pub(crate) fn free(&self) -> u64 {
        self.capacity.saturating_sub(self.used)
    }

    /// Where the next picture will go.
    pub(crate) fn next_place(&self) -> Place {
        self.next
    }

    /// Takes the next file number. Numbers are used up even when the picture goes to the host.
    pub(crate) fn take_place(&mut self) -> Place {
        let place = self.next;
        self.next = place.next();
        place
    }

    /// Writes a picture; gives the handle of the folder, had it to be made, and that of the file.
    pub(crate) fn store(&mut self, place: Place, picture: Picture) -> (Option<u32>, u32) {
        let parent = folder_handle(place.folder);
        let handle = place.handle(picture.format);
        let made = self.folders.insert(place.folder).then_some(parent);
        self.delete(handle);
        self.used += picture.bytes.len() as u64;
        self.files.insert(handle, Stored { handle, parent, picture, new: true });
        (made, handle)
    }

    /// The object of that handle.
    pub(crate) fn node(&self, handle: u32) -> Option<Node<'_>> {
        if let Some(file) = self.files.get(&handle) {
            return Some(Node::File(Cow::Borrowed(file)));
        }
        if is_echo(handle) {
            return self.echo_of(self.files.get(&self.sound_of(handle)?)?, handle & !FILE);
        }
        if handle == DCIM {
            return Some(Node::Folder { handle, parent: 0, name: "DCIM".to_owned() });
        }
        let folder = self.folders.iter().find(|folder| folder_handle(**folder) == handle)?;
        Some(Node::Folder { handle, parent: DCIM, name: folder_name(*folder) })
    }

    /// What lies in the folder of that handle, in order of handles; nothing in a file.
    pub(crate) fn children(&self, parent: u32) -> Vec<Node<'_>> {
        match parent {
            ROOT => self.node(DCIM).into_iter().collect(),
            DCIM => {
                let handles = self.folders.iter().map(|folder| folder_handle(*folder));
                handles.filter_map(|handle| self.node(handle)).collect()
            }
            _ if is_echo(parent) => {
                let first = self.folders.first().map(|folder| folder_handle(*folder));
                let files = self.files.values().filter(|file| Some(file.parent) == first);
                files.filter_map(|file| self.echo_of(file, parent)).collect()
            }
            _ => {
                let files = self.files.values().filter(|file| file.parent == parent);
                files.map(Cow::Borrowed).map(Node::File).collect()
            }
        }
    }

    /// The first folder with pictures once more, as if it lay in that folder of pictures: it holds the same
    /// files, and itself, without end. `None` in any other folder.
    pub(crate) fn echo_in(&self, parent: u32) -> Option<Node<'_>> {
        let first = *self.folders.first()?;
        let level = match parent {
            _ if parent == folder_handle(first) => 0,
            _ if is_echo(parent) => (parent & !ECHO) >> 16,
            _ => return None,
        };
        let handle = ECHO | (level + 1).min(0x0FFF) << 16;
        Some(Node::Folder { handle, parent, name: folder_name(first) })
    }

    /// That file as it lies in an echo of its folder.
    fn echo_of(&self, file: &Stored, parent: u32) -> Option<Node<'_>> {
        let handle = parent | file.handle & FILE;
        is_echo(parent).then(|| Node::File(Cow::Owned(Stored { handle, parent, ..file.clone() })))
    }

    /// The file whose echo has that handle.
    fn sound_of(&self, echo: u32) -> Option<u32> {
        self.folders.first().map(|folder| folder_handle(*folder) | echo & FILE)
    }

    /// The file of that handle.
    pub(crate) fn file(&self, handle: u32) -> Option<&Stored> {
        let handle = if is_echo(handle) { self.sound_of(handle)? } else { handle };
        self.files.get(&handle)
    }

    /// Marks a file as downloaded or new; false when there is none.
    pub(crate) fn set_new(&mut self, handle: u32, new: bool) -> bool {
        let file = self.files.get_mut(&handle);
        file.map(|file| file.new = new).is_some()
    }

    /// Deletes a file; false when there is none. Folders stay, as on a real card.
    pub(crate) fn delete(&mut self, handle: u32) -> bool {
        let gone = self.files.remove(&handle);
        self.used -= gone.as_ref().map_or(0, |file| file.picture.bytes.len() as u64);
        gone.is_some()
    }

    /// Formats the card: nothing is left.
    pub(crate) fn format(&mut self) {
        self.folders.clear();
        self.files.clear();
        self.used = 0;
    }

    /// Sets where the next picture goes.
    pub(crate) fn number_from(&mut self, folder: u16, number: u16) {
        self.next = Place { folder: folder.clamp(100, 999), number: number.clamp(1, 9999) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::time::UNIX_EPOCH;

    /// Every level holds the same file under another handle, and the next level.
    #[test]
    fn a_folder_that_holds_itself_does_so_without_end() {
        let mut card = Card::new(1 << 30, 1);
        let (bytes, taken) = (std::sync::Arc::from([1, 2, 3]), Clock::new(0, 0).local(UNIX_EPOCH));
        let place = card.take_place();
        let picture =
            Picture { name: place.name(format::JPEG), format: format::JPEG, bytes, taken, size: (1, 1) };
        let (mut folder, mut seen) = (card.store(place, picture).0.unwrap_or_default(), BTreeSet::new());
        for _ in 0..100 {
            let children = card.children(folder);
            let [Node::File(file)] = children.as_slice() else { panic!("{children:?}") };
            assert!(seen.insert(file.handle) && seen.insert(folder));
            assert_eq!(card.file(file.handle).map(|file| file.picture.bytes.len()), Some(3));
            let Some(Node::Folder { handle, .. }) = card.echo_in(folder) else { panic!("no end") };
            folder = handle;
        }
    }

    #[test]
    fn numbering_rolls_over_into_the_next_folder() {
        let mut card = Card::new(1 << 30, 9999);
        let (last, first) = (card.take_place(), card.take_place());
        assert_eq!(last.name(format::JPEG), "IMG_9999.JPG");
        assert_eq!(last.path(), "/store_00020001/DCIM/100CANON");
        assert_eq!(first, Place { folder: 101, number: 1 });
        assert_ne!(last.handle(format::JPEG), last.handle(format::CR2));
    }
}
