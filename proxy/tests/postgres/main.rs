//! The tests of what the ledger keeps, once more with PostgreSQL, and those of several proxies on one ledger.
// Clippy takes test functions for tests, but not what they call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Some of what the tests share is used by the others only.
#![allow(dead_code)]

#[path = "../proxy/batches.rs"]
mod batches;
#[path = "../proxy/canaries.rs"]
mod canaries;
mod database;
#[path = "../proxy/description.rs"]
mod description;
#[path = "../proxy/events.rs"]
mod events;
#[path = "../proxy/failures.rs"]
mod failures;
#[path = "../proxy/fake.rs"]
mod fake;
#[path = "../proxy/issuer.rs"]
mod issuer;
#[path = "../proxy/journal.rs"]
mod journal;
#[path = "../proxy/keyed.rs"]
mod keyed;
#[path = "../proxy/ledger.rs"]
mod ledger;
#[path = "../proxy/left.rs"]
mod left;
#[path = "../proxy/log.rs"]
mod log;
#[path = "../crash_matrix/matrix/mod.rs"]
mod matrix;
#[path = "../proxy/once.rs"]
mod once;
#[path = "../proxy/operations.rs"]
mod operations;
mod operator;
#[path = "../proxy/platform.rs"]
mod platform;
#[path = "../proxy/program.rs"]
mod program;
mod replicas;
#[path = "../proxy/retention.rs"]
mod retention;
#[path = "../proxy/routes.rs"]
mod routes;
#[path = "../proxy/sandbox.rs"]
mod sandbox;
#[path = "../proxy/sessions.rs"]
mod sessions;
#[path = "../proxy/sign_in.rs"]
mod sign_in;
#[path = "../proxy/stage.rs"]
mod stage;
#[path = "../proxy/things.rs"]
mod things;
#[path = "../proxy/transfer.rs"]
mod transfer;
#[path = "../proxy/unknown.rs"]
mod unknown;

/// The operations that the matrix cuts here; `CRASH_MATRIX=all` cuts all of them.
const ONLY: &[&str] = &[
    "createOrg",
    "createOrgApiKey",
    "createTraining",
    "updateTraining",
    "upsertTag",
];
