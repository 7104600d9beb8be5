//! The files in this program: what `make build` made of www/ and src/, if it was built with the feature `pages`.

use std::borrow::Cow;

use super::File;

/// Path, bytes, SHA-256.
type Embedded = (String, Cow<'static, [u8]>, [u8; 32]);

/// All of them; those of the package below `dist/`.
pub fn files() -> Vec<File> {
    let files = embedded().into_iter();
    files
        .filter_map(|(path, bytes, hash)| File::new(path, bytes, hash))
        .collect()
}

#[cfg(not(feature = "pages"))]
fn embedded() -> Vec<Embedded> {
    Vec::new()
}

#[cfg(feature = "pages")]
fn embedded() -> Vec<Embedded> {
    let page = named::<Page>("");
    page.chain(named::<Package>(super::DIST)).collect()
}

#[cfg(feature = "pages")]
#[derive(rust_embed::Embed)]
#[folder = "../www/admin/dist"]
struct Page;

#[cfg(feature = "pages")]
#[derive(rust_embed::Embed)]
#[folder = "../pkg/dist"]
#[exclude = "*.d.ts"]
struct Package;

#[cfg(feature = "pages")]
fn named<E: rust_embed::Embed>(folder: &'static str) -> impl Iterator<Item = Embedded> {
    E::iter().filter_map(move |path| {
        let file = E::get(&path)?;
        Some((format!("{folder}{path}"), file.data, file.metadata.sha256_hash()))
    })
}
