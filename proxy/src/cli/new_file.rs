//! A file that a command makes: its owner's alone, and never over one that is there.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes it; `otherwise`: what to do where there is one already.
///
/// # Errors
/// One line for people.
pub fn new_file(path: &Path, otherwise: &str) -> Result<File, String> {
    let shown = path.display();
    OpenOptions::new()
        .write(true)
        .create_new(true)
        // It may come to hold a key.
        .mode(0o600)
        .open(path)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                format!("{shown} is there already, and is not overwritten. {otherwise}")
            }
            _ => format!(
                "{shown} cannot be made ({error}). Name a file in a folder that this user may write to."
            ),
        })
}
