//! Starts the sandbox: reads the settings, binds, says where it listens, serves until told to stop.

use std::future::Future;
use std::io::{self, Write};
use std::process::ExitCode;

use opencx_sandbox::{Settings, serve};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tantivy=warn")),
        )
        .with_writer(io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Not through tracing: RUST_LOG must not be able to hide why nothing started.
            let _ = writeln!(io::stderr(), "opencx-sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let settings = Settings::from(|name| std::env::var(name).ok()).map_err(|e| e.to_string())?;
    let listener = TcpListener::bind(&settings.listen)
        .await
        .map_err(|e| could_not_bind(&settings.listen, &e))?;
    let address = listener
        .local_addr()
        .map_err(|e| format!("the bound address cannot be read: {e}"))?;
    let stop = stop_asked().map_err(|e| format!("signals cannot be listened for: {e}"))?;
    // Scripts read this one line to learn the port; a closed stdout must not end the server.
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "opencx-sandbox listening on http://{address}").and_then(|()| stdout.flush());
    serve(listener, settings, stop)
        .await
        .map_err(|e| format!("the server stopped: {e}"))
}

fn could_not_bind(listen: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "{listen} is taken by another program. Stop that program, or set OPENCX_SANDBOX_LISTEN to another \
             address (port 0 takes any free port)."
        ),
        _ => format!(
            "cannot listen on {listen}: {error}. Set OPENCX_SANDBOX_LISTEN to an address of this machine, such \
             as 127.0.0.1:4801."
        ),
    }
}

/// Listens for the signals from now on, not from the first poll: whoever reads the start line may signal at once.
#[cfg(unix)]
fn stop_asked() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}

#[cfg(not(unix))]
fn stop_asked() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
        tracing::info!("stopping");
    })
}
