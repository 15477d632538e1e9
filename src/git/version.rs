//! Ranges of versions, as people write them for Flux and npm.

use std::fmt;
use std::str::FromStr;

use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};

use super::GitError;

/// Versions of which the newest tag is taken, such as `>=1.2.0 <2.0.0`, `1.x`, `^1.2 || 3.0.*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    text: String,
    /// It has a version that one of these has.
    any_of: Vec<VersionReq>,
}

impl FromStr for VersionRange {
    type Err = GitError;

    fn from_str(text: &str) -> Result<Self, GitError> {
        let any_of = text.split("||").map(requirement).collect::<Option<Vec<_>>>();
        let any_of = any_of.ok_or_else(|| {
            GitError::InvalidReference(format!(
                "{} is not a range of versions such as >=1.2.0 <2.0.0 or 1.x",
                super::text::one_line(text)
            ))
        })?;
        Ok(Self { text: text.to_owned(), any_of })
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl VersionRange {
    /// The tag with the newest version in the range.
    pub(super) fn newest<'t>(&self, tags: impl Iterator<Item = &'t str>) -> Option<&'t str> {
        let versions = tags.filter_map(|tag| Some((version(tag)?, tag)));
        versions.filter(|(version, _)| self.contains(version)).max().map(|(_, tag)| tag)
    }

    fn contains(&self, version: &Version) -> bool {
        self.any_of.iter().any(|requirement| {
            requirement.matches(version)
                || names_prerelease(requirement)
                    && requirement.comparators.iter().all(|bound| is_within(bound, version))
        })
    }
}

/// A range that names a version before a release means all of these, not only those of one release.
fn names_prerelease(requirement: &VersionReq) -> bool {
    requirement.comparators.iter().any(|bound| !bound.pre.is_empty())
}

fn is_within(bound: &Comparator, version: &Version) -> bool {
    let (minor, patch) = (bound.minor.unwrap_or(0), bound.patch.unwrap_or(0));
    let mut end = Version::new(bound.major, minor, patch);
    end.pre = bound.pre.clone();
    match bound.op {
        Op::Greater => *version > end,
        Op::GreaterEq => *version >= end,
        Op::Less => *version < end,
        Op::LessEq => *version <= end,
        _ => bound.matches(version),
    }
}

/// The version that a tag names: `v1.2.3`, `1.2`, `2031.05.14`.
fn version(tag: &str) -> Option<Version> {
    let text = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    let (text, build) = text.split_once('+').unwrap_or((text, ""));
    let (core, pre) = text.split_once('-').unwrap_or((text, ""));
    let numbers = core.split('.').map(number).collect::<Option<Vec<u64>>>()?;
    let (major, minor, patch) = match *numbers {
        [major] => (major, 0, 0),
        [major, minor] => (major, minor, 0),
        [major, minor, patch] => (major, minor, patch),
        _ => return None,
    };
    let (pre, build) = (Prerelease::new(pre).ok()?, BuildMetadata::new(build).ok()?);
    Some(Version { major, minor, patch, pre, build })
}

/// Days and months have a zero before them.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// One part of a range: what it asks for stands in a row, with commas or without, or `from - to`.
fn requirement(text: &str) -> Option<VersionReq> {
    let text = text.trim();
    if let Some((from, to)) = text.split_once(" - ") {
        return VersionReq::parse(&format!(">={}, <={}", bare(from)?, bare(to)?)).ok();
    }
    let mut bounds: Vec<String> = Vec::new();
    let mut operator = String::new();
    for word in text.split([' ', ',', '\t']).filter(|word| !word.is_empty()) {
        let at = word.find(|c: char| !"<>=^~!".contains(c)).unwrap_or(word.len());
        let (sign, rest) = word.split_at_checked(at)?;
        operator.push_str(sign);
        if !rest.is_empty() {
            bounds.push(bound(&std::mem::take(&mut operator), rest)?);
        }
    }
    if bounds.is_empty() || !operator.is_empty() {
        return None;
    }
    VersionReq::parse(&bounds.join(", ")).ok()
}

/// Without a sign a version stands for itself, not for what is compatible with it.
fn bound(sign: &str, version: &str) -> Option<String> {
    let version = bare(version)?;
    match sign {
        "" if version == "*" => Some(version),
        "" => Some(format!("={version}")),
        "<" | "<=" | ">" | ">=" | "=" | "^" | "~" if version != "*" => {
            Some(format!("{sign}{version}"))
        }
        ">=" => Some(version),
        _ => None,
    }
}

/// A version with as many numbers as are given, `*` for any.
fn bare(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, tail) = text.split_at_checked(end)?;
    let mut numbers = Vec::new();
    for part in core.split('.') {
        match part {
            "x" | "X" | "*" => break,
            part => numbers.push(number(part)?.to_string()),
        }
    }
    if numbers.is_empty() {
        return tail.is_empty().then(|| "*".to_owned());
    }
    Some(format!("{}{tail}", numbers.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAGS: [&str; 12] = [
        "v0.9.0",
        "1.0.0",
        "v1.2.3",
        "v1.10.0",
        "1.10.1-rc.1",
        "2.0.0",
        "v2.1",
        "2031.05.14",
        "2031.5.15",
        "latest",
        "v1.2.3.4",
        "",
    ];

    fn newest(range: &str) -> Option<&'static str> {
        range.parse::<VersionRange>().unwrap().newest(TAGS.into_iter())
    }

    #[test]
    fn the_newest_version_in_the_range_is_taken() {
        for (range, tag) in [
            (">=1.0.0 <2.0.0", "v1.10.0"),
            (">= 1.0.0, < 2.0.0", "v1.10.0"),
            ("1.x", "v1.10.0"),
            ("1.2.*", "v1.2.3"),
            ("^1.2", "v1.10.0"),
            ("~1.2.0", "v1.2.3"),
            ("1.2.3", "v1.2.3"),
            ("v1.2.3", "v1.2.3"),
            ("0.9.0 - 1.2.3", "v1.2.3"),
            ("<1.0.0 || 2.x", "v2.1"),
            ("2031.05.x", "2031.5.15"),
            ("*", "2031.5.15"),
            ("x", "2031.5.15"),
        ] {
            assert_eq!(newest(range), Some(tag), "{range}");
        }
        assert_eq!(newest(">=3.0.0 <4.0.0"), None);
        assert_eq!(newest("1.2.4"), None);
    }

    #[test]
    fn what_comes_before_a_release_has_to_be_asked_for() {
        assert_eq!(newest(">=1.10.0-0 <2.0.0"), Some("1.10.1-rc.1"));
        assert_eq!(newest(">=1.0.0-alpha <2.0.0"), Some("1.10.1-rc.1"));
        assert_eq!(newest("~1.10.1"), None);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for range in ["", "latest", "1.2.3.4", ">", "!=1.0.0", "1.0.0 ||", ">>1", "1.2.3 - "] {
            assert!(range.parse::<VersionRange>().is_err(), "{range}");
        }
    }
}
