//! Files whose content is kept elsewhere: the repository holds a pointer to it, or an encrypted form.

/// First lines of the pointers of Git LFS, also of its forerunners.
const LFS: [&str; 3] = [
    "version https://git-lfs.github.com/spec/v1",
    "version https://hawser.github.com/spec/v1",
    "version http://git-media.io/v/2",
];
/// Git LFS reads no more of a file to find out whether it is a pointer.
const LONGEST_POINTER: usize = 1024;
/// How a pointer of git-annex begins.
const ANNEX: &str = "/annex/objects/";
/// How a file begins that git-crypt has encrypted.
const CRYPT: &[u8] = b"\0GITCRYPT\0";

/// What a file is in place of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// A pointer of Git LFS, with the size of the content in bytes where it says so.
    Lfs(Option<u64>),
    /// A pointer of git-annex.
    Annex(Option<u64>),
    /// Encrypted by git-crypt.
    Crypt,
}

impl Elsewhere {
    /// What the file is, in words.
    pub fn told(self) -> String {
        let (program, bytes) = match self {
            Self::Lfs(bytes) => ("Git LFS", bytes),
            Self::Annex(bytes) => ("git-annex", bytes),
            Self::Crypt => return "is encrypted by git-crypt".to_owned(),
        };
        let size = bytes.map(|bytes| format!(" ({bytes} bytes)")).unwrap_or_default();
        format!("is kept in {program}{size}, and the repository holds only a pointer to it")
    }

    /// What to do about a document.
    pub fn cure(self) -> &'static str {
        match self {
            Self::Lfs(_) => {
                "take notes out of the patterns in .gitattributes, and run `git add --renormalize .`; or set \
                 spec.lfs of the NoteRepository, which fetches them"
            }
            Self::Annex(_) => "add notes to git itself",
            Self::Crypt => "take notes out of the patterns in .gitattributes",
        }
    }
}

/// Whether a file holds something in place of its content.
pub(crate) fn look(content: &[u8]) -> Option<Elsewhere> {
    if content.starts_with(CRYPT) {
        return Some(Elsewhere::Crypt);
    }
    if content.len() > LONGEST_POINTER {
        return None;
    }
    let text = std::str::from_utf8(content).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().map(str::trim_end);
    let first = lines.next()?;
    if LFS.contains(&first) {
        let fields: Vec<_> = lines.filter_map(|line| line.split_once(' ')).collect();
        let value = |key| fields.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        value("oid")?;
        return Some(Elsewhere::Lfs(value("size").and_then(|size| size.parse().ok())));
    }
    let key = first.strip_prefix(ANNEX)?;
    let size = key.split('-').find_map(|part| part.strip_prefix('s')?.parse().ok());
    Some(Elsewhere::Annex(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &str = "oid sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn pointers_are_told_with_the_size() {
        for version in LFS {
            let pointer = format!("{version}\n{OID}\nsize 4711\n");
            assert_eq!(look(pointer.as_bytes()), Some(Elsewhere::Lfs(Some(4711))), "{version}");
            let windows = pointer.replace('\n', "\r\n");
            assert_eq!(look(windows.as_bytes()), Some(Elsewhere::Lfs(Some(4711))));
        }
        let extended = format!("{}\next-0-seal {OID}\n{OID}\nsize 12", LFS[0]);
        assert_eq!(look(extended.as_bytes()), Some(Elsewhere::Lfs(Some(12))));
        let annex = b"/annex/objects/SHA256E-s318--9f86d081884c.md\n";
        assert_eq!(look(annex), Some(Elsewhere::Annex(Some(318))));
        assert_eq!(look(b"\0GITCRYPT\0\x12\x34"), Some(Elsewhere::Crypt));
    }

    #[test]
    fn text_about_pointers_is_no_pointer() {
        let pointer = format!("{}\n{OID}\nsize 4711\n", LFS[0]);
        for text in [
            format!("# What LFS writes\n\n{pointer}"),
            format!("{pointer}{}", "a note that goes on\n".repeat(60)),
            format!("{}\n\nThat is its first line.\n", LFS[0]),
            "annex/objects/ is a folder\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(look(text.as_bytes()), None, "{text}");
        }
    }
}
