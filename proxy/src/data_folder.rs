//! The folder with the ledger and the sealing key: its owner's alone, and one proxy's at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::config::names::DATA;
use crate::ledger;

/// The folder, held against a second proxy for as long as this lives.
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder if need be, and takes it.
    ///
    /// # Errors
    /// One line for people.
    pub fn take(path: &Path) -> Result<Self, String> {
        let shown = &path.display();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|error| {
                DATA.wrong(
                    shown,
                    &format!(
                        "the folder cannot be made ({error}). Use a folder that this user may write to."
                    ),
                )
            })?;
        let unwritable = |error: std::io::Error| {
            DATA.wrong(
                shown,
                &format!("nothing can be written there ({error}). Use a folder that this user may write to."),
            )
        };
        let lock = own_file(&path.join("proxy.lock")).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DATA.wrong(
                    shown,
                    "another proxy is at work there. Stop it, or give this one a folder of its own.",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(unwritable(error)),
        }
        Ok(DataFolder {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the calls of the last minute.
    ///
    /// # Errors
    /// One line for people.
    pub fn calls(&self) -> Result<File, String> {
        own_file(&self.path.join("calls")).map_err(|error| {
            let shown = self.path.display();
            format!("OPENCX_PROXY_DATA is {shown}: its file `calls` cannot be opened ({error}). Give it to this user.")
        })
    }

    /// The ledger's file.
    pub fn ledger(&self) -> PathBuf {
        self.path.join(ledger::FILE)
    }

    /// Makes the ledger's file before SQLite does, which would let others read it.
    ///
    /// # Errors
    /// One line for people.
    pub fn make_ledger(&self) -> Result<(), String> {
        own_file(&self.ledger())
            .map(|_| ())
            .map_err(|error| format!("{} cannot be made: {error}.", self.ledger().display()))
    }

    /// The file of the queue of batches, made before SQLite makes it.
    ///
    /// # Errors
    /// One line for people.
    pub fn queue(&self) -> Result<PathBuf, String> {
        let path = self.path.join("queue.db");
        own_file(&path).map_err(|error| format!("{} cannot be made: {error}.", path.display()))?;
        Ok(path)
    }
}

fn own_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn is_its_owners_and_one_proxys_at_a_time() {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join("a/b");
        let folder = DataFolder::take(&path).unwrap();
        folder.make_ledger().unwrap();
        assert_eq!((mode(&path), mode(&folder.ledger())), (0o700, 0o600));
        assert!(DataFolder::take(&path).is_err_and(|refusal| refusal.contains("another proxy")));
        drop(folder);
        assert!(DataFolder::take(&path).is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let above = tempfile::tempdir().unwrap();
        let file = above.path().join("file");
        fs::write(&file, "").unwrap();
        let refusal = DataFolder::take(&file.join("data")).err().unwrap();
        assert!(refusal.contains("OPENCX_PROXY_DATA"), "{refusal}");
    }
}
