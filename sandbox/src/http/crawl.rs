//! Websites, their crawls and their pages.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use super::shape::{self, Created};
use crate::api_error::ApiError;
use crate::crawl::datasource::Datasource;
use crate::crawl::datasource_update::DatasourceUpdate;
use crate::crawl::new_datasource::NewDatasource;
use crate::crawl::run::{Crawl, spawn, spawn_reread};
use crate::crawl::schedule;
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/crawl", get(list).post(create))
        .route("/crawl/{website}", get(read).patch(update).delete(remove))
        .route("/crawl/{website}/crawls", get(list_jobs).post(start))
        .route("/crawl/{website}/crawls/{job}", get(read_job))
        .route("/crawl/{website}/crawls/{job}/cancel", post(cancel))
        .route("/crawl/{website}/pages", get(list_pages))
        .route("/crawl/{website}/pages/exclude", post(exclude_pages))
        .route("/crawl/{website}/pages/include", post(include_pages))
        .route("/crawl/{website}/pages/resync", post(resync_pages))
        .route("/crawl/{website}/pages/delete", post(delete_pages))
}

type Answer = Result<Json<Value>, ApiError>;

/// What is answered where the contract knows no body.
fn done() -> Json<Value> {
    Json(json!({ "success": true }))
}

fn no_such_website() -> ApiError {
    ApiError::not_found("There is no such website.")
}

fn no_such_crawl() -> ApiError {
    ApiError::not_found("This website has no such crawl.")
}

/// An id that is none names nothing.
fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap_or(Uuid::nil())
}

fn with_website<T>(
    sandbox: &Sandbox,
    org: Uuid,
    website: &str,
    act: impl FnOnce(&mut Datasource) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    with_org(sandbox, org, |org| {
        act(org
            .knowledge
            .website_mut(id(website))
            .ok_or_else(no_such_website)?)
    })
}

/// Starts a crawl of a website that is in the org's knowledge.
fn begin(sandbox: &Arc<Sandbox>, org: Uuid, website: &mut Datasource) -> Result<Value, ApiError> {
    let crawl = Crawl {
        org,
        website: website.id,
        job: Uuid::new_v4(),
    };
    let job = json!(website.start(crawl.job, sandbox.clock.now())?);
    website.crawled_by(spawn(sandbox, crawl));
    Ok(job)
}

async fn create(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<NewDatasource>,
) -> Result<Created, ApiError> {
    let starts = asked.auto_start_crawl;
    let mut website = Datasource::make(asked, Uuid::new_v4(), sandbox.clock.now())?;
    let answer = with_org(&sandbox, org, |org| {
        if starts {
            begin(&sandbox, org.id, &mut website)?;
        }
        let answer = website.as_json();
        org.knowledge.add_website(website);
        Ok(answer)
    })?;
    Ok(shape::created(&sandbox, answer))
}

async fn list(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Answer {
    with_org(&sandbox, org, |org| {
        let websites = org.knowledge.websites().iter();
        Ok(shape::list(&sandbox, websites.map(Datasource::as_json).collect()))
    })
}

async fn read(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        org.knowledge
            .website(id(&website))
            .map(|website| Json(website.as_detail()))
            .ok_or_else(no_such_website)
    })
}

async fn update(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
    Body(asked): Body<DatasourceUpdate>,
) -> Answer {
    let answer = with_website(&sandbox, org, &website, |website| {
        website.update(asked, sandbox.clock.now())?;
        Ok(Json(website.as_json()))
    })?;
    // A shorter interval, or active again.
    schedule::start_due(&sandbox);
    Ok(answer)
}

async fn remove(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        if org.knowledge.remove_website(id(&website)) {
            Ok(done())
        } else {
            Err(no_such_website())
        }
    })
}

async fn start(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
) -> Answer {
    with_website(&sandbox, org, &website, |website| {
        begin(&sandbox, org, website).map(Json)
    })
}

async fn list_jobs(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        let website = org.knowledge.website(id(&website)).ok_or_else(no_such_website)?;
        Ok(shape::list(
            &sandbox,
            website.jobs().map(|job| json!(job)).collect(),
        ))
    })
}

async fn read_job(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path((website, job)): Path<(String, String)>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        org.knowledge
            .website(id(&website))
            .ok_or_else(no_such_website)?
            .job(id(&job))
            .map(|job| Json(json!(job)))
            .ok_or_else(no_such_crawl)
    })
}

async fn cancel(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path((website, job)): Path<(String, String)>,
) -> Answer {
    with_website(&sandbox, org, &website, |website| {
        website
            .cancel(id(&job), sandbox.clock.now())
            .map(|job| Json(json!(job)))
            .ok_or_else(no_such_crawl)
    })
}

async fn list_pages(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        let website = org.knowledge.website(id(&website)).ok_or_else(no_such_website)?;
        Ok(shape::list(&sandbox, website.pages.as_json().into()))
    })
}

#[derive(Deserialize)]
struct PageSelection {
    page_ids: Vec<String>,
}

async fn exclude_pages(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
    Body(asked): Body<PageSelection>,
) -> Answer {
    with_website(&sandbox, org, &website, |website| {
        website.pages.exclude(&asked.page_ids, true)?;
        Ok(done())
    })
}

async fn include_pages(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
    Body(asked): Body<PageSelection>,
) -> Answer {
    with_website(&sandbox, org, &website, |website| {
        website.pages.exclude(&asked.page_ids, false)?;
        Ok(done())
    })
}

async fn resync_pages(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
    Body(asked): Body<PageSelection>,
) -> Answer {
    with_website(&sandbox, org, &website, |website| {
        let urls = website.pages.expect(&asked.page_ids)?;
        let reader = spawn_reread(&sandbox, org, website, urls);
        website.reread_by(reader);
        Ok(done())
    })
}

async fn delete_pages(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
    Body(asked): Body<PageSelection>,
) -> Answer {
    with_website(&sandbox, org, &website, |website| {
        website.pages.delete(&asked.page_ids)?;
        Ok(done())
    })
}
