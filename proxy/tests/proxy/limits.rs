//! What one caller can take from the others, over real connections.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::{Answer, Stage, blue_fin, training};

const QUIET: usize = 2_000;

impl Stage {
    async fn connect(&self) -> TcpStream {
        let address = self.url.strip_prefix("http://").unwrap();
        TcpStream::connect(address).await.unwrap()
    }

    /// What is answered to these bytes, until the connection ends.
    async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The proxy may stop reading before all of it is sent.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }
}

#[tokio::test]
async fn quiet_and_slow_callers_do_not_stop_a_healthy_one() {
    // Both ends of each connection are in this process.
    let files = rlimit::increase_nofile_limit(3 * QUIET as u64).unwrap();
    assert!(
        files >= 2 * QUIET as u64 + 500,
        "this test needs 4,500 open files, and the system allows {files}: raise its hard limit (ulimit -Hn)"
    );
    let stage = Stage::start().await;
    let half_a_head = format!("POST /v1/orgs HTTP/1.1\r\nHost: {}\r\nX-Slow", stage.host());
    let half_a_body = format!(
        "POST /v1/orgs HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nX-Kit-Client: test\r\n\
         Content-Length: 1000\r\n\r\n{{\"name\":",
        stage.host()
    );
    let mut quiet = Vec::new();
    for number in 0..QUIET {
        let mut stream = stage.connect().await;
        match number % 8 {
            0..4 => {}
            4..7 => stream.write_all(half_a_head.as_bytes()).await.unwrap(),
            _ => stream.write_all(half_a_body.as_bytes()).await.unwrap(),
        }
        quiet.push(stream);
    }
    assert_eq!(stage.get("/v1/health").await.status, 200);
    assert_eq!(stage.create_org().await.status, 201);
    assert_eq!(quiet.len(), QUIET);
    // Whoever was quiet can still speak.
    let last = quiet.last_mut().unwrap();
    last.write_all(&[b' '; 992]).await.unwrap();
    let mut answer = [0; 12];
    last.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}

#[tokio::test]
async fn headers_that_are_too_many_or_too_long_are_refused() {
    let stage = Stage::start().await;
    let head = |headers: &str| {
        let host = stage.host();
        format!("GET /v1/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n").into_bytes()
    };
    assert!(stage.say(&head("")).await.starts_with("HTTP/1.1 200"));
    let many: String = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect();
    assert!(stage.say(&head(&many)).await.starts_with("HTTP/1.1 431"));
    let long = format!("X-Long: {}\r\n", "x".repeat(100 * 1024));
    assert!(stage.say(&head(&long)).await.starts_with("HTTP/1.1 431"));
    let token = format!("X-Token: {}\r\n", "x".repeat(8 * 1024));
    assert!(stage.say(&head(&token)).await.starts_with("HTTP/1.1 200"));
    assert!(
        stage
            .say(b"\x16\x03\x01\x02\x00\x01\x00")
            .await
            .starts_with("HTTP/1.1 400")
    );
}

#[tokio::test]
async fn a_body_nested_too_deep_is_not_read() {
    let stage = Stage::start().await;
    let deep = format!("{}{}", "{\"name\":".repeat(100_000), "}".repeat(100_000));
    let request = stage.request(Method::POST, "/v1/orgs");
    let request = request.header("content-type", "application/json").body(deep);
    let refused = Answer::of(request).await;
    assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
    assert!(refused.text.contains("nested deeper than 32"), "{}", refused.text);
}

#[tokio::test]
async fn a_caller_who_asks_too_often_is_told_when_to_come_back() {
    let stage = Stage::with(|config| config.limits.requests_a_minute = 3).await;
    assert_eq!(stage.create_org().await.status, 201);
    for _ in 0..2 {
        assert_eq!(stage.get("/v1/health").await.status, 200);
    }
    let org = stage.fake.count("orgs");
    let refused = stage.post("/v1/orgs", "", &blue_fin()).await;
    assert_eq!(refused.problem(), (429, "RATE_LIMITED", true));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert!(refused.text.contains("3 requests a minute"));
    assert_eq!(stage.fake.count("orgs"), org);
}

#[tokio::test]
async fn what_is_allowed_passes() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let mut large = training();
    large["content"] = json!("ü".repeat(20_000));
    let added = stage.post(&format!("{org}/trainings"), "t", &large).await;
    assert_eq!(added.status, 201, "{added:?}");
}
