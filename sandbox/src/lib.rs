//! An imitation of the OpenCX platform, so that the kit runs, and can be tested against, without an account.
//!
//! The rules (one file each) know no clock, no randomness and no network: those are handed in. [`http`] is the thin
//! edge that hands them in, `crawl::run` the task that crawls. State lives in memory and ends with the process.

pub mod action_form;
pub mod answer;
pub mod api_error;
pub mod applied;
pub mod call_log;
pub mod clock;
pub mod contact;
pub mod contact_token;
pub mod contract;
pub mod crawl;
pub mod desk;
pub mod fault;
pub mod frustration;
pub mod greeting;
pub mod handoff;
pub mod handoff_log;
pub mod history;
pub mod http;
pub mod inbox;
pub mod invitation;
pub mod knowledge;
pub mod login_link;
pub mod office_hours;
pub mod org;
pub mod org_key;
pub mod partner;
pub mod person_request;
pub mod prohibited_topic;
pub mod rate_limit;
pub mod sandbox;
pub mod search;
pub mod secret;
pub mod session;
pub mod session_list;
pub mod settings;
pub mod stems;
pub mod support_settings;
pub mod synonyms;
pub mod tag;
pub mod training;
pub mod training_list;
pub mod turn;
pub mod ui_message_stream;
pub mod upload;
pub mod variants;
pub mod world;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crawl::schedule;
pub use sandbox::Sandbox;
pub use settings::Settings;
pub use variants::Variants;

/// How long requests under way may take once the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(3);

/// Serves the sandbox on `listener` until `shutdown` is done; requests under way are finished.
///
/// # Errors
/// When the listener fails or the crawler's HTTP client cannot be made.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    let sandbox = Sandbox::new(&settings, address).map_err(std::io::Error::other)?;
    serve_sandbox(listener, Arc::new(sandbox), shutdown).await
}

/// As [`serve`], with a sandbox that the caller can look into meanwhile.
///
/// # Errors
/// When the listener fails.
pub async fn serve_sandbox(
    listener: TcpListener,
    sandbox: Arc<Sandbox>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = http::app(Arc::clone(&sandbox)).into_make_service_with_connect_info::<SocketAddr>();
    let (tell, told) = oneshot::channel();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        shutdown.await;
        let _ = tell.send(());
    });
    tokio::select! {
        served = serving => served,
        never = schedule::keep(&sandbox) => match never {},
        // A browser keeps connections open that it never uses; those must not hold the program.
        () = async {
            let _ = told.await;
            tokio::time::sleep(LAST_REQUESTS).await;
        } => Ok(()),
    }
}
