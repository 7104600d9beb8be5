//! The platform's contract (`contract/openapi.yaml`), and what breaks it. OpenAPI 3.1 schemas are JSON Schema 2020-12.

pub mod breach;
mod envelope;
pub mod operation;
mod schema;

use std::sync::LazyLock;

use serde_json::Value;

pub use breach::{Breach, Breaches, Side};
pub use operation::Operation;

/// Read at the first call, not at the start.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    // Part of the program: a contract that cannot be read fails every test.
    serde_yaml_ng::from_str(include_str!("../../../contract/openapi.yaml")).unwrap_or_default()
});
