//! Who calls: by a token, or by the word of a reverse proxy. Over real HTTP, with a real issuer.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::issuer::{self, Issuer, LONG_AGO, SECRET, Signer, by_nobody, by_secret, changed, claims, now};
use crate::log::log;
use crate::stage::{Answer, ORIGIN, Stage, blue_fin};

pub const SHARED: (&str, &str) = ("OPENCX_PROXY_AUTH_SECRET", SECRET);

impl Stage {
    async fn with_token(&self, method: Method, path: &str, token: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("x-kit-client", "test");
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        Answer::of(request.bearer_auth(token)).await
    }

    async fn read_as(&self, token: &str) -> Answer {
        self.with_token(Method::GET, "/v1/orgs", token, &Value::Null)
            .await
    }
}

/// As a page of a listed origin calls.
pub fn from_page(request: RequestBuilder) -> RequestBuilder {
    request.header("x-kit-client", "test").header("origin", ORIGIN)
}

pub fn detail(answer: &Answer) -> &str {
    answer.json["detail"].as_str().unwrap()
}

#[tokio::test]
async fn a_token_says_who_calls_and_what_he_may() {
    let stage = Stage::asking(&issuer::settings("jwt", SHARED)).await;
    let token = |role: &str| by_secret(SECRET.as_bytes(), &claims("ada", role));
    let nobody = stage.get("/v1/orgs").await;
    assert_eq!(nobody.problem(), (401, "UNAUTHENTICATED", false));
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    assert!(detail(&nobody).contains("connect()"));
    assert_eq!(stage.get("/v1/health").await.status, 200);

    let me = stage
        .with_token(Method::GET, "/v1/session", &token("viewer"), &Value::Null)
        .await;
    assert_eq!(
        me.json,
        json!({ "subject": "ada", "role": "viewer", "customers": ["*"], "expires_at": null })
    );
    assert_eq!(stage.read_as(&token("viewer")).await.status, 200);
    let refused = stage
        .with_token(Method::POST, "/v1/orgs", &token("viewer"), &blue_fin())
        .await;
    assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
    assert!(detail(&refused).contains("role operator"), "{refused:?}");
    assert_eq!(stage.fake.count("orgs"), 0);

    let made = stage
        .with_token(Method::POST, "/v1/orgs", &token("operator"), &blue_fin())
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let link = format!("/v1/orgs/{}/login-links", made.json["id"].as_str().unwrap());
    let person = json!({ "email": "ada@bluefin.example" });
    let refused = stage
        .with_token(Method::POST, &link, &token("operator"), &person)
        .await;
    assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
    assert!(detail(&refused).contains("opens a dashboard"), "{refused:?}");
    let opened = stage
        .with_token(Method::POST, &link, &token("admin"), &person)
        .await;
    assert_eq!(opened.status, 201, "{opened:?}");
    // The page that signs in elsewhere may send its token.
    let preflight = stage
        .request(Method::OPTIONS, "/v1/orgs")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "GET");
    let preflight = Answer::of(preflight).await;
    assert!(
        preflight
            .header("access-control-allow-headers")
            .contains("authorization")
    );
    assert!(
        preflight
            .headers
            .get("access-control-allow-credentials")
            .is_none()
    );
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused_with_the_reason_and_never_shown() {
    let stage = Stage::asking(&issuer::settings("jwt", SHARED)).await;
    let good = claims("ada", "admin");
    let with = |others: Value| by_secret(SECRET.as_bytes(), &changed(good.clone(), &others));
    let long_ago = now() - i64::try_from(LONG_AGO.as_secs()).unwrap();
    let soon = now() + 300;
    let signed = with(json!({}));
    let (head, signature) = signed.rsplit_once('.').unwrap();
    let other_signature = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for (token, reason) in [
        (with(json!({ "exp": long_ago })), "has run out"),
        (with(json!({ "nbf": soon })), "is not valid yet"),
        (
            with(json!({ "iss": "https://other.example" })),
            "from another issuer",
        ),
        (with(json!({ "aud": "other" })), "for somebody else"),
        (with(json!({ "aud": ["other", "others"] })), "for somebody else"),
        (with(json!({ "exp": null })), "does not say all"),
        (with(json!({ "aud": null })), "does not say all"),
        (with(json!({ "sub": null })), "does not say all"),
        (with(json!({ "nbf": "soon" })), "does not say all"),
        (with(json!({ "sub": "" })), "names nobody"),
        (
            by_secret(b"another secret, which is long enough too", &good),
            "not signed by its issuer",
        ),
        (other_signature, "not signed by its issuer"),
        (Signer::new("k").token(&good), "algorithm that is not allowed"),
        (by_nobody(&good), "no signed JWT"),
        ("ocx_canary_pasted_key".into(), "A key of OpenCX is none"),
        ("a.b.c".into(), "no signed JWT"),
        ("x".repeat(9_000), "no signed JWT"),
    ] {
        let refused = stage.read_as(&token).await;
        assert_eq!(refused.problem(), (401, "UNAUTHENTICATED", false), "{token}");
        assert!(detail(&refused).contains(reason), "{reason}: {refused:?}");
        assert!(!refused.text.contains(&token) && !refused.text.contains("canary"));
        let payload = token.split('.').nth(1).filter(|part| part.len() > 9);
        assert!(!log().text().contains(&token) && !payload.is_some_and(|part| log().text().contains(part)));
    }
    for (role, reason) in [("staff", "no role"), ("Admin", "no role")] {
        let refused = stage.read_as(&with(json!({ "role": role }))).await;
        assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
        assert!(detail(&refused).contains(reason));
    }
    let basic = stage
        .request(Method::GET, "/v1/orgs")
        .basic_auth("ada", Some("canary"));
    let basic = Answer::of(basic).await;
    assert_eq!(basic.problem(), (401, "UNAUTHENTICATED", false));
    assert!(detail(&basic).contains("Bearer") && !basic.text.contains("canary"));
    // A clock that goes a little after.
    let just_now = now() - 10;
    assert_eq!(stage.read_as(&with(json!({ "exp": just_now }))).await.status, 200);
    assert_eq!(
        stage
            .read_as(&with(json!({ "aud": ["other", issuer::AUDIENCE] })))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn published_keys_are_read_when_needed_and_again_when_they_change() {
    let issuer = Issuer::start().await;
    let (first, second, strange) = (Signer::new("1"), Signer::new("2"), Signer::new("1"));
    issuer.publish(&[&first]);
    let keys = ("OPENCX_PROXY_AUTH_JWKS_URL", issuer.jwks_url.as_str());
    let stage = Stage::asking(&issuer::settings("jwt", keys)).await;
    assert_eq!(issuer.fetches(), 0, "nobody has asked yet");
    let good = claims("ada", "viewer");
    assert_eq!(stage.read_as(&first.token(&good)).await.status, 200);
    assert_eq!(stage.read_as(&first.token(&good)).await.status, 200);
    assert_eq!(issuer.fetches(), 1);

    // A public key is no secret: who signs with it as if it were one is not believed.
    for confused in [
        by_secret(first.public(), &good),
        by_secret(b"", &good),
        by_nobody(&good),
        strange.token(&good),
    ] {
        assert_eq!(
            stage.read_as(&confused).await.problem(),
            (401, "UNAUTHENTICATED", false)
        );
    }
    assert_eq!(issuer.fetches(), 1, "none of these is a new key");

    // The issuer changes its key.
    issuer.publish(&[&first, &second]);
    assert_eq!(stage.read_as(&second.token(&good)).await.status, 200);
    assert_eq!(issuer.fetches(), 2);
    issuer.publish(&[&second]);
    assert_eq!(stage.read_as(&second.token(&good)).await.status, 200);

    // Made-up keys: the issuer is asked a few times, not each time.
    for number in 0..20 {
        let made_up = Signer::new(&format!("made-up-{number}")).token(&good);
        let refused = stage.read_as(&made_up).await;
        assert_eq!(refused.problem(), (401, "UNAUTHENTICATED", false));
        assert!(detail(&refused).contains("does not publish"));
    }
    assert_eq!(issuer.fetches(), 6);
    assert_eq!(stage.read_as(&second.token(&good)).await.status, 200);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_said_to_be() {
    let issuer = Issuer::start().await;
    let signer = Signer::new("1");
    issuer.publish(&[&signer]);
    issuer.down(true);
    let keys = ("OPENCX_PROXY_AUTH_JWKS_URL", issuer.jwks_url.as_str());
    let stage = Stage::asking(&issuer::settings("jwt", keys)).await;
    let token = signer.token(&claims("ada", "viewer"));
    let unchecked = stage.read_as(&token).await;
    assert_eq!(unchecked.problem(), (503, "NETWORK", true));
    assert_eq!(unchecked.header("retry-after"), "5");
    assert!(detail(&unchecked).contains("OPENCX_PROXY_AUTH_JWKS_URL"));
    issuer.down(false);
    assert_eq!(stage.read_as(&token).await.status, 200);
    // Who is known stays so while it is away.
    issuer.down(true);
    assert_eq!(stage.read_as(&token).await.status, 200);
}

#[tokio::test]
async fn a_customers_own_caller_hears_of_no_other() {
    let stage = Stage::asking(&issuer::settings("jwt", SHARED)).await;
    let token = |customers: Value| {
        let claims = changed(claims("ada", "admin"), &json!({ "customers": customers }));
        by_secret(SECRET.as_bytes(), &claims)
    };
    let all = token(Value::Null);
    let mut ids = Vec::new();
    for customer in ["acme", "acme-2", "blue-fin"] {
        let mut org = blue_fin();
        org["external_id"] = customer.into();
        let made = stage.with_token(Method::POST, "/v1/orgs", &all, &org).await;
        assert_eq!(made.status, 201, "{made:?}");
        ids.push(made.json["id"].as_str().unwrap().to_owned());
    }
    let list = async |token: &str, query: &str| {
        let path = format!("/v1/orgs{query}");
        let listed = stage.with_token(Method::GET, &path, token, &Value::Null).await;
        let items = listed.json["items"].as_array().unwrap();
        let names = items
            .iter()
            .map(|item| item["external_id"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>().join(" "), listed.json["next"].clone())
    };
    for (customers, expected) in [
        (Value::Null, "acme acme-2 blue-fin"),
        (json!(["*"]), "acme acme-2 blue-fin"),
        (json!(["acme-*"]), "acme-2"),
        (json!(["acme*"]), "acme acme-2"),
        (json!(["acme", "b*"]), "acme blue-fin"),
        (json!("blue-fin"), "blue-fin"),
        (json!(["ACME", "%", "a_me"]), ""),
        (json!([]), ""),
    ] {
        assert_eq!(
            list(&token(customers.clone()), "").await.0,
            expected,
            "{customers}"
        );
    }
    let own = token(json!(["acme*"]));
    assert_eq!(list(&own, "?limit=1").await, ("acme".into(), json!("acme")));
    assert_eq!(
        list(&own, "?limit=1&after=acme").await,
        ("acme-2".into(), Value::Null)
    );

    let before = stage.fake.count("orgs");
    let nobody = uuid::Uuid::new_v4().to_string();
    let mut told = Vec::new();
    for id in [&ids[2], &nobody] {
        // A body that would be refused too: another's org must not be told from one that is not there.
        let refused = stage
            .with_token(Method::POST, &format!("/v1/orgs/{id}/keys"), &own, &json!({}))
            .await;
        assert_eq!(refused.problem(), (404, "NOT_FOUND", false));
        told.push(detail(&refused).to_owned());
    }
    assert_eq!(told[0], told[1]);
    for (method, path, body) in [
        (Method::GET, "/v1/customers/blue-fin", Value::Null),
        (Method::GET, "/v1/customers/nobody", Value::Null),
        (
            Method::POST,
            "/v1/orgs",
            json!({ "name": "x", "external_id": "other" }),
        ),
        (
            Method::POST,
            "/v1/orgs/adopted",
            json!({ "name": "x", "external_id": "other", "id": nobody, "widget_token": "wt" }),
        ),
    ] {
        let refused = stage.with_token(method, path, &own, &body).await;
        assert_eq!(refused.problem(), (404, "NOT_FOUND", false), "{path}");
    }
    assert_eq!(stage.fake.count("orgs"), before);
    let path = format!("/v1/orgs/{}/keys", ids[1]);
    assert_eq!(
        stage
            .with_token(Method::GET, &path, &own, &Value::Null)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_customers_server_gets_tokens_for_its_visitors_and_nothing_else() {
    let stage = Stage::asking(&issuer::settings("jwt", SHARED)).await;
    let token = |role: &str, customers: Value| {
        let claims = changed(claims("server", role), &json!({ "customers": customers }));
        by_secret(SECRET.as_bytes(), &claims)
    };
    let admin = token("admin", Value::Null);
    let made = stage
        .with_token(Method::POST, "/v1/orgs", &admin, &blue_fin())
        .await;
    let path = format!("/v1/orgs/{}/contact-tokens", made.json["id"].as_str().unwrap());
    let visitor = json!({ "email": "vis@bluefin.example" });
    let own = token("visitor-tokens", json!(["blue-fin"]));
    let asked = stage.with_token(Method::POST, &path, &own, &visitor).await;
    assert_eq!(
        asked.problem(),
        (409, "CONFLICT", false),
        "let in: the org only lacks its key"
    );
    assert_eq!(stage.read_as(&own).await.problem(), (403, "FORBIDDEN", false));
    for other in [
        token("visitor-tokens", json!(["acme"])),
        token("visitor-tokens", Value::Null),
        token("operator", Value::Null),
    ] {
        let refused = stage.with_token(Method::POST, &path, &other, &visitor).await;
        assert!([403, 404].contains(&refused.status), "{refused:?}");
    }
}

#[tokio::test]
async fn the_partners_own_names_for_roles_and_claims() {
    let mut settings = issuer::settings("jwt", SHARED).to_vec();
    settings.extend([
        ("OPENCX_PROXY_AUTH_ROLE_CLAIM", "/realm_access/roles"),
        ("OPENCX_PROXY_AUTH_ROLES", "support=viewer, owners=admin"),
        ("OPENCX_PROXY_AUTH_CUSTOMERS_CLAIM", "tenant"),
        ("OPENCX_PROXY_AUTH_CUSTOMERS_REQUIRED", "true"),
    ]);
    let stage = Stage::asking(&settings).await;
    let token = |roles: Value, tenant: Value| {
        let claims = changed(
            claims("ada", "admin"),
            &json!({ "realm_access": { "roles": roles }, "tenant": tenant }),
        );
        by_secret(SECRET.as_bytes(), &claims)
    };
    let me = async |token: &str| {
        let me = stage
            .with_token(Method::GET, "/v1/session", token, &Value::Null)
            .await;
        (me.status, me.json["role"].clone(), me.json["customers"].clone())
    };
    let owner = token(json!(["offline_access", "support", "owners"]), json!("acme"));
    assert_eq!(me(&owner).await, (200, json!("admin"), json!(["acme"])));
    assert_eq!(me(&token(json!(["support"]), json!("*"))).await.1, "viewer");
    assert_eq!(
        me(&token(json!(["admin"]), json!("acme"))).await.0,
        403,
        "theirs, not ours"
    );
    assert_eq!(me(&token(json!(["owners"]), Value::Null)).await.0, 403);
}

#[tokio::test]
async fn a_reverse_proxy_is_believed_by_its_address() {
    let mode = ("OPENCX_PROXY_AUTH_MODE", "trusted-header");
    let listed = [mode, ("OPENCX_PROXY_AUTH_TRUSTED_PROXIES", "127.0.0.0/8")];
    let stage = Stage::asking(&listed).await;
    let ask = |method: Method, path: &str| {
        let request = stage.request(method, path).header("x-forwarded-user", "ada");
        request.header("x-forwarded-groups", "staff,operator")
    };
    let me = Answer::of(ask(Method::GET, "/v1/session")).await;
    assert_eq!(
        (me.status, &me.json["subject"], &me.json["role"]),
        (200, &json!("ada"), &json!("operator"))
    );
    let made = Answer::of(from_page(ask(Method::POST, "/v1/orgs")).json(&blue_fin())).await;
    assert_eq!(made.status, 201, "{made:?}");
    let forged = Answer::of(ask(Method::POST, "/v1/orgs").json(&blue_fin())).await;
    assert_eq!(forged.problem(), (403, "FORBIDDEN", false));
    let nobody = stage.get("/v1/orgs").await;
    assert_eq!(nobody.problem(), (401, "UNAUTHENTICATED", false));
    let twice = ask(Method::GET, "/v1/orgs").header("x-forwarded-user", "eve");
    assert_eq!(Answer::of(twice).await.status, 401);

    let other = [mode, ("OPENCX_PROXY_AUTH_TRUSTED_PROXIES", "10.0.0.5")];
    let stage = Stage::asking(&other).await;
    let request = stage
        .request(Method::GET, "/v1/orgs")
        .header("x-forwarded-user", "ada");
    let refused = Answer::of(request.header("x-forwarded-groups", "admin")).await;
    assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
    assert!(detail(&refused).contains("OPENCX_PROXY_AUTH_TRUSTED_PROXIES"));
    assert_eq!(stage.get("/v1/health").await.status, 200);
}

#[tokio::test]
async fn behind_a_reverse_proxy_it_answers_to_its_public_name() {
    let mut settings = issuer::settings("jwt", SHARED).to_vec();
    settings.push(("OPENCX_PROXY_PUBLIC_HOSTS", "setup.partner.example"));
    settings.push(("OPENCX_PROXY_BASE_PATH", "/support/api"));
    let stage = Stage::asking(&settings).await;
    let token = by_secret(SECRET.as_bytes(), &claims("ada", "viewer"));
    for (host, path, token, expected) in [
        ("setup.partner.example", "/support/api/v1/orgs", Some(&token), 200),
        ("Setup.Partner.Example", "/support/api/v1/orgs", Some(&token), 200),
        ("setup.partner.example", "/support/api/v1/orgs", None, 401),
        ("setup.partner.example", "/v1/orgs", Some(&token), 404),
        ("evil.example", "/support/api/v1/orgs", Some(&token), 403),
    ] {
        let request = stage.request(Method::GET, path).header("host", host);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        assert_eq!(Answer::of(request).await.status, expected, "{host}{path}");
    }
}

#[tokio::test]
async fn who_is_known_has_requests_of_his_own() {
    let mut settings = issuer::settings("jwt", SHARED).to_vec();
    settings.push(("OPENCX_PROXY_REQUESTS_A_MINUTE", "3"));
    let stage = Stage::asking(&settings).await;
    let token = |subject: &str| by_secret(SECRET.as_bytes(), &claims(subject, "viewer"));
    let (ada, bob) = (token("ada"), token("bob"));
    while stage.read_as(&ada).await.status == 200 {}
    assert_eq!(stage.read_as(&ada).await.problem(), (429, "RATE_LIMITED", true));
    assert_eq!(stage.read_as(&bob).await.status, 200);
}

#[tokio::test]
async fn the_journal_says_who() {
    let stage = Stage::asking(&issuer::settings("jwt", SHARED)).await;
    let token = by_secret(SECRET.as_bytes(), &claims("ada@partner.example", "operator"));
    let made = stage
        .with_token(Method::POST, "/v1/orgs", &token, &blue_fin())
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let ledger = stage.ledger().await;
    let who: Vec<String> = sqlx::query_scalar("SELECT DISTINCT who FROM event")
        .fetch_all(&ledger)
        .await
        .unwrap();
    assert_eq!(who, ["ada@partner.example"]);
}

#[tokio::test]
async fn a_batch_is_for_who_reaches_all_its_customers() {
    let stage = Stage::asking(&issuer::settings("jwt", SHARED)).await;
    let token = |role: &str, customers: Value| {
        let mut claims = claims("ada", role);
        claims["customers"] = customers;
        by_secret(SECRET.as_bytes(), &claims)
    };
    let specs = crate::batches::specs(2);
    let begin = |token: String, key: &str, body: Value| {
        let request = stage.posting("/v1/batches", key, &body).bearer_auth(token);
        Answer::of(request.header("x-kit-client", "test"))
    };
    let (one, all) = (json!(["customer-1"]), json!(["*"]));
    let refused = begin(token("viewer", all.clone()), "b", json!({ "specs": specs })).await;
    assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
    let refused = begin(token("operator", one.clone()), "b", json!({ "specs": specs })).await;
    assert_eq!(refused.problem(), (404, "NOT_FOUND", false));
    let prune = json!({ "specs": specs, "prune": true });
    let refused = begin(token("operator", all.clone()), "b", prune).await;
    assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
    let begun = begin(token("operator", all.clone()), "b", json!({ "specs": specs })).await;
    assert_eq!(
        (begun.status, &begun.json["started_by"]),
        (202, &json!("ada")),
        "{begun:?}"
    );
    let id = begun.json["id"].as_str().unwrap();
    for path in [format!("/v1/batches/{id}"), format!("/v1/batches/{id}/events")] {
        let hidden = stage
            .with_token(Method::GET, &path, &token("viewer", one.clone()), &Value::Null)
            .await;
        assert_eq!(hidden.problem(), (404, "NOT_FOUND", false));
        let seen = stage
            .with_token(Method::GET, &path, &token("viewer", all.clone()), &Value::Null)
            .await;
        assert_eq!(seen.status, 200);
    }
    let listed = stage
        .with_token(Method::GET, "/v1/batches", &token("viewer", one), &Value::Null)
        .await;
    assert_eq!(listed.json["items"], json!([]));
}
