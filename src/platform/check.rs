//! Collects what is wrong with a value, each finding with the path of its field.

use std::ops::RangeInclusive;

use crate::error::{Error, FieldError};

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
        Path(format!("{}[{index}]", self.0))
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

/// The findings so far.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// Notes one finding.
    pub fn refuse(&mut self, path: Path, message: impl Into<String>) {
        self.0.push(FieldError {
            path: path.0,
            message: message.into(),
        });
    }

    /// A text of so many characters, not counting blanks at its ends.
    pub fn text(&mut self, path: Path, text: &str, chars: RangeInclusive<usize>) {
        let count = text.trim().chars().count();
        if count == 0 && *chars.start() > 0 {
            self.refuse(path, "is missing or empty");
        } else if count < *chars.start() {
            self.refuse(
                path,
                format!("must have at least {} characters, has {count}", chars.start()),
            );
        } else if count > *chars.end() {
            self.refuse(
                path,
                format!("must have at most {} characters, has {count}", chars.end()),
            );
        }
    }

    /// A whole number within limits.
    pub fn whole(&mut self, path: Path, number: f64, limits: RangeInclusive<u64>) {
        #[allow(clippy::cast_precision_loss)] // no limit is that large
        let within = number >= *limits.start() as f64 && number <= *limits.end() as f64;
        if !within || number.fract() != 0.0 {
            self.refuse(
                path,
                format!(
                    "must be a whole number from {} to {}",
                    limits.start(),
                    limits.end()
                ),
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
        let lower = url.trim().to_ascii_lowercase();
        let rest = lower
            .strip_prefix("https://")
            .or_else(|| lower.strip_prefix("http://"));
        let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
        let whole = !lower.chars().any(|c| c.is_whitespace() || c.is_control());
        match host {
            Some(host)
                if whole && !host.is_empty() && !host.starts_with([':', '.']) && !host.contains('@') => {}
            _ => self.refuse(
                path,
                "must be an http or https address such as https://www.example.com",
            ),
        }
    }

    /// An e-mail address, by the rule browsers use for `input type=email`, with a dot in the domain.
    pub fn email(&mut self, path: Path, email: &str) {
        let good = email.len() <= 254
            && email.split_once('@').is_some_and(|(local, domain)| {
                let local_char = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
                let label = |label: &str| {
                    !label.is_empty()
                        && label.len() <= 63
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                };
                !local.is_empty()
                    && local.chars().all(local_char)
                    && domain.contains('.')
                    && domain.split('.').all(label)
            });
        if !good {
            self.refuse(path, "must be an e-mail address such as name@example.com");
        }
    }

    /// A language tag such as `en` or `pt-br`.
    pub fn language(&mut self, path: Path, language: &str) {
        let mut parts = language.split('-');
        let first = parts.next().unwrap_or("");
        let good = language.len() <= 20
            && (2..=8).contains(&first.len())
            && first.chars().all(|c| c.is_ascii_alphabetic())
            && parts
                .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if !good {
            self.refuse(
                path,
                "must be a language code such as en or pt-br, at most 20 characters",
            );
        }
    }

    /// The findings themselves.
    pub fn into_fields(self) -> Vec<FieldError> {
        self.0
    }

    /// `Ok` when nothing was found.
    ///
    /// # Errors
    /// `INVALID_SPEC` with every finding.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid(self.0))
        }
    }
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
