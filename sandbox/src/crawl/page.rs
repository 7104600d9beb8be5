//! A page as the crawler leaves it.

use serde::{Deserialize, Serialize};

use super::passage::Passage;

/// What came of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    /// Read.
    Synced {
        /// Its title.
        title: String,
        /// Its text in pieces.
        passages: Vec<Passage>,
    },
    /// Could not be read.
    Error,
}
