//! `audit verify`: whether the journal is as it was written.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::Config;
use crate::ledger::{Chain, Database, Journal};

/// Look at the journal of all that was done
#[derive(Debug, Args)]
pub struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Verify),
}

/// Check that no event of the journal was changed, taken away or put in; also while the proxy serves
#[derive(Debug, Args)]
struct Verify {
    /// The end that an earlier check printed: tells whether all up to there is still the same
    #[arg(long, value_name = "NUMBER:HASH", value_parser = end)]
    knows: Option<(i64, String)>,
}

impl Audit {
    pub async fn run(self, config: Config) -> Result<ExitCode, String> {
        let Command::Verify(Verify { knows }) = self.command;
        let database = Database::of(&config.ledger).await?;
        let journal = Journal::of(&database);
        let unreadable = |error| format!("The journal cannot be read: {error}.");
        let (seq, hash) = match journal.verify().await.map_err(unreadable)? {
            Chain::Whole { seq, hash } => (seq, hash),
            Chain::Broken { seq } => {
                return Err(format!(
                    "The journal is not as it was written: event {seq} does not fit those before it. Somebody has changed the \
                     database by hand, or a backup was mixed with another. Compare it with a backup."
                ));
            }
        };
        if let Some((known, expected)) = knows {
            let found = journal.hash_of(known).await.map_err(unreadable)?;
            if known != 0 && found.as_deref() != Some(&expected) {
                return Err(format!(
                    "The journal fits in itself, but its event {known} is not the one that was known: it was written anew. \
                     Compare it with a backup."
                ));
            }
        }
        let _ = writeln!(
            io::stdout(),
            "The journal is whole: {seq} events, none changed. Keep its end elsewhere, to check later that it was not written \
             anew: audit verify --knows {seq}:{hash}"
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn end(text: &str) -> Result<(i64, String), String> {
    text.split_once(':')
        .and_then(|(seq, hash)| Some((seq.parse().ok()?, hash.to_owned())))
        .ok_or_else(|| "give what an earlier check printed, such as 12:9f86d0…".to_owned())
}
