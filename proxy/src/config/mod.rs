//! The settings: from one TOML file and from the environment, which wins. A wrong one is refused at start, naming it, its
//! value and the remedy. One file an area; `AREAS` lists them, and what `init` writes follows from it.

mod auth;
mod file;
mod ledger;
mod limits;
mod listen;
mod log;
mod lookup;
mod nearest;
mod origins;
mod pages;
mod paths;
mod platform;
mod setting;
mod template;

pub use auth::{Auth, KeySource, Mode, Tokens};
pub use file::File;
pub use ledger::LedgerConfig;
pub use limits::Limits;
pub use listen::Listen;
pub use log::{Format, LogConfig};
pub use lookup::Lookup;
use nearest::nearest;
pub use pages::{Pages, SignIn};
pub use paths::Paths;
pub use platform::{PlatformConfig, is_loopback};
pub use setting::Setting;
pub use template::template;

/// The settings themselves, for messages that name one.
pub mod names {
    pub use super::ledger::DATA;
    pub use super::listen::{ADDRESS, OPERATIONS};
}

/// A table of the file.
pub struct Area {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// What it holds.
    pub settings: &'static [&'static Setting],
}

/// All tables, in the order in which a person meets them.
pub const AREAS: &[Area] = &[
    Area {
        name: "platform",
        about: "The OpenCX platform, or the sandbox that imitates it.",
        settings: platform::SETTINGS,
    },
    Area {
        name: "listen",
        about: "Where this proxy answers.",
        settings: listen::SETTINGS,
    },
    Area {
        name: "auth",
        about: "Who may call.",
        settings: auth::SETTINGS,
    },
    Area {
        name: "pages",
        about: "The pages in front of this proxy, and whether it serves them itself.",
        settings: pages::SETTINGS,
    },
    Area {
        name: "ledger",
        about: "What this proxy remembers.",
        settings: ledger::SETTINGS,
    },
    Area {
        name: "limits",
        about: "How much of what may be asked for.",
        settings: limits::SETTINGS,
    },
    Area {
        name: "log",
        about: "What it says of its work, on stderr.",
        settings: log::SETTINGS,
    },
    Area {
        name: "paths",
        about: "Paths of the platform's calls that its documentation does not state: the contract's guesses. If OpenCX\n\
                tells you another, put it here; \"none\" if your platform does not have the call.",
        settings: paths::SETTINGS,
    },
];

/// Everything the proxy needs to know.
///
/// Neither it nor a secret in it can be written out:
///
/// ```compile_fail
/// fn written<T: serde::Serialize>(_: T) {}
/// fn of(config: opencx_partner_proxy::Config) {
///     written(config.platform.partner_key);
/// }
/// ```
///
/// ```compile_fail
/// fn written<T: serde::Serialize>(_: T) {}
/// fn of(config: opencx_partner_proxy::Config) {
///     written(config);
/// }
/// ```
///
/// For what is no secret that is no hardship:
///
/// ```no_run
/// fn written<T: serde::Serialize>(_: T) {}
/// fn of(config: opencx_partner_proxy::Config) {
///     written(config.platform.api_url);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    /// The platform and the partner's key to it.
    pub platform: PlatformConfig,
    /// Where the proxy listens.
    pub listen: Listen,
    /// How callers say who they are.
    pub auth: Auth,
    /// Origins of the pages that may call, exactly as browsers send them.
    pub allowed_origins: Vec<String>,
    /// What the proxy serves itself.
    pub pages: Pages,
    /// Where the ledger is, and what seals it.
    pub ledger: LedgerConfig,
    /// How much of what may be asked for.
    pub limits: Limits,
    /// What is logged, and how.
    pub log: LogConfig,
    /// The paths that the contract only guesses.
    pub paths: Paths,
}

impl Config {
    /// Reads and checks the settings of an environment alone.
    ///
    /// # Errors
    /// One line for people: setting, value (never a secret), remedy.
    pub fn read(env: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        Config::merge(&File::default(), env)
    }

    /// Reads and checks the settings of a file, over which the environment wins.
    ///
    /// # Errors
    /// One line for people: setting, value (never a secret), remedy.
    pub fn merge(file: &File, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let lookup = &Lookup::new(file, env);
        let auth = Auth::read(lookup)?;
        Ok(Config {
            platform: PlatformConfig::read(lookup)?,
            listen: Listen::read(lookup)?,
            allowed_origins: origins::allowed(lookup)?,
            pages: Pages::read(lookup, &auth.mode)?,
            auth,
            ledger: LedgerConfig::read(lookup)?,
            limits: Limits::read(lookup)?,
            log: LogConfig::read(lookup)?,
            paths: Paths::read(lookup)?,
        })
    }
}

/// Refuses a variable that is almost a setting's.
///
/// # Errors
/// One line for people.
pub fn no_misspelt<'a>(given: impl IntoIterator<Item = &'a str>) -> Result<(), String> {
    let known: Vec<String> = AREAS
        .iter()
        .flat_map(|area| area.settings)
        .flat_map(|setting| {
            let from_file = setting.secret.then(|| format!("{}_FILE", setting.env));
            [Some(setting.env.to_owned()), from_file]
        })
        .flatten()
        .collect();
    match nearest::misspelt(given, &known) {
        None => Ok(()),
        Some((name, near)) => Err(format!(
            "{name} in the environment is no setting. Did you mean {near}?"
        )),
    }
}

#[cfg(test)]
mod tests;
