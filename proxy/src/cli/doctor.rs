//! `doctor`: checks what the proxy needs, one line each.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::config::Config;
use crate::doctor::{Finding, examine};

/// Check configuration, platform, partner key, this machine's address and clock, database, sealing key and allowed
/// origins, one line each; exit code 1 if something is to be put right; changes nothing, also while a proxy serves
#[derive(Debug, Args)]
pub struct Doctor {}

impl Doctor {
    pub async fn run(self, config: Result<Config, String>) -> Result<ExitCode, String> {
        const WHAT: &str = "configuration";
        let findings = match config {
            Err(why) => vec![Finding::failed(
                WHAT,
                format!("{why} The rest is told once that is right."),
            )],
            Ok(config) => {
                let mut findings = vec![Finding::well(WHAT, "can be read")];
                findings.extend(examine(&config).await);
                findings
            }
        };
        let mut stdout = io::stdout();
        for finding in &findings {
            // Nobody may be reading any more; the exit code still tells.
            let _ = writeln!(stdout, "{finding}");
        }
        Ok(if findings.iter().any(Finding::is_failed) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}
