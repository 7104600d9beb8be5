//! The stand-in for the vendor's widget script.

use axum::http::HeaderName;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};

const SCRIPT: &str = include_str!("../../assets/script.js");

pub async fn serve() -> ([(HeaderName, &'static str); 3], &'static str) {
    (
        [
            (CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (CACHE_CONTROL, "no-cache"),
        ],
        SCRIPT,
    )
}
