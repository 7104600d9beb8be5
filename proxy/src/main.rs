//! `opencx-partner-proxy`: reads its settings from the environment, says where it listens, runs until told to stop.

use std::io::Write;
use std::process::ExitCode;

use opencx_partner_proxy::{Config, Proxy};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            eprintln!("opencx-partner-proxy: {refusal}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let config = Config::read(&|name| std::env::var(name).ok())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| format!("No signals: {error}."))?;
    let proxy = Proxy::bind(&config).await?;
    // Whoever started us waits for this line.
    let mut stdout = std::io::stdout();
    let said = writeln!(
        stdout,
        "opencx-partner-proxy listening on http://{}",
        proxy.address()
    );
    said.and_then(|()| stdout.flush())
        .map_err(|error| format!("Standard output is closed: {error}."))?;
    proxy
        .serve(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        })
        .await
}
