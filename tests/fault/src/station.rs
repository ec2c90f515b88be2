//! A station without its screens: orders to the real clerk, in the manner of the crew's clerk's desk, and what the clerk
//! said of each on standard output.
//!
//! As at the desk, what could not be written is tried again in its order before the next; keeping and giving are tried
//! again once, as an operator would.

use std::{
    collections::VecDeque,
    io::{BufRead, Write},
    path::PathBuf,
};

use caiying::{
    clerk::{Assignment, Clerk, ClerkError, Owner},
    ledger::LedgerError,
    shot::{Digest, ShotId},
    station::{Act, Take, Vouched},
    vault::VaultError,
};

use crate::{
    Stopped,
    mutants::{self, Memory, Mutant},
    oracle::{Deed, Did, Said},
    script::{Gift, Order, Script, What},
    store, world,
};

/// Where deliveries of this station go.
pub const TARGET: &str = "stick";

/// What a station is to do.
#[derive(Debug, Clone)]
pub struct Shift {
    /// Its store.
    pub store: PathBuf,
    /// Which students there are.
    pub seed: u64,
    /// The number of the first one.
    pub first: u64,
    /// How many orders there are.
    pub orders: usize,
    /// Whether it waits for a line of standard input before it goes on: a number of orders, or `block` for new students.
    pub paced: bool,
    /// Whether somebody sets the clock again and again.
    pub jumping: bool,
    /// In which way it is wrong.
    pub mutant: Mutant,
}

/// Works through a shift; returns whether the store could be opened.
///
/// # Errors
/// When the store's numbers cannot be read, or standard input is not understood.
pub fn work(shift: &Shift, pace: &mut dyn BufRead, out: &mut dyn Write) -> Result<bool, Stopped> {
    let mut voice = Voice(out);
    // Whoever is refused opens the program once more.
    let opened = open(shift, &mut voice).or_else(|| open(shift, &mut voice));
    let Some(clerk) = opened else { return Ok(false) };
    let mut script = Script::begin(&clerk, shift.seed, shift.first, shift.jumping)?;
    let memory = Memory::default();
    let mut desk = Desk { shift, clerk, memory, late: VecDeque::new(), voice };
    let mut left = shift.orders;
    while left > 0 {
        let mut now = left;
        if shift.paced {
            let mut line = String::new();
            if pace.read_line(&mut line).map_err(crate::system("read the pace"))? == 0 {
                break;
            }
            match line.trim() {
                "block" => {
                    script.turn_the_page();
                    now = 0;
                }
                number => {
                    let many = number.parse().map_err(|_no_number| Stopped::Misunderstood(line.clone()))?;
                    now = left.min(many);
                }
            }
        }
        for order in std::iter::from_fn(|| script.next_order()).take(now) {
            desk.take(order);
        }
        left -= now;
        if shift.paced {
            desk.voice.idle();
        }
    }
    Ok(true)
}

fn open(shift: &Shift, voice: &mut Voice<'_>) -> Option<Clerk> {
    let at = world::moment(0, shift.jumping);
    if shift.mutant == Mutant::AdoptsToCurrent {
        return mutants::open_adopting(&shift.store, at).ok();
    }
    match store::open(&shift.store, at) {
        Ok((clerk, recovery)) => {
            voice.say(&Said::Open(recovery.adopted));
            Some(clerk)
        }
        Err(err) => {
            voice.say(&Said::Nak(0, kind(&err).to_owned()));
            None
        }
    }
}

/// Standard output. What cannot be said was not said: nobody can rely on it then.
struct Voice<'a>(&'a mut dyn Write);

impl Voice<'_> {
    fn say(&mut self, said: &Said) {
        let line = format!("{said}\n");
        self.0.write_all(line.as_bytes()).and_then(|()| self.0.flush()).ok();
    }

    /// Says that everything that was asked for is done.
    fn idle(&mut self) {
        self.0.write_all(b"IDLE\n").and_then(|()| self.0.flush()).ok();
    }
}

struct Desk<'a> {
    shift: &'a Shift,
    clerk: Clerk,
    memory: Memory,
    /// Orders that could not be carried out yet, oldest first.
    late: VecDeque<Order>,
    voice: Voice<'a>,
}

impl Desk<'_> {
    fn take(&mut self, order: Order) {
        // A ledger that does not open yet refuses the orders too, and that is said of them.
        self.clerk.refresh().ok();
        self.catch_up();
        if matches!(order.what, What::Keep(_) | What::Assign(_)) {
            if self.try_out(&order).is_err_and(|err| !err.is_permanent()) {
                self.clerk.refresh().ok();
                self.try_out(&order).ok();
            }
        } else {
            self.late.push_back(order);
            self.catch_up();
        }
    }

    /// Carries out what is late, in its order, until something fails. What can never be written holds up nothing.
    fn catch_up(&mut self) {
        while let Some(order) = self.late.pop_front() {
            if self.try_out(&order).is_err_and(|err| !err.is_permanent()) {
                return self.late.push_front(order);
            }
        }
    }

    fn try_out(&mut self, order: &Order) -> Result<(), ClerkError> {
        let deeds = self.deeds(&order.what);
        deeds.iter().for_each(|deed| self.voice.say(&Said::Try(order.seq, deed.clone())));
        let done = self.carry_out(order);
        match &done {
            Ok(()) => deeds.into_iter().for_each(|deed| self.voice.say(&Said::Ack(order.seq, deed))),
            Err(err) => self.voice.say(&Said::Nak(order.seq, kind(err).to_owned())),
        }
        done
    }

    fn carry_out(&mut self, order: &Order) -> Result<(), ClerkError> {
        let (clerk, at) = (&mut self.clerk, order.at);
        match &order.what {
            What::Seat(sitting) => clerk.seat(at, sitting),
            What::Shelve(shot, sitting) => clerk.shelve(at, shot, sitting.as_ref()).map(|_shelved| ()),
            What::Keep(keep) => {
                let (sitting, shot, portrait) = keep.as_ref();
                if matches!(self.shift.mutant, Mutant::None | Mutant::AdoptsToCurrent) {
                    return clerk.keep(at, sitting, &Take::of(shot.clone(), portrait.clone()));
                }
                let (mutant, store) = (self.shift.mutant, &self.shift.store);
                mutants::keep(mutant, &mut self.memory, clerk, store, at, (sitting, shot, portrait))
            }
            What::Disown(fact, _) | What::Record(fact) => clerk.record(at, fact),
            What::Assign(gift) => assign(clerk, order, gift),
            What::Deliver => clerk.note_delivered(at, TARGET, &waiting(clerk)),
        }
    }

    /// What a screen would call done if the clerk says yes.
    fn deeds(&self, what: &What) -> Vec<Deed> {
        let nothing = Deed { what: Did::Noted, sitting: None, shot: None, file: None, code: None };
        match what {
            What::Seat(sitting) => {
                let code = Some(world::stands_for(&sitting.seen()));
                vec![Deed { what: Did::Seated, sitting: Some(sitting.id.0), code, ..nothing }]
            }
            What::Shelve(shot, sitting) => {
                let code = sitting.as_ref().map(|sitting| world::stands_for(&sitting.seen()));
                let sitting = sitting.as_ref().map(|sitting| sitting.id.0);
                vec![picture(Did::Shelved, sitting, shot.id, Digest::of(&shot.jpeg), code)]
            }
            What::Keep(keep) => {
                let (sitting, shot, portrait) = keep.as_ref();
                let code = Some(world::stands_for(&sitting.seen()));
                let deed = |what, file| picture(what, Some(sitting.id.0), shot.id, file, code);
                vec![deed(Did::Shelved, Digest::of(&shot.jpeg)), deed(Did::Kept, portrait.sha256)]
            }
            What::Disown(_, file) => vec![Deed { what: Did::Disowned, file: Some(*file), ..nothing }],
            What::Record(_) => vec![nothing],
            What::Assign(gift) => {
                let code = Some(world::stands_for(&gift.owner));
                let deed = |what, file| picture(what, None, gift.shot, file, code);
                vec![deed(Did::Assigned, gift.file), deed(Did::Kept, gift.portrait.sha256)]
            }
            What::Deliver => {
                let deed = |object| Deed { what: Did::Delivered, file: Some(object), ..nothing.clone() };
                waiting(&self.clerk).into_iter().map(deed).collect()
            }
        }
    }
}

fn picture(what: Did, sitting: Option<u64>, shot: ShotId, file: Digest, code: Option<Digest>) -> Deed {
    Deed { what, sitting, shot: Some(shot.0), file: Some(file), code }
}

/// The objects that wait for delivery; none when the ledger cannot say.
fn waiting(clerk: &Clerk) -> Vec<Digest> {
    clerk
        .ledger()
        .queue()
        .map(|queue| queue.into_iter().map(|parcel| parcel.object).collect())
        .unwrap_or_default()
}

fn assign(clerk: &mut Clerk, order: &Order, gift: &Gift) -> Result<(), ClerkError> {
    let shot = clerk.fetch_stray(gift.shot)?;
    let not_a_stray = || ClerkError::from(LedgerError::NotAStray { shot: gift.shot });
    let act = Act::new("Wang", "he was asked").map_err(|_no_act| not_a_stray())?;
    let vouched = Vouched::new(act, "Li", true).map_err(|_no_act| not_a_stray())?;
    let take = Take::of(shot, gift.portrait.clone());
    let owner = Owner::Student(gift.owner.clone());
    clerk.assign(order.at, &Assignment { take, owner, spare: gift.spare, vouched }).map(|_sitting| ())
}

/// Why the clerk refused, in a word.
fn kind(err: &ClerkError) -> &'static str {
    if err.is_no_space() {
        return "no-space";
    }
    if let ClerkError::Vault(err) = err {
        let by_the_disk = matches!(err, VaultError::Disk { .. });
        return if by_the_disk { "disk" } else { "object" };
    }
    // Whatever else a clerk can say, it says of what was asked and not of the disk.
    let by_the_ledger =
        matches!(err, ClerkError::Ledger(err) if !matches!(err, LedgerError::NotAStray { .. }));
    if by_the_ledger { "ledger" } else { "rule" }
}
