//! The program at its most talkative, before a platform that says its secrets back: all that leaves it is searched for them, in
//! whatever form.

use std::path::Path;

use opencx_partner_kit::http::{Method, path_of};
use opencx_partner_kit::provision::ROUTES;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::batches::over;
use crate::fake::{Fake, LOGIN_LINK, Mood, ORG_KEY, PARTNER_KEY};
use crate::issuer::{self, SECRET, assertion, by_secret, changed, claims, now};
use crate::left::Left;
use crate::program::{client, command, refused, start};
use crate::stage::{Answer, ORIGIN, blue_fin, site, training};

const SEAL_KEY: &str = "5ea1c0de5ea1c0de0123456789abcdef5ea1c0de5ea1c0de0123456789abcdef";
const NEW_SEAL_KEY: &str = "c0de5ea15ea1c0de0123456789abcdef5ea1c0de5ea1c0de0123456789abcdef";
const PASSWORD: &str = "canary_password";
const OF_CALLER: &str = "canary_of_caller";

const TALKATIVE: &str = "trace,hyper::proto=trace,hyper_util::client=trace,reqwest::connect=trace,rustls=trace,sqlx::query=trace,\
                         tower_http=trace";
const SAID_BACK: &str =
    r#"{"message":"pk_canary_partner and ocx_canary_org_1 and https://login.example/canary_link"}"#;

/// Something for every route's taste.
fn body() -> Value {
    let mut body = json!({
        "name": "kit", "external_id": "blue-fin", "website": "https://bluefin.example", "url": "https://bluefin.example",
        "email": "ann@example.com", "tag_name": "vip", "page_ids": ["0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11"], "level": 2,
        "iana_timezone": "Europe/Lisbon", "is_draft": false, "channels": { "web": true },
        "shifts": [{ "day_of_week": "monday", "start_time": "09:00:00", "end_time": "17:00:00" }],
        "id": "0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11", "widget_token": "wt_public",
    });
    body.as_object_mut()
        .unwrap()
        .extend(training().as_object().unwrap().clone());
    body
}

/// Every route there is, with a body and without one.
async fn every_route(client: &Client, (url, org): (&str, &str), round: &str, left: &mut Left) {
    for (number, route) in ROUTES.iter().enumerate() {
        let count = route.path.matches('{').count();
        let first = if route.path.contains("{external_id}") {
            "blue-fin"
        } else {
            org
        };
        let parameters: Vec<&str> = std::iter::once(first).chain([org; 3]).take(count).collect();
        let url = format!("{url}{}", path_of(route.path, &parameters));
        let request = client
            .request(route.method.as_str().parse().unwrap(), url)
            .header("idempotency-key", format!("{round}-{number}"))
            .header(
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            );
        let bare = request.try_clone().unwrap();
        let request = match route.method {
            Method::Get => request,
            _ => request.json(&body()),
        };
        if route.name == "createLoginLink" && round.ends_with("none") {
            // It reaches who asked for it.
            assert_eq!(Answer::of(request).await.json["url"], LOGIN_LINK);
        } else {
            left.answer(request).await;
        }
        left.answer(bare.header("authorization", format!("Bearer {OF_CALLER}")))
            .await;
    }
}

/// A batch of one customer, to its end.
async fn a_batch(client: &Client, url: &str, round: &str, left: &mut Left) {
    let spec = json!({
        "org": { "name": "Of a batch", "external_id": round },
        "trainings": [training()],
        "members": [{ "email": "ann@example.com" }],
    });
    let begin = client.post(format!("{url}/v1/batches"));
    let begin = begin
        .header("idempotency-key", round)
        .json(&json!({ "specs": [spec] }));
    let batch = left.answer(begin).await;
    let at = format!("{url}/v1/batches/{}", batch.json["id"].as_str().unwrap());
    over(url, batch.json["id"].as_str().unwrap()).await;
    for part in ["", "/events", "/stop", "/resume"] {
        let at = format!("{at}{part}");
        if matches!(part, "" | "/events") {
            left.answer(client.get(at)).await;
        } else {
            left.answer(client.post(at).json(&json!({}))).await;
        }
    }
    over(url, batch.json["id"].as_str().unwrap()).await;
}

/// All that the other commands say and write, on the ledger that is there.
async fn other_commands(data: &Path, settings: &[(&str, &str)], left: &mut Left) {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    let export = export.to_str().unwrap();
    let mut settings = settings.to_vec();
    settings.push(("OPENCX_PROXY_ALLOWED_ORIGINS", ORIGIN));
    let mut run = async |arguments: &[&str], more: &[(&str, &str)]| {
        let settings = [&settings, more].concat();
        let output = command(data, &settings).args(arguments).output().await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        let name: Vec<&str> = arguments
            .iter()
            .map(|&part| if part == export { "export" } else { part })
            .collect();
        left.note(&name.join(" "), said);
    };
    run(&["doctor"], &[]).await;
    run(&["audit", "verify"], &[]).await;
    run(&["export", export], &[]).await;
    // There and back, so that the next start finds its key.
    let [old, new] = [SEAL_KEY, NEW_SEAL_KEY];
    for (from, to) in [(old, new), (new, old)] {
        let keys = [("OPENCX_PROXY_SEAL_KEY", from), ("OPENCX_PROXY_NEW_SEAL_KEY", to)];
        run(&["keys", "rotate-seal"], &keys).await;
    }
    run(&["import", export], &[]).await;
    left.files(folder.path());
}

#[tokio::test]
async fn no_secret_leaves_the_program() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let database = crate::database::url().await;
    let with_password = database
        .as_ref()
        .map(|url| url.replacen("postgres@", &format!("postgres:{PASSWORD}@"), 1));
    let (client, mut left) = (client(), Left::default());
    for format in ["text", "json"] {
        let mut settings = vec![
            ("OPENCX_API_URL", fake.url.as_str()),
            ("OPENCX_PROXY_SEAL_KEY", SEAL_KEY),
            ("OPENCX_PROXY_OPERATIONS_LISTEN", "127.0.0.1:0"),
            ("OPENCX_PROXY_CALLS_A_MINUTE", "0"),
            ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "0"),
            ("OPENCX_PROXY_REQUESTS_A_MINUTE", "0"),
            ("OPENCX_PROXY_LOG_FORMAT", format),
            ("RUST_LOG", TALKATIVE),
        ];
        if let Some(url) = &with_password {
            settings.push(("OPENCX_PROXY_DATABASE_URL", url));
        }
        let mut program = start(data.path(), &settings).await;
        let log = program.log();
        let operations = program.line().await;
        let (_, operations) = operations.rsplit_once(' ').unwrap();

        let made = left
            .answer(client.post(format!("{}/v1/orgs", program.url)).json(&blue_fin()))
            .await;
        let org = made.json["id"].as_str().unwrap().to_owned();
        for (path, body) in [
            ("keys", json!({ "name": "kit" })),
            ("crawls", site()),
            ("trainings", training()),
        ] {
            let made = client.post(format!("{}/v1/orgs/{org}/{path}", program.url));
            let made = left
                .answer(made.header("idempotency-key", path).json(&body))
                .await;
            assert!(made.status < 300, "{made:?}");
        }
        for (round, mood) in [
            ("none", None),
            ("400", Some(Mood::Says(400, "application/json", SAID_BACK))),
            ("401", Some(Mood::Says(401, "application/json", SAID_BACK))),
            ("409", Some(Mood::Says(409, "application/json", SAID_BACK))),
            ("500", Some(Mood::Says(500, "text/html", SAID_BACK))),
            (
                "half",
                Some(Mood::DoneBut(
                    "application/json",
                    "{\"api_key\":\"ocx_canary_org_1",
                )),
            ),
            ("cut", Some(Mood::CutWithin)),
        ] {
            fake.otherwise(mood);
            // What a batch would try again for a minute is left out.
            let tries_again = ["500", "cut"].contains(&round);
            let round = format!("{format}-{round}");
            every_route(&client, (&program.url, &org), &round, &mut left).await;
            if !tries_again {
                a_batch(&client, &program.url, &round, &mut left).await;
            }
        }
        fake.otherwise(None);
        for path in ["metrics", "healthz", "readyz", "openapi.json", "nowhere"] {
            left.answer(client.get(format!("{operations}/{path}"))).await;
        }

        // With all that a kill leaves beside the ledger.
        program.child.kill().await.unwrap();
        left.note("the log", log.await.unwrap());
        left.note("stdout", program.line().await);
        left.files(data.path());
        other_commands(data.path(), &settings, &mut left).await;
        if let Some(url) = &database {
            left.note("the database", crate::database::dump(url).await);
        }
    }
    assert!(left.has("the log", "DEBUG") && left.has("the log", "answered"));
    assert!(left.has("an answer", "x-request-id"));
    assert!(left.has("an answer", "\"state\":\"finished\""));
    for (command, said) in [
        ("doctor", "sealing key: opens"),
        ("audit verify", "events"),
        ("keys rotate-seal", "ealed"),
        ("import export", "OPENCX_PROXY"),
    ] {
        assert!(left.has(command, said), "{command}");
    }
    left.search(&[
        PARTNER_KEY,
        ORG_KEY,
        LOGIN_LINK,
        PASSWORD,
        OF_CALLER,
        SEAL_KEY,
        NEW_SEAL_KEY,
    ]);
}

#[tokio::test]
async fn no_refusal_of_a_start_says_a_secret() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("proxy.toml");
    let path = file.to_str().unwrap();
    // A database that hangs up.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rude = format!("postgres://u:canary@{}/d", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    for (name, value) in [
        ("OPENCX_PARTNER_KEY", "pk canary"),
        ("OPENCX_API_URL", "https://user:canary@api.open.cx"),
        ("OPENCX_PROXY_SEAL_KEY", "canary"),
        ("OPENCX_PROXY_DATABASE_URL", &rude),
        (
            "OPENCX_PROXY_DATABASE_URL",
            "postgres://u:canary@127.0.0.1/d?sslmode=odd",
        ),
        ("OPENCX_PROXY_DATABASE_URL", "canary"),
        ("OPENCX_PROXY_DATABASE_URL", "mysql://u:canary@127.0.0.1:1/d"),
    ] {
        // `refused` looks for the canary itself.
        refused(data.path(), &[(name, value), ("RUST_LOG", TALKATIVE)]).await;
    }
    for text in [
        "[platform]\npartner_key = [\"canary\"]",
        "[platform]\npartner_key = { canary = \"canary\" }",
        "[platform]\npartner_key = \"canary",
        "[platform]\npartner_key = canary",
        "[ledger]\nseal_key = \"canary\"",
        "[ledger]\nseal_key = 7\ndatabase_url = \"canary\"",
    ] {
        std::fs::write(&file, text).unwrap();
        refused(
            data.path(),
            &[("OPENCX_PROXY_CONFIG", path), ("OPENCX_PARTNER_KEY", "")],
        )
        .await;
    }
}

/// What callers bring, and what they are given to come again with.
#[tokio::test]
async fn no_token_and_no_session_leaves_the_program() {
    let (client, mut left) = (client(), Left::default());
    let mut secrets = vec![SECRET.to_owned()];
    for mode in ["jwt", "session"] {
        let fake = Fake::start().await;
        let data = tempfile::tempdir().unwrap();
        let mut settings = issuer::settings(mode, ("OPENCX_PROXY_AUTH_SECRET", SECRET)).to_vec();
        settings.extend([
            ("OPENCX_API_URL", fake.url.as_str()),
            ("OPENCX_PROXY_ALLOWED_ORIGINS", ORIGIN),
            ("RUST_LOG", TALKATIVE),
        ]);
        let mut program = start(data.path(), &settings).await;
        let log = program.log();
        let from_page = |request: reqwest::RequestBuilder| {
            request.header("x-kit-client", "test").header("origin", ORIGIN)
        };
        let orgs = || from_page(client.post(format!("{}/v1/orgs", program.url))).json(&blue_fin());
        let session = || from_page(client.post(format!("{}/v1/session", program.url)));
        let expired = json!({ "exp": now() - 600 });
        for (number, (change, key)) in [
            (json!({}), SECRET),
            (json!({ "role": "viewer" }), SECRET),
            (expired, SECRET),
            (json!({}), "another secret, of nobody's, of 32 characters"),
        ]
        .into_iter()
        .enumerate()
        {
            let token = by_secret(key.as_bytes(), &changed(claims("ada", "admin"), &change));
            left.answer(orgs().bearer_auth(&token)).await;
            secrets.push(token);
            let claims = changed(assertion("ada", "admin", &format!("number-{number}")), &change);
            let text = by_secret(key.as_bytes(), &claims);
            let signed_in = Answer::of(session().json(&json!({ "assertion": text }))).await;
            left.note("an answer", &signed_in.text);
            if let Some((cookie, _)) = signed_in.header("set-cookie").split_once(';') {
                let made = left.answer(orgs().header("cookie", cookie)).await;
                assert_eq!(made.status < 300, number == 0, "{made:?}");
                left.answer(orgs().header("cookie", format!("{cookie}; {cookie}")))
                    .await;
                left.answer(
                    session()
                        .header("cookie", cookie)
                        .json(&json!({ "assertion": text })),
                )
                .await;
                let (_, ticket) = cookie.split_once('=').unwrap();
                secrets.push(ticket.to_owned());
            }
            secrets.push(text);
        }
        program.child.kill().await.unwrap();
        left.note("the log", log.await.unwrap());
        left.files(data.path());
    }
    // A token without its signature is a claim that nobody believes; the signature is what may not leave.
    let signatures: Vec<String> = secrets
        .iter()
        .filter_map(|text| Some(text.rsplit_once('.')?.1.to_owned()))
        .collect();
    secrets.extend(signatures);
    // In each mode four tokens and four assertions, all signed; two sessions; one secret.
    assert_eq!(secrets.len(), 16 + 16 + 2 + 1);
    left.search(&secrets.iter().map(String::as_str).collect::<Vec<_>>());
}
