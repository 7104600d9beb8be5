//! Crawling a customer's website: what may be read, reading it, and what of it is kept.

pub mod datasource;
pub mod datasource_update;
pub mod extract;
pub mod fetch;
pub mod frontier;
pub mod job;
pub mod new_datasource;
pub mod page;
pub mod pages;
pub mod passage;
pub mod robots;
pub mod run;
pub mod schedule;
pub mod scope;
pub mod site;
pub mod sitemap;
pub mod task;
pub mod walk;
