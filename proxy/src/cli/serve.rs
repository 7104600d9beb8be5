//! `serve`: says where it listens, runs until told to stop.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::Config;
use crate::{Proxy, logging};

/// Serve until SIGTERM or Ctrl-C; calls under way are finished first, within 30 seconds; a second signal ends at once
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    pub async fn run(self, config: Config) -> Result<ExitCode, String> {
        let _log = logging::start(&config.log)?;
        let mut signals = Signals::new()?;
        let proxy = Proxy::bind(&config).await?;
        // Scripts read these lines to learn the ports; a closed stdout must not end the proxy.
        let mut stdout = io::stdout();
        let _ = writeln!(
            stdout,
            "opencx-partner-proxy listening on http://{}",
            proxy.address()
        )
        .and_then(|()| match proxy.operations_address() {
            Some(address) => writeln!(stdout, "opencx-partner-proxy operations on http://{address}"),
            None => Ok(()),
        })
        .and_then(|()| stdout.flush());
        proxy
            .serve(async move {
                signals.next().await;
                tokio::spawn(async move {
                    signals.next().await;
                    // What is cut off is `unknown` at the next start, as after a crash.
                    std::process::exit(130);
                });
            })
            .await?;
        Ok(ExitCode::SUCCESS)
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Self, String> {
        let listen = |kind| signal(kind).map_err(|error| format!("No signals: {error}."));
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
