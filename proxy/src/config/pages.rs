//! The pages that may call, and those that the proxy serves itself.

use url::Url;

use super::{Lookup, Setting, origins};

const SERVE: Setting = Setting::new(
    "pages.serve",
    "OPENCX_PROXY_SERVE_PAGES",
    "false",
    "true: the admin page is at this proxy's own address, and what customers' websites load below it at dist/.\n\
     The page's public origin belongs into allowed_origins if there is a reverse proxy in front.",
);
const SCRIPT_URL: Setting = Setting::new(
    "pages.script_url",
    "OPENCX_PROXY_SCRIPT_URL",
    r#""https://cdn.example.com/opencx/script.js""#,
    "Where customers' websites load script.js from, for the snippets of the served page. Without it from this proxy's\n\
     own dist/script.js, which every visitor of those websites must then be able to reach.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&origins::ALLOWED, &SERVE, &SCRIPT_URL];

/// What the proxy serves itself.
#[derive(Debug, Clone)]
pub struct Pages {
    /// The admin page and the package's files.
    pub serve: bool,
    /// Where snippets load the script from; otherwise from here.
    pub script_url: Option<String>,
}

impl Pages {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let serve = lookup.parse(&SERVE, "use true or false.")?.unwrap_or(false);
        if serve && !cfg!(feature = "pages") {
            return Err(SERVE.wrong(
                serve,
                "this program was built without the pages. Use one built with them (`make proxy`), or set it to false.",
            ));
        }
        let script_url = lookup.text(&SCRIPT_URL)?;
        match script_url.as_deref().map(is_address) {
            Some(false) => Err(SCRIPT_URL.wrong(
                script_url.unwrap_or_default(),
                "use an address such as https://cdn.example.com/opencx/script.js.",
            )),
            _ => Ok(Pages { serve, script_url }),
        }
    }
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}
