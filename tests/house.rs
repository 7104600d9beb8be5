//! The house rules that a compiler does not check (`docs/architecture.md`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below a folder of the repository.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no Rust");
    found
}

fn text(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn only_src_web_knows_the_browser() {
    let browser = ["wasm_bindgen", "js_sys", "web_sys", "gloo", "serde_wasm_bindgen"];
    for folder in ["src", "proxy/src", "sandbox/src"] {
        for path in sources(folder) {
            let name = path.to_string_lossy().into_owned();
            if name.contains("/src/web/") {
                continue;
            }
            let code = text(&path);
            for word in browser {
                assert!(!code.contains(word), "{name} names {word}; only src/web may");
            }
        }
    }
}

#[test]
fn the_arrows_point_one_way() {
    // web -> {embed, provision} -> {platform, http} -> {value, error}
    let forbidden: [(&str, &[&str]); 6] = [
        ("src/error.rs", &["platform", "http", "embed", "provision", "web"]),
        ("src/value.rs", &["platform", "http", "embed", "provision", "web"]),
        ("src/platform", &["http", "embed", "provision", "web"]),
        ("src/http", &["platform", "embed", "provision", "web"]),
        ("src/embed", &["provision", "web"]),
        ("src/provision", &["embed", "web"]),
    ];
    for (room, others) in forbidden {
        let files = if room.ends_with(".rs") {
            vec![PathBuf::from(room)]
        } else {
            sources(room)
        };
        for path in files {
            let code = text(&path);
            for other in others {
                assert!(
                    !code.contains(&format!("crate::{other}")),
                    "{} names crate::{other}",
                    path.display()
                );
            }
        }
    }
}

/// The version of a package in a lock file.
fn locked<'a>(lock: &'a str, package: &str) -> &'a str {
    let start = lock
        .find(&format!("name = \"{package}\"\n"))
        .unwrap_or_else(|| panic!("{package} is not locked"));
    lock[start..]
        .lines()
        .nth(1)
        .and_then(|line| line.split('"').nth(1))
        .unwrap()
}

#[test]
fn the_cli_and_the_crate_are_the_same_wasm_bindgen() {
    let crate_version = text("Cargo.lock");
    let crate_version = locked(&crate_version, "wasm-bindgen");
    let tools = text("tools/wbg/Cargo.lock");
    assert_eq!(
        locked(&tools, "wasm-bindgen-cli"),
        crate_version,
        "tools/wbg must pin the crate's version"
    );
    assert_eq!(locked(&tools, "wbg-tools"), crate_version);
}

#[test]
fn the_contract_knows_every_error_status_the_kit_maps() {
    use opencx_partner_kit::error::Code;
    let contract = text("contract/openapi.yaml");
    for status in [400, 401, 403, 404, 409, 429, 500] {
        assert!(contract.contains(&format!("'{status}':")), "{status}");
        assert_ne!(
            Code::from_status(status),
            Code::BadResponse,
            "{status} has a code of its own"
        );
    }
}
