use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use tower::ServiceExt;

use super::*;
use crate::config::SignIn;

fn config(base_path: &str) -> Config {
    Config::read(&|name| match name {
        "OPENCX_PARTNER_KEY" => Some("pk_canary".into()),
        "OPENCX_API_URL" => Some("http://127.0.0.1:4801".into()),
        "OPENCX_PROXY_BASE_PATH" => Some(base_path.into()),
        _ => None,
    })
    .unwrap()
}

fn pages(base_path: &str) -> Router {
    let made = [
        ("index.html", "<p>page".repeat(100)),
        ("main.js", "main()".into()),
        ("admin.wasm", "\0asm".into()),
        ("notes.txt", "not served".into()),
        ("dist/script.js", "kit()".into()),
    ];
    let files = made.into_iter().enumerate().filter_map(|(number, (path, text))| {
        let hash = [u8::try_from(number).unwrap(); 32];
        File::new(path.into(), text.into_bytes().into(), hash)
    });
    router(files.collect(), &config(base_path))
}

async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn each_with_its_type_and_its_rules() {
    let pages = pages("/");
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/main.js", "text/javascript; charset=utf-8"),
        ("/admin.wasm", "application/wasm"),
        ("/dist/script.js", "text/javascript; charset=utf-8"),
        ("/config.json", "application/json"),
    ] {
        let answer = ask(&pages, path, &[]).await;
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "content-type")),
            (200, kind),
            "{path}"
        );
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        let everybody_s = path.starts_with("/dist/");
        assert_eq!(
            header(&answer, "access-control-allow-origin") == "*",
            everybody_s,
            "{path}"
        );
        let policy = header(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(policy.contains("wasm-unsafe-eval"), !everybody_s, "{path}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}

#[tokio::test]
async fn nothing_but_them() {
    let pages = pages("/");
    for path in [
        "/notes.txt",
        "/index.html/",
        "/../Cargo.toml",
        "/dist/../../Cargo.toml",
        "/dist/%2e%2e/%2e%2e/Cargo.toml",
        "/dist/..%2f..%2fCargo.toml",
        "/dist//script.js",
        "//etc/passwd",
        "/dist/",
        "/dist",
    ] {
        assert_eq!(ask(&pages, path, &[]).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn not_again_to_those_who_have_it() {
    let pages = pages("/");
    let first = ask(&pages, "/", &[]).await;
    let tag = header(&first, "etag").to_owned();
    assert_eq!(header(&first, "cache-control"), "no-cache");
    for tags in [
        tag.clone(),
        format!("\"x\", {tag}"),
        tag.replacen("W/", "", 1),
        "*".into(),
    ] {
        let again = ask(&pages, "/", &[("if-none-match", &tags)]).await;
        assert_eq!(again.status(), 304, "{tags}");
        assert_eq!(header(&again, "etag"), tag);
        assert!(to_bytes(again.into_body(), 10_000).await.unwrap().is_empty());
    }
    for tags in ["\"x\"", "", "W/"] {
        assert_eq!(
            ask(&pages, "/", &[("if-none-match", tags)]).await.status(),
            200,
            "{tags}"
        );
    }
    let other = ask(&pages, "/main.js", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status(), 200, "of another file");
}

#[tokio::test]
async fn compressed_for_those_who_take_it() {
    let answer = ask(&pages("/"), "/", &[("accept-encoding", "gzip")]).await;
    assert_eq!(header(&answer, "content-encoding"), "gzip");
    assert_eq!(header(&answer, "vary"), "accept-encoding");
    assert!(header(&answer, "etag").starts_with("W/"));
    assert!(to_bytes(answer.into_body(), 10_000).await.unwrap().len() < 100);
}

#[tokio::test]
async fn below_a_path_the_page_is_a_folder_and_finds_its_proxy() {
    let pages = pages("/opencx/kit");
    let redirect = ask(&pages, "/opencx/kit", &[]).await;
    assert_eq!(
        (redirect.status().as_u16(), header(&redirect, "location")),
        (308, "/opencx/kit/")
    );
    assert_eq!(ask(&pages, "/opencx/kit/", &[]).await.status(), 200);
    assert_eq!(ask(&pages, "/opencx/kit/dist/script.js", &[]).await.status(), 200);
    assert_eq!(ask(&pages, "/main.js", &[]).await.status(), 404);

    let told = ask(&pages, "/opencx/kit/config.json", &[]).await.into_body();
    let told: Value = serde_json::from_slice(&to_bytes(told, 10_000).await.unwrap()).unwrap();
    assert_eq!(
        told,
        json!({
            "proxyUrl": ".",
            "scriptSrc": "dist/script.js",
            "apiUrl": "http://127.0.0.1:4801",
            "vendorScriptUrl": "http://127.0.0.1:4801/widget/script.js",
        })
    );
    let mut real = config("/");
    real.platform.api_url = "https://api.open.cx".into();
    real.pages.script_url = Some("https://cdn.example/script.js".into());
    let expected = json!({ "proxyUrl": ".", "scriptSrc": "https://cdn.example/script.js" });
    assert_eq!(places(&real), expected, "the widget's own addresses are right");
}

#[tokio::test]
async fn the_page_may_ask_the_partners_own_sign_in_and_nobody_else() {
    let mut config = config("/");
    let files = || vec![File::new("index.html".into(), b"<p>page".to_vec().into(), [0; 32]).unwrap()];
    let policy = async |config: &Config, path: &str| {
        let answer = ask(&router(files(), config), path, &[]).await;
        let policy = header(&answer, "content-security-policy").to_owned();
        policy.split("connect-src ").nth(1).unwrap().to_owned()
    };
    assert_eq!(policy(&config, "/").await, "'self'");
    config.pages.sign_in = Some(SignIn {
        kind: "session",
        url: "https://app.example.com/opencx/sign-in".parse().unwrap(),
    });
    for path in ["/", "/config.json"] {
        assert_eq!(policy(&config, path).await, "'self' https://app.example.com");
    }
    assert_eq!(
        places(&config)["signIn"],
        json!({ "kind": "session", "url": "https://app.example.com/opencx/sign-in" })
    );
}
