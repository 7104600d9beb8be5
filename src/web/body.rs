//! The body of an answer, read as it comes: one that never stops growing is not read to its end.

use wasm_bindgen::prelude::*;

use super::page::{Thrown, construct, invoke, list, read};
use super::settled::settled;

/// No answer of the proxy comes near it.
const LIMIT_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// The text of a body. It stays with the page: nothing of it is copied into our own memory.
///
/// # Errors
/// What the page's reader throws.
pub(super) async fn text(response: &JsValue) -> Thrown<Option<JsValue>> {
    let body = read(response, "body")?;
    if !body.is_object() {
        // A 204, or a page whose answers are no streams.
        return settled(invoke(response, "text", &[])?).await.map(Some);
    }
    let reader = invoke(&body, "getReader", &[])?;
    let chunks = list(&[]);
    let mut bytes = 0.0;
    loop {
        let step = settled(invoke(&reader, "read", &[])?).await?;
        if read(&step, "done")?.is_truthy() {
            break;
        }
        let chunk = read(&step, "value")?;
        bytes += read(&chunk, "byteLength")?.as_f64().unwrap_or(f64::INFINITY);
        if bytes > LIMIT_BYTES {
            return Ok(None);
        }
        chunks.push(&chunk);
    }
    let whole = construct("Blob", &[&chunks])?;
    settled(invoke(&whole, "text", &[])?).await.map(Some)
}
