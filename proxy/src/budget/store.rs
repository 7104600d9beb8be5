//! Where the budgets are kept: in this process, or shared by all replicas.

use std::pin::Pin;

use super::Lane;
use super::window::Left;

/// An answer that may need a database.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a store says to who wants a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It may be made; the ticket is handed back at its end.
    Call(u64),
    /// None is free. Ask again after so many milliseconds.
    Wait(u64),
}

/// Keeps the [`Window`](super::Window) of each budget, by name. Its clock is one for all who share it.
pub trait Store: Send + Sync {
    /// Takes one call.
    ///
    /// # Errors
    /// A sentence for the log.
    fn take<'a>(&'a self, name: &'a str, lane: Lane) -> Soon<'a, Result<Taken, String>>;

    /// A call has ended; `shut_ms`, if the platform has refused it as one too many. Does not wait until that is kept.
    fn end(&self, name: &str, ticket: u64, shut_ms: Option<u64>);

    /// What is left, as far as this process knows.
    fn left(&self, name: &str, lane: Lane) -> Left;
}
