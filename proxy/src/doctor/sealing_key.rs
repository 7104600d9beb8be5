//! The sealing key: there, nobody else's to read, and the one the ledger was sealed with.

use super::Finding;
use super::database::Ledger;
use crate::config::Config;
use crate::seal::Seal;
use crate::seal_key;

const WHAT: &str = "sealing key";

/// Reads it, and tries it.
pub fn examine(config: &Config, ledger: &Ledger) -> Finding {
    let Some(look) = ledger.seen() else {
        return Finding::unchecked(WHAT, "to be told once the database can be read");
    };
    match (
        seal_key::present(config.ledger.seal_key.as_ref(), &config.ledger.data),
        &look.mark,
    ) {
        (Err(why), _) => Finding::failed(WHAT, why),
        (Ok(Some(key)), Some(mark)) if Seal::new(&key).made(mark) => {
            Finding::well(WHAT, "opens what the ledger has sealed")
        }
        (Ok(Some(_)), Some(_)) => Finding::failed(
            WHAT,
            "the ledger was sealed with another one. Put that key back (OPENCX_PROXY_SEAL_KEY, or seal.key in the data \
             folder).",
        ),
        (Ok(Some(_)), None) => Finding::well(WHAT, "is there"),
        (Ok(None), None) => Finding::well(WHAT, "none yet; the first start makes one in the data folder"),
        (Ok(None), Some(_)) => Finding::failed(
            WHAT,
            "seal.key is missing in the data folder, but there is a ledger sealed with it. Put the file back from a \
             backup, or set OPENCX_PROXY_SEAL_KEY.",
        ),
    }
}
