//! The configuration file: TOML, one table an area. A key that nobody knows is refused, with the nearest known one.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::zeroize::Zeroizing;
use toml::{Table, Value};

use super::{Area, Setting, nearest};

/// What one key holds; it may be a secret, so it is not shown, and wiped.
pub enum Held {
    /// A text, a number, a truth value.
    One(Zeroizing<String>),
    /// A list of texts.
    Many(Vec<String>),
}

/// A file that was read; its keys are known ones.
#[derive(Default)]
pub struct File(BTreeMap<String, Held>);

impl File {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// One line for people.
    pub fn read(text: &str, shown: &str, areas: &[Area]) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error| not_toml(text, shown, &error))?;
        let mut held = BTreeMap::new();
        for (area, value) in &table {
            let Value::Table(table) = value else {
                return Err(unknown(shown, area, areas));
            };
            for (key, value) in table {
                let key = format!("{area}.{key}");
                let setting = find(areas, &key).ok_or_else(|| unknown(shown, &key, areas))?;
                let value = hold(value).ok_or_else(|| {
                    // The value may be a secret in the wrong shape.
                    format!(
                        "{} in {shown} is neither a text, a number, true or false, nor a list of texts. Write it such as \
                         {} = {}.",
                        setting.name(),
                        setting.short_key(),
                        if setting.secret { "\"...\"" } else { setting.shown },
                    )
                })?;
                held.insert(key, value);
            }
        }
        Ok(File(held))
    }

    /// What that key holds.
    pub fn get(&self, key: &str) -> Option<&Held> {
        self.0.get(key)
    }
}

/// Only the keys.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn hold(value: &Value) -> Option<Held> {
    Some(Held::One(Zeroizing::new(match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Array(items) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            return texts.collect::<Option<_>>().map(Held::Many);
        }
        Value::Datetime(_) | Value::Table(_) => return None,
    })))
}

fn find<'a>(areas: &[Area], key: &str) -> Option<&'a Setting> {
    settings(areas).find(|setting| {
        setting.key == key
            || setting.secret && key.strip_suffix("_file").is_some_and(|key| setting.key == key)
    })
}

fn settings<'a>(areas: &[Area]) -> impl Iterator<Item = &'a Setting> {
    areas.iter().flat_map(|area| area.settings.iter().copied())
}

fn unknown(shown: &str, key: &str, areas: &[Area]) -> String {
    let (area, short) = key.split_once('.').unwrap_or((key, ""));
    let keys_of = |area: &Area| {
        let keys = area.settings.iter().flat_map(|setting| {
            let from_file = setting.secret.then(|| format!("{}_file", setting.short_key()));
            [Some(setting.short_key().to_owned()), from_file]
        });
        keys.flatten().collect::<Vec<_>>()
    };
    let near = match areas.iter().find(|known| known.name == area) {
        Some(known) if short.is_empty() => Some(format!("[{}]", known.name)),
        Some(known) => nearest(short, keys_of(known))
            .map(|near| format!("{area}.{near}"))
            // Right, but in the wrong table.
            .or_else(|| {
                let other = areas
                    .iter()
                    .find(|other| keys_of(other).iter().any(|key| key == short));
                other.map(|other| format!("{}.{short}", other.name))
            }),
        None => {
            nearest(area, areas.iter().map(|known| known.name.to_owned())).map(|near| format!("[{near}]"))
        }
    };
    let remedy = near.map_or_else(
        || "Remove it; `opencx-partner-proxy init` writes a file with all there are.".to_owned(),
        |near| format!("Did you mean {near}?"),
    );
    format!("{key} in {shown} is no setting. {remedy}")
}

/// The parser's own text quotes the line, which may hold a secret; its place is enough.
fn not_toml(text: &str, shown: &str, error: &toml::de::Error) -> String {
    let place = error.span().map_or_else(String::new, |span| {
        let before = text.get(..span.start).unwrap_or_default();
        format!(", line {}", before.matches('\n').count() + 1)
    });
    format!(
        "{shown}{place}: this is no TOML ({}). Correct that line.",
        error.message()
    )
}
