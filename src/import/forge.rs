//! Where forges show files of a repository.

/// Where a public forge shows the file at `path` as it is. The head of the repository is named and no
/// commit, so that a push changes no note that it did not touch.
pub(super) fn raw_url(repository: &str, path: &str) -> Option<String> {
    let mut url = url::Url::parse(repository).ok().filter(|url| url.scheme() == "https")?;
    let between: &[&str] = match url.host_str()? {
        "github.com" => &["raw", "HEAD"],
        host if host.starts_with("gitlab.") => &["-", "raw", "HEAD"],
        _ => return None,
    };
    let _ = (url.set_username(""), url.set_password(None));
    let project = url.path().trim_end_matches('/').trim_end_matches(".git").to_owned();
    url.set_path(&project);
    url.path_segments_mut().ok()?.extend(between).extend(path.split('/'));
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forges_show_files_at_their_own_addresses() {
        let raw = |repository| raw_url(repository, "圖/a b.png");
        assert_eq!(
            raw("https://user:secret@github.com/harbor/notes.git").as_deref(),
            Some("https://github.com/harbor/notes/raw/HEAD/%E5%9C%96/a%20b.png")
        );
        assert_eq!(
            raw("https://gitlab.example/harbor/notes").as_deref(),
            Some("https://gitlab.example/harbor/notes/-/raw/HEAD/%E5%9C%96/a%20b.png")
        );
        assert_eq!(raw("https://git.example/notes.git"), None);
        assert_eq!(raw("http://github.com/harbor/notes"), None);
    }
}
