//! One pass over the coded bits: where every unit begins, and the mean of every block.

use std::cmp::Ordering;

use super::{
    Unsupported,
    bits::{Coded, Reader},
    header::Header,
    tables::{AcTable, DcTable},
};

/// A DC value beyond eight bits a sample is damage: 8 x (0 - 128) to 8 x (255 - 128) at a step of 1.
pub(super) const DC_RANGE: std::ops::RangeInclusive<i32> = -1024..=1023;

/// The blocks of a unit: which plane each belongs to, and the tables it is coded with.
pub(super) struct Units {
    /// In the order in which they are coded.
    pub(super) blocks: Vec<usize>,
    /// Its tables of DC categories, each once.
    pub(super) dc: Vec<DcTable>,
    /// Its tables of AC symbols, each once.
    pub(super) ac: Vec<AcTable>,
    /// For each plane, its tables in `dc` and `ac`.
    pub(super) tables: Vec<(usize, usize)>,
}

/// A block's bits.
pub(super) struct Span {
    /// Where its DC difference begins.
    pub(super) start: u32,
    /// Where that ends and the AC coefficients begin.
    pub(super) ac: u32,
    /// Where they end.
    pub(super) end: u32,
}

impl Units {
    /// Builds the tables a file is read with.
    pub(super) fn new(header: &Header) -> Result<Self, Unsupported> {
        let mut units = Self { blocks: vec![], dc: vec![], ac: vec![], tables: vec![] };
        let (mut dc_built, mut ac_built) = (Vec::new(), Vec::new());
        for (plane, component) in header.components.iter().enumerate() {
            let missing = Unsupported::Damaged("a table is missing");
            let list = |lists: &[Option<_>; 4], n: usize| lists.get(n).cloned().flatten().ok_or(missing);
            let dc = dc_built.iter().position(|built| *built == component.dc);
            let dc = dc.map_or_else(
                || {
                    units.dc.push(DcTable::new(&list(&header.dc, component.dc)?)?);
                    dc_built.push(component.dc);
                    Ok(dc_built.len() - 1)
                },
                Ok,
            )?;
            let ac = ac_built.iter().position(|built| *built == component.ac);
            let ac = ac.map_or_else(
                || {
                    units.ac.push(AcTable::new(&list(&header.ac, component.ac)?)?);
                    ac_built.push(component.ac);
                    Ok(ac_built.len() - 1)
                },
                Ok,
            )?;
            units.tables.push((dc, ac));
            units.blocks.resize(units.blocks.len() + component.across * component.down, plane);
        }
        Ok(units)
    }

    /// The tables of each block of a unit, in order.
    pub(super) fn coded(&self) -> Option<Vec<(usize, &DcTable, &AcTable)>> {
        let tables = |plane: &usize| {
            let (dc, ac) = *self.tables.get(*plane)?;
            Some((*plane, self.dc.get(dc)?, self.ac.get(ac)?))
        };
        self.blocks.iter().map(tables).collect()
    }

    /// Walks through the unit that begins at a bit: where its blocks lie. `None` on damage.
    pub(super) fn spans(&self, coded: &Coded, start: u32) -> Option<Vec<Span>> {
        let mut reader = Reader::at(&coded.bytes, start);
        let mut span = |(_, dc, ac): (usize, &DcTable, &AcTable)| {
            reader.refill();
            let start = reader.position() as u32;
            dc.read(&mut reader)?;
            let behind = reader.position() as u32;
            ac.pass(&mut reader)?;
            Some(Span { start, ac: behind, end: reader.position() as u32 })
        };
        self.coded()?.into_iter().map(&mut span).collect()
    }
}

/// What one pass over the coded bits leaves.
pub(super) struct Index {
    /// The bit at which each unit begins.
    pub(super) starts: Vec<u32>,
    /// The bit behind the last unit of each stretch between restart markers.
    pub(super) ends: Vec<u32>,
    /// The DC values, unit by unit, in the order of their blocks.
    pub(super) dc: Vec<i16>,
}

impl Index {
    /// Goes through all units.
    pub(super) fn build(header: &Header, units: &Units, coded: &Coded) -> Result<Self, Unsupported> {
        let total = header.units_across() * header.units_down();
        let stretch = if header.restart == 0 { total } else { header.restart };
        match coded.ends.len().cmp(&total.div_ceil(stretch)) {
            Ordering::Less => return Err(Unsupported::Torn),
            Ordering::Equal => {}
            Ordering::Greater => return Err(Unsupported::Damaged("restart markers")),
        }
        let blocks = units.coded().ok_or(Unsupported::Damaged("a table is missing"))?;
        let mut index = Self {
            starts: Vec::with_capacity(total),
            ends: Vec::with_capacity(coded.ends.len()),
            dc: vec![0; total * blocks.len()],
        };
        let mut begin = 0;
        let stretches = index.dc.chunks_mut(stretch * blocks.len());
        for (means, end) in stretches.zip(&coded.ends) {
            let reader = Reader::at(&coded.bytes, begin);
            let whole = *end as u32 * 8;
            let behind = pass(reader, whole, &blocks, means, &mut index.starts)?;
            // Less than a byte is left: the bits that fill the last one.
            if whole - behind >= 8 {
                return Err(Unsupported::Damaged("length of coded bits"));
            }
            index.ends.push(behind);
            begin = whole;
        }
        Ok(index)
    }

    /// The bits of a unit. `None` if there is no such unit.
    pub(super) fn unit(&self, header: &Header, unit: usize) -> Option<(u32, u32)> {
        let start = *self.starts.get(unit)?;
        let next = unit + 1;
        let stretch = if header.restart == 0 { self.starts.len() } else { header.restart };
        if next.is_multiple_of(stretch) || next == self.starts.len() {
            return Some((start, *self.ends.get(unit / stretch)?));
        }
        Some((start, *self.starts.get(next)?))
    }
}

/// Goes through one stretch, which ends before bit `whole` and whose units have as many blocks as `blocks`, and
/// fills in their DC values. Gives the bit behind it.
fn pass(
    mut reader: Reader<'_>,
    whole: u32,
    blocks: &[(usize, &DcTable, &AcTable)],
    means: &mut [i16],
    starts: &mut Vec<u32>,
) -> Result<u32, Unsupported> {
    let mut last = [0_i32; 3];
    for unit in means.chunks_exact_mut(blocks.len()) {
        starts.push(reader.position() as u32);
        for ((plane, dc, ac), mean) in blocks.iter().zip(unit) {
            reader.refill();
            let (Some(last), Some(difference)) = (last.get_mut(*plane), dc.read(&mut reader)) else {
                return Err(broken(reader, whole));
            };
            *last = last.wrapping_add(difference);
            if !DC_RANGE.contains(last) {
                return Err(broken(reader, whole));
            }
            *mean = *last as i16;
            if ac.pass(&mut reader).is_none() {
                return Err(broken(reader, whole));
            }
        }
        if reader.position() > whole as usize {
            return Err(Unsupported::Torn);
        }
    }
    Ok(reader.position() as u32)
}

/// What is wrong where no block can be read: it may lie behind the end.
#[cold]
fn broken(reader: Reader<'_>, whole: u32) -> Unsupported {
    if reader.position() > whole as usize { Unsupported::Torn } else { Unsupported::Damaged("coded bits") }
}
