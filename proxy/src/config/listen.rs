//! Where the proxy listens.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::uri::Authority;

use super::{Lookup, Setting};

/// Where callers are answered.
pub const ADDRESS: Setting = Setting::new(
    "listen.address",
    "OPENCX_PROXY_LISTEN",
    r#""127.0.0.1:4802""#,
    "Address and port for the pages' calls; port 0 takes any free one.",
);
/// By which other names.
pub const PUBLIC_HOSTS: Setting = Setting::new(
    "listen.public_hosts",
    "OPENCX_PROXY_PUBLIC_HOSTS",
    r#"["support-setup.example.com"]"#,
    "Names by which callers know the proxy beside its own address: what a reverse proxy in front of it passes on as Host.",
);
/// Where the operator's own tools are answered.
pub const OPERATIONS: Setting = Setting::new(
    "listen.operations_address",
    "OPENCX_PROXY_OPERATIONS_LISTEN",
    r#""127.0.0.1:4803""#,
    "Address and port for /healthz, /readyz, /metrics and /openapi.json, or \"off\".\n\
     It asks nobody who they are: let only your own monitoring reach it.",
);
/// Below which path the proxy answers.
pub const BASE_PATH: Setting = Setting::new(
    "listen.base_path",
    "OPENCX_PROXY_BASE_PATH",
    r#""/""#,
    "Answers below this path only, such as \"/support/api\"; a reverse proxy passes the path on unchanged.",
);

const STOP: Setting = Setting::new(
    "listen.stop_seconds",
    "OPENCX_PROXY_STOP_SECONDS",
    "25",
    "How long a stop waits for the calls under way, in seconds, from 1 to 28; the process ends within one more.\n\
     What is cut off then is unknown until it is repeated.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&ADDRESS, &PUBLIC_HOSTS, &OPERATIONS, &BASE_PATH, &STOP];

/// Where the proxy listens.
#[derive(Debug, Clone)]
pub struct Listen {
    /// For callers; port 0 lets the system choose.
    pub address: SocketAddr,
    /// Names beside the address.
    pub public_hosts: Vec<String>,
    /// For the operator's own tools.
    pub operations: Option<SocketAddr>,
    /// Empty, or starts with a slash and does not end with one.
    pub base_path: String,
    /// How long a stop waits for the calls under way.
    pub stop: Duration,
}

impl Listen {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        Ok(Listen {
            address: address(lookup.text(&ADDRESS)?)?,
            public_hosts: public_hosts(lookup.list(&PUBLIC_HOSTS)?)?,
            operations: operations(lookup.text(&OPERATIONS)?)?,
            base_path: base_path(lookup.text(&BASE_PATH)?)?,
            stop: stop(lookup.text(&STOP)?)?,
        })
    }
}

fn address(value: Option<String>) -> Result<SocketAddr, String> {
    let value = value.unwrap_or_else(|| "127.0.0.1:4802".into());
    value
        .parse()
        .map_err(|_| ADDRESS.wrong(&value, "use an address and a port, such as 127.0.0.1:4802."))
}

/// As a browser sends it: without the port that its scheme has anyway.
fn public_hosts(hosts: Vec<String>) -> Result<Vec<String>, String> {
    let wrong = |host: &&String| {
        host.contains('@')
            || host
                .parse::<Authority>()
                .map_or(true, |parsed| parsed.as_str() != host.as_str())
    };
    match hosts.iter().find(wrong) {
        None => Ok(hosts),
        Some(host) => Err(PUBLIC_HOSTS.wrong(
            host,
            "use the bare name, with a port only if callers write one, such as support-setup.example.com.",
        )),
    }
}

fn operations(value: Option<String>) -> Result<Option<SocketAddr>, String> {
    let value = value.unwrap_or_else(|| "127.0.0.1:4803".into());
    if value == "off" {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|_| {
        OPERATIONS.wrong(
            &value,
            "use an address and a port, such as 127.0.0.1:4803, or off.",
        )
    })
}

fn stop(value: Option<String>) -> Result<Duration, String> {
    let Some(value) = value else {
        return Ok(Duration::from_secs(25));
    };
    match value.parse() {
        Ok(seconds @ 1..=28) => Ok(Duration::from_secs(seconds)),
        _ => Err(STOP.wrong(value, "use seconds from 1 to 28.")),
    }
}

fn base_path(value: Option<String>) -> Result<String, String> {
    let value = value.unwrap_or_else(|| "/".into());
    let base = value.trim_end_matches('/');
    let plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    let fits = base.is_empty() && value == "/"
        || base
            .strip_prefix('/')
            .is_some_and(|parts| parts.split('/').all(plain));
    if fits {
        return Ok(base.to_owned());
    }
    Err(BASE_PATH.wrong(
        value,
        "use a path that starts with / and is made of letters, digits, and - . _ ~, such as /support/api.",
    ))
}
