//! `keys rotate-seal`: another sealing key.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::ledger::Database;
use crate::seal::Seal;
use crate::seal_key::{self, Rotation};

/// Change the key that seals the ledger's secrets
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    RotateSeal(RotateSeal),
}

/// Seal the ledger's secrets anew with another key: a new one in seal.key, or the one in OPENCX_PROXY_NEW_SEAL_KEY where the
/// key is a setting. Stop the proxies first
#[derive(Debug, Args)]
struct RotateSeal {}

impl Keys {
    pub async fn run(self, config: Config) -> Result<ExitCode, String> {
        let Command::RotateSeal(RotateSeal {}) = self.command;
        let data = DataFolder::take(&config.ledger.data)?;
        let database = Database::of(&config.ledger).await?;
        database.refuse_if_in_use().await?;
        let mark = database.seal_mark().await?;
        let mark = mark.ok_or("No proxy has sealed anything in this ledger yet. Nothing was changed.")?;
        let old = seal_key::seal_key(config.ledger.seal_key.as_ref(), data.path(), Some(&mark))?;
        let old = Seal::new(&old);
        if !old.made(&mark) {
            return Err(seal_key::does_not_fit());
        }
        let rotation = Rotation::begin(&config.ledger, data.path())?;
        let count = database.reseal(&old, &Seal::new(rotation.key())).await?;
        let remedy = rotation.finish()?;
        let _ = writeln!(
            io::stdout(),
            "{count} secrets are sealed with the new key. {remedy}"
        );
        Ok(ExitCode::SUCCESS)
    }
}
