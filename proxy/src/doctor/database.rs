//! The ledger's database: there, and of a version that this program can use.

use super::Finding;
use crate::config::Config;
use crate::ledger::{Look, Version};

const WHAT: &str = "database";

/// What a look at it has given.
pub struct Ledger(Result<Look, String>);

impl Ledger {
    /// Looks.
    pub async fn look(config: &Config) -> Self {
        Ledger(Look::at(&config.ledger).await)
    }

    /// The look, if there was something to see.
    pub fn seen(&self) -> Option<&Look> {
        self.0.as_ref().ok()
    }

    /// As a line.
    pub fn finding(&self) -> Finding {
        match &self.0 {
            Err(why) => Finding::failed(WHAT, why),
            Ok(look) => match &look.version {
                Version::None => Finding::well(
                    WHAT,
                    format!("{} holds no ledger yet; the first start makes it", look.shown),
                ),
                Version::Ours => Finding::well(WHAT, format!("{} answers", look.shown)),
                Version::Older => Finding::well(
                    WHAT,
                    format!(
                        "{} answers; the next start brings it up to this version",
                        look.shown
                    ),
                ),
                Version::Newer => Finding::failed(
                    WHAT,
                    format!(
                        "{} was made by a newer version than this one ({}). Use that version: an older proxy cannot use a \
                         newer ledger.",
                        look.shown,
                        env!("CARGO_PKG_VERSION")
                    ),
                ),
                Version::Other => Finding::failed(
                    WHAT,
                    format!(
                        "{} was made by a program that is no release of this one. Use that program, or start anew with \
                         another ledger.data.",
                        look.shown
                    ),
                ),
            },
        }
    }
}
