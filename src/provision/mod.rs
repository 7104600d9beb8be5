//! Making a customer *be* as a spec says: spec → steps → run → events. Pure; `web::admin` drives it.

mod checkpoint;
mod key;
mod plan;
mod poll;
mod routes;
mod run;
mod spec;
mod step;

pub use checkpoint::{Checkpoint, Operation};
pub use key::{ORG_KEY, crawl_key, invitation_key, training_key};
pub use plan::{Action, Plan, Reason, plan};
pub use poll::poll_wait_ms;
pub use routes::Routes;
pub use run::{Run, SkipReason, Standing};
pub use spec::{check_spec, crawl_url};
pub use step::{ORG_KEY_NAME, Source, Step, StepKind, steps};
