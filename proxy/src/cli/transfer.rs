//! `export` and `import`: a ledger out of one database and into another.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::new_file::new_file;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::ledger::Database;
use crate::seal::Seal;
use crate::seal_key::seal_key;

/// Write the whole ledger into a file, sealed as it is, also while the proxy serves. The sealing key is not in it
#[derive(Debug, Args)]
pub struct Export {
    /// The file to make; never over an existing one
    file: PathBuf,
}

/// Take an export into an empty ledger, of either database. Bring the sealing key along
#[derive(Debug, Args)]
pub struct Import {
    /// What `export` wrote
    file: PathBuf,
}

impl Export {
    pub async fn run(self, config: Config) -> Result<ExitCode, String> {
        let shown = self.file.display();
        let database = Database::of(&config.ledger).await?;
        let file = new_file(&self.file, "Name another file.")?;
        let mut out = BufWriter::new(file);
        let rows = database.export(&mut out).await?;
        out.get_ref()
            .sync_all()
            .map_err(|error| format!("{shown} cannot be written ({error}). Remove what there is of it."))?;
        let _ = writeln!(
            io::stdout(),
            "Wrote {rows} rows to {shown}. It needs the same sealing key where it is taken in."
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl Import {
    pub async fn run(self, config: Config) -> Result<ExitCode, String> {
        let shown = self.file.display();
        let file = File::open(&self.file)
            .map_err(|error| format!("{shown} cannot be read ({error}). Name what `export` wrote."))?;
        let data = DataFolder::take(&config.ledger.data)?;
        let database = Database::make(&config.ledger, &data).await?;
        database.refuse_if_in_use().await?;
        let mark = database.seal_mark().await?;
        // As if there were a ledger: a key made now would fit no export.
        let key = seal_key(
            config.ledger.seal_key.as_ref(),
            data.path(),
            Some(mark.as_deref().unwrap_or_default()),
        )?;
        let rows = database.import(BufReader::new(file), &Seal::new(&key)).await?;
        let _ = writeln!(io::stdout(), "Took in {rows} rows.");
        Ok(ExitCode::SUCCESS)
    }
}
