//! Making a customer *be* as a spec says: spec → steps → run → events. Pure; `web::admin` drives it.

mod batch;
mod checkpoint;
mod csv;
mod distinct;
mod key;
mod plan;
mod poll;
mod route;
mod run;
mod spec;
#[cfg(any(test, feature = "json"))]
mod spec_schema;
mod step;
mod step_kind;
mod survey;
mod version;
mod watch;

pub use batch::{Batch, Stopped, turn_ms};
pub use checkpoint::{Checkpoint, Item, Operation};
pub use csv::{Customers, RowError, read_csv};
pub use distinct::Distinct;
pub use key::{ORG_KEY, key_of};
pub use plan::{Action, Plan, plan};
pub use poll::poll_wait_ms;
pub use route::{
    BATCH_QUERY, BATCH_ROUTES, EVENT_QUERY, Gives, NEW_BATCH, ORG_QUERY, RESUMED_BATCH, ROUTES, ROW_QUERY,
    Repeat, Route,
};
pub use run::{Run, SkipReason, Standing};
pub use spec::{IDENTITIES, SPEC, check_spec, crawl_url};
#[cfg(any(test, feature = "json"))]
pub use spec_schema::spec_schema;
pub use step::{ORG_KEY_NAME, Source, Step, steps};
pub use step_kind::StepKind;
pub use survey::{Reason, Survey, survey};
pub use version::version;
pub use watch::{Next, Watch};
