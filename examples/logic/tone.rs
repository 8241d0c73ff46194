// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The logic library of tone.c in Rust. A panic ends the process (-C panic=abort): it must not leave
// a function that C called.
#[macro_use]
mod patchpipe_logic;

use core::ffi::c_void;
use core::mem::size_of;
use core::slice::from_raw_parts;
use patchpipe_logic::*;
use std::ptr::{copy_nonoverlapping, null};

const LEVEL: usize = 0;
const BRIGHT: usize = 1;

static PARAMETERS: [Parameter; 2] = [
    Parameter {
        id: b"level\0".as_ptr(),
        name: b"Level\0".as_ptr(),
        unit: b"dB\0".as_ptr(),
        choices: null(),
        minimum: -60.0,
        maximum: 0.0,
        initial: -12.0,
        steps: 0,
        scale: SCALE_LINEAR,
    },
    Parameter {
        id: b"bright\0".as_ptr(),
        name: b"Brightness\0".as_ptr(),
        unit: null(),
        choices: null(),
        minimum: 0.01,
        maximum: 1.0,
        initial: 0.5,
        steps: 0,
        scale: SCALE_LOG,
    },
];

static METERS: [Meter; 1] = [Meter {
    id: b"peak\0".as_ptr(),
    name: b"Peak\0".as_ptr(),
    unit: null(),
}];

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Tone {
    rate: f32,
    frequency: f32,
    gate: f32,
    phase: f32,
    amplitude: f32,
    last: f32,
    note: u32,
}

impl Tone {
    fn take(&mut self, message: &[u8]) {
        if message.len() != 3 {
            return;
        }
        let (kind, note, velocity) = (message[0] & 0xf0, u32::from(message[1]), message[2]);
        if kind == 0x90 && velocity > 0 {
            self.note = note;
            self.frequency = (440.0 * ((f64::from(note) - 69.0) / 12.0).exp2()) as f32;
            self.gate = f32::from(velocity) / 127.0;
        } else if (kind == 0x80 || kind == 0x90) && note == self.note {
            self.gate = 0.0;
        }
    }

    fn next(&mut self, level: f32, bright: f32) -> f32 {
        let step = 1.0 / self.rate * self.frequency;
        self.phase = step + (self.phase - (step + self.phase).floor());
        self.amplitude = 0.005 * self.gate * level + 0.995 * self.amplitude;
        let saw = 2.0 * self.phase - 1.0;
        self.last = (1.0 - bright) * self.last + bright * self.amplitude * saw;
        self.last
    }
}

// What the host made of create().
unsafe fn tone<'a>(this: *mut c_void) -> &'a mut Tone {
    &mut *this.cast()
}

unsafe extern "C" fn create() -> *mut c_void {
    Box::into_raw(Box::<Tone>::default()).cast()
}

unsafe extern "C" fn destroy(this: *mut c_void) {
    drop(Box::from_raw(this.cast::<Tone>()));
}

unsafe extern "C" fn reset(this: *mut c_void, setup: *const Setup) -> i32 {
    *tone(this) = Tone { rate: (*setup).sample_rate as f32, frequency: 440.0, ..Tone::default() };
    1
}

unsafe extern "C" fn process(this: *mut c_void, block: *const Block) -> i32 {
    let (tone, block) = (tone(this), &*block);
    let level = 10f32.powf(0.05 * *block.parameters.add(LEVEL) as f32);
    let bright = *block.parameters.add(BRIGHT) as f32;
    let output: *mut f32 = (*block.outputs).cast();
    let mut next = 0;
    let mut peak: f32 = 0.0;
    for frame in 0..block.frames {
        while next < block.event_count as usize && (*block.events.add(next)).frame == frame {
            let event = &*block.events.add(next);
            if event.kind == EVENT_MIDI {
                tone.take(from_raw_parts(event.bytes, event.size as usize));
            }
            next += 1;
        }
        *output.add(frame as usize) = tone.next(level, bright);
        peak = peak.max(tone.last.abs());
    }
    *block.meters = peak;
    if tone.gate > 0.0 || tone.amplitude > 1e-6 { TAIL } else { SILENT }
}

unsafe extern "C" fn save(this: *mut c_void, bytes: *mut u8, room: usize) -> usize {
    if room >= size_of::<Tone>() {
        copy_nonoverlapping(this.cast(), bytes, size_of::<Tone>());
    }
    size_of::<Tone>()
}

unsafe extern "C" fn load(this: *mut c_void, bytes: *const u8, size: usize) -> i32 {
    if size != size_of::<Tone>() {
        return 0;
    }
    copy_nonoverlapping(bytes, this.cast(), size);
    1
}

unsafe extern "C" fn tail(_: *mut c_void) -> u32 {
    4096 // the amplitude falls by 5 thousandths a frame
}

export_logic!(
    32,
    Logic {
        size: size_of::<Logic>() as u32,
        epoch: EPOCH,
        id: b"org.patchpipe.example.tone\0".as_ptr(),
        name: b"Tone\0".as_ptr(),
        vendor: b"patchpipe\0".as_ptr(),
        version: b"1\0".as_ptr(),
        parameters: PARAMETERS.as_ptr(),
        meters: METERS.as_ptr(),
        parameter_count: 2,
        meter_count: 1,
        inputs: 0,
        outputs: 1,
        instrument: 1,
        reserved: 0,
        create,
        destroy,
        reset,
        process,
        save: Some(save),
        load: Some(load),
        state_changed: None,
        latency: None,
        tail: Some(tail),
    }
);
