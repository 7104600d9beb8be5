//! The program's commands. One file each: its arguments, and a `run` that gives the exit code or one line for people.

mod audit;
mod doctor;
mod init;
mod keys;
mod new_file;
mod serve;
mod transfer;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::zeroize::Zeroizing;

use crate::config::{AREAS, Config, File, no_misspelt};

/// Where the configuration is unless `--config` says otherwise.
const DEFAULT_FILE: &str = "opencx-proxy.toml";
const CONFIG_VARIABLE: &str = "OPENCX_PROXY_CONFIG";

/// The backend between a partner's admin page and the OpenCX platform: holds the partner key and the organizations' keys,
/// lends neither.
#[derive(Debug, Parser)]
#[command(
    name = "opencx-partner-proxy",
    version,
    after_help = "Without a command it serves. Every setting of the file may also come from the environment, which wins; \
                  `init` writes a file that names them all.\n\nExit codes: 0 done, 1 refused or failed (one line on stderr \
                  says why and what to do), 2 wrong arguments."
)]
struct Cli {
    /// The configuration file [default: opencx-proxy.toml in the current folder, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = CONFIG_VARIABLE)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Serve(serve::Serve),
    Doctor(doctor::Doctor),
    Audit(audit::Audit),
    Keys(keys::Keys),
    Export(transfer::Export),
    Import(transfer::Import),
}

impl Cli {
    async fn run(self) -> Result<ExitCode, String> {
        let config = || read_config(self.config.as_deref());
        match self.command.unwrap_or(Command::Serve(serve::Serve {})) {
            Command::Init(init) => init.run(self.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE))),
            Command::Serve(serve) => serve.run(config()?).await,
            Command::Doctor(doctor) => doctor.run(config()).await,
            Command::Audit(audit) => audit.run(config()?).await,
            Command::Keys(keys) => keys.run(config()?).await,
            Command::Export(export) => export.run(config()?).await,
            Command::Import(import) => import.run(config()?).await,
        }
    }
}

/// The whole program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads())
        .enable_all()
        .build()
        .map_err(|error| format!("No threads to work with: {error}."))
        .and_then(|runtime| {
            let outcome = runtime.block_on(cli.run());
            // A name that is still being looked up must not hold the end up.
            runtime.shutdown_background();
            outcome
        });
    outcome.unwrap_or_else(|refusal| {
        // Not through tracing: RUST_LOG must not be able to hide why nothing started.
        let _ = writeln!(io::stderr(), "opencx-partner-proxy: {refusal}");
        ExitCode::FAILURE
    })
}

/// One: what it does for a call is short, and to hand it over to another thread takes longer than to do it (`make bench-proxy`).
/// Whoever serves many visitors from it gives it more, by tokio's own variable.
fn threads() -> usize {
    let given = std::env::var("TOKIO_WORKER_THREADS").ok();
    given
        .and_then(|threads| threads.parse().ok())
        .filter(|threads| *threads > 0)
        .unwrap_or(1)
}

fn read_config(path: Option<&Path>) -> Result<Config, String> {
    let names: Vec<OsString> = std::env::vars_os().map(|(name, _)| name).collect();
    let ours = names
        .iter()
        .filter_map(|name| name.to_str())
        .filter(|name| name.starts_with("OPENCX_") && *name != CONFIG_VARIABLE);
    no_misspelt(ours)?;
    Config::merge(&read_file(path)?, &|name| {
        // Lossy: a value that is no UTF-8 is refused like any other wrong one, not taken for a missing one.
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    })
}

fn read_file(path: Option<&Path>) -> Result<File, String> {
    let (path, asked_for) = path.map_or((Path::new(DEFAULT_FILE), false), |path| (path, true));
    let shown = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => File::read(&Zeroizing::new(text), &shown, AREAS),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !asked_for => Ok(File::default()),
        Err(error) => Err(format!(
            "--config ({CONFIG_VARIABLE}) is {shown}: this file cannot be read ({error}). Give a file that this user may \
             read, or write one with `opencx-partner-proxy init --config {shown}`."
        )),
    }
}
