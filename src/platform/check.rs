//! Collects what is wrong with a value, each finding with the path of its field.

use std::ops::RangeInclusive;

use crate::error::{Error, FieldError, sentence};

/// Where a value stands in what the caller passed: `trainings[1]`, or nothing at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// The top of the value.
    pub fn root() -> Self {
        Path::default()
    }

    /// The field of that name below this one.
    pub fn field(&self, name: &str) -> Self {
        let mut path = self.0.clone();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        Path(path)
    }

    /// The entry with that index below this one.
    pub fn index(&self, index: usize) -> Self {
        Path(sentence(&[&self.0, "[", &index.to_string(), "]"]))
    }

    /// As people read it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A value whose limits are known before it is sent.
pub trait Check {
    /// Notes every field the platform, or a repeat, could not live with.
    fn check(&self, at: &Path, checks: &mut Checks);
}

#[cfg(any(test, feature = "json"))]
impl<T: super::Shaped + serde::Serialize> Check for T {
    fn check(&self, at: &Path, checks: &mut Checks) {
        match serde_json::to_value(self) {
            Ok(value) => super::shape::check(T::SHAPE, &value, at, checks),
            Err(_) => checks.refuse(at.clone(), "cannot be written as JSON"),
        }
    }
}

/// The findings so far, and how they are made.
#[derive(Debug)]
pub struct Checks {
    found: Vec<FieldError>,
    is_zone: fn(&str) -> bool,
    strict: bool,
}

impl Default for Checks {
    /// Lenient, and without a list of time zones: any name that could be one passes.
    fn default() -> Self {
        Checks {
            found: Vec::new(),
            is_zone: |_| true,
            strict: false,
        }
    }
}

impl Checks {
    /// Asks this whether there is a time zone of that name.
    #[must_use]
    pub fn with_zones(self, is_zone: fn(&str) -> bool) -> Self {
        Checks { is_zone, ..self }
    }

    /// Refuses what no table knows: for what people write by hand, where a slip must not be swallowed.
    #[must_use]
    pub fn strict(self) -> Self {
        Checks { strict: true, ..self }
    }

    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Notes one finding.
    pub fn refuse(&mut self, path: Path, message: impl Into<String>) {
        self.found.push(FieldError {
            path: path.0,
            message: message.into(),
        });
    }

    /// A text of so many characters. Blanks at its ends do not count towards the least, but the platform counts them
    /// towards the most.
    pub fn text(&mut self, path: Path, text: &str, chars: RangeInclusive<usize>) {
        // Not `count()`, whose quick way through long texts costs a page a kilobyte.
        let length = |text: &str| text.chars().fold(0usize, |count, _| count + 1);
        let (count, trimmed) = (length(text), length(text.trim()));
        if trimmed == 0 && *chars.start() > 0 {
            self.refuse(path, "is missing or empty");
        } else if trimmed < *chars.start() {
            self.refuse(
                path,
                sentence(&[
                    "must have at least ",
                    &chars.start().to_string(),
                    " characters, has ",
                    &trimmed.to_string(),
                ]),
            );
        } else if count > *chars.end() {
            self.refuse(
                path,
                sentence(&[
                    "must have at most ",
                    &chars.end().to_string(),
                    " characters, has ",
                    &count.to_string(),
                ]),
            );
        }
    }

    /// A list of so many items.
    pub fn length(&mut self, path: &Path, length: usize, limits: RangeInclusive<usize>) {
        if !limits.contains(&length) {
            let (least, most) = (limits.start(), limits.end());
            self.refuse(
                path.clone(),
                sentence(&[
                    "must have from ",
                    &least.to_string(),
                    " to ",
                    &most.to_string(),
                    " items, has ",
                    &length.to_string(),
                ]),
            );
        }
    }

    /// Whether there is a time zone of that IANA name.
    pub(super) fn is_time_zone(&self, name: &str) -> bool {
        let mut bytes = name.bytes();
        let may_be = bytes.len() <= 64
            && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
        may_be && (self.is_zone)(name)
    }

    /// A whole number within limits.
    pub fn whole(&mut self, path: Path, number: f64, limits: RangeInclusive<u64>) {
        #[allow(clippy::cast_precision_loss)] // no limit is that large
        let within = number >= *limits.start() as f64 && number <= *limits.end() as f64;
        if !within || number.fract() != 0.0 {
            self.refuse(
                path,
                sentence(&[
                    "must be a whole number from ",
                    &limits.start().to_string(),
                    " to ",
                    &limits.end().to_string(),
                ]),
            );
        }
    }

    /// Likewise, of a number that is whole.
    pub fn number(&mut self, path: Path, number: u64, limits: RangeInclusive<u64>) {
        #[allow(clippy::cast_precision_loss)] // as above
        self.whole(path, number as f64, limits);
    }

    /// The partner's own id of a customer: 1 to 200 characters that a path can carry.
    pub fn external_id(&mut self, path: Path, id: &str) {
        if id.trim() != id || id.chars().any(char::is_control) {
            self.refuse(
                path,
                "must not start or end with a blank or hold control characters",
            );
        } else if matches!(id, "." | "..") {
            self.refuse(path, "must not be dots only: no address can carry that");
        } else {
            self.text(path, id, 1..=200);
        }
    }

    /// An absolute http or https address. The proxy parses it in full; this is what a form can say at once.
    pub fn http_url(&mut self, path: Path, url: &str) {
        self.unless(is_http_url(url), path, HTTP_URL);
    }

    /// An e-mail address, by the rule browsers use for `input type=email`, with a dot in the domain.
    pub fn email(&mut self, path: Path, email: &str) {
        self.unless(is_email(email), path, EMAIL);
    }

    /// A language tag such as `en` or `pt-br`.
    pub fn language(&mut self, path: Path, language: &str) {
        self.unless(is_language(language), path, LANGUAGE);
    }

    pub(super) fn unless(&mut self, good: bool, path: Path, message: &str) {
        if !good {
            self.refuse(path, message);
        }
    }

    /// The findings themselves.
    pub fn into_fields(self) -> Vec<FieldError> {
        self.found
    }

    /// `Ok` when nothing was found.
    ///
    /// # Errors
    /// `INVALID_SPEC` with every finding.
    pub fn finish(self) -> Result<(), Error> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid(self.found))
        }
    }
}

pub(super) const HTTP_URL: &str = "must be an http or https address such as https://www.example.com";
pub(super) const EMAIL: &str = "must be an e-mail address such as name@example.com";
pub(super) const LANGUAGE: &str = "must be a language code such as en or pt-br, at most 20 characters";

// By bytes where that will do: to search and to split texts costs a page kilobytes.

pub(super) fn is_http_url(url: &str) -> bool {
    let bytes = url.trim().as_bytes();
    let after = |scheme: &[u8]| {
        let (front, rest) = bytes.split_at_checked(scheme.len())?;
        front.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let Some(rest) = after(b"https://").or_else(|| after(b"http://")) else {
        return false;
    };
    let ends = |byte: &&u8| !matches!(byte, b'/' | b'?' | b'#');
    let mut host = rest.iter().take_while(ends);
    !matches!(host.next(), None | Some(b':' | b'.' | b'@'))
        && host.all(|byte| *byte != b'@')
        && !url.trim().chars().any(|c| c.is_whitespace() || c.is_control())
}

pub(super) fn is_email(email: &str) -> bool {
    let bytes = email.as_bytes();
    let Some(at) = bytes.iter().position(|byte| *byte == b'@') else {
        return false;
    };
    let labels = || bytes[at + 1..].split(|byte| *byte == b'.');
    let label = |label: &[u8]| {
        matches!((label.first(), label.last()), (Some(first), Some(last)) if *first != b'-' && *last != b'-')
            && label.len() <= 63
            && label
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    at > 0
        && bytes.len() <= 254
        && bytes[..at]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(byte))
        && labels().count() > 1
        && labels().all(label)
}

pub(super) fn is_language(language: &str) -> bool {
    let mut parts = language.as_bytes().split(|byte| *byte == b'-');
    language.len() <= 20
        && parts
            .next()
            .is_some_and(|first| (2..=8).contains(&first.len()) && first.iter().all(u8::is_ascii_alphabetic))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.iter().all(u8::is_ascii_alphanumeric))
}

/// Of a version that there is, or of nothing but zeros or `f`: the contract's pattern.
pub(super) fn is_uuid(id: &str) -> bool {
    let bytes = id.as_bytes();
    let digits = bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let version = || matches!(bytes[14], b'1'..=b'8') && b"89abAB".contains(&bytes[19]);
    let same = |digit| bytes.iter().all(|byte| *byte == digit || *byte == b'-');
    digits && (version() || same(b'0') || same(b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(check: impl FnOnce(&mut Checks)) -> bool {
        let mut checks = Checks::default();
        check(&mut checks);
        checks.finish().is_err()
    }

    #[test]
    fn paths_read_like_javascript() {
        assert_eq!(
            Path::root().field("trainings").index(1).field("title").as_str(),
            "trainings[1].title"
        );
    }

    #[test]
    fn addresses() {
        for good in [
            "http://a",
            "https://www.example.com/x?y#z",
            "HTTP://127.0.0.1:4804",
        ] {
            assert!(!refused(|c| c.http_url(Path::root(), good)), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "ftp://a",
            "javascript:alert(1)",
            "http://",
            "http://a b",
            "https://u@h",
        ] {
            assert!(refused(|c| c.http_url(Path::root(), bad)), "{bad}");
        }
    }

    #[test]
    fn emails() {
        for good in ["a@b.co", "first.last+tag@sub.example.com"] {
            assert!(!refused(|c| c.email(Path::root(), good)), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.co",
            "a@",
            "a b@c.de",
            "a@b..co",
            "a@-b.co",
            "a@b.co,d@e.fr",
        ] {
            assert!(refused(|c| c.email(Path::root(), bad)), "{bad}");
        }
    }

    #[test]
    fn languages() {
        for good in ["en", "zh-cn", "pt-BR", "es-419"] {
            assert!(!refused(|c| c.language(Path::root(), good)), "{good}");
        }
        for bad in [
            "",
            "e",
            "english language",
            "en_US",
            "-en",
            "en-",
            &"e".repeat(40),
        ] {
            assert!(refused(|c| c.language(Path::root(), bad)), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC*") {
            let mut checks = Checks::default();
            checks.text(Path::root(), &text, 1..=10);
            checks.http_url(Path::root(), &text);
            checks.email(Path::root(), &text);
            checks.language(Path::root(), &text);
            for field in checks.into_fields() {
                prop_assert!(!field.message.is_empty());
            }
        }
    }
}
