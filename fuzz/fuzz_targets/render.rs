//! The body of a note.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Bodies are text before they get here.
    talknotes_fuzz::render_note(&String::from_utf8_lossy(data));
});
