//! All that leaves the program, to be searched for secrets in whatever form.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::fake::PARTNER_KEY;
use crate::stage::Answer;

/// What leaves the program, and from where. Each byte is a character: texts are searched fast.
#[derive(Default)]
pub struct Left(Vec<(String, String)>);

fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

impl Left {
    pub fn note(&mut self, place: &str, bytes: impl AsRef<[u8]>) {
        self.0.push((place.to_owned(), characters(bytes.as_ref())));
    }

    pub async fn answer(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let answer = Answer::of(request).await;
        self.note("an answer", format!("{:?} {}", answer.headers, answer.text));
        answer
    }

    pub fn files(&mut self, folder: &Path) {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            self.note(&path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }

    pub fn has(&self, place: &str, word: &str) -> bool {
        let mut all = self.0.iter();
        all.any(|(known, text)| known == place && text.contains(word))
    }

    /// Panics where it finds one of them.
    pub fn search(&self, secrets: &[&str]) {
        for secret in secrets {
            for form in forms(secret) {
                for (place, text) in &self.0 {
                    assert!(!text.contains(&form), "{secret} in {place}, as {form}");
                }
            }
        }
    }
}

/// As it is; in hexadecimal; in base64, wherever it begins in a longer text; as the numbers of its bytes.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let mut forms = vec![
        characters(bytes),
        hex::encode(bytes),
        hex::encode_upper(bytes),
        format!("{bytes:?}").trim_matches(['[', ']']).to_owned(),
    ];
    for start in 0..3 {
        let whole: Vec<u8> = bytes[start..].chunks_exact(3).flatten().copied().collect();
        forms.extend([STANDARD.encode(&whole), URL_SAFE.encode(&whole)]);
    }
    forms.extend(hex::decode(secret).map(|key| characters(&key)));
    forms
}

#[test]
fn a_hidden_secret_is_found() {
    for hidden in [
        format!("key={PARTNER_KEY};"),
        STANDARD.encode(format!("x{PARTNER_KEY}y")),
        URL_SAFE.encode(format!("Bearer {PARTNER_KEY}")),
        hex::encode(PARTNER_KEY),
        format!("{:?}", format!("a{PARTNER_KEY}").into_bytes()),
    ] {
        let mut left = Left::default();
        left.note("a test", hidden.clone());
        assert!(
            std::panic::catch_unwind(|| left.search(&[PARTNER_KEY])).is_err(),
            "{hidden}"
        );
    }
}
