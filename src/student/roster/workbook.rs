//! Excel workbooks, read cell by cell. A workbook's own claims (dimensions, counts, sizes) are not even looked at.
//!
//! Why not `calamine`: it reads the shared texts whole before the first cell, and its ranges reserve what the
//! workbook claims (facts/record.md: 1.2 KB ask for 512 GiB).

mod parts;
mod sheet;

use quick_xml::events::Event;

use super::{RosterError, table::Limit, table::TakesRows};
use parts::{Elements, Parts, attribute};

/// Everything that is unpacked of a workbook, in bytes: 40,000 rows of thirty columns are about 60 MB of XML.
pub(super) const MAX_UNPACKED: u64 = 64 << 20;
/// The texts its cells may share.
pub(super) const MAX_SHARED: usize = 400_000;
/// Their bytes.
const MAX_SHARED_BYTES: usize = 16 << 20;
/// The files inside it; Excel writes about twelve, and one for each further sheet and picture.
pub(super) const MAX_PARTS: usize = 1_000;
/// How deep its elements are nested; a cell's text lies at seven.
pub(super) const MAX_DEPTH: usize = 32;
/// The sheets that are looked into for a roster.
const MAX_SHEETS: usize = 32;

/// What is wrong with a workbook as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The format of Excel 97, or a workbook with a password.
    OldOrLocked,
    /// It breaks off, or its parts contradict each other.
    Broken,
    /// It holds a DTD: no spreadsheet writes one, only attacks do.
    Dtd,
    /// Two sheets have a roster's heading.
    TwoSheets,
}

impl From<Unreadable> for RosterError {
    fn from(why: Unreadable) -> Self {
        Self::Workbook(why)
    }
}

/// Whether a file is a workbook, or at least a zip.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Whether a file is a compound document: what Excel wrote before 2007, and what it wraps locked workbooks in.
pub(super) fn is_old(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// Takes in the rows of one sheet, and says whether it was a roster's.
pub(super) trait TakesSheet: TakesRows {
    /// Whether a roster's heading was found.
    fn is_roster(&self) -> bool;
    /// Another sheet begins.
    fn begin(&mut self);
}

/// Reads the sheet that has a roster's heading.
pub(super) fn read(
    bytes: &[u8],
    intake: &mut dyn TakesSheet,
    probe: &mut dyn TakesSheet,
) -> Result<(), RosterError> {
    let mut parts = Parts::open(bytes)?;
    let sheets = sheets(&mut parts)?;
    let shared = Shared::read(&mut parts)?;
    let mut found = false;
    for sheet in sheets.iter().take(MAX_SHEETS) {
        let taker: &mut dyn TakesSheet = if found { &mut *probe } else { &mut *intake };
        taker.begin();
        sheet::read(&mut parts, sheet, &shared, taker)?;
        if found && taker.is_roster() {
            return Err(Unreadable::TwoSheets.into());
        }
        found |= taker.is_roster();
    }
    Ok(())
}

/// The names of the files of the sheets that are shown, in their order.
fn sheets(parts: &mut Parts<'_>) -> Result<Vec<String>, RosterError> {
    let mut ids = Vec::new();
    let mut book = parts.elements("xl/workbook.xml")?.ok_or(Unreadable::Broken)?;
    each_opening(&mut book, |name, start| {
        if name == b"sheet" && attribute(start, b"state").is_none_or(|state| state == "visible") {
            ids.extend(attribute(start, b"id"));
        }
    })?;
    drop(book);
    let mut files = vec![None; ids.len()];
    let mut links = parts.elements("xl/_rels/workbook.xml.rels")?.ok_or(Unreadable::Broken)?;
    each_opening(&mut links, |name, start| {
        let (Some(id), Some(target)) = (attribute(start, b"Id"), attribute(start, b"Target")) else { return };
        if name == b"Relationship" {
            let places = ids.iter().zip(&mut files).filter(|(known, _)| **known == id);
            places.for_each(|(_, file)| *file = Some(inside(&target)));
        }
    })?;
    Ok(files.into_iter().flatten().collect())
}

/// A target of a link, as a name in the zip.
fn inside(target: &str) -> String {
    target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned)
}

fn each_opening(
    elements: &mut Elements<'_>,
    mut look: impl FnMut(&[u8], &quick_xml::events::BytesStart<'_>),
) -> Result<(), RosterError> {
    while let Some(event) = elements.next()? {
        if let Event::Start(start) = event {
            look(start.local_name().as_ref(), &start);
        }
    }
    Ok(())
}

/// The texts that cells share, one after the other in one piece of memory.
struct Shared {
    text: String,
    ends: Vec<usize>,
}

impl Shared {
    fn read(parts: &mut Parts<'_>) -> Result<Self, RosterError> {
        let mut shared = Self { text: String::new(), ends: vec![] };
        let Some(mut elements) = parts.elements("xl/sharedStrings.xml")? else { return Ok(shared) };
        let mut reading = sheet::Reading::default();
        while let Some(event) = elements.next()? {
            if let Event::End(end) = &event
                && end.local_name().as_ref() == b"si"
            {
                shared.ends.push(shared.text.len());
                if shared.ends.len() > MAX_SHARED || shared.text.len() > MAX_SHARED_BYTES {
                    return Err(RosterError::TooMuch(Limit::SharedTexts));
                }
            }
            reading.follow(&event, &mut shared.text)?;
            if shared.text.len() > MAX_SHARED_BYTES {
                return Err(RosterError::TooMuch(Limit::SharedTexts));
            }
        }
        Ok(shared)
    }

    fn get(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(place)?)
    }
}
