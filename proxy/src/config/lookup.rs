//! Where a value comes from: the environment first, then the file; a secret also from a file of its own.

use std::str::FromStr;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::Setting;
use super::file::{File, Held};

/// Looks settings up.
pub struct Lookup<'a> {
    file: &'a File,
    env: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Lookup<'a> {
    /// Over a file and an environment.
    pub fn new(file: &'a File, env: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Lookup { file, env }
    }

    /// A text without blanks around it; an empty one counts as missing.
    ///
    /// # Errors
    /// One line for people.
    pub fn text(&self, setting: &Setting) -> Result<Option<String>, String> {
        if let Some(value) = self.environment(setting.env) {
            return Ok(Some(value));
        }
        match self.file.get(setting.key) {
            None => Ok(None),
            Some(Held::One(value)) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
            Some(Held::Many(_)) => Err(format!(
                "{} is a list: write one value, such as {} = {}.",
                setting.name(),
                setting.short_key(),
                if setting.secret { "\"...\"" } else { setting.shown },
            )),
        }
    }

    /// A list: in the environment separated by commas.
    ///
    /// # Errors
    /// One line for people.
    pub fn list(&self, setting: &Setting) -> Result<Vec<String>, String> {
        let split = |text: &str| text.split(',').map(|item| item.trim().to_owned()).collect();
        let items: Vec<String> = match (self.environment(setting.env), self.file.get(setting.key)) {
            (Some(value), _) => split(&value),
            (None, Some(Held::One(value))) => split(value),
            (None, Some(Held::Many(items))) => items.iter().map(|item| item.trim().to_owned()).collect(),
            (None, None) => Vec::new(),
        };
        Ok(items.into_iter().filter(|item| !item.is_empty()).collect())
    }

    /// A value of another type than text; `remedy` says what would do.
    ///
    /// # Errors
    /// One line for people.
    pub fn parse<T: FromStr>(&self, setting: &Setting, remedy: &str) -> Result<Option<T>, String> {
        self.text(setting)?
            .map(|value| value.parse().map_err(|_| setting.wrong(&value, remedy)))
            .transpose()
    }

    /// A secret, given itself or by the path of a file with it.
    ///
    /// # Errors
    /// One line for people, without the secret.
    pub fn secret(&self, setting: &Setting) -> Result<Option<SecretString>, String> {
        let env_file = format!("{}_FILE", setting.env);
        let key_file = format!("{}_file", setting.key);
        let in_file = |key: &str| match self.file.get(key) {
            Some(Held::One(value)) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
            Some(Held::Many(_)) => Err(format!("{key} is a list: write one text.")),
            None => Ok(None),
        };
        // One place after the other: what the environment says wins, in either form.
        for (value, path, names) in [
            (
                self.environment(setting.env),
                self.environment(&env_file),
                (setting.env, env_file.as_str()),
            ),
            (
                in_file(setting.key)?,
                in_file(&key_file)?,
                (setting.key, key_file.as_str()),
            ),
        ] {
            match (value, path) {
                (Some(_), Some(_)) => {
                    return Err(format!(
                        "{} and {} are both given: keep one of them.",
                        names.0, names.1
                    ));
                }
                (Some(value), None) => return Ok(Some(value.into())),
                (None, Some(path)) => return from_file(names.1, &path).map(Some),
                (None, None) => {}
            }
        }
        Ok(None)
    }

    fn environment(&self, name: &str) -> Option<String> {
        (self.env)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }
}

fn from_file(name: &str, path: &str) -> Result<SecretString, String> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| {
        format!(
            "{name} is {path}: this file cannot be read ({error}). Give a text file that this user may read."
        )
    })?;
    match text.trim() {
        "" => Err(format!(
            "{name} is {path}: this file is empty. Write the secret into it."
        )),
        secret => Ok(secret.into()),
    }
}
