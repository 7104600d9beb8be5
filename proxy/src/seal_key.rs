//! Where the sealing key comes from: a setting, or a file made at the first start that only its owner can read.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// Wiped on drop.
pub type SealKey = Zeroizing<[u8; 32]>;

/// The key from the setting, or from `seal.key` in the data folder. `sealed`: there is a ledger that needs the one it was
/// sealed with.
///
/// # Errors
/// One line for people; never the key.
pub fn seal_key(setting: Option<&SecretString>, folder: &Path, sealed: bool) -> Result<SealKey, String> {
    if let Some(setting) = setting {
        return parse(setting.expose_secret()).ok_or_else(|| {
            "OPENCX_PROXY_SEAL_KEY must be 64 hex digits. Make one with: openssl rand -hex 32".into()
        });
    }
    let path = folder.join("seal.key");
    match fs::read_to_string(&path) {
        Ok(text) => known(&path, &Zeroizing::new(text)),
        Err(error) if error.kind() == ErrorKind::NotFound && sealed => Err(format!(
            "{} is missing, but there is a ledger sealed with it. Put the file back from a backup, set \
             OPENCX_PROXY_SEAL_KEY, or start anew with another OPENCX_PROXY_DATA.",
            path.display()
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => make(&path, folder),
        Err(error) => Err(format!("{} cannot be read: {error}.", path.display())),
    }
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
    let path = folder.join("seal.key");
    match (setting, fs::read_to_string(&path)) {
        (Some(_), _) => seal_key(setting, folder, Default::default()).map(Some),
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
        let first = seal_key(None, folder.path(), false).unwrap();
        let path = folder.path().join("seal.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(seal_key(None, folder.path(), true).unwrap(), first);

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refusal = seal_key(None, folder.path(), true).unwrap_err();
        assert!(
            refusal.contains("chmod 600") && !refusal.contains(&hex::encode(first.as_slice())),
            "{refusal}"
        );
    }

    #[test]
    fn is_not_made_anew_for_a_ledger_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = seal_key(None, folder.path(), true).unwrap_err();
        assert!(refusal.contains("seal.key is missing"), "{refusal}");
        assert!(!folder.path().join("seal.key").exists());
    }

    #[test]
    fn a_setting_wins_and_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let setting = SecretString::from("ab".repeat(32));
        assert_eq!(
            *seal_key(Some(&setting), folder.path(), true).unwrap(),
            [0xab; 32]
        );
        assert!(!folder.path().join("seal.key").exists());
        let bad = "canary".into();
        assert!(seal_key(Some(&bad), folder.path(), true).is_err_and(|refusal| !refusal.contains("canary")));
    }
}
