//! Where a login link leads: a page that says what it would be at the platform.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY};
use axum::http::{HeaderName, StatusCode};
use axum::response::Html;
use axum::routing::get;

use super::Shared;
use crate::login_link::Refused;
use crate::sandbox::Sandbox;
use crate::secret::Digest;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/login/{token}", get(open))
}

type Page = (StatusCode, [(HeaderName, &'static str); 2], Html<String>);

async fn open(State(sandbox): Shared, Path(token): Path<String>) -> Page {
    let mut world = sandbox.world();
    let opened = world.login_links.get_mut(&Digest::of(&token)).map(|link| {
        link.open(sandbox.clock.now())
            .map(|()| (link.org, link.email.clone()))
    });
    match opened {
        None => page(
            StatusCode::NOT_FOUND,
            "Unknown sign-in link",
            "This link was not made by this sandbox. A sandbox that was restarted has forgotten its links.",
        ),
        Some(Err(Refused::Used)) => page(
            StatusCode::GONE,
            "This sign-in link was used before",
            "A sign-in link works once. Ask for a new one.",
        ),
        Some(Err(Refused::Expired)) => page(
            StatusCode::GONE,
            "This sign-in link has expired",
            "A sign-in link works for 15 minutes. Ask for a new one.",
        ),
        Some(Ok((org, email))) => {
            let name = world.org(org).map(|org| {
                org.invitations.join(&email);
                org.name.clone()
            });
            let name = name.unwrap_or_default();
            page(
                StatusCode::OK,
                &format!("Dashboard of {name}"),
                &format!(
                    "This is the sandbox's dashboard. {email} is signed in. At OpenCX the real dashboard would open \
                     here."
                ),
            )
        }
    }
}

fn page(status: StatusCode, title: &str, text: &str) -> Page {
    let (title, text) = (escaped(title), escaped(text));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}}\
         </style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>\n"
    );
    let headers = [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    (status, headers, Html(html))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_markup() {
        let (_, _, Html(html)) = page(StatusCode::OK, "<script>", "a & \"b\"");
        assert!(html.contains("&lt;script&gt;") && html.contains("a &amp; &quot;b&quot;"));
    }
}
