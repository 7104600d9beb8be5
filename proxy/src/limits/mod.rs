//! What one caller can take from the others: connections, time, memory, requests. Each limit in a file of its own; those
//! of bodies are with what reads them.

mod connections;
mod json_depth;
mod requests;

pub use connections::serve;
pub use json_depth::{MAX_DEPTH, too_deep};
pub use requests::{Requests, caller, keep_to};
