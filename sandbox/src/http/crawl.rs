//! Websites and their crawls.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use super::shape;
use crate::api_error::ApiError;
use crate::crawl::datasource::Datasource;
use crate::crawl::new_datasource::NewDatasource;
use crate::crawl::run::{Crawl, spawn};
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/crawl", get(list).post(create))
        .route("/crawl/{website}", get(read))
        .route("/crawl/{website}/crawls", post(start))
        .route("/crawl/{website}/crawls/{job}", get(read_job))
}

type Answer = Result<Json<Value>, ApiError>;

fn no_such_website() -> ApiError {
    ApiError::not_found("There is no such website.")
}

/// An id that is none names nothing.
fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap_or(Uuid::nil())
}

async fn create(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<NewDatasource>,
) -> Answer {
    let now = sandbox.clock.now();
    let job = asked.auto_start_crawl.then(Uuid::new_v4);
    let mut website = Datasource::make(asked, Uuid::new_v4(), now)?;
    if let Some(job) = job {
        website.start(job, now)?;
    }
    let (answer, website_id) = (website.as_json(), website.id);
    with_org(&sandbox, org, |org| {
        org.knowledge.add_website(website);
        Ok(())
    })?;
    if let Some(job) = job {
        spawn(
            Arc::clone(&sandbox),
            Crawl {
                org,
                website: website_id,
                job,
            },
        );
    }
    Ok(Json(answer))
}

async fn list(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Answer {
    with_org(&sandbox, org, |org| {
        let websites = org.knowledge.websites().iter().map(Datasource::as_json);
        Ok(shape::list(&sandbox, websites.collect()))
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

async fn start(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(website): Path<String>,
) -> Answer {
    let crawl = Crawl {
        org,
        website: id(&website),
        job: Uuid::new_v4(),
    };
    let answer = with_org(&sandbox, org, |org| {
        let website = org
            .knowledge
            .website_mut(crawl.website)
            .ok_or_else(no_such_website)?;
        Ok(Json(json!(website.start(crawl.job, sandbox.clock.now())?)))
    })?;
    spawn(Arc::clone(&sandbox), crawl);
    Ok(answer)
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
            .ok_or_else(|| ApiError::not_found("This website has no such crawl."))
    })
}
