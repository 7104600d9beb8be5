//! The backend between a partner's admin page and the OpenCX platform: holds the partner key and the org keys, lends
//! neither. Its protocol is `docs/proxy-protocol.md`.

mod caller;
mod config;
mod input;
mod ledger;
mod once;
mod platform;
mod problem;
mod routes;
mod seal;
mod seal_key;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::Router;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

pub use config::{Config, Lookup};

use ledger::Ledger;
use platform::Platform;
use seal::Seal;

/// What every request needs.
#[derive(Clone)]
pub struct App {
    ledger: Ledger,
    platform: Platform,
    /// Calls that outlive the request they came with.
    tasks: TaskTracker,
    hosts: Arc<[String]>,
    origins: Arc<[String]>,
    invitation_path: Arc<str>,
    login_link_path: Arc<str>,
}

/// A proxy that listens but does not answer yet.
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
    app: App,
}

impl Proxy {
    /// Opens the ledger and listens.
    ///
    /// # Errors
    /// One line for people: what is wrong, and the remedy.
    pub async fn bind(config: &Config) -> Result<Self, String> {
        seal_key::make_data_folder(&config.data)?;
        let seal = Seal::new(&seal_key::seal_key(config.seal_key.as_ref(), &config.data)?);
        let platform = Platform::new(config)?;
        let listener = TcpListener::bind(config.listen).await.map_err(|error| {
            format!(
                "OPENCX_PROXY_LISTEN is {}: {error}. Stop what listens there, or choose another port.",
                config.listen
            )
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| format!("The proxy cannot listen: {error}."))?;
        let ledger = Ledger::open(&config.data.join("ledger.db"), seal).await?;
        let app = App {
            ledger,
            platform,
            tasks: TaskTracker::new(),
            hosts: caller::own_hosts(address).into(),
            origins: config.allowed_origins.clone().into(),
            invitation_path: config.invitation_path.as_str().into(),
            login_link_path: config.login_link_path.as_str().into(),
        };
        Ok(Proxy {
            listener,
            address,
            app,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` resolves; then finishes the calls in flight, those detached from their request too.
    ///
    /// # Errors
    /// One line for people.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), String> {
        let app = self.app;
        let router: Router = routes::router()
            .layer(from_fn_with_state(app.clone(), caller::guard))
            .layer(caller::cors(&app.origins))
            .layer(from_fn(caller::name_and_log))
            .with_state(app.clone());
        let served = axum::serve(self.listener, router)
            .with_graceful_shutdown(stop)
            .await;
        app.tasks.close();
        app.tasks.wait().await;
        app.ledger.close().await;
        served.map_err(|error| format!("The proxy stopped answering: {error}."))
    }
}
