//! What is worth remembering for good. The ledger's journal is a list of these, each with its moment.
//!
//! A fact holds no capture code, no name and no picture: it survives the supervised deletion as evidence.

use serde::{Deserialize, Serialize};

use super::{How, Sitting};
use crate::{
    profile::Role,
    shot::{Digest, Exposure, Moment, Origin, ShotId, SittingId, Trigger},
};

/// Where a second copy lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyPlace {
    /// On another file system than the store: a stick, another disk, a share.
    OtherDisk,
    /// Beside the store: when its disk goes, both go.
    SameDisk,
}

/// One line of the journal. Never change a variant's meaning; add a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// The station was opened with a profile.
    Opened {
        /// The station's name.
        station: String,
        /// The profile's name.
        profile: String,
        /// The program's version.
        version: String,
    },
    /// A student sat down.
    Seated {
        /// The sitting.
        sitting: SittingId,
        /// SHA-256 of the capture code.
        code: Digest,
        /// Whether it was an explicit retake.
        retake: bool,
    },
    /// A photo was taken for a sitting and its original is on the shelf.
    Taken {
        /// The sitting.
        sitting: SittingId,
        /// The shot and its original.
        #[serde(flatten)]
        original: Original,
    },
    /// A photo that certainly belongs to nobody who sits is on the shelf, for a person to decide about.
    Stray {
        /// The shot and its original.
        #[serde(flatten)]
        original: Original,
    },
    /// No portrait could be made of a shot.
    Declined {
        /// The sitting.
        sitting: SittingId,
        /// The shot.
        shot: ShotId,
        /// The reason's short name.
        reason: String,
    },
    /// The operator wanted another take.
    Refused {
        /// The sitting.
        sitting: SittingId,
        /// The shot.
        shot: ShotId,
        /// The checks that had failed.
        failed: Vec<String>,
    },
    /// A portrait was kept and waits for delivery.
    Kept {
        /// The sitting.
        sitting: SittingId,
        /// The shot it was made of.
        shot: ShotId,
        /// The portrait's object in the vault.
        object: Digest,
        /// SHA-256 of the portrait's JPEG, as it will be delivered.
        portrait: Digest,
        /// Its size in bytes.
        bytes: usize,
        /// Its JPEG quality.
        quality: u8,
        /// Whether a person said so.
        #[serde(default, skip_serializing_if = "How::is_by_hand")]
        how: How,
        /// The student's portraits whose place it takes, by their objects: those that counted when it was kept. They
        /// stay where they are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        supersedes: Vec<Digest>,
    },
    /// A sitting ended without a portrait.
    Dismissed {
        /// The sitting.
        sitting: SittingId,
    },
    /// The program ended in the middle of a sitting.
    Interrupted {
        /// The sitting.
        sitting: SittingId,
    },
    /// An original was found on the shelf without its line: the power failed between the two.
    Adopted {
        /// The sitting its binding names, when the ledger knows that sitting.
        sitting: Option<SittingId>,
        /// The shot and its original.
        #[serde(flatten)]
        original: Original,
    },
    /// Somebody showed a passphrase: he logged in, or stood as the second for an act. In lines without a name, somebody
    /// stood for showing identities in a delivery, on his word alone.
    Unlocked {
        /// What for: [`LOGIN`](Self::LOGIN), or a deed's short name.
        purpose: String,
        /// In which role.
        role: Role,
        /// What he is called in the key file. Who did the act with him stands beside the line as its writer.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
    },
    /// Passphrases were wrong. Written when somebody opened the store at last: until then nobody can write into it.
    UnlockFailed {
        /// Whose slot was tried, as the key file calls him; `?` when it is nobody's any more.
        holder: String,
        /// How often.
        times: u32,
        /// The first time.
        first: Moment,
        /// The last time.
        last: Moment,
    },
    /// A portrait was delivered.
    Delivered {
        /// Where to.
        target: String,
        /// The portrait's object in the vault.
        object: Digest,
    },
    /// A person let somebody sit whom the gate had stopped.
    LetIn {
        /// The sitting.
        sitting: SittingId,
        /// Why the gate had stopped him, as a short name.
        gate: String,
    },
    /// A shot that had been taken for a sitting became a stray.
    Disowned {
        /// The sitting.
        sitting: SittingId,
        /// The shot.
        shot: ShotId,
        /// The reason's short name.
        reason: String,
    },
    /// A person gave a stray to a student. Written together with the line that says its portrait is kept, and before it.
    /// No student is named in it.
    Assigned {
        /// The sitting it belongs to from now on.
        sitting: SittingId,
        /// The shot.
        shot: ShotId,
        /// Who stands for it.
        by: String,
        /// Who else does, where two must.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second: Option<String>,
        /// Why.
        reason: String,
    },
    /// 勘误: two persons say that a kept portrait is not his for whom it was kept. It counts for him no longer; its row
    /// and its file stay. Where somebody knows whose it is, the line that keeps it for him follows. No student is named
    /// in it.
    Corrected {
        /// The sitting it was kept in.
        from: SittingId,
        /// The shot it was made of.
        shot: ShotId,
        /// The portrait's object in the vault.
        object: Digest,
        /// The sitting it belongs to from now on; `None` when nobody knows: then the shot is a stray.
        to: Option<SittingId>,
        /// Who stands for it.
        by: String,
        /// Who else does: it is never one person alone.
        second: String,
        /// Why.
        reason: String,
    },
    /// A person keeps a portrait although checks failed. Written together with the line that says it is kept, and before
    /// it. No student is named in it.
    Overruled {
        /// The sitting.
        sitting: SittingId,
        /// The shot.
        shot: ShotId,
        /// The checks that had failed.
        failed: Vec<String>,
        /// Who stands for it.
        by: String,
        /// Why.
        reason: String,
    },
    /// The school's roster was taken in; the one before, if any, is gone.
    RosterTaken {
        /// The paper in the vault.
        paper: Digest,
        /// How many students it knows.
        students: usize,
    },
    /// Somebody who is in no roster was let in on a person's word.
    WalkedUp {
        /// SHA-256 of what stands for him.
        code: Digest,
        /// The paper in the vault that says who he is, and why.
        paper: Digest,
    },
    /// 验收: the school's supervisor said that the school has what was delivered, and takes it.
    Accepted {
        /// So many students' current portraits.
        portraits: usize,
        /// Who said so.
        by: String,
    },
    /// 监督删除: two persons destroy the store, or one a rehearsal's. This is written before anything is erased.
    DestructionBegan {
        /// The certificate's number.
        certificate: String,
        /// Who does it.
        by: String,
        /// Who stands for it besides.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second: Option<String>,
        /// How many students have a portrait.
        portraits: usize,
        /// Of these, so many that were never delivered.
        undelivered: usize,
        /// Why they may go all the same, as it was typed in. No student is named in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waiver: Option<String>,
    },
    /// The journal was counted and signed up to the line before this one.
    Checkpoint {
        /// The signed note to the letter, as it was handed out.
        note: String,
    },
    /// A second copy of the store was made and read back: of this many lines of the journal, and of every file that
    /// they speak of. The line itself is not in it.
    BackedUp {
        /// On which disk.
        target: CopyPlace,
        /// How many lines it holds.
        lines: i64,
        /// The hash of the last of them.
        head: Digest,
        /// How many files of the vault it holds.
        objects: usize,
    },
}

impl Fact {
    /// What somebody who logs in unlocks for.
    pub const LOGIN: &str = "store";

    /// That a student sat down.
    #[must_use]
    pub fn seated(sitting: &Sitting) -> Self {
        let code = Digest::of(sitting.code.expose().as_bytes());
        Self::Seated { sitting: sitting.id, code, retake: sitting.retake }
    }

    /// The sitting that this tells of, if it tells of one.
    #[must_use]
    pub fn sitting(&self) -> Option<SittingId> {
        match self {
            Self::Seated { sitting, .. }
            | Self::Taken { sitting, .. }
            | Self::Declined { sitting, .. }
            | Self::Refused { sitting, .. }
            | Self::Kept { sitting, .. }
            | Self::Dismissed { sitting }
            | Self::Interrupted { sitting }
            | Self::LetIn { sitting, .. }
            | Self::Disowned { sitting, .. }
            | Self::Overruled { sitting, .. }
            | Self::Assigned { sitting, .. } => Some(*sitting),
            Self::Corrected { from, .. } => Some(*from),
            Self::Adopted { sitting, .. } => *sitting,
            Self::Opened { .. }
            | Self::Stray { .. }
            | Self::Unlocked { .. }
            | Self::UnlockFailed { .. }
            | Self::Delivered { .. }
            | Self::RosterTaken { .. }
            | Self::WalkedUp { .. }
            | Self::Accepted { .. }
            | Self::DestructionBegan { .. }
            | Self::Checkpoint { .. }
            | Self::BackedUp { .. } => None,
        }
    }

    /// Whether this tells of a sitting; a correction tells of two.
    #[must_use]
    pub fn is_about(&self, wanted: SittingId) -> bool {
        let second = matches!(self, Self::Corrected { to, .. } if *to == Some(wanted));
        second || self.sitting() == Some(wanted)
    }

    /// The original on the shelf that this tells of, if it does.
    #[must_use]
    pub fn into_original(self) -> Option<Original> {
        match self {
            Self::Taken { original, .. } | Self::Stray { original } | Self::Adopted { original, .. } => {
                Some(original)
            }
            Self::Opened { .. }
            | Self::Seated { .. }
            | Self::Declined { .. }
            | Self::Refused { .. }
            | Self::Kept { .. }
            | Self::Dismissed { .. }
            | Self::Interrupted { .. }
            | Self::Unlocked { .. }
            | Self::UnlockFailed { .. }
            | Self::Delivered { .. }
            | Self::LetIn { .. }
            | Self::Disowned { .. }
            | Self::Overruled { .. }
            | Self::Assigned { .. }
            | Self::Corrected { .. }
            | Self::RosterTaken { .. }
            | Self::WalkedUp { .. }
            | Self::Accepted { .. }
            | Self::DestructionBegan { .. }
            | Self::Checkpoint { .. }
            | Self::BackedUp { .. } => None,
        }
    }
}

/// An original on the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// The shot's number.
    pub shot: ShotId,
    /// The object in the vault.
    pub object: Digest,
    /// SHA-256 of the camera's file.
    pub jpeg: Digest,
    /// Who fired.
    pub trigger: Trigger,
    /// When.
    pub exposed: Exposure,
    /// Which camera, folder and name.
    pub origin: Origin,
}
