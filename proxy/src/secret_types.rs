//! What the types that hold secrets cannot do: with one that can, this does not compile.

use std::fmt::{Debug, Display};

use chacha20poly1305::XChaCha20Poly1305;
use secrecy::zeroize::ZeroizeOnDrop;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use static_assertions::{assert_impl_all, assert_not_impl_any};

use crate::caller::{Gate, Sessions, Ticket};
use crate::config::{Auth, File, KeySource, LedgerConfig, Mode, PlatformConfig, Tokens};
use crate::ledger::{Claim, Finished, Known, NewKey};
use crate::platform::{Credential, Platform};
use crate::seal::Seal;
use crate::seal_key::SealKey;
use crate::secret_bytes::SecretBytes;
use crate::{App, Config, Proxy};

// The secrets themselves: wiped, and in no text by mistake.
assert_impl_all!(SecretString: ZeroizeOnDrop);
assert_impl_all!(SecretBytes: ZeroizeOnDrop);
assert_impl_all!(SealKey: ZeroizeOnDrop);
assert_impl_all!(XChaCha20Poly1305: ZeroizeOnDrop);
assert_not_impl_any!(SecretString: Serialize, Display);
assert_not_impl_any!(SecretBytes: Serialize, Display, Clone);
assert_not_impl_any!(SealKey: Serialize, Display);

// What holds some.
assert_not_impl_any!(Seal: Debug, Serialize, Display);
assert_not_impl_any!(Config: Serialize, Display);
assert_not_impl_any!(PlatformConfig: Serialize, Display);
assert_not_impl_any!(LedgerConfig: Serialize, Display);
assert_not_impl_any!(File: Serialize, Display);
assert_not_impl_any!(Auth: Serialize, Display);
assert_not_impl_any!(Mode: Serialize, Display);
assert_not_impl_any!(Tokens: Serialize, Display);
assert_not_impl_any!(KeySource: Serialize, Display);
assert_not_impl_any!(Gate: Debug, Serialize, Display);
assert_not_impl_any!(Sessions: Debug, Serialize, Display);
assert_not_impl_any!(Ticket: Debug, Serialize, Display, Clone);
assert_not_impl_any!(NewKey: Serialize, Display);
assert_not_impl_any!(Finished: Serialize, Display);
assert_not_impl_any!(Claim: Serialize, Display);
assert_not_impl_any!(Known: Serialize, Display);
assert_not_impl_any!(Credential<'static>: Debug, Serialize, Display);
assert_not_impl_any!(Platform: Debug, Serialize, Display);
assert_not_impl_any!(App: Debug, Serialize, Display);
assert_not_impl_any!(Proxy: Debug, Serialize, Display);

/// All that has a `Debug` and holds secrets, holding these.
#[test]
fn debug_says_nothing() {
    // As long as a secret of tokens must be.
    const CANARY: &str = "ocx_canary_of_forty_characters_and_no_more";
    let toml = format!(
        "[platform]\npartner_key = {CANARY:?}\n[ledger]\ndatabase_url = \"postgres://u:{CANARY}@h/d\"\nseal_key = {CANARY:?}\n\
         [auth]\nmode = \"jwt\"\nissuer = \"https://i.example\"\naudience = \"a\"\nsecret = {CANARY:?}"
    );
    let file = File::read(&toml, "the.toml", crate::config::AREAS).unwrap();
    let config = Config::merge(&file, &|_| None).unwrap();
    assert_eq!(config.platform.partner_key.expose_secret(), CANARY);
    let shared = matches!(&config.auth.mode, Mode::Jwt(Tokens { keys: KeySource::Shared(key), .. }) if key.expose_secret() == CANARY);
    assert!(shared, "{:?}", config.auth);
    let key = NewKey {
        key: CANARY.into(),
        name: "kit".into(),
        fingerprint: String::new(),
    };
    let finished = Finished {
        org_key: Some(key),
        ..Finished::of(serde_json::json!({}))
    };
    let mut known = Known::default();
    known.answer = Some(CANARY.to_owned().into());
    let claim = Claim::Free(known);
    let shown = format!("{file:?} {config:?} {config:#?} {finished:?} {claim:?}");
    assert!(
        !shown.contains(CANARY) && shown.contains("partner_key"),
        "{shown}"
    );
    // Nor as the numbers of its bytes.
    assert!(!shown.contains("111, 99, 120"), "{shown}");
}
