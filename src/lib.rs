//! 采影 caiying: a desktop station for the photographs that Chinese universities register with a diploma.
//!
//! *A code is scanned, a photo is taken, a portrait is made, it is kept in the ledger, and later it is
//! delivered.* That sentence is the architecture, and the way a photo goes is the way to read the code:
//!
//! ```text
//!  webcam ─▶ scan ──CaptureCode──▶ ┌─────────┐ ──Fire──▶ camera ──Shot──▶ clerk ─▶ vault (original)
//!                                  │ station │ ──Develop────────────────▶ portrait ──Portrait──┐
//!  operator ─▶ screens ──Wish────▶ └─────────┘ ◀──────────────────────────────────────────────┘
//!                                       └─Keep─▶ clerk ─▶ vault (portrait), then ledger (journal → queue)
//!                                                                  queue ─▶ sync ─▶ folder / U盘
//! ```
//!
//! One way. What comes back comes back as data.
//!
//! # The promise
//!
//! Nobody gets another student's portrait; no kept photo is lost; none is doubled. Everything else gives way
//! to these three. They are held by [`station`] (who owns a shot), by [`clerk`] (first the file, then the row,
//! then "saved"), and by the tests that try to break them: every story of up to nine moves
//! (`tests/it/station_promise.rs`), whole mornings with everything that goes wrong ([`rehearsal`]), and kills,
//! full disks and tampering on the store (`tests/it/record.rs`).
//!
//! # Rooms and floors
//!
//! A room uses rooms on lower floors only, never a neighbour, never upstairs; `tests/it/floors.rs` holds the
//! rule. Each foreign crate has one door, in the same test.
//!
//! | floor | room | what lives there | door of |
//! |---|---|---|---|
//! | 0 words | [`language`] | what people read, in two languages | |
//! | | [`student`] | 采集码 and who bears one, id numbers, rosters, masking | csv, encoding_rs, quick_xml, zip, pinyin |
//! | | [`shot`] | a press of the shutter: when, by whom, which file; the station's clock | exif |
//! | 1 rules | [`profile`] | what a school demands, read from `profiles/*.toml`, checked once | toml, regex |
//! | | [`settings`] | what belongs to this machine | toml, toml_edit |
//! | 2 craft | [`keys`] | who may open a store, and the keys that come out; sealing, signing: pure | age, argon2, bech32, chacha20poly1305, ed25519_dalek, getrandom, zeroize |
//! | | [`portrait`] | decode, find, frame, scale, compress, judge: pure | image, memchr, rten, moxcms, fast_image_resize |
//! | | [`paper`] | pages of bars and letters, as PDF and PNG: pure | skrifa, png, qrcode |
//! | 3 decisions | [`station`] | the state machine: events in, effects out; the gate: pure | |
//! | 4 hands | [`camera`] | libgphoto2 in a child process, hot folder, rehearsal camera; the [doctor](camera::doctor) | gphoto2, signal_hook |
//! | | [`scan`] | webcam frames, QR codes, each code reported once, why one is not read; identity cards | v4l, zune_jpeg, rqrr, zeroize |
//! | | [`machine`] | what this computer says of itself: disk, battery, sticks; a raw volume searched | |
//! | | [`sound`] | five sounds for whichever player the desktop has | |
//! | | [`vault`] | sealed files by hash, each with its binding inside; the [key file](vault::key_file), and who [tried it](vault::unlock_log); how a store goes | |
//! | | [`ledger`] | SQLite, encrypted: journal and its checkpoints, tables, queue | rusqlite, base64 |
//! | 5 errands | [`clerk`] | the order of truth, recovery, verification, closing the books | |
//! | | [`sync`] | what goes where under which name; the folder target; second copies of a store | |
//! | 6 | [`errand`] | what takes minutes and changes nothing in the store: export, verify, backup; the journal to take home; and the supervised deletion | |
//! | 7 | [`crew`] | every thread and every channel | |
//! | | [`screens`] | what an operator sees, and the words for every trouble | egui |
//! | 8 | [`shift`] | station, crew and clock wired: one line per effect | |
//! | 9 | [`rehearsal`] | a morning played and judged | qrcode, jpeg_encoder |
//! | 10 | [`app`] | command line and window; this machine's fonts | clap, eframe, skrifa |
//!
//! # Threads
//!
//! All of them start in [`crew`], named, with bounded channels. The main thread owns the station and never
//! blocks; pictures for the screen ride in mailboxes, never in queues. The camera's driver runs in a process of
//! its own ([`camera::host`], [`camera::link`]), because libgphoto2 may hang or crash; one thread there only sees
//! to it that the process ends with the station ([`camera::farewell`], [`crew::guard`]).
//!
//! # Where would I add…
//!
//! | to add | touch | the house checks |
//! |---|---|---|
//! | a school | `profiles/<school>_<year>_<batch>.toml`, no Rust | every profile is read by a test; unknown keys are refused |
//! | a quality check | `portrait/checks/<question>.rs`, one entry in `CHECKS`; its name in `profile/overruling.rs` | a check without fixtures fails a test |
//! | a screen | `screens/<name>.rs` with its view, a [`screens::Place`], a line in `screens/board.rs` | the compiler leads the way; a picture test |
//! | a camera | `camera/<name>.rs`, one arm where cameras are opened | the camera contract |
//! | a fact | a variant of [`station::Fact`], an arm in `ledger/tables.rs` and in `ledger/agreement.rs` | old journals still read |
//! | a deed | a variant of [`keys::Deed`] with its row and short name; for two, its words in `screens/day/facts/unlocking.rs` | a test has every row a second time |
//! | a trouble | its error variant; the compiler leads to its words in [`screens::trouble`] | exhaustive matches |
//!
//! # Words
//!
//! 采集 capture · 采集码 capture code · 采集站 station · 补拍 retake (a new sitting later) · 重拍 again (same
//! sitting) · 一次就座 sitting · 原片 shot, the original · 成品 portrait · 头上部空 head room · 质量检测 check ·
//! 名册 roster · 学院 college · 专业 major · 班级 class · 学号 student number · 身份证号 id number · 脱敏 masked ·
//! 台账 ledger · 流水 journal · 待上传队列 queue · 回执 receipt · 人像比对 likeness · 冲印 photographic print ·
//! 版 sheet · 信息条 info strip · 未归属 stray · 勘误 correction · 检查点 checkpoint · 对账 closing the books · 备份
//! backup, a second copy · 监督删除 supervised deletion · 口令 passphrase · 钥匙文件 key file · 恢复密钥 recovery key,
//! the school's.

// floor 0: words
pub mod language;
pub mod shot;
pub mod student;

// floor 1: rules
pub mod profile;
pub mod settings;

// floor 2: craft
pub mod keys;
pub mod paper;
pub mod portrait;

// floor 3: decisions
pub mod station;

// floor 4: hands
pub mod camera;
pub mod ledger;
pub mod machine;
pub mod scan;
pub mod sound;
pub mod vault;

// floor 5: errands
pub mod clerk;
pub mod sync;

// floor 6: what takes minutes
pub mod errand;

// floor 7: crew and screens
pub mod crew;
pub mod screens;

// floor 8: a station at work
pub mod shift;

// floor 9: a morning played
pub mod rehearsal;

// floor 10: wiring
pub mod app;
