//! Crawls that begin by themselves, by the sandbox's clock.

use jiff::SignedDuration;
use opencx_sandbox::crawl::schedule;
use serde_json::json;

use crate::stage::{Customer, Stage, Who};
use crate::website::{Website, html};

async fn jobs(stage: &Stage, customer: &Customer, website: &str) -> usize {
    let jobs = stage
        .expect(200, "listCrawlJobs", &[website], Who::Bearer(&customer.key), None)
        .await;
    jobs.as_array().unwrap().len()
}

async fn until_jobs(stage: &Stage, customer: &Customer, website: &str, number: usize) {
    while jobs(stage, customer, website).await < number {
        tokio::task::yield_now().await;
    }
    stage.until_idle(customer, website).await;
}

#[tokio::test]
async fn an_interval_that_is_over_begins_a_crawl() {
    let stage = Stage::start().await;
    let sandbox = &stage.sandbox;
    let customer = stage.customer("interval").await;
    let site = Website::serve(&[("/", html("Home", "Welcome.", &[]))]).await;
    let (id, _) = stage
        .crawl(&customer, json!({ "url": site.url, "crawl_interval_hours": 24 }))
        .await;
    let (never, _) = stage
        .crawl(
            &customer,
            json!({ "url": site.url, "crawl_interval_hours": null }),
        )
        .await;
    sandbox.clock.set_offset(SignedDuration::from_hours(23));
    schedule::start_due(sandbox);
    assert_eq!(jobs(&stage, &customer, &id).await, 1, "not yet");

    sandbox.clock.set_offset(SignedDuration::from_hours(25));
    until_jobs(&stage, &customer, &id, 2).await;
    let key = Who::Bearer(&customer.key);
    let jobs_of = stage.expect(200, "listCrawlJobs", &[&id], key, None).await;
    assert_eq!(jobs_of[0]["unchanged_pages"], 1);

    let pause = json!({ "status": "paused" });
    stage
        .expect(200, "updateDatasource", &[&id], key, Some(pause))
        .await;
    sandbox.clock.set_offset(SignedDuration::from_hours(500));
    schedule::start_due(sandbox);
    assert_eq!(jobs(&stage, &customer, &id).await, 2, "paused");

    let active = json!({ "status": "active" });
    stage
        .expect(200, "updateDatasource", &[&id], key, Some(active))
        .await;
    until_jobs(&stage, &customer, &id, 3).await;
    assert_eq!(jobs(&stage, &customer, &never).await, 1);
}

#[tokio::test]
async fn a_crawl_that_is_due_while_one_runs_comes_after_it() {
    let stage = Stage::start().await;
    let sandbox = &stage.sandbox;
    let customer = stage.customer("waits").await;
    let site = Website::behind_gate(&[("/", html("Home", "Welcome.", &[]))], 0).await;
    let body = json!({ "url": site.url, "crawl_interval_hours": 24 });
    let key = Who::Bearer(&customer.key);
    let website = stage.expect(200, "createDatasource", &[], key, Some(body)).await;
    let id = website["id"].as_str().unwrap();
    sandbox.clock.set_offset(SignedDuration::from_hours(25));
    schedule::start_due(sandbox);
    assert_eq!(jobs(&stage, &customer, id).await, 1);
    site.open_gate();
    until_jobs(&stage, &customer, id, 2).await;
}
