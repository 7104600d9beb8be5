//! Start and stop of a proxy.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::Router;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::batch::{Batches, Queue};
use crate::budget::{Budgets, tell_what_is_left};
use crate::caller::{Gate, guard};
use crate::config::names::ADDRESS;
use crate::config::{Listen, Setting};
use crate::data_folder::DataFolder;
use crate::ledger::{Database, Ledger};
use crate::limits::{self, Requests};
use crate::observe::{self, Metrics, Naming, OperationsListener};
use crate::platform::Platform;
use crate::running::Running;
use crate::seal::Seal;
use crate::seal_key::seal_key;
use crate::{App, Config, pages, retention, routes};

const BODY_LIMIT: usize = 1024 * 1024;
/// How long the ledger, and after it the second listener, may take to close.
const CLOSING: Duration = Duration::from_millis(500);

/// A proxy that listens but does not answer yet.
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
    operations: Option<OperationsListener>,
    app: App,
    pages: Router,
    queue: Queue,
    listen: Listen,
    keep: Option<Duration>,
    data: DataFolder,
}

impl Proxy {
    /// Listens and opens the ledger.
    ///
    /// # Errors
    /// One line for people: what is wrong, and the remedy.
    pub async fn bind(config: &Config) -> Result<Self, String> {
        config.auth.fits(&config.listen, &config.platform)?;
        let at = config.listen.address;
        let refused = |error| cannot_listen(&ADDRESS, at, &error);
        let listener = TcpListener::bind(at).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let operations = match config.listen.operations {
            Some(at) => Some(OperationsListener::bind(at).await?),
            None => None,
        };
        let data = DataFolder::take(&config.ledger.data)?;
        let ledger = open_ledger(config, &data).await?;
        let queue = match &config.ledger.database_url {
            Some(url) => Queue::postgres(url).await?,
            None => Queue::sqlite(&data.queue()?).await?,
        };
        let rules = config.limits.rules(config.platform.timeout);
        let metrics = Metrics::new();
        let budgets = match &config.ledger.database_url {
            Some(_) => Budgets::of_replicas(rules, ledger.pool().clone(), metrics.clone()),
            None => Budgets::of_this_process(rules, data.calls()?, metrics.clone()),
        };
        let pages = if config.pages.serve {
            pages::router(pages::files(), config)
        } else {
            Router::new()
        };
        let app = App {
            ledger,
            platform: Platform::new(config, budgets, metrics.clone())?,
            metrics,
            running: Running::default(),
            tasks: TaskTracker::new(),
            gate: Gate::new(config, address)?.into(),
            paths: config.paths.clone().into(),
            missing: Arc::default(),
            private_websites: config.limits.private_websites,
            requests: Requests::a_minute(config.limits.requests_a_minute),
            batches: Batches::default(),
        };
        Ok(Proxy {
            listener,
            address,
            operations,
            app,
            pages,
            queue,
            listen: config.listen.clone(),
            keep: config.ledger.keep,
            data,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens for the operator's own tools.
    pub fn operations_address(&self) -> Option<SocketAddr> {
        self.operations.as_ref().map(OperationsListener::address)
    }

    /// All that it answers, to be served by another program, or asked by a test.
    pub fn router(&self) -> Router {
        let app = &self.app;
        let naming = Naming {
            metrics: app.metrics.clone(),
            base_path: self.listen.base_path.as_str().into(),
        };
        routes::below(&self.listen.base_path)
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .layer(from_fn_with_state(app.requests.clone(), limits::keep_to))
            .layer(from_fn_with_state(app.clone(), guard))
            .layer(from_fn(observe::to_problem))
            .layer(from_fn_with_state(
                app.platform.budgets().clone(),
                tell_what_is_left,
            ))
            .layer(app.gate.cors())
            .with_state(app.clone())
            .merge(self.pages.clone())
            .layer(from_fn_with_state(naming, observe::name))
    }

    /// Answers until `stop` resolves; then finishes the calls in flight, those detached from their request too, as far as
    /// they end in the configured time. The second listener answers until the end.
    ///
    /// # Errors
    /// One line for people.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), String> {
        let router = self.router();
        let app = self.app;
        let (stopping, ended) = (CancellationToken::new(), CancellationToken::new());
        let operations = self.operations.map(|listener| {
            let serving = listener.serve(app.clone(), stopping.clone(), ended.clone());
            AbortOnDropHandle::new(tokio::spawn(serving))
        });
        app.batches.work(self.queue, app.clone());
        if let Some(keep) = self.keep {
            tokio::spawn(retention::keep_to(keep, app.ledger.clone(), stopping.clone()));
        }
        let stop = async {
            stop.await;
            app.batches.stop();
            app.platform.budgets().stop();
            tracing::info!("stopping: calls under way are finished first");
            stopping.cancel();
        };
        let given_up = async {
            stopping.cancelled().await;
            sleep(self.listen.stop).await;
        };
        let finished = async {
            limits::serve(self.listener, router, stop).await;
            app.batches.ended().await;
            app.tasks.close();
            app.tasks.wait().await;
        };
        tokio::select! {
            () = finished => {}
            () = given_up => {
                tracing::warn!("a stop takes no longer: calls still under way are unknown until they are repeated");
            }
        }
        if timeout(CLOSING, app.ledger.close()).await.is_err() {
            tracing::warn!(
                "a call that was given up holds on to the ledger, which is left as a crash would leave it"
            );
        }
        ended.cancel();
        if let Some(operations) = operations {
            // Whoever still reads there is cut off.
            let _ = timeout(CLOSING, operations).await;
        }
        drop(self.data);
        Ok(())
    }
}

async fn open_ledger(config: &Config, data: &DataFolder) -> Result<Ledger, String> {
    let database = Database::make(&config.ledger, data).await?;
    let mark = database.seal_mark().await?;
    let key = seal_key(config.ledger.seal_key.as_ref(), data.path(), mark.as_deref())?;
    Ledger::open(database, Seal::new(&key)).await
}

/// Refuses an address, with the remedy.
pub fn cannot_listen(setting: &Setting, listen: SocketAddr, error: &std::io::Error) -> String {
    if error.kind() == ErrorKind::AddrInUse {
        return setting.wrong(
            listen,
            "another program listens there. Stop it, or choose another port (0 takes any free one).",
        );
    }
    setting.wrong(
        listen,
        &format!("it cannot be listened on ({error}). Use 127.0.0.1 and a free port."),
    )
}
