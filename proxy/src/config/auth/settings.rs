//! What may be said of it.

use crate::config::Setting;

/// Which of the ways.
pub const MODE: Setting = Setting::new(
    "auth.mode",
    "OPENCX_PROXY_AUTH_MODE",
    r#""none""#,
    "How callers say who they are. \"jwt\": by a token of your sign-in. \"session\": your backend vouches for a person, who\n\
     gets a cookie. \"trusted-header\": a reverse proxy has asked. \"none\": not at all, for a sandbox on this machine only.",
);
/// Whose tokens.
pub const ISSUER: Setting = Setting::new(
    "auth.issuer",
    "OPENCX_PROXY_AUTH_ISSUER",
    r#""https://login.example.com""#,
    "jwt, session: who issues the tokens or assertions, exactly as their iss says it.",
);
/// For whom.
pub const AUDIENCE: Setting = Setting::new(
    "auth.audience",
    "OPENCX_PROXY_AUTH_AUDIENCE",
    r#""opencx-proxy""#,
    "jwt, session: for whom they must be, one of their aud.",
);
/// What they are checked by.
pub const JWKS_URL: Setting = Setting::new(
    "auth.jwks_url",
    "OPENCX_PROXY_AUTH_JWKS_URL",
    r#""https://login.example.com/.well-known/jwks.json""#,
    "jwt, session: where their issuer publishes its keys; or, instead, a secret that it shares with this proxy:",
);
/// Or by this.
pub const SECRET: Setting = Setting::secret(
    "auth.secret",
    "OPENCX_PROXY_AUTH_SECRET",
    "jwt, session: at least 32 characters by chance, such as `openssl rand -hex 32` gives.",
);
/// How they are signed.
pub const ALGORITHMS: Setting = Setting::new(
    "auth.algorithms",
    "OPENCX_PROXY_AUTH_ALGORITHMS",
    r#"["RS256", "ES256", "EdDSA"]"#,
    "jwt, session: how they may be signed: RS, PS with 256, 384, 512; ES256, ES384; EdDSA. With a secret HS256 (the default\n\
     then), HS384, HS512.",
);
/// Where the role stands.
pub const ROLE_CLAIM: Setting = Setting::new(
    "auth.role_claim",
    "OPENCX_PROXY_AUTH_ROLE_CLAIM",
    r#""role""#,
    "jwt, session: the claim with the role or roles, or a JSON Pointer to it such as /realm_access/roles.",
);
/// Where the customers stand.
pub const CUSTOMERS_CLAIM: Setting = Setting::new(
    "auth.customers_claim",
    "OPENCX_PROXY_AUTH_CUSTOMERS_CLAIM",
    r#""customers""#,
    "jwt, session: the claim with the external ids of the customers whom the caller may reach; \"acme-*\": all that begin so.",
);
/// Whether they must.
pub const CUSTOMERS_REQUIRED: Setting = Setting::new(
    "auth.customers_required",
    "OPENCX_PROXY_AUTH_CUSTOMERS_REQUIRED",
    "false",
    "true: who is said to reach no customers is refused. false: he reaches all.",
);
/// The partner's names for roles.
pub const ROLES: Setting = Setting::new(
    "auth.roles",
    "OPENCX_PROXY_AUTH_ROLES",
    r#"["viewer=viewer", "operator=operator", "admin=admin", "visitor-tokens=visitor-tokens"]"#,
    "What your roles are here: yours=ours. viewer reads; operator sets customers up; admin also opens dashboards, adopts,\n\
     rotates keys, settles what is unknown; visitor-tokens is a customer's server, which gets contact tokens only.",
);
/// How long a session lasts.
pub const SESSION_MINUTES: Setting = Setting::new(
    "auth.session_minutes",
    "OPENCX_PROXY_AUTH_SESSION_MINUTES",
    "60",
    "session: how long one lasts, from 1 to 1440.",
);
/// Whom to believe.
pub const TRUSTED_PROXIES: Setting = Setting::new(
    "auth.trusted_proxies",
    "OPENCX_PROXY_AUTH_TRUSTED_PROXIES",
    r#"["10.0.0.5", "10.1.0.0/16"]"#,
    "trusted-header: addresses of the reverse proxies that are believed. They must replace the headers below by their own.",
);
/// Where it says who.
pub const SUBJECT_HEADER: Setting = Setting::new(
    "auth.subject_header",
    "OPENCX_PROXY_AUTH_SUBJECT_HEADER",
    r#""x-forwarded-user""#,
    "trusted-header: who calls.",
);
/// Where it says his roles.
pub const ROLE_HEADER: Setting = Setting::new(
    "auth.role_header",
    "OPENCX_PROXY_AUTH_ROLE_HEADER",
    r#""x-forwarded-groups""#,
    "trusted-header: his roles, with commas between.",
);
/// Where it says whose.
pub const CUSTOMERS_HEADER: Setting = Setting::new(
    "auth.customers_header",
    "OPENCX_PROXY_AUTH_CUSTOMERS_HEADER",
    r#""x-forwarded-customers""#,
    "trusted-header: external ids of the customers whom he may reach, with commas between.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[
    &MODE,
    &ISSUER,
    &AUDIENCE,
    &JWKS_URL,
    &SECRET,
    &ALGORITHMS,
    &ROLE_CLAIM,
    &ROLES,
    &CUSTOMERS_CLAIM,
    &CUSTOMERS_REQUIRED,
    &SESSION_MINUTES,
    &TRUSTED_PROXIES,
    &SUBJECT_HEADER,
    &ROLE_HEADER,
    &CUSTOMERS_HEADER,
];
