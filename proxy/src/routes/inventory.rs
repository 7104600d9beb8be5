//! What is on the platform for an org, in a few words each: so that a run sees what is missing, and what nobody asked for.

use axum::Json;
use axum::extract::State;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::try_join;

use super::org_with_key;
use crate::App;
use crate::input::InPath;
use crate::platform::{Failure, PAGES};
use crate::problem::ApiError;

pub async fn read(State(app): State<App>, InPath(org_id): InPath<String>) -> Result<Json<Value>, ApiError> {
    let (_, key) = org_with_key(&app, &org_id).await?;
    let (crawls, schedules, tags, trainings) = try_join!(
        app.platform.list("/crawl", &key),
        app.platform.list("/office-hours", &key),
        app.platform.list("/tags", &key),
        trainings(&app, &key),
    )?;
    let mut items = Vec::new();
    for (kind, list, id, label) in [
        ("crawl", crawls, "id", "url"),
        ("office-hours", schedules, "id", "name"),
        ("tag", tags, "tag_name", "tag_name"),
        ("training", trainings, "id", "title"),
    ] {
        let told = list.iter().filter_map(|item| {
            let id = item.get(id)?.as_str()?;
            Some(json!({ "kind": kind, "id": id, "label": item.get(label) }))
        });
        items.extend(told);
    }
    Ok(Json(json!({ "items": items })))
}

async fn trainings(app: &App, key: &SecretString) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for page in 0..PAGES {
        let (trainings, more) = app.platform.trainings(key, None, page).await?;
        all.extend(trainings);
        if !more {
            break;
        }
    }
    Ok(all)
}
