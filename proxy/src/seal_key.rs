//! Where the sealing key comes from: a setting, or a file made at the first start that only its owner can read.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

/// Makes the data folder, for its owner only.
///
/// # Errors
/// One line for people.
pub fn make_data_folder(folder: &Path) -> Result<(), String> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| {
            format!(
                "OPENCX_PROXY_DATA is {}: the folder cannot be made: {error}.",
                folder.display()
            )
        })
}

/// The key from the setting, or from `seal.key` in the data folder.
///
/// # Errors
/// One line for people; never the key.
pub fn seal_key(setting: Option<&SecretString>, folder: &Path) -> Result<[u8; 32], String> {
    if let Some(setting) = setting {
        return parse(setting.expose_secret()).ok_or_else(|| {
            "OPENCX_PROXY_SEAL_KEY must be 64 hex digits. Make one with: openssl rand -hex 32".into()
        });
    }
    let path = folder.join("seal.key");
    let shown = path.display();
    match fs::read_to_string(&path) {
        Ok(text) => {
            let mode = fs::metadata(&path)
                .map_err(|error| format!("{shown} cannot be read: {error}."))?
                .permissions();
            if mode.mode() & 0o077 != 0 {
                return Err(format!(
                    "{shown} can be read by others. Take their rights away: chmod 600 {shown}"
                ));
            }
            parse(text.trim()).ok_or_else(|| {
                format!("{shown} does not hold 64 hex digits. Put the key the ledger was sealed with there.")
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut key = [0u8; 32];
            getrandom::fill(&mut key)
                .map_err(|error| format!("The system gives no randomness for a key: {error}."))?;
            let written = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .and_then(|mut file| {
                    writeln!(file, "{}", hex::encode(key))?;
                    file.sync_all()
                });
            written.map_err(|error| format!("{shown} cannot be written: {error}."))?;
            Ok(key)
        }
        Err(error) => Err(format!("{shown} cannot be read: {error}.")),
    }
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0u8; 32];
    hex::decode_to_slice(text, &mut key).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let first = seal_key(None, folder.path()).unwrap();
        let path = folder.path().join("seal.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(seal_key(None, folder.path()).unwrap(), first);

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refusal = seal_key(None, folder.path()).unwrap_err();
        assert!(
            refusal.contains("chmod 600") && !refusal.contains(&hex::encode(first)),
            "{refusal}"
        );
    }

    #[test]
    fn a_setting_wins_and_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let setting = SecretString::from("ab".repeat(32));
        assert_eq!(seal_key(Some(&setting), folder.path()).unwrap(), [0xab; 32]);
        assert!(!folder.path().join("seal.key").exists());
        assert!(
            seal_key(Some(&"canary".into()), folder.path()).is_err_and(|refusal| !refusal.contains("canary"))
        );
    }
}
