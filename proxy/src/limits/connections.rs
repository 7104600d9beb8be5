//! Takes connections, as `axum::serve` does, but not for ever: headers must arrive in time, be few and short, and a
//! connection that asks nothing is closed. So callers that dribble or keep quiet leave room for the others.
//!
//! HTTP/1.1 only: pages reach this proxy through a reverse proxy that speaks the rest.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// For all headers of a request, from the first byte or the last answer on. Also what an idle connection lives.
const HEADER_TIME: Duration = Duration::from_secs(15);
/// For a write that gets nowhere, as the caller does not read: a stream of events must not hold a connection for ever.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// The request line and all headers; the longest path with the longest token fits.
const HEADER_BYTES: usize = 32 * 1024;
const HEADERS: usize = 100;
/// More than any admin page needs; whoever comes then waits until one ends.
const CONNECTIONS: u64 = 10_000;
/// Files that are not callers': the ledger, the platform's connections.
const OTHER_FILES: u64 = 200;
/// Before it is tried again when the system has no more files to give.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers until `stop` resolves, and then finishes what is under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(connections()));
    let server = server();
    let finishing = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let next = tokio::select! {
            next = accept(&listener, &room) => next,
            () = &mut stop => break,
        };
        match next {
            Ok((stream, peer, place)) => {
                let answer = answer(server.clone(), stream, peer, router.clone(), finishing.watcher());
                tokio::spawn(async move {
                    answer.await;
                    drop(place);
                });
            }
            // Theirs, not ours.
            Err(error) if is_callers(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken for the moment");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    finishing.shutdown().await;
}

/// As many as the system has files for.
fn connections() -> usize {
    let files = rlimit::increase_nofile_limit(CONNECTIONS + OTHER_FILES).unwrap_or_else(|error| {
        tracing::warn!(%error, "the number of open files cannot be raised");
        1024
    });
    let room = files.saturating_sub(OTHER_FILES).clamp(16, CONNECTIONS);
    usize::try_from(room).unwrap_or(usize::MAX)
}

fn server() -> http1::Builder {
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES);
    server
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(room).acquire_owned().await;
    let place = place.map_err(|_| io::Error::other("the room for connections is closed"))?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn answer(
    server: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    finishing: Watcher,
) {
    // An answer is small and complete: nothing is won by waiting for more.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let connection = server.serve_connection(TokioIo::new(Box::pin(stream)), service);
    if let Err(error) = finishing.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn is_callers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionAborted | ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    async fn started() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = serve(listener, Router::new().route("/", get(peer)), async {
            let _ = stopped.await;
        });
        (address, stop, tokio::spawn(served))
    }

    async fn rest(stream: &mut TcpStream) -> String {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// The clock is stopped and goes on when nothing else does, so none of these waits.
    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_finish_his_headers_is_let_go() {
        let (address, _stop, _served) = started().await;
        for begun in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            assert!(!rest(&mut stream).await.contains("200"), "{begun:?}");
        }
        let mut kept = TcpStream::connect(address).await.unwrap();
        kept.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let answer = rest(&mut kept).await;
        assert!(
            answer.ends_with(&kept.local_addr().unwrap().to_string()),
            "{answer}"
        );
    }

    /// As above; more is written than the system keeps for one connection.
    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_read_is_let_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let endless = async || {
            let part = futures_util::stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 64 * 1024]));
            Body::from_stream(part)
        };
        let router = Router::new().route("/", get(endless));
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, router, async {
            let _ = stopped.await;
        }));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        stream.readable().await.unwrap();
        // A stop waits for answers under way: this one would never end.
        drop(stop);
        served.await.unwrap();
    }

    #[tokio::test]
    async fn a_stop_ends_idle_connections() {
        let (address, stop, served) = started().await;
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        idle.readable().await.unwrap();
        stop.send(()).unwrap();
        served.await.unwrap();
        assert!(rest(&mut idle).await.starts_with("HTTP/1.1 200"));
        assert!(TcpStream::connect(address).await.is_err());
    }
}
