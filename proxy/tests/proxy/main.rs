//! The proxy over real HTTP, with a real ledger, against a small fake of the platform that fails on request.
// Clippy takes test functions for tests, but not what they call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod batches;
mod binary;
mod budget;
mod callers;
mod canaries;
mod database;
mod described;
mod description;
mod doctor;
mod events;
mod failures;
mod fake;
mod issuer;
mod journal;
mod keyed;
mod killed_batch;
mod ledger;
mod left;
mod limits;
mod log;
mod once;
mod operations;
mod operator;
mod platform;
mod program;
mod relays;
mod retention;
mod routes;
mod sandbox;
mod secrets;
mod sessions;
mod sign_in;
mod stage;
mod things;
mod transfer;
mod unknown;
mod website_address;
