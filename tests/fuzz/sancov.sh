#!/bin/sh
# Cargo calls this instead of rustc, for the crates of this workspace only: what we wrote ourselves tells libFuzzer
# which way an input went, and the hundreds of crates below stay as they were built for everything else.
exec "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
