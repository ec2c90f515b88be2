//! The parts of a workbook: XML files in a zip, unpacked a little at a time and metered.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::{ZipArchive, result::ZipError};

use super::{MAX_DEPTH, MAX_PARTS, MAX_UNPACKED, Unreadable};
use crate::student::{RosterError, roster::table::Limit};

/// The most bytes of one tag or one text: a cell's text is a few dozen.
const MAX_TOKEN: u64 = 64 << 10;

/// The zip.
pub(super) struct Parts<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked, over all parts.
    left: u64,
}

impl<'a> Parts<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, RosterError> {
        // Each entry of the directory costs memory when the zip is opened, whatever its end claims.
        if bytes.windows(4).filter(|window| window == b"PK\x01\x02").count() > MAX_PARTS {
            return Err(RosterError::TooMuch(Limit::Parts));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_not_a_zip| Unreadable::Broken)?;
        Ok(Self { zip, left: MAX_UNPACKED })
    }

    /// A part's elements; `None` when there is no such part.
    pub(super) fn elements(&mut self, name: &str) -> Result<Option<Elements<'_>>, RosterError> {
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_locked_or_odd) => return Err(Unreadable::Broken.into()),
        };
        let meter = Meter { file: Box::new(file), left: &mut self.left, token: MAX_TOKEN, over: None };
        let mut reader = Reader::from_reader(BufReader::new(meter));
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Elements { reader, buffer: Vec::new(), depth: 0 }))
    }
}

/// Counts what is unpacked.
struct Meter<'a> {
    file: Box<dyn Read + 'a>,
    left: &'a mut u64,
    token: u64,
    over: Option<Limit>,
}

impl Read for Meter<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.read(buffer)? as u64;
        let (left, token) = (self.left.checked_sub(bytes), self.token.checked_sub(bytes));
        let over =
            if left.is_none() { Some(Limit::Unpacked) } else { token.is_none().then_some(Limit::Cell) };
        if let Some(limit) = over {
            self.over = Some(limit);
            return Err(io::Error::other("a limit is reached"));
        }
        (*self.left, self.token) = (left.unwrap_or_default(), token.unwrap_or_default());
        Ok(usize::try_from(bytes).unwrap_or_default())
    }
}

/// The elements of a part, in their order.
pub(super) struct Elements<'a> {
    reader: Reader<BufReader<Meter<'a>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl Elements<'_> {
    /// The next tag or text; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, RosterError> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().token = MAX_TOKEN;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(_not_xml) => {
                let over = self.reader.get_ref().get_ref().over;
                return Err(over.map_or_else(|| Unreadable::Broken.into(), RosterError::TooMuch));
            }
        };
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(Unreadable::Dtd.into()),
            Event::Eof if self.depth > 0 => return Err(Unreadable::Broken.into()),
            Event::Eof => return Ok(None),
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {}
        }
        if self.depth > MAX_DEPTH { Err(RosterError::TooMuch(Limit::Depth)) } else { Ok(Some(event)) }
    }
}

/// An attribute by its local name.
pub(super) fn attribute(start: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut attributes = start.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    String::from_utf8(found.value.into_owned()).ok()
}
