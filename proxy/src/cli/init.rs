//! `init`: writes the commented configuration.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::config::template;

/// Write a commented configuration file, with every setting there is; never over an existing one
#[derive(Debug, Args)]
pub struct Init {}

impl Init {
    pub fn run(self, path: &Path) -> Result<ExitCode, String> {
        let shown = path.display();
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            // It may come to hold a key.
            .mode(0o600)
            .open(path)
            .map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => format!(
                    "{shown} is there already, and is not overwritten. Remove it, or write another one with --config."
                ),
                _ => format!("{shown} cannot be made ({error}). Name a file in a folder that this user may write to."),
            })?;
        file.write_all(template().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| format!("{shown} cannot be written ({error}). Remove what there is of it."))?;
        let _ = writeln!(
            io::stdout(),
            "Wrote {shown}. Give it the partner key, check it with `opencx-partner-proxy doctor --config {shown}`, then \
             start with `opencx-partner-proxy serve --config {shown}`."
        );
        Ok(ExitCode::SUCCESS)
    }
}
