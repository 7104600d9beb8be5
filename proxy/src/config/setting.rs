//! One setting: where it stands in the file and in the environment, what a person is told of it, how it is refused.

/// A setting of the proxy.
#[derive(Debug)]
pub struct Setting {
    /// Its key in the file, with its table: `listen.address`.
    pub key: &'static str,
    /// Its environment variable, which wins over the file.
    pub env: &'static str,
    /// Its default, or where it has none an example, as TOML.
    pub shown: &'static str,
    /// What it means, as the written configuration says it.
    pub about: &'static str,
    /// Never shown, and may stand in a file of its own: key and variable with `_file` and `_FILE` behind them.
    pub secret: bool,
}

impl Setting {
    /// A setting that may be shown.
    pub const fn new(key: &'static str, env: &'static str, shown: &'static str, about: &'static str) -> Self {
        Setting {
            key,
            env,
            shown,
            about,
            secret: false,
        }
    }

    /// A setting that may not.
    pub const fn secret(key: &'static str, env: &'static str, about: &'static str) -> Self {
        Setting {
            key,
            env,
            shown: "",
            about,
            secret: true,
        }
    }

    /// Key and variable.
    pub fn name(&self) -> String {
        format!("{} ({})", self.key, self.env)
    }

    /// Refuses a value.
    pub fn wrong(&self, value: impl std::fmt::Display, remedy: &str) -> String {
        if self.secret {
            return self.wrong_secret(remedy);
        }
        format!("{} is {value}: {remedy}", self.name())
    }

    /// Refuses a value without showing it; `why` follows the name: "holds blanks. Copy it again."
    pub fn wrong_secret(&self, why: &str) -> String {
        format!("{} {why}", self.name())
    }

    /// Refuses its absence.
    pub fn missing(&self, remedy: &str) -> String {
        format!("{} is missing. {remedy}", self.name())
    }

    /// The last part of its key.
    pub fn short_key(&self) -> &'static str {
        self.key.rsplit('.').next().unwrap_or(self.key)
    }
}
