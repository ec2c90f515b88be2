//! Answers no camera should give: lengths that are lies, noise, replies to something else.
//!
//! They are made of the true answer on its way out, the same for both transports, so that whatever the host
//! does with them, the camera behind goes on and knows what it has photographed.

use std::borrow::Cow;

use crate::operations::{Data, Reply};
use crate::wire::Request;

/// One way in which an answer is a lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// `oversize`: the packets say that almost 4 GiB follow.
    Oversize,
    /// `garbage`: noise in the place of the data; of the response, where there are none.
    Garbage,
    /// `truncated`: the data end in the middle, and all lengths agree with that.
    Truncated,
    /// `empty`: no data, said to be so.
    Empty,
    /// `transaction`: the answer to a question nobody has asked.
    Transaction,
}

impl Lie {
    /// The lie of that name.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "oversize" => Self::Oversize,
            "garbage" => Self::Garbage,
            "truncated" => Self::Truncated,
            "empty" => Self::Empty,
            "transaction" => Self::Transaction,
            _ => return None,
        })
    }
}

/// What an oversize packet says of itself: just short of the value that means "as long as it takes".
const OVERSIZE: u64 = 0xFFFF_FF00;

/// An answer as the host gets it.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    /// What it claims to answer.
    pub(crate) request: Cow<'a, Request>,
    pub(crate) reply: Cow<'a, Reply>,
    /// The length its data are said to have.
    length: Option<u64>,
}

impl<'a> Told<'a> {
    /// The truth.
    pub(crate) fn truly(request: &'a Request, reply: &'a Reply) -> Self {
        Self { request: Cow::Borrowed(request), reply: Cow::Borrowed(reply), length: None }
    }

    /// The length these data are said to have.
    pub(crate) fn length(&self, data: &[u8]) -> u64 {
        self.length.unwrap_or(data.len() as u64)
    }
}

/// A lie about that answer.
pub(crate) fn told<'a>(lie: Lie, request: &'a Request, reply: &'a Reply) -> Told<'a> {
    let mut told = Told::truly(request, reply);
    match lie {
        Lie::Oversize => told.length = Some(OVERSIZE),
        Lie::Transaction => {
            told.request.to_mut().transaction = request.transaction.wrapping_add(1_000);
        }
        Lie::Garbage | Lie::Truncated | Lie::Empty => falsify(lie, request, told.reply.to_mut()),
    }
    told
}

/// Changes what the answer says.
fn falsify(lie: Lie, request: &Request, reply: &mut Reply) {
    let length = reply.data.as_ref().map_or(0, |data| data.bytes().len());
    match (lie, &mut reply.data) {
        (Lie::Garbage, Some(data)) => *data = Data::Dataset(noise(request, length.max(64))),
        (Lie::Garbage, None) => {
            let noise = noise(request, 8);
            reply.code = noise.iter().fold(0, |code, byte| code << 8 | u16::from(*byte));
            reply.parameters = noise.iter().map(|byte| u32::from(*byte) << 24 | 0xFFFF).take(5).collect();
        }
        (Lie::Truncated, Some(data)) => data.keep(length / 2),
        (Lie::Empty, Some(data)) => data.keep(0),
        (Lie::Truncated | Lie::Empty | Lie::Oversize | Lie::Transaction, _) => {}
    }
}

/// Noise, the same for the same question, so that a failure can be had again.
fn noise(of: &Request, length: usize) -> Vec<u8> {
    let mut state = u64::from(of.opcode) << 32 | u64::from(of.transaction) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ptp::rc;

    #[test]
    fn a_lie_is_not_the_truth_and_leaves_it_alone() {
        let request = Request { opcode: 0x1008, transaction: 7, parameters: vec![], data: vec![] };
        let data = Some(Data::Dataset(vec![1; 100]));
        let truth = Reply { code: rc::OK, parameters: vec![], data };
        for lie in [Lie::Oversize, Lie::Garbage, Lie::Truncated, Lie::Empty, Lie::Transaction] {
            let told = told(lie, &request, &truth);
            let data = told.reply.data.as_ref().map_or(&[][..], Data::bytes);
            let same = *told.reply == truth && told.length(data) == 100 && told.request.transaction == 7;
            assert!(!same, "{lie:?}");
        }
        assert_eq!(noise(&request, 20), noise(&request, 20));
    }
}
