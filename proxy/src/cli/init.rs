//! `init`: writes the commented configuration.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::new_file::new_file;
use crate::config::template;

/// Write a commented configuration file, with every setting there is; never over an existing one
#[derive(Debug, Args)]
pub struct Init {}

impl Init {
    pub fn run(self, path: &Path) -> Result<ExitCode, String> {
        let shown = path.display();
        let mut file = new_file(path, "Remove it, or write another one with --config.")?;
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
