//! W3C trace context: a caller's trace goes on through this proxy to the platform; without one it begins here.

use axum::http::{HeaderMap, HeaderName};

use crate::asker::Asker;

/// The header, level 1 of the recommendation.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A request's place in a trace. `tracestate` is not passed on: no text of a browser's goes to the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    id: String,
    sampled: bool,
}

impl Trace {
    /// The caller's trace if it names a sound one, otherwise a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        given.and_then(parse).unwrap_or_else(Trace::begun)
    }

    /// That of the request in which this is called; a new one outside of any.
    pub fn current() -> Self {
        Asker::current().trace.unwrap_or_else(Trace::begun)
    }

    /// Its id: 32 hex digits, the same in every service.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The header for a call within it, with a new span.
    pub fn header(&self) -> String {
        format!("00-{}-{}-0{}", self.id, random::<8>(), u8::from(self.sampled))
    }

    fn begun() -> Self {
        Trace {
            id: random::<16>(),
            sampled: false,
        }
    }
}

/// Reads the header's value; a later version may have more behind what this one has.
fn parse(value: &str) -> Option<Trace> {
    let mut parts = value.split('-');
    let (version, id, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let ends = version != "00" || parts.next().is_none();
    let sound = is_hex(version, 2)
        && version != "ff"
        && is_hex(id, 32)
        && is_hex(span, 16)
        && is_hex(flags, 2)
        && [id, span]
            .iter()
            .all(|part| part.bytes().any(|byte| byte != b'0'));
    let flags = u8::from_str_radix(flags, 16).ok()?;
    (sound && ends).then(|| Trace {
        id: id.to_owned(),
        sampled: flags & 1 == 1,
    })
}

/// The recommendation has lower case only.
fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Never all zero, which would be no id; without randomness the traces run together, which harms no call.
fn random<const BYTES: usize>() -> String {
    let mut bytes = [1; BYTES];
    let _ = getrandom::fill(&mut bytes);
    if bytes == [0; BYTES] {
        bytes = [1; BYTES];
    }
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_sound_one_goes_on_with_a_span_of_its_own() {
        let trace = parse(SOUND).unwrap();
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let header = trace.header();
        assert!(header.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && header.ends_with("-01"));
        assert_ne!(header, SOUND);
        assert_eq!(parse(&header), Some(trace));
        assert!(parse(&SOUND.replacen("00", "01", 1)).is_some());
        assert!(parse(&format!("{}-more", SOUND.replacen("00", "01", 1))).is_some());
    }

    #[test]
    fn an_unsound_one_is_not_taken() {
        for unsound in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        ] {
            assert_eq!(parse(unsound), None, "{unsound}");
        }
        assert_ne!(Trace::begun(), Trace::begun());
        assert!(parse(&Trace::begun().header()).is_some());
    }
}
