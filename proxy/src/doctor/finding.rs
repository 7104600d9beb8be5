//! What a check has found, as one line.

use std::fmt;

/// What a check has found. Its text holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    what: &'static str,
    verdict: Verdict,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Well,
    Failed,
    Unchecked,
}

impl Finding {
    /// As it should be.
    pub fn well(what: &'static str, text: impl Into<String>) -> Self {
        Finding::new(what, Verdict::Well, text)
    }

    /// Wrong; the text says the remedy.
    pub fn failed(what: &'static str, text: impl Into<String>) -> Self {
        Finding::new(what, Verdict::Failed, text)
    }

    /// Not to be told before something else is put right.
    pub fn unchecked(what: &'static str, text: impl Into<String>) -> Self {
        Finding::new(what, Verdict::Unchecked, text)
    }

    fn new(what: &'static str, verdict: Verdict, text: impl Into<String>) -> Self {
        Finding {
            what,
            verdict,
            // One line, whatever a system's error says.
            text: text.into().split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    /// Whether it is to be put right.
    pub fn is_failed(&self) -> bool {
        self.verdict == Verdict::Failed
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Well => "ok",
            Verdict::Failed => "FAILED",
            Verdict::Unchecked => "-",
        };
        write!(f, "{verdict:<8}{}: {}", self.what, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_each() {
        let finding = Finding::failed("clock", "wrong\n  by  much.");
        assert_eq!(finding.to_string(), "FAILED  clock: wrong by much.");
        assert_eq!(
            Finding::well("clock", "right").to_string(),
            "ok      clock: right"
        );
    }
}
