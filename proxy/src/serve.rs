//! Start and stop of a proxy.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use crate::budget::{Budgets, tell_what_is_left};
use crate::config::names::ADDRESS;
use crate::data_folder::DataFolder;
use crate::ledger::{Database, Ledger};
use crate::limits::{self, Requests};
use crate::platform::Platform;
use crate::running::Running;
use crate::seal::Seal;
use crate::seal_key::seal_key;
use crate::{App, Config, caller, routes};

const BODY_LIMIT: usize = 1024 * 1024;
/// A stop waits for answers under way, but not for ever for a caller that does not take them.
const STOP_GRACE: Duration = Duration::from_secs(10);

/// A proxy that listens but does not answer yet.
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
    app: App,
    grace: Duration,
    data: DataFolder,
}

impl Proxy {
    /// Listens and opens the ledger.
    ///
    /// # Errors
    /// One line for people: what is wrong, and the remedy.
    pub async fn bind(config: &Config) -> Result<Self, String> {
        let listener = TcpListener::bind(config.listen.address)
            .await
            .map_err(|error| cannot_listen(config.listen.address, &error))?;
        let address = listener
            .local_addr()
            .map_err(|error| cannot_listen(config.listen.address, &error))?;
        let data = DataFolder::take(&config.ledger.data)?;
        let ledger = open_ledger(config, &data).await?;
        let rules = config.limits.rules(config.platform.timeout);
        let budgets = match &config.ledger.database_url {
            Some(_) => Budgets::of_replicas(rules, ledger.pool().clone()),
            None => Budgets::of_this_process(rules, data.calls()?),
        };
        let app = App {
            ledger,
            platform: Platform::new(config, budgets)?,
            running: Running::default(),
            tasks: TaskTracker::new(),
            hosts: caller::own_hosts(address).into(),
            origins: config.allowed_origins.clone().into(),
            paths: config.paths.clone().into(),
            missing: Arc::default(),
            private_websites: config.limits.private_websites,
            requests: Requests::a_minute(config.limits.requests_a_minute),
        };
        Ok(Proxy {
            listener,
            address,
            app,
            grace: config.platform.timeout + STOP_GRACE,
            data,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All that it answers, to be served by another program, or asked by a test.
    pub fn router(&self) -> Router {
        let app = &self.app;
        routes::router()
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .layer(from_fn_with_state(app.requests.clone(), limits::keep_to))
            .layer(from_fn_with_state(app.clone(), caller::guard))
            .layer(from_fn(caller::name_and_log))
            .layer(from_fn_with_state(
                app.platform.budgets().clone(),
                tell_what_is_left,
            ))
            .layer(caller::cors(&app.origins))
            .with_state(app.clone())
    }

    /// Answers until `stop` resolves; then finishes the calls in flight, those detached from their request too.
    ///
    /// # Errors
    /// One line for people.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), String> {
        let router = self.router();
        let app = self.app;
        let (told, stopping) = oneshot::channel();
        let budgets = app.platform.budgets().clone();
        let stop = async move {
            stop.await;
            budgets.stop();
            tracing::info!("stopping: calls under way are finished first");
            let _ = told.send(());
        };
        let given_up = async {
            let _ = stopping.await;
            tokio::time::sleep(self.grace).await;
        };
        let finished = async {
            limits::serve(self.listener, router, stop).await;
            app.tasks.close();
            app.tasks.wait().await;
        };
        tokio::select! {
            () = finished => {}
            () = given_up => {
                tracing::warn!("a stop takes no longer: calls still under way are unknown until they are repeated");
            }
        }
        app.ledger.close().await;
        drop(self.data);
        Ok(())
    }
}

async fn open_ledger(config: &Config, data: &DataFolder) -> Result<Ledger, String> {
    let database = match &config.ledger.database_url {
        Some(url) => Database::postgres(url).await?,
        None => {
            data.make_ledger()?;
            Database::sqlite(&data.ledger()).await?
        }
    };
    let sealed = database.is_sealed().await?;
    let key = seal_key(config.ledger.seal_key.as_ref(), data.path(), sealed)?;
    Ledger::open(database, Seal::new(&key)).await
}

fn cannot_listen(listen: SocketAddr, error: &std::io::Error) -> String {
    if error.kind() == ErrorKind::AddrInUse {
        return ADDRESS.wrong(
            listen,
            "another program listens there. Stop it, or choose another port (0 takes any free one).",
        );
    }
    ADDRESS.wrong(
        listen,
        &format!("it cannot be listened on ({error}). Use 127.0.0.1 and a free port."),
    )
}
