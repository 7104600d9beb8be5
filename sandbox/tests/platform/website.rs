//! A small website to be crawled, which notes what is asked of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How a path is answered.
#[derive(Clone)]
pub enum Page {
    /// With this HTML.
    Html(String),
    /// With this type and text.
    Other(&'static str, String),
    /// With this type and bytes.
    Bytes(&'static str, Vec<u8>),
    /// With this HTML, and a header that asks robots not to list it.
    Hidden(String),
    /// With this status.
    Status(u16),
    /// With a redirect.
    Redirect(String),
}

struct Inner {
    pages: Mutex<BTreeMap<String, Page>>,
    asked: Mutex<Vec<String>>,
    gate: Semaphore,
}

/// A website on a port of its own.
pub struct Website {
    inner: Arc<Inner>,
    /// Its address without a slash at the end.
    pub url: String,
}

impl Website {
    /// Serves the pages.
    pub async fn serve(pages: &[(&str, Page)]) -> Self {
        Self::behind_gate(pages, Semaphore::MAX_PERMITS).await
    }

    /// Serves the pages, but answers only so many requests until the gate is opened.
    pub async fn behind_gate(pages: &[(&str, Page)], answers: usize) -> Self {
        let inner = Arc::new(Inner {
            pages: Mutex::new(
                pages
                    .iter()
                    .map(|(path, page)| ((*path).to_owned(), page.clone()))
                    .collect(),
            ),
            asked: Mutex::default(),
            gate: Semaphore::new(answers),
        });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Website { inner, url }
    }

    /// Lets all requests through.
    pub fn open_gate(&self) {
        self.inner.gate.add_permits(1000);
    }

    /// Changes a page, or takes it away.
    pub fn set(&self, path: &str, page: Option<Page>) {
        let mut pages = self.inner.pages.lock().unwrap();
        match page {
            Some(page) => pages.insert(path.to_owned(), page),
            None => pages.remove(path),
        };
    }

    /// The paths asked for so far, in order of the alphabet, each once.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.inner.asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

async fn answer(State(site): State<Arc<Inner>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    site.asked.lock().unwrap().push(path.clone());
    site.gate.acquire().await.unwrap().forget();
    let page = site.pages.lock().unwrap().get(&path).cloned();
    match page {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Page::Html(html)) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Some(Page::Other(kind, text)) => ([(CONTENT_TYPE, kind)], text).into_response(),
        Some(Page::Bytes(kind, bytes)) => ([(CONTENT_TYPE, kind)], bytes).into_response(),
        Some(Page::Hidden(html)) => (
            [(CONTENT_TYPE.as_str(), "text/html"), ("x-robots-tag", "noindex")],
            html,
        )
            .into_response(),
        Some(Page::Status(status)) => StatusCode::from_u16(status).unwrap().into_response(),
        Some(Page::Redirect(to)) => (StatusCode::FOUND, [(LOCATION, to)]).into_response(),
    }
}

/// A page with a title, a text and links.
pub fn html(title: &str, text: &str, links: &[&str]) -> Page {
    let links: String = links
        .iter()
        .map(|link| format!("<a href=\"{link}\">more</a> "))
        .collect();
    Page::Html(format!(
        "<!doctype html><title>{title}</title><nav>{links}</nav><main><h1>{title}</h1><p>{text}</p></main>"
    ))
}

/// A tour company in seven pages.
pub async fn tour_company() -> Website {
    let all = [
        "/",
        "/whales.html",
        "/sunset.html",
        "/prices.html",
        "/contact.html",
        "/weather.html",
        "/faq.html",
    ];
    Website::serve(&[
        (
            "/",
            html(
                "Blue Fin Tours",
                "Small boat tours from Harbor Bay all year round.",
                &all,
            ),
        ),
        (
            "/whales.html",
            html(
                "Whale watching",
                "Three hours with a marine biologist on board.",
                &all,
            ),
        ),
        (
            "/sunset.html",
            html(
                "Sunset cruise",
                "Two hours along the coast with a glass of wine.",
                &all,
            ),
        ),
        (
            "/prices.html",
            html(
                "Prices",
                "Whale watching 89 euros, sunset cruise 59 euros, children half.",
                &all,
            ),
        ),
        (
            "/contact.html",
            html("Contact", "Our office is at Pier 4. Phone +1 555 0100.", &all),
        ),
        (
            "/weather.html",
            html(
                "Bad weather",
                "If we stay ashore because of wind you choose another day.",
                &all,
            ),
        ),
        (
            "/faq.html",
            html(
                "Questions",
                "Dogs are welcome on a leash. There is a free car park.",
                &all,
            ),
        ),
    ])
    .await
}
