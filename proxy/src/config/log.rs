//! What is logged, and how.

use super::{Lookup, Setting};

const FORMAT: Setting = Setting::new(
    "log.format",
    "OPENCX_PROXY_LOG_FORMAT",
    r#""text""#,
    "\"text\" for people, \"json\" for machines: one object a line, on stderr.",
);
const FILTER: Setting = Setting::new(
    "log.filter",
    "RUST_LOG",
    r#""info""#,
    "How much: error, warn, info, debug or trace, also per part, such as \"info,opencx_partner_proxy=debug\".\n\
     Keys, bodies and login links are never logged.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&FORMAT, &FILTER];

/// Shape of the log's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Shape of a line.
    pub format: Format,
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

impl LogConfig {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let format = match lookup.text(&FORMAT)?.as_deref() {
            None | Some("text") => Format::Text,
            Some("json") => Format::Json,
            Some(other) => return Err(FORMAT.wrong(other, "use text or json.")),
        };
        let filter = lookup.text(&FILTER)?.unwrap_or_else(|| "info".into());
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&filter) {
            return Err(FILTER.wrong(&filter, &format!("this is no filter ({error}). Use info.")));
        }
        Ok(LogConfig { format, filter })
    }
}
