//! What the proxy answers of its own making, by name.

mod batch;
mod customer;
mod event;
mod org;
mod problem;
mod session;
mod thing;

use serde_json::Value;

/// All of them.
pub fn all() -> impl Iterator<Item = (&'static str, Value)> {
    org::schemas()
        .into_iter()
        .chain(customer::schemas())
        .chain(thing::schemas())
        .chain(batch::schemas())
        .chain(event::schemas())
        .chain(session::schemas())
        .chain(problem::schemas())
}
