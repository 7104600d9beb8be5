//! The admin page, and what customers' websites load, served by the proxy itself. Each file is a route of its own: nothing
//! else can be asked for, whatever a path holds. They are nobody's secret, so no caller is asked who he is.

mod embedded;
mod file;
mod headers;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::compression::CompressionLayer;
use url::Url;

use crate::config::{Config, is_loopback};
pub use embedded::files;
pub use file::File;

const INDEX: &str = "index.html";
/// What customers' websites load, below it.
const DIST: &str = "dist/";

/// Those files, below the path of all routes. The page learns from `config.json` where everything is.
pub fn router(files: Vec<File>, config: &Config) -> Router {
    let base = &config.listen.base_path;
    let of_the_page = headers::of_the_page(config.pages.sign_in.as_ref());
    let mut router = Router::new();
    for file in files {
        let path = if file.path == INDEX { "" } else { &file.path };
        let path = format!("{base}/{path}");
        let headers = if file.path.starts_with(DIST) {
            headers::for_every_site()
        } else {
            of_the_page.clone()
        };
        router = router.route(
            &path,
            get(async move |asked: HeaderMap| (headers, file.answer(&asked))),
        );
    }
    if !base.is_empty() {
        // What the page names is relative to a folder.
        let folder = format!("{base}/");
        router = router.route(base, get(async move || Redirect::permanent(&folder)));
    }
    let places = places(config);
    let told = get(async move || (of_the_page, Json(places)).into_response());
    router
        .route(&format!("{base}/config.json"), told)
        .layer(CompressionLayer::new())
}

/// Relative to the page: under which name the outside knows this proxy, it does not know itself.
fn places(config: &Config) -> Value {
    let script = config.pages.script_url.as_deref().unwrap_or("dist/script.js");
    let mut places = json!({ "proxyUrl": ".", "scriptSrc": script });
    let platform = &config.platform.api_url;
    // The sandbox is its own platform, and has a widget of its own.
    if Url::parse(platform).is_ok_and(|url| is_loopback(&url)) {
        places["apiUrl"] = json!(platform);
        places["vendorScriptUrl"] = json!(format!("{platform}/widget/script.js"));
    }
    if let Some(sign_in) = &config.pages.sign_in {
        places["signIn"] = json!({ "kind": sign_in.kind, "url": sign_in.url.as_str() });
    }
    places
}

#[cfg(test)]
mod tests;
