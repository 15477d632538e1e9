//! Paths that links lead to.

pub(super) fn without_extension(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// The path in the repository that a link from `folder` leads to.
pub(super) fn local_path(folder: &str, url: &str) -> Option<String> {
    let url = url.split(['#', '?']).next().filter(|url| !url.is_empty() && !url.contains("://"))?;
    let folder = if url.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let decoded = percent_encoding::percent_decode_str(url).decode_utf8_lossy();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
