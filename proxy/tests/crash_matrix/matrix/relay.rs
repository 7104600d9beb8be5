//! Between proxy and platform: passes calls on, and cuts one of them.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

use super::call::Call;

/// Where a call is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    /// The platform never hears of it.
    BeforeEffect,
    /// The platform did it, and its answer is lost.
    AnswerLost,
    /// The answer has arrived, and nothing of it could be committed.
    NotCommitted,
    /// The raw answer is sealed and committed, and what it says is not.
    NotRead,
    /// As `AnswerLost`; and in the run that goes on the same call again, or the first write if it makes that one no more.
    LostTwice,
}

/// Which call is cut.
enum Where {
    At(Call),
    AtAnyWrite,
}

impl Where {
    fn is(&self, call: &Call) -> bool {
        match self {
            Where::At(armed) => armed == call,
            Where::AtAnyWrite => !call.reads(),
        }
    }
}

/// How far the cut call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Stage {
    /// Not yet made.
    Waiting,
    /// Made, and held.
    Held,
    /// Its answer has been taken by the proxy to the last byte.
    Taken,
}

/// A call that reached the platform.
#[derive(Debug, Clone)]
pub struct Passed {
    pub call: Call,
    pub status: u16,
}

struct Shared {
    platform: String,
    armed: Mutex<Option<(Where, Cut)>>,
    stage: watch::Sender<Stage>,
    let_through: watch::Sender<bool>,
    passed: Mutex<Vec<Passed>>,
    under_way: watch::Sender<usize>,
}

pub struct Relay {
    pub url: String,
    shared: Arc<Shared>,
    /// Dropped with this, which ends the relay.
    _stop: oneshot::Sender<()>,
}

impl Relay {
    pub async fn before(platform: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            platform: platform.trim_start_matches("http://").to_owned(),
            armed: Mutex::default(),
            stage: watch::Sender::new(Stage::Waiting),
            let_through: watch::Sender::new(false),
            passed: Mutex::default(),
            under_way: watch::Sender::new(0),
        });
        let (stop, mut stopped) = oneshot::channel();
        tokio::spawn({
            let shared = shared.clone();
            async move {
                loop {
                    let (stream, _) = tokio::select! {
                        stream = listener.accept() => stream.unwrap(),
                        _ = &mut stopped => return,
                    };
                    tokio::spawn(handle(shared.clone(), stream));
                }
            }
        });
        Relay {
            url,
            shared,
            _stop: stop,
        }
    }

    /// The next such call is cut so.
    pub fn arm(&self, call: &Call, cut: Cut) {
        self.arm_at(Where::At(call.clone()), cut);
    }

    /// The next write is cut so.
    pub fn arm_any_write(&self, cut: Cut) {
        self.arm_at(Where::AtAnyWrite, cut);
    }

    fn arm_at(&self, place: Where, cut: Cut) {
        self.shared.stage.send_replace(Stage::Waiting);
        *self.shared.armed.lock().unwrap() = Some((place, cut));
    }

    /// Until the cut call is held.
    pub async fn held(&self) {
        self.until(Stage::Held).await;
    }

    /// Lets the held answer go to the proxy, until it has been taken.
    pub async fn deliver(&self) {
        self.shared.let_through.send_replace(true);
        self.until(Stage::Taken).await;
    }

    async fn until(&self, stage: Stage) {
        let mut now = self.shared.stage.subscribe();
        now.wait_for(|now| *now >= stage).await.unwrap();
    }

    /// Until no call is on its way to the platform: what a dead proxy has sent must not arrive after what the next one sends.
    pub async fn quiet(&self) {
        let mut under_way = self.shared.under_way.subscribe();
        under_way.wait_for(|under_way| *under_way == 0).await.unwrap();
    }

    /// What has reached the platform.
    pub fn passed(&self) -> Vec<Passed> {
        self.shared.passed.lock().unwrap().clone()
    }
}

async fn handle(shared: Arc<Shared>, mut proxy: TcpStream) {
    // A connection that its owner's death has closed.
    let Some((call, request)) = read(&mut proxy).await else {
        return;
    };
    let cut = {
        let mut armed = shared.armed.lock().unwrap();
        armed.take_if(|(place, _)| place.is(&call)).map(|(_, cut)| cut)
    };
    if cut == Some(Cut::BeforeEffect) {
        shared.stage.send_replace(Stage::Held);
        return closed(&mut proxy).await;
    }
    shared.under_way.send_modify(|under_way| *under_way += 1);
    let answer = pass_on(&shared.platform, &request).await;
    let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
    shared.passed.lock().unwrap().push(Passed { call, status });
    shared.under_way.send_modify(|under_way| *under_way -= 1);
    match cut {
        Some(Cut::AnswerLost | Cut::LostTwice) => {
            shared.stage.send_replace(Stage::Held);
            return closed(&mut proxy).await;
        }
        Some(Cut::NotCommitted) => {
            shared.stage.send_replace(Stage::Held);
            let mut let_through = shared.let_through.subscribe();
            let_through.wait_for(|through| *through).await.unwrap();
        }
        _ => {}
    }
    // The proxy may be dead by now.
    if proxy.write_all(&answer).await.is_ok() && proxy.shutdown().await.is_ok() {
        // Told that this was the last answer, it closes once it has all of it.
        closed(&mut proxy).await;
    }
    if cut == Some(Cut::NotCommitted) {
        shared.stage.send_replace(Stage::Taken);
    }
}

async fn closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

/// A whole request: what it asks, and its bytes, with the wish that the answer be the last.
async fn read(stream: &mut TcpStream) -> Option<(Call, Vec<u8>)> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let length = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap());
    while bytes.len() < head + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let mut words = text.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let call = Call::of(method, target, &bytes[head..]);
    let first = find(&bytes, b"\r\n")? + 2;
    let request = [&bytes[..first], b"connection: close\r\n", &bytes[first..]].concat();
    Some((call, request))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

async fn pass_on(platform: &str, request: &[u8]) -> Vec<u8> {
    let mut platform = TcpStream::connect(platform).await.unwrap();
    platform.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    platform.read_to_end(&mut answer).await.unwrap();
    answer
}
