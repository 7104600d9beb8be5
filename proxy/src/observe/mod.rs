//! What an operator sees of the work: a name for each request, a trace through it, its metrics, and the listener that
//! tells them.

mod listener;
mod metrics;
mod platform_call;
mod request;
mod trace;

pub use listener::OperationsListener;
pub use metrics::{Metrics, Now};
pub use platform_call::PlatformCalls;
pub use request::{Naming, REQUEST_ID, name, to_problem};
pub use trace::{TRACEPARENT, Trace};
