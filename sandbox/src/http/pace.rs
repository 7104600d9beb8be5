//! Answers that arrive bit by bit, or not to their end.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::api_error::ApiError;

/// Long enough for what was sent before to leave.
const BEFORE_THE_END: Duration = Duration::from_millis(20);

/// The same answer, but only a `share` of its body before the connection ends, or so many bytes at a time.
pub async fn paced(answer: Response, share: Option<f64>, pace: Option<(usize, Duration)>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let mut bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return ApiError::internal(&error).into_response(),
    };
    // Said before it is cut: else a client would take the half for the whole.
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if let Some(share) = share {
        bytes.truncate(part(bytes.len(), share));
    }
    let body = in_pieces(
        bytes,
        pace.unwrap_or((usize::MAX, Duration::ZERO)),
        share.is_some(),
    );
    Response::from_parts(parts, body)
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // a share of a body that fits into memory
fn part(whole: usize, share: f64) -> usize {
    (whole as f64 * share) as usize
}

fn in_pieces(bytes: Bytes, (most, pause): (usize, Duration), cut: bool) -> Body {
    Body::from_stream(stream::unfold(Some(bytes), move |rest| async move {
        let mut rest = rest?;
        if rest.is_empty() {
            if !cut {
                return None;
            }
            tokio::time::sleep(BEFORE_THE_END).await;
            return Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None));
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(most.min(rest.len()));
        Some((Ok(piece), Some(rest)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    async fn pieces(answer: Response) -> Vec<Option<Bytes>> {
        let body = answer.into_body().into_data_stream();
        body.map(Result::ok).collect().await
    }

    #[tokio::test]
    async fn bit_by_bit() {
        let slow = paced("abcde".into_response(), None, Some((2, Duration::from_millis(1)))).await;
        assert_eq!(slow.headers()[CONTENT_LENGTH], "5");
        let expected = ["ab", "cd", "e"].map(|piece| Some(Bytes::from(piece)));
        assert_eq!(pieces(slow).await, expected);
    }

    #[tokio::test]
    async fn half_of_it_and_an_end_that_is_none() {
        let half = paced("abcdef".into_response(), Some(0.5), None).await;
        assert_eq!(half.headers()[CONTENT_LENGTH], "6");
        assert_eq!(pieces(half).await, [Some(Bytes::from("abc")), None]);
    }
}
