//! The pages that may call.

use url::Url;

use super::{Lookup, Setting};

/// Origins of the pages.
pub const ALLOWED: Setting = Setting::new(
    "pages.allowed_origins",
    "OPENCX_PROXY_ALLOWED_ORIGINS",
    r#"["https://admin.example.com"]"#,
    "Origins of the pages that may call, exact, without path or slash (in the environment separated by commas).",
);

/// Reads and checks the origins, exactly as browsers send them.
///
/// # Errors
/// One line for people.
pub fn allowed(lookup: &Lookup<'_>) -> Result<Vec<String>, String> {
    let origins = lookup.list(&ALLOWED)?;
    let inexact = |origin: &&String| {
        let exact = Url::parse(origin)
            .ok()
            .map(|url| url.origin().ascii_serialization());
        exact.as_deref() != Some(origin.as_str())
    };
    match origins.iter().find(inexact) {
        None => Ok(origins),
        Some(origin) => Err(ALLOWED.wrong(
            origin,
            "use exact origins such as https://admin.example.com, without path or slash, separated by commas.",
        )),
    }
}
