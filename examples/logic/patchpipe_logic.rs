// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// <patchpipe/logic.h> for Rust: the same structs, with the same names, and the note. logic.h and
// patchpipe-logic(5) say what they mean. A library has `#[path = ...] mod patchpipe_logic;`, and
// ends in export_logic!{...}.
#![allow(dead_code)]

use core::ffi::c_void;
use core::mem::{align_of, size_of};

pub const EPOCH: u32 = 1;
pub const TAIL_INFINITE: u32 = u32::MAX;
pub const STATE_FAILED: usize = usize::MAX;
pub const NEEDS_TRANSPORT: u32 = 1;
pub const NEEDS_SYSEX: u32 = 2;
pub const SCALE_LINEAR: u32 = 0;
pub const SCALE_LOG: u32 = 1;
pub const EVENT_MIDI: u32 = 0;
pub const CONTINUE: i32 = 0;
pub const TAIL: i32 = 1;
pub const SILENT: i32 = 2;
pub const FAILED: i32 = 3;

/// A text that ends in a NUL: b"name\0".as_ptr(), or null.
pub type Text = *const u8;

// Where the next member goes, as C puts it.
const fn place(end: usize, alignment: usize) -> usize {
    (end + alignment - 1) / alignment * alignment
}

// A struct of C, and its numbers in the canary: size, alignment, the members' offsets.
macro_rules! structs {
    ($($name:ident $numbers:ident { $($member:ident: $type:ty,)* })*) => { $(
        #[repr(C)]
        pub struct $name { $(pub $member: $type,)* }
        unsafe impl Sync for $name {}

        const $numbers: [u32; 2 + [$(stringify!($member)),*].len()] = {
            let mut numbers = [0; 2 + [$(stringify!($member)),*].len()];
            numbers[0] = size_of::<$name>() as u32;
            numbers[1] = align_of::<$name>() as u32;
            let mut end = 0;
            let mut next = 2;
            $(
                numbers[next] = place(end, align_of::<$type>()) as u32;
                end = numbers[next] as usize + size_of::<$type>();
                next += 1;
            )*
            assert!(next == numbers.len() && place(end, align_of::<$name>()) == size_of::<$name>());
            numbers
        };
    )* };
}

structs! {
    Parameter PARAMETER {
        id: Text,
        name: Text,
        unit: Text,
        choices: *const Text,
        minimum: f64,
        maximum: f64,
        initial: f64,
        steps: u32,
        scale: u32,
    }
    Meter METER {
        id: Text,
        name: Text,
        unit: Text,
    }
    Setup SETUP {
        sample_rate: f64,
        parameters: *const f64,
        block_size: u32,
        offline: u32,
    }
    Event EVENT {
        bytes: *const u8,
        size: u32,
        frame: u32,
        kind: u32,
        reserved: u32,
    }
    Transport TRANSPORT {
        frame: i64,
        seconds: f64,
        quarters: f64,
        bar_start_quarters: f64,
        bpm: f64,
        numerator: i32,
        denominator: i32,
        playing: u32,
        reserved: u32,
    }
    // The pointers are to f32, or to f64 with export_logic!(64, ...).
    Block BLOCK {
        inputs: *const *const c_void,
        outputs: *const *mut c_void,
        events: *const Event,
        parameters: *const f64,
        meters: *mut f32,
        transport: *const Transport,
        frames: u32,
        event_count: u32,
    }
    Logic LOGIC {
        size: u32,
        epoch: u32,
        id: Text,
        name: Text,
        vendor: Text,
        version: Text,
        parameters: *const Parameter,
        meters: *const Meter,
        parameter_count: u32,
        meter_count: u32,
        inputs: u32,
        outputs: u32,
        instrument: u32,
        reserved: u32,
        create: unsafe extern "C" fn() -> *mut c_void,
        destroy: unsafe extern "C" fn(*mut c_void),
        reset: unsafe extern "C" fn(*mut c_void, *const Setup) -> i32,
        process: unsafe extern "C" fn(*mut c_void, *const Block) -> i32,
        save: Option<unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> usize>,
        load: Option<unsafe extern "C" fn(*mut c_void, *const u8, usize) -> i32>,
        state_changed: Option<unsafe extern "C" fn(*mut c_void, *const f64)>,
        latency: Option<unsafe extern "C" fn(*mut c_void) -> u32>,
        tail: Option<unsafe extern "C" fn(*mut c_void) -> u32>,
    }
}

const WORDS: usize = 5
    + PARAMETER.len()
    + METER.len()
    + SETUP.len()
    + EVENT.len()
    + TRANSPORT.len()
    + BLOCK.len()
    + LOGIC.len();

#[repr(C)]
pub struct Note {
    sizes_and_type: [u32; 3],
    name: [u8; 12],
    canary: [u32; WORDS],
}

/// The note of a library with samples of so many bits, which needs these features.
pub const fn note(sample_bits: u32, features: u32) -> Note {
    let mut canary = [0; WORDS];
    let head = [0x01020304, EPOCH, 8 * size_of::<usize>() as u32, features, sample_bits];
    let parts: [&[u32]; 8] =
        [&head, &PARAMETER, &METER, &SETUP, &EVENT, &TRANSPORT, &BLOCK, &LOGIC];
    let mut next = 0;
    let mut part = 0;
    while part < parts.len() {
        let mut word = 0;
        while word < parts[part].len() {
            canary[next] = parts[part][word];
            next += 1;
            word += 1;
        }
        part += 1;
    }
    Note {
        sizes_and_type: [10, 4 * WORDS as u32, 1],
        name: *b"patchpipe\0\0\0",
        canary,
    }
}

/// export_logic!(32, Logic { ... }); with the bits of a sample.
#[macro_export]
macro_rules! export_logic {
    ($bits:expr, $logic:expr) => {
        #[used]
        #[link_section = ".note.patchpipe"]
        static NOTE: $crate::patchpipe_logic::Note = $crate::patchpipe_logic::note($bits, 0);

        #[no_mangle]
        #[allow(non_upper_case_globals)]
        pub static patchpipe_logic: $crate::patchpipe_logic::Logic = $logic;
    };
}
