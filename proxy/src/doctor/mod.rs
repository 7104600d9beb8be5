//! What an operator asks before he asks us: is everything there that the proxy needs? Each check says one line. None changes
//! anything, and a proxy may be at work meanwhile.

mod clock;
mod database;
mod finding;
mod origins;
mod platform;
mod sealing_key;

use crate::Config;
use database::Ledger;
pub use finding::Finding;

/// All checks, in the order in which a person would put things right.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = platform::examine(config).await;
    let ledger = Ledger::look(config).await;
    findings.push(ledger.finding());
    findings.push(sealing_key::examine(config, &ledger));
    findings.push(origins::examine(config));
    findings
}
