//! One file that is served: with its type, and not again to those who have it.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// A file.
#[derive(Clone)]
pub struct File {
    /// Its path, without a slash before it.
    pub path: String,
    bytes: Bytes,
    tag: HeaderValue,
}

impl File {
    /// Of those bytes and their hash. Compressed it is another text of the same meaning: the tag is a weak one.
    pub fn new(path: String, bytes: Cow<'static, [u8]>, hash: [u8; 32]) -> Option<Self> {
        let tag = HeaderValue::try_from(format!("W/\"{}\"", hex::encode(&hash[..16]))).ok()?;
        let bytes = match bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        kind(&path).map(|_| File { path, bytes, tag })
    }

    /// The file, or 304 for whoever has it.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.get(IF_NONE_MATCH).is_some_and(|tags| self.is_among(tags));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.bytes.clone().into_response()
        };
        let headers = response.headers_mut();
        headers.insert(ETAG, self.tag.clone());
        // Script and wasm file fit each other only of one version: asked for at each use, answered mostly with 304.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let (Some(kind), false) = (kind(&self.path), known) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        response
    }

    fn is_among(&self, tags: &HeaderValue) -> bool {
        let own = self.tag.to_str().unwrap_or_default();
        let tags = tags.to_str().unwrap_or_default().split(',').map(str::trim);
        let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
        tags.into_iter()
            .any(|tag| tag == "*" || opaque(tag) == opaque(own))
    }
}

/// Nothing else is served.
fn kind(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        // Streaming compilation takes no other.
        "wasm" => "application/wasm",
        _ => return None,
    })
}
