//! Files that are there as a whole or not at all.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use super::Failure;

/// Writes a new file, with the folders above it.
///
/// # Errors
/// Where there is one already: it is left as it is.
pub(super) fn create(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let file = beside(path, content)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            let path = path.display();
            Err(format!(
                "{path} exists already and is left as it is; name another file with --output"
            )
            .into())
        }
        Err(error) => Err(cannot_write(path, &error.error)),
    }
}

/// Writes a file in place of the one that is there, for the same readers.
///
/// # Errors
/// Where that cannot be done: what was there is still there.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let file = beside(path, content)?;
    let move_there = || -> std::io::Result<()> {
        file.as_file().set_permissions(std::fs::metadata(path)?.permissions())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    move_there().map_err(|error| cannot_write(path, &error))
}

/// The content in a file of another name in the same folder, so that it can be moved into place.
fn beside(path: &Path, content: &[u8]) -> Result<NamedTempFile, Failure> {
    let write = || -> std::io::Result<NamedTempFile> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = builder().tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|error| cannot_write(path, &error))
}

/// Temporary files are private; notes are as readable as the user's other files.
fn builder() -> Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut builder = Builder::new();
    builder.prefix(".talknotes-").permissions(std::fs::Permissions::from_mode(0o666));
    builder
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}
