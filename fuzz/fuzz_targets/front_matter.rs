//! Front matter of every syntax above a talk that would be found without it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use talknotes_fuzz::document::SourceFile;

fuzz_target!(|data: &[u8]| {
    let (begin, data, end) = match data.split_first() {
        Some((b'+', rest)) => ("+++\n", rest, "+++\n"),
        Some((b'{', rest)) => ("{\"title\": \"Tides\", ", rest, "}\n"),
        Some((b':', rest)) => ("", rest, ""),
        _ => ("---\n", data, "---\n"),
    };
    let talk = b"# 2031-05-14\n## Tides - Ada Example\n- notes\n";
    let content = [begin.as_bytes(), data, b"\n", end.as_bytes(), talk].concat();
    talknotes_fuzz::read(&[SourceFile { path: "harbor-days-2031/notes.md".to_owned(), content }]);
});
