//! A second opinion for the tests: a small baseline decoder written from the decoding side of ITU-T T.81
//! (Annexes B, C and F.2) alone. It shares no code with the encoder and panics on what it does not expect.

/// What the file holds.
pub(super) struct Read {
    /// Quantised coefficients of every block in the order of the scan, zigzag within the block.
    pub(super) blocks: Vec<[i32; 64]>,
    /// How many zero bytes were stuffed after 0xFF.
    pub(super) stuffed: usize,
}

/// Codes of one table as (length, word, symbol).
type Codes = Vec<(u8, u32, u8)>;

/// Reads a whole file of three components, 4:2:0, one scan.
pub(super) fn read(file: &[u8]) -> Read {
    let mut tables: [Codes; 4] = Default::default();
    let mut mcus = 0;
    let mut at = 2;
    loop {
        assert_eq!(file[at], 0xFF);
        let marker = file[at + 1];
        let length = usize::from(file[at + 2]) << 8 | usize::from(file[at + 3]);
        let body = &file[at + 4..at + 2 + length];
        at += 2 + length;
        match marker {
            0xC0 => {
                let side = |n: usize| (usize::from(body[n]) << 8 | usize::from(body[n + 1])).div_ceil(16);
                mcus = side(1) * side(3);
            }
            0xC4 => tables[usize::from(body[0] >> 4 | (body[0] & 1) << 1)] = codes(body),
            0xDA => break,
            _ => {}
        }
    }
    scan(&file[at..], &tables, mcus)
}

fn codes(body: &[u8]) -> Codes {
    let mut symbols = body[17..].iter();
    let mut codes = Vec::new();
    let mut word = 0;
    for length in 1..=16 {
        for _ in 0..body[usize::from(length)] {
            codes.push((length, word, *symbols.next().unwrap()));
            word += 1;
        }
        word *= 2;
    }
    assert!(symbols.next().is_none());
    codes
}

fn scan(data: &[u8], tables: &[Codes; 4], mcus: usize) -> Read {
    let (mut bits, mut stuffed, mut bytes) = (Vec::new(), 0, data.iter());
    let end = loop {
        let byte = *bytes.next().unwrap();
        if byte == 0xFF {
            match *bytes.next().unwrap() {
                0 => stuffed += 1,
                marker => break marker,
            }
        }
        bits.extend((0..8).rev().map(|n| byte >> n & 1));
    };
    assert_eq!((end, bytes.next()), (0xD9, None), "EOI ends the scan and the file");
    let mut bits = bits.into_iter();
    let mut before = [0; 3];
    let mut blocks = Vec::new();
    for block in 0..6 * mcus {
        let component = [0, 0, 0, 0, 1, 2][block % 6];
        let tables = if component == 0 { &tables[..2] } else { &tables[2..] };
        let mut values = [0; 64];
        let size = symbol(&mut bits, &tables[0]);
        before[component] += number(&mut bits, size);
        values[0] = before[component];
        let mut at = 1;
        while at < 64 {
            let symbol = symbol(&mut bits, &tables[1]);
            match symbol {
                0x00 => break,
                0xF0 => at += 16,
                _ => {
                    at += usize::from(symbol >> 4);
                    values[at] = number(&mut bits, symbol & 15);
                    assert_ne!(values[at], 0);
                    at += 1;
                }
            }
        }
        blocks.push(values);
    }
    let rest: Vec<u8> = bits.collect();
    assert!(rest.len() < 8 && rest.iter().all(|bit| *bit == 1), "ones top up the last byte: {rest:?}");
    Read { blocks, stuffed }
}

fn symbol(bits: &mut impl Iterator<Item = u8>, codes: &Codes) -> u8 {
    let (mut word, mut length) = (0, 0);
    loop {
        word = word * 2 + u32::from(bits.next().unwrap());
        length += 1;
        assert!(length <= 16, "no such code");
        if let Some(found) = codes.iter().find(|code| (code.0, code.1) == (length, word)) {
            return found.2;
        }
    }
}

fn number(bits: &mut impl Iterator<Item = u8>, size: u8) -> i32 {
    let value = (0..size).fold(0, |value, _| value * 2 + i32::from(bits.next().unwrap()));
    if size > 0 && value < 1 << (size - 1) { value - (1 << size) + 1 } else { value }
}
