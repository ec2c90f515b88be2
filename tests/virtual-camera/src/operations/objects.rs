//! Folders and files: list, describe, read, delete.

use std::sync::Arc;

use crate::body::Body;
use crate::card::{Node, ROOT, STORAGE};
use crate::events::padded_name;
use crate::faults::Fault;
use crate::inside::Inside;
use crate::operations::Reply;
use crate::ptp::{Dataset, format, length, rc};
use crate::scene::THUMB;
use crate::wire::Request;

/// The flag of a file that has not been downloaded, in EOS listings.
const NEW: u32 = 0x20;
/// PTP's association type for a folder.
const GENERIC_FOLDER: u16 = 1;

/// GetObjectHandles (0x1007): parameter 2 is the folder; 0 asks for all files, as PTP has it.
pub(super) fn get_object_handles(inside: &Inside, request: &Request) -> Reply {
    let body = inside.body();
    let nodes = match request.parameter(2) {
        0 => folders_and_files(&body),
        folder => body.card.children(folder),
    };
    let handles: Vec<u32> = nodes.iter().map(handle_of).collect();
    Reply::dataset(Dataset::new().numbers(&handles).into_bytes())
}

fn folders_and_files(body: &Body) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    let mut open = vec![ROOT];
    while let Some(parent) = open.pop() {
        let children = body.card.children(parent);
        open.extend(children.iter().map(handle_of));
        all.extend(children);
    }
    all
}

fn handle_of(node: &Node<'_>) -> u32 {
    match node {
        Node::Folder { handle, .. } => *handle,
        Node::File(file) => file.handle,
    }
}

/// GetObjectInfo (0x1008).
pub(super) fn get_object_info(inside: &Inside, request: &Request) -> Reply {
    let body = inside.body();
    match body.card.node(request.parameter(0)) {
        Some(_) if !Body::has_card(&inside.faults) => Reply::code(rc::STORE_NOT_AVAILABLE),
        Some(node) => Reply::dataset(object_info(&node, inside.faults.said_size())),
        None => Reply::code(rc::INVALID_OBJECT_HANDLE),
    }
}

/// `said` is the size a file is said to have, if that is not the truth.
fn object_info(node: &Node<'_>, said: Option<u32>) -> Vec<u8> {
    let info = Dataset::new().u32(STORAGE);
    let info = match node {
        Node::Folder { parent, name, .. } => info
            .u16(format::FOLDER)
            .u16(0)
            .u32(0)
            .bytes(&[0; 26])
            .u32(*parent)
            .u16(GENERIC_FOLDER)
            .u32(0)
            .u32(0)
            .text(name)
            .text("")
            .text(""),
        Node::File(file) => {
            let picture = &file.picture;
            let taken = picture.taken.ptp();
            info.u16(picture.format)
                .u16(0)
                .u32(said.unwrap_or(length(picture.bytes.len())))
                .u16(format::JFIF)
                .u32(length(THUMB.len()))
                .u32(160)
                .u32(120)
                .u32(u32::from(picture.size.0))
                .u32(u32::from(picture.size.1))
                .u32(24)
                .u32(file.parent)
                .u16(0)
                .u32(0)
                .u32(0)
                .text(&picture.name)
                .text(&taken)
                .text(&taken)
        }
    };
    info.text("").into_bytes()
}

/// EOS GetObjectInfoEx (0x9109): storage, folder (or all ones for the root): a whole listing.
pub(super) fn get_object_info_ex(inside: &Inside, request: &Request) -> Reply {
    if request.parameter(0) != STORAGE {
        return Reply::code(rc::INVALID_STORAGE_ID);
    }
    if !Body::has_card(&inside.faults) {
        return Reply::code(rc::STORE_NOT_AVAILABLE);
    }
    let body = inside.body();
    let mut nodes = body.card.children(request.parameter(1));
    if inside.faults.has(&Fault::Loop) {
        nodes.extend(body.card.echo_in(request.parameter(1)));
    }
    let mut listing = Dataset::new().u32(length(nodes.len()));
    for node in &nodes {
        listing = listing.bytes(&folder_entry(node, inside.faults.said_size()));
    }
    Reply::dataset(listing.into_bytes())
}

/// One line of an EOS listing, 56 bytes (libgphoto2 `ptp-pack.c` `ptp_unpack_Canon_EOS_FE`).
fn folder_entry(node: &Node<'_>, said: Option<u32>) -> Vec<u8> {
    let (handle, parent, name, kind, flags, size, seconds) = match node {
        Node::Folder { handle, parent, name } => (*handle, *parent, name.as_str(), format::FOLDER, 0, 0, 0),
        Node::File(file) => {
            let picture = &file.picture;
            let flags = if file.new { NEW } else { 0 };
            let size = said.unwrap_or(length(picture.bytes.len()));
            let seconds = picture.taken.seconds();
            (file.handle, file.parent, picture.name.as_str(), picture.format, flags, size, seconds)
        }
    };
    Dataset::new()
        .u32(56)
        .u32(handle)
        .u32(STORAGE)
        .u32(u32::from(kind))
        .u32(0)
        .u32(flags)
        .u32(size)
        .u32(parent)
        .u32(handle)
        .bytes(&padded_name(name))
        .u32(seconds)
        .into_bytes()
}

/// The bytes behind a handle: in the camera's memory, or on the card while there is one.
fn bytes_of(inside: &Inside, handle: u32) -> Result<Arc<[u8]>, Reply> {
    let body = inside.body();
    if let Some(picture) = body.memory.get(&handle) {
        return Ok(Arc::clone(&picture.bytes));
    }
    if !Body::has_card(&inside.faults) {
        return Err(Reply::code(rc::STORE_NOT_AVAILABLE));
    }
    let file = body.card.file(handle);
    file.map(|file| Arc::clone(&file.picture.bytes)).ok_or_else(|| Reply::code(rc::INVALID_OBJECT_HANDLE))
}

/// GetObject (0x1009): the whole file, or as much of it as a short read leaves.
pub(super) fn get_object(inside: &Inside, request: &Request) -> Reply {
    let bytes = match bytes_of(inside, request.parameter(0)) {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal,
    };
    let shown = readable(inside, &bytes);
    if shown < bytes.len() {
        inside.faults.count_short();
    }
    Reply::object(bytes.get(..shown).unwrap_or_default().to_vec())
}

/// GetPartialObject (0x101B): offset, size. The response says how many bytes came. After the end
/// of a short read come none, which libgphoto2 `library.c` `get_file_func` takes for the end. A file that is
/// said to be larger than it is goes on in zeros, for as long as anybody asks.
pub(super) fn get_partial_object(inside: &Inside, request: &Request) -> Reply {
    let bytes = match bytes_of(inside, request.parameter(0)) {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal,
    };
    let end = readable(inside, &bytes);
    let from = (request.parameter(1) as usize).min(end);
    let to = from.saturating_add(request.parameter(2) as usize).min(end);
    if from == to && from < bytes.len() {
        inside.faults.count_short();
    }
    let mut part = bytes.get(from..to).unwrap_or_default().to_vec();
    if inside.faults.said_size().is_some_and(|said| said as usize > bytes.len()) {
        part.resize((request.parameter(2) as usize).min(LARGEST_PART), 0);
    }
    Reply { parameters: vec![length(part.len())], ..Reply::object(part) }
}

/// Nobody is given more than this at a time.
const LARGEST_PART: usize = 16 << 20;

/// How many bytes of a file can be read.
fn readable(inside: &Inside, bytes: &[u8]) -> usize {
    let short = inside.faults.short().and_then(|at| usize::try_from(at).ok());
    bytes.len().min(short.unwrap_or(usize::MAX))
}

/// GetThumb (0x100A): always the same.
pub(super) fn get_thumb(inside: &Inside, request: &Request) -> Reply {
    match bytes_of(inside, request.parameter(0)) {
        Ok(_) => Reply::dataset(THUMB.to_vec()),
        Err(refusal) => refusal,
    }
}

/// DeleteObject (0x100B). No event follows: the host that deleted it knows.
pub(super) fn delete_object(inside: &Inside, request: &Request) -> Reply {
    if !Body::has_card(&inside.faults) {
        return Reply::code(rc::STORE_NOT_AVAILABLE);
    }
    found(inside.body().card.delete(request.parameter(0)))
}

/// EOS SetObjectAttributes (0x910C): after a download the host takes the mark "new" away.
pub(super) fn set_object_attributes(inside: &Inside, request: &Request) -> Reply {
    let new = request.parameter(1) & NEW != 0;
    found(inside.body().card.set_new(request.parameter(0), new))
}

/// EOS TransferComplete (0x9117): the host has the picture, memory is free again.
pub(super) fn transfer_complete(inside: &Inside, request: &Request) -> Reply {
    found(inside.body().memory.remove(&request.parameter(0)).is_some())
}

fn found(found: bool) -> Reply {
    Reply::code(if found { rc::OK } else { rc::INVALID_OBJECT_HANDLE })
}
