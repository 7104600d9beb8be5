//! A request as data. One transport in the browser, and one in the proxy, sends it.

/// The methods the kit uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; always safe to repeat.
    Get,
    /// Writes; safe to repeat only with an idempotency key or the like.
    Post,
    /// Replaces; safe to repeat.
    Put,
    /// Changes some fields; safe to repeat.
    Patch,
    /// Removes; safe to repeat.
    Delete,
}

impl Method {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path below the base address, starting with a slash.
    pub path: String,
    /// JSON text.
    pub body: Option<String>,
    /// Sent as `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// Sent as `X-Kit-Version`: the thing that the key names is to be as this version says.
    pub version: Option<String>,
    /// Sent as `X-Kit-Again`: the platform has the thing no longer, so what is recorded does not stand for it.
    pub again: bool,
    /// A second arrival does no harm, by whatever makes it so at the other end.
    pub repeat_safe: bool,
}

impl Request {
    /// A read.
    pub fn get(path: String) -> Self {
        Request {
            method: Method::Get,
            path,
            body: None,
            idempotency_key: None,
            version: None,
            again: false,
            repeat_safe: true,
        }
    }

    /// A write that must not be repeated by itself.
    pub fn post(path: String, body: String) -> Self {
        Request {
            method: Method::Post,
            path,
            body: Some(body),
            idempotency_key: None,
            version: None,
            again: false,
            repeat_safe: false,
        }
    }

    /// A write whose repeats the other end recognises by this key.
    #[must_use]
    pub fn with_key(self, key: String) -> Self {
        Request {
            idempotency_key: Some(key),
            repeat_safe: true,
            ..self
        }
    }

    /// The headers that say what it is; those without a value are left out.
    pub fn headers(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("content-type", self.body.as_ref().map(|_| "application/json")),
            ("idempotency-key", self.idempotency_key.as_deref()),
            ("x-kit-version", self.version.as_deref()),
            ("x-kit-again", self.again.then_some("1")),
        ]
    }
}

/// A path of a template whose parts in braces take the parameters in order, each encoded. Parameters that are missing stay empty.
pub fn path_of<P: AsRef<str>>(template: &str, parameters: &[P]) -> String {
    let mut path = String::new();
    let mut given = parameters.iter();
    for part in template.split('/').skip(1) {
        path.push('/');
        if part.starts_with('{') {
            path.push_str(&segment(given.next().map_or("", AsRef::as_ref)));
        } else {
            path.push_str(part);
        }
    }
    path
}

/// One path segment, so that no value can leave its place in the path: RFC 3986's unreserved characters stay as they are. Dots alone
/// are encoded too: `..` would climb. By hand, for the usual crate's table of all bytes costs a page half a kilobyte.
pub fn segment(value: &str) -> String {
    let only_dots = value.bytes().all(|byte| byte == b'.');
    let mut segment = String::with_capacity(value.len());
    for byte in value.bytes() {
        let stays = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') && !only_dots;
        if stays {
            segment.push(char::from(byte));
        } else {
            segment.push('%');
            for digit in [byte >> 4, byte & 0xf] {
                segment.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_marked_writes_are_safe_to_repeat() {
        assert!(Request::get("/a".into()).repeat_safe);
        assert!(!Request::post("/a".into(), "{}".into()).repeat_safe);
        assert!(
            Request::post("/a".into(), "{}".into())
                .with_key("k".into())
                .repeat_safe
        );
    }

    #[test]
    fn parameters_stay_in_their_places() {
        assert_eq!(
            path_of("/crawl/{id}/crawls/{jobId}", &["a/b", ".."]),
            "/crawl/a%2Fb/crawls/%2E%2E"
        );
    }

    proptest! {
        #[test]
        fn a_segment_never_leaves_its_place(value in "\\PC*") {
            let encoded = segment(&value);
            prop_assert!(!encoded.contains(['/', '?', '#', '\\', ' ']));
            prop_assert!(encoded != "." && encoded != "..");
            let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap();
            prop_assert_eq!(decoded, value);
        }
    }
}
