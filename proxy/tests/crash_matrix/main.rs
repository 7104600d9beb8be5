//! The proxy, killed at every call to the platform that a run makes, and started again. `make crash-matrix` prints what came of it.
// Clippy takes test functions for tests, but not what they call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Some of what the tests share is used by the others only.
#![allow(dead_code)]

#[path = "../proxy/database.rs"]
mod database;
#[path = "../proxy/description.rs"]
mod description;
#[path = "../proxy/fake.rs"]
mod fake;
#[path = "../proxy/log.rs"]
mod log;
mod matrix;
#[path = "../proxy/program.rs"]
mod program;
#[path = "../proxy/sandbox.rs"]
mod sandbox;
#[path = "../proxy/stage.rs"]
mod stage;

/// All operations are cut.
const ONLY: &[&str] = &[];
