//! The durable queue: apalis, in a SQLite file of its own beside the ledger, or in the ledger's PostgreSQL. It holds numbers of
//! batches and nothing else. What it loses, the ledger puts in again; what it tells twice is driven once.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use apalis::prelude::{BackendExt, Data, TaskSink, WorkerBuilder, WorkerBuilderExt, WorkerError};
use apalis_postgres::{PgConnectOptions, PgPool, PostgresStorage};
use apalis_sqlite::{SqliteConnectOptions, SqlitePool, SqliteStorage};
use futures_util::stream::{BoxStream, StreamExt, unfold};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::drive::{drive, is_driven};
use crate::App;

const NAME: &str = "opencx-batches";
/// Batches at the same time; the others wait in the queue.
const AT_ONCE: usize = 4;
/// How often it is asked for batches that nobody drives, such as those of a proxy that is gone.
const SWEEP: Duration = Duration::from_secs(2);
/// Before a queue that failed is tried again.
const PAUSE: Duration = Duration::from_secs(2);
/// Of whom nothing was heard for twice as long, the jobs are given to others.
const HEARTBEAT: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 3;

/// All that a job says: advance that batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Advance {
    batch: i64,
}

/// The queue, open.
#[derive(Clone)]
pub enum Queue {
    /// A file in the data folder.
    Sqlite(SqlitePool),
    /// Tables in the ledger's database, in a schema of their own.
    Postgres(PgPool),
}

impl Queue {
    /// Opens or makes a file.
    ///
    /// # Errors
    /// One line for people.
    pub async fn sqlite(path: &Path) -> Result<Self, String> {
        let cannot = |why: String| {
            format!(
                "The queue {} cannot be opened: {why}. It may be deleted: the ledger has all that it says.",
                path.display()
            )
        };
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect_with(options)
            .await
            .map_err(|error| cannot(error.to_string()))?;
        SqliteStorage::<()>::setup(&pool)
            .await
            .map_err(|error| cannot(error.to_string()))?;
        Ok(Queue::Sqlite(pool))
    }

    /// In the database of the ledger.
    ///
    /// # Errors
    /// One line for people.
    pub async fn postgres(url: &SecretString) -> Result<Self, String> {
        let cannot = |why: String| {
            format!(
                "The queue of batches in OPENCX_PROXY_DATABASE_URL cannot be set up: {why}. It needs a schema `apalis` and \
                 the extensions hstore and pgcrypto, which come with PostgreSQL (contrib); if this user may not make them, \
                 let one who may start the proxy once."
            )
        };
        let options: PgConnectOptions = url
            .expose_secret()
            .parse()
            .map_err(|error: sqlx::Error| cannot(error.to_string()))?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect_with(options)
            .await
            .map_err(|error| cannot(error.to_string()))?;
        PostgresStorage::<()>::setup(&pool)
            .await
            .map_err(|error| cannot(error.to_string()))?;
        Ok(Queue::Postgres(pool))
    }

    /// Works through the queue until the proxy stops. A queue that fails is begun anew.
    pub async fn work(self, app: App) {
        let workers = Workers {
            app: app.clone(),
            jobs: Arc::default(),
            told: Arc::default(),
        };
        let sweeping = tokio::spawn(sweep(self.clone(), workers.clone()));
        while !app.batches.stopping.is_cancelled() {
            // What an earlier worker had in hand is told again.
            workers.forget_all();
            let worked = match &self {
                Queue::Sqlite(pool) => workers.clone().on_sqlite(pool).await,
                Queue::Postgres(pool) => workers.clone().on_postgres(pool).await,
            };
            if let Err(error) = worked {
                tracing::error!(%error, "the queue of batches failed; it is tried again");
                tokio::select! {
                    () = sleep(PAUSE) => {}
                    () = app.batches.stopping.cancelled() => {}
                }
            }
        }
        let _ = sweeping.await;
        match self {
            Queue::Sqlite(pool) => pool.close().await,
            Queue::Postgres(pool) => pool.close().await,
        }
    }

    async fn push(&self, batch: i64) -> Result<(), String> {
        let job = Advance { batch };
        let pushed = match self {
            Queue::Sqlite(pool) => on_sqlite(pool).push(job).await.map_err(|error| error.to_string()),
            Queue::Postgres(pool) => on_postgres(pool)
                .push(job)
                .await
                .map_err(|error| error.to_string()),
        };
        pushed.map_err(|error| format!("a batch cannot be put into the queue: {error}"))
    }
}

fn on_sqlite(pool: &SqlitePool) -> SqliteStorage<Advance> {
    let config = apalis_sqlite::Config::default()
        .queue(NAME)
        .heartbeat_interval(HEARTBEAT);
    SqliteStorage::new(pool).with_config(config)
}

fn on_postgres(pool: &PgPool) -> PostgresStorage<Advance> {
    let config = apalis_postgres::Config::default()
        .queue(NAME)
        .heartbeat_interval(HEARTBEAT);
    PostgresStorage::new(pool).with_config(config)
}

/// Those who take jobs out of the queue.
#[derive(Clone)]
struct Workers {
    app: App,
    /// There is a job.
    jobs: Arc<Notify>,
    /// Which batches were put in, and after how many takes: not each sweep puts in again what still waits there.
    told: Arc<Mutex<HashMap<i64, i64>>>,
}

/// One worker on one backend: the types of both differ, what is done with them does not.
macro_rules! work {
    ($storage:expr, $workers:expr) => {{
        let stopping = $workers.app.batches.stopping.clone();
        let news = $workers.news();
        WorkerBuilder::new(format!("{NAME}-{}", Uuid::new_v4()))
            .backend($storage.poll_with_stream(news))
            .concurrency(AT_ONCE)
            .data($workers)
            .build(advance)
            .run_until(async move {
                stopping.cancelled().await;
                Ok::<(), WorkerError>(())
            })
            .await
    }};
}

impl Workers {
    async fn on_sqlite(self, pool: &SqlitePool) -> Result<(), WorkerError> {
        work!(on_sqlite(pool), self)
    }

    async fn on_postgres(self, pool: &PgPool) -> Result<(), WorkerError> {
        work!(on_postgres(pool), self)
    }

    /// When the queue is to be looked into: at once when there is a job, and now and then for those of others.
    fn news(&self) -> BoxStream<'static, ()> {
        let jobs = self.jobs.clone();
        unfold(jobs, async |jobs| {
            tokio::select! {
                () = jobs.notified() => {}
                () = sleep(SWEEP) => {}
            }
            Some(((), jobs))
        })
        .boxed()
    }

    /// Notes that a batch is put in; false if it waits there already.
    fn note(&self, batch: i64, attempt: i64) -> bool {
        self.told().insert(batch, attempt) != Some(attempt)
    }

    fn forget(&self, batch: i64) {
        self.told().remove(&batch);
    }

    fn forget_all(&self) {
        self.told().clear();
    }

    fn told(&self) -> std::sync::MutexGuard<'_, HashMap<i64, i64>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts in what nobody drives: batches that were just begun, and what a proxy or a queue that is gone has left.
async fn sweep(queue: Queue, workers: Workers) {
    let batches = &workers.app.batches;
    loop {
        match workers.app.ledger.unattended_batches().await {
            Ok(unattended) => {
                for (batch, attempt) in unattended {
                    if is_driven(&workers.app, batch) || !workers.note(batch, attempt) {
                        continue;
                    }
                    if let Err(error) = queue.push(batch).await {
                        tracing::error!(%error, batch, "it is tried again");
                        workers.forget(batch);
                    }
                    workers.jobs.notify_one();
                }
            }
            Err(error) => tracing::error!(%error, "the ledger's batches cannot be read"),
        }
        tokio::select! {
            () = batches.new.notified() => {}
            () = sleep(SWEEP) => {}
            () = batches.stopping.cancelled() => return,
        }
    }
}

/// A job. It never fails: what is not over when it ends, the next sweep puts in again.
async fn advance(job: Advance, workers: Data<Workers>) {
    let app = workers.app.clone();
    // Apart: whatever happens there, the worker goes on.
    let driving = tokio::spawn(async move { drive(&app, job.batch).await });
    match AbortOnDropHandle::new(driving).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, batch = job.batch, "a batch could not go on"),
        Err(error) => tracing::error!(%error, batch = job.batch, "a batch was cut off"),
    }
    workers.forget(job.batch);
}
