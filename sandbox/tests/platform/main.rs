//! The sandbox over real HTTP, every answer held against `contract/openapi.yaml`.

// Helpers of tests are tests too; clippy knows only functions marked so.
#![allow(clippy::unwrap_used, clippy::panic)]

mod binary;
mod chatting;
mod contract;
mod control;
mod crawling;
mod demo_site;
mod discovery;
mod faults;
mod feedback;
mod guard;
mod inbox;
mod organization;
mod ownership;
mod page_management;
mod partners;
mod provisioning;
mod recrawling;
mod stage;
mod start_up;
mod streaming;
mod support_desk;
mod teaching;
mod website;
mod widget_edge;
