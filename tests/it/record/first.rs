//! The first ledgers that a program opens, in several threads in the same moment: SQLite tells the second one that it is
//! ready before SQLCipher is.

use std::{process::Command, sync::Barrier, thread};

use caiying::ledger::Ledger;

use crate::opened;

/// So many programs begin: without care one in forty found itself without a cipher.
const PROGRAMS: usize = 120;

/// Threads of each of them that open at once.
const THREADS: usize = 4;

#[test]
fn the_first_ledgers_of_a_program_may_be_opened_at_once() {
    for round in 0..PROGRAMS {
        let program = std::env::current_exe().unwrap();
        let opened = Command::new(program)
            .args(["--ignored", "--exact", "record::first::child_opens_several_at_once"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&opened.stdout);
        assert!(opened.status.success() && said.contains("1 passed"), "{round}: {said}");
    }
}

#[test]
#[ignore = "a program of its own, which the test above begins"]
fn child_opens_several_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let stores: Vec<_> = (0..THREADS).map(|n| opened::store(folder.path().join(n.to_string()))).collect();
    let begin = Barrier::new(THREADS);
    thread::scope(|scope| {
        for store in &stores {
            scope.spawn(|| {
                begin.wait();
                Ledger::open(store).unwrap();
            });
        }
    });
}
