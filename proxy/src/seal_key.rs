//! Where the sealing key comes from: a setting, or a file made at the first start that only its owner can read.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::config::LedgerConfig;
use crate::seal::Seal;

/// Wiped on drop.
pub type SealKey = Zeroizing<[u8; 32]>;

const NAME: &str = "seal.key";
/// Where the key to come waits until the ledger is sealed with it.
const NEXT: &str = "seal.key.new";
const BEFORE: &str = "seal.key.old";

/// The key from the setting, or from `seal.key` in the data folder. `mark`: of the ledger that is there, if one is.
///
/// # Errors
/// One line for people; never the key.
pub fn seal_key(
    setting: Option<&SecretString>,
    folder: &Path,
    mark: Option<&[u8]>,
) -> Result<SealKey, String> {
    if let Some(setting) = setting {
        return of_setting(setting, "OPENCX_PROXY_SEAL_KEY");
    }
    settle(folder, mark)?;
    let path = folder.join(NAME);
    match fs::read_to_string(&path) {
        Ok(text) => known(&path, &Zeroizing::new(text)),
        Err(error) if error.kind() == ErrorKind::NotFound && mark.is_some() => Err(format!(
            "{} is missing, but there is a ledger sealed with it. Put the file back from a backup, set \
             OPENCX_PROXY_SEAL_KEY, or start anew with another OPENCX_PROXY_DATA.",
            path.display()
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => make(&path, folder),
        Err(error) => Err(format!("{} cannot be read: {error}.", path.display())),
    }
}

/// What to say when the ledger was sealed with another key.
pub fn does_not_fit() -> String {
    "The ledger was sealed with another key. Put that key back (OPENCX_PROXY_SEAL_KEY, or seal.key in the data folder), or \
     start anew with another OPENCX_PROXY_DATA."
        .into()
}

/// A change of the key under way. The ledger says which of two keys is in force; the files follow.
pub struct Rotation {
    key: SealKey,
    /// Where the key is a file.
    folder: Option<PathBuf>,
}

impl Rotation {
    /// Takes the new key from its setting, or makes one and keeps it beside the old one.
    ///
    /// # Errors
    /// One line for people.
    pub fn begin(config: &LedgerConfig, folder: &Path) -> Result<Self, String> {
        let given = config.new_seal_key.as_ref();
        let given = given
            .map(|new| of_setting(new, "OPENCX_PROXY_NEW_SEAL_KEY"))
            .transpose()?;
        match (given, &config.seal_key) {
            (Some(key), Some(_)) => Ok(Rotation { key, folder: None }),
            (None, Some(_)) => Err(
                "The sealing key is a setting here, so the new one must be given too: set OPENCX_PROXY_NEW_SEAL_KEY to 64 \
                 hex digits (openssl rand -hex 32), and after this run OPENCX_PROXY_SEAL_KEY to the same. Nothing was changed."
                    .into(),
            ),
            (given, None) => {
                let path = folder.join(NEXT);
                let key = match given {
                    Some(key) => write(&path, folder, key)?,
                    None => make(&path, folder)?,
                };
                Ok(Rotation {
                    key,
                    folder: Some(folder.to_owned()),
                })
            }
        }
    }

    /// The new key.
    pub fn key(&self) -> &SealKey {
        &self.key
    }

    /// The ledger is sealed with it: the new key takes the old one's place. Gives what is left for a person to do.
    ///
    /// # Errors
    /// One line for people; the next start does it then.
    pub fn finish(self) -> Result<&'static str, String> {
        let Some(folder) = self.folder else {
            return Ok(
                "Now set OPENCX_PROXY_SEAL_KEY to it, then start the proxies. Backups from before need the old one.",
            );
        };
        take_place(&folder)?;
        Ok(
            "It is in seal.key; the old one is in seal.key.old: keep it with the backups from before, or remove it.",
        )
    }
}

/// Ends a change of the key that was cut off: by the ledger's mark it is known on which side.
fn settle(folder: &Path, mark: Option<&[u8]>) -> Result<(), String> {
    let path = folder.join(NEXT);
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(_) => return Ok(()),
    };
    let fits = |mark| parse(text.trim()).is_some_and(|key| Seal::new(&key).made(mark));
    if mark.is_some_and(fits) {
        return take_place(folder);
    }
    fs::remove_file(&path).map_err(|error| format!("{} cannot be removed: {error}.", path.display()))
}

fn take_place(folder: &Path) -> Result<(), String> {
    let moved = |from: &str, to: &str| fs::rename(folder.join(from), folder.join(to));
    match moved(NAME, BEFORE) {
        // A crash came between the two.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
    .and_then(|()| moved(NEXT, NAME))
    .and_then(|()| File::open(folder)?.sync_all())
    .map_err(|error| {
        format!(
            "The ledger is sealed with the new key, but {} cannot be renamed to {NAME} ({error}). Rename it by hand.",
            folder.join(NEXT).display()
        )
    })
}

fn of_setting(setting: &SecretString, name: &str) -> Result<SealKey, String> {
    parse(setting.expose_secret())
        .ok_or_else(|| format!("{name} must be 64 hex digits. Make one with: openssl rand -hex 32"))
}

fn known(path: &Path, text: &str) -> Result<SealKey, String> {
    let shown = path.display();
    let mode = fs::metadata(path)
        .map_err(|error| format!("{shown} cannot be read: {error}."))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(format!(
            "{shown} can be read by others. Take their rights away: chmod 600 {shown}"
        ));
    }
    parse(text.trim()).ok_or_else(|| {
        format!("{shown} does not hold 64 hex digits. Put the key the ledger was sealed with there.")
    })
}

fn make(path: &Path, folder: &Path) -> Result<SealKey, String> {
    let mut key = SealKey::default();
    getrandom::fill(key.as_mut())
        .map_err(|error| format!("The system gives no randomness for a key: {error}."))?;
    write(path, folder, key)
}

fn write(path: &Path, folder: &Path, key: SealKey) -> Result<SealKey, String> {
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| {
            let text = Zeroizing::new(hex::encode(key.as_slice()));
            writeln!(file, "{}", text.as_str())?;
            file.sync_all()?;
            // The name too: a ledger whose key is lost with the power cannot be read again.
            File::open(folder)?.sync_all()
        });
    written.map_err(|error| format!("{} cannot be written: {error}.", path.display()))?;
    Ok(key)
}

fn parse(text: &str) -> Option<SealKey> {
    let mut key = SealKey::default();
    hex::decode_to_slice(text, key.as_mut_slice()).ok()?;
    Some(key)
}

/// The key that there is, to be looked at: none is made, and no file is touched.
///
/// # Errors
/// One line for people; never the key.
pub fn present(setting: Option<&SecretString>, folder: &Path) -> Result<Option<SealKey>, String> {
    let path = folder.join(NAME);
    match (setting, fs::read_to_string(&path)) {
        (Some(setting), _) => of_setting(setting, "OPENCX_PROXY_SEAL_KEY").map(Some),
        (None, Ok(text)) => known(&path, &Zeroizing::new(text)).map(Some),
        (None, Err(error)) if error.kind() == ErrorKind::NotFound => Ok(None),
        (None, Err(error)) => Err(format!("{} cannot be read: {error}.", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let first = seal_key(None, folder.path(), None).unwrap();
        let path = folder.path().join("seal.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(seal_key(None, folder.path(), Some(b"mark")).unwrap(), first);

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refusal = seal_key(None, folder.path(), Some(b"mark")).unwrap_err();
        assert!(
            refusal.contains("chmod 600") && !refusal.contains(&hex::encode(first.as_slice())),
            "{refusal}"
        );
    }

    #[test]
    fn is_not_made_anew_for_a_ledger_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = seal_key(None, folder.path(), Some(b"mark")).unwrap_err();
        assert!(refusal.contains("seal.key is missing"), "{refusal}");
        assert!(!folder.path().join("seal.key").exists());
    }

    /// The files as a crash leaves them, before the ledger was sealed anew and after it.
    #[test]
    fn a_change_that_was_cut_off_is_ended_or_undone() {
        let folder = tempfile::tempdir().unwrap();
        let old = seal_key(None, folder.path(), None).unwrap();
        let mark = |key: &SealKey| Seal::new(key).mark().unwrap();
        let next = folder.path().join(NEXT);
        let new = make(&next, folder.path()).unwrap();
        assert_eq!(seal_key(None, folder.path(), Some(&mark(&old))).unwrap(), old);
        assert!(!next.exists(), "undone");

        for between in [false, true] {
            let new = write(&next, folder.path(), new.clone()).unwrap();
            if between {
                fs::rename(folder.path().join(NAME), folder.path().join(BEFORE)).unwrap();
            }
            assert_eq!(seal_key(None, folder.path(), Some(&mark(&new))).unwrap(), new);
            assert!(!next.exists() && folder.path().join(BEFORE).exists());
        }
    }

    #[test]
    fn a_setting_wins_and_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let setting = SecretString::from("ab".repeat(32));
        assert_eq!(
            *seal_key(Some(&setting), folder.path(), Some(b"mark")).unwrap(),
            [0xab; 32]
        );
        assert!(!folder.path().join("seal.key").exists());
        let bad = "canary".into();
        assert!(
            seal_key(Some(&bad), folder.path(), Some(b"mark"))
                .is_err_and(|refusal| !refusal.contains("canary"))
        );
    }
}
