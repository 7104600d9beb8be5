//! `opencx-partner-proxy`: reads its settings from the environment, says where it listens, runs until told to stop.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use opencx_partner_proxy::{Config, Proxy};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(log_filter())
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            // Not through tracing: RUST_LOG must not be able to hide why nothing started.
            let _ = writeln!(io::stderr(), "opencx-partner-proxy: {refusal}");
            ExitCode::FAILURE
        }
    }
}

/// `RUST_LOG`, or `info`. What carries headers and bodies never says more than `info`, whatever is asked for.
fn log_filter() -> EnvFilter {
    let asked = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    [
        "hyper=info",
        "hyper_util=info",
        "reqwest=info",
        "rustls=info",
        "sqlx=warn",
        "h2=info",
    ]
    .iter()
    .filter_map(|directive| directive.parse().ok())
    .fold(asked, EnvFilter::add_directive)
}

async fn run() -> Result<(), String> {
    let config = Config::read(&|name| {
        // Lossy: a value that is no UTF-8 is refused like any other wrong one, not taken for a missing one.
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    })?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| format!("No signals: {error}."))?;
    let proxy = Proxy::bind(&config).await?;
    // Scripts read this one line to learn the port; a closed stdout must not end the proxy.
    let mut stdout = io::stdout();
    let _ = writeln!(
        stdout,
        "opencx-partner-proxy listening on http://{}",
        proxy.address()
    )
    .and_then(|()| stdout.flush());
    proxy
        .serve(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        })
        .await
}
