//! Files that visitors attach.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::api_error::ApiError;

/// The contract's `x-max-bytes`.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The oldest files of an org go when all together are larger.
const MAX_ALL: usize = 20 * MAX_BYTES;
const MAX_NAME: usize = 200;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// As the visitor's machine calls it, without folders.
    pub name: String,
    /// As the browser calls it.
    pub media_type: String,
    /// What is in it.
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    pub bytes: Vec<u8>,
}

fn as_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD
        .decode(String::deserialize(deserializer)?)
        .map_err(de::Error::custom)
}

impl Upload {
    /// Takes a file in.
    ///
    /// # Errors
    /// 400 when it is empty, 413 when it is too large.
    pub fn make(name: &str, media_type: &str, bytes: Vec<u8>) -> Result<Self, ApiError> {
        if bytes.is_empty() {
            return Err(ApiError::bad_request("file is empty"));
        }
        if bytes.len() > MAX_BYTES {
            return Err(ApiError::too_large("file must be 5 MB at most"));
        }
        let name: String = name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_NAME)
            .collect();
        Ok(Upload {
            name: if name.is_empty() { "file".into() } else { name },
            media_type: media_type.to_owned(),
            bytes,
        })
    }

    /// A browser may show it beside the sandbox's own pages; all else is only saved.
    pub fn is_picture(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "image/png" | "image/jpeg" | "image/gif" | "image/webp"
        )
    }
}

/// An org's files, oldest first.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uploads(IndexMap<Uuid, Upload>);

impl Uploads {
    /// Adds one; the oldest go when there are too many.
    pub fn add(&mut self, id: Uuid, upload: Upload) {
        self.0.insert(id, upload);
        let mut all: usize = self.0.values().map(|upload| upload.bytes.len()).sum();
        while all > MAX_ALL
            && let Some((_, oldest)) = self.0.shift_remove_index(0)
        {
            all -= oldest.bytes.len();
        }
    }

    /// One of them.
    pub fn get(&self, id: Uuid) -> Option<&Upload> {
        self.0.get(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        let make = |bytes: usize| Upload::make("a.txt", "text/plain", vec![0; bytes]);
        assert!(make(0).is_err());
        assert!(make(MAX_BYTES).is_ok());
        assert!(make(MAX_BYTES + 1).is_err());
    }

    #[test]
    fn a_name_is_only_a_name() {
        let name = |name| Upload::make(name, "", vec![1]).unwrap().name;
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\pictures\\\u{7}boat.png"), "boat.png");
        assert_eq!(name("/"), "file");
    }

    #[test]
    fn the_oldest_go() {
        let mut uploads = Uploads::default();
        for id in 0..21 {
            let upload = Upload::make("a", "", vec![0; MAX_BYTES]).unwrap();
            uploads.add(Uuid::from_u128(id), upload);
        }
        assert!(uploads.get(Uuid::from_u128(0)).is_none());
        assert!(uploads.get(Uuid::from_u128(1)).is_some());
    }

    #[test]
    fn bytes_are_saved_as_text() {
        let upload = Upload::make("a", "image/png", vec![0, 255, 7]).unwrap();
        let saved = serde_json::to_string(&upload).unwrap();
        assert!(saved.contains("AP8H"));
        assert_eq!(serde_json::from_str::<Upload>(&saved).unwrap(), upload);
    }
}
