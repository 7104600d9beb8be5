//! The log: on stderr, for people or for machines. Never keys, bodies or login links. It is written by a thread of its own: a
//! stderr that nobody reads must hold up neither a call nor a stop.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{Format, LogConfig};

/// Lines that wait to be written; more are lost, and counted.
const LINES: usize = 10_000;
static LOST: OnceLock<ErrorCounter> = OnceLock::new();

/// How many lines of this process were lost, for nobody read those before them.
pub fn lost_lines() -> usize {
    LOST.get().map_or(0, ErrorCounter::dropped_lines)
}

/// Starts it, once a process; it ends, with its last lines written, when what this gives is dropped.
///
/// # Errors
/// One line for people.
pub fn start(config: &LogConfig) -> Result<WorkerGuard, String> {
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(LINES)
        .finish(io::stderr());
    let _ = LOST.set(writer.error_counter());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(&config.filter))
        .with_ansi(io::stderr().is_terminal())
        .with_writer(writer);
    match config.format {
        Format::Text => builder.try_init(),
        Format::Json => builder
            .json()
            .flatten_event(true)
            .with_span_list(true)
            .with_current_span(false)
            .try_init(),
    }
    .map_err(|error| format!("No log: {error}."))?;
    Ok(guard)
}

/// What carries headers and bodies never says more than `info`, whatever is asked for.
fn filter(asked: &str) -> EnvFilter {
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
    .fold(EnvFilter::new(asked), EnvFilter::add_directive)
}
