//! The log: on stderr, for people or for machines. Never keys, bodies or login links.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::config::{Format, LogConfig};

/// Starts it, once a process.
///
/// # Errors
/// One line for people.
pub fn start(config: &LogConfig) -> Result<(), String> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(&config.filter))
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match config.format {
        Format::Text => builder.try_init(),
        Format::Json => builder
            .json()
            .flatten_event(true)
            .with_span_list(true)
            .with_current_span(false)
            .try_init(),
    }
    .map_err(|error| format!("No log: {error}."))
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
