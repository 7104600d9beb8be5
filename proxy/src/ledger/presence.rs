//! That this proxy is alive, for the others on the same PostgreSQL: it holds a lock under a number of its own, which goes
//! with its connection. With SQLite there are no others.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection, query_scalar};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Ledger, LedgerError};

/// How often a proxy makes sure of its lock, and looks for what others have left.
const EVERY: Duration = Duration::from_secs(2);

/// Shared by all that use the ledger.
#[derive(Clone, Default)]
pub struct Presence {
    number: Arc<AtomicI64>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Presence {
    /// The number that this proxy's writes carry.
    pub fn number(&self) -> i64 {
        self.number.load(Ordering::Relaxed)
    }

    /// Takes a number that nobody else has.
    pub async fn take(&self, options: &AnyConnectOptions) -> Result<AnyConnection, LedgerError> {
        let mut connection = AnyConnection::connect_with(options).await?;
        // A machine that vanishes closes nothing: the server asks for it, and gives its lock away after half a minute.
        sqlx::query("SET tcp_keepalives_idle = 10")
            .execute(&mut connection)
            .await?;
        sqlx::query("SET tcp_keepalives_interval = 5")
            .execute(&mut connection)
            .await?;
        sqlx::query("SET tcp_keepalives_count = 4")
            .execute(&mut connection)
            .await?;
        let number: i64 = query_scalar("SELECT nextval('holder')")
            .fetch_one(&mut connection)
            .await?;
        // 19580: see the view `alive`.
        let held: bool = query_scalar("SELECT pg_try_advisory_lock(19580, CAST($1 AS INTEGER))")
            .bind(number)
            .fetch_one(&mut connection)
            .await?;
        if !held {
            return Err(LedgerError::new("a number for this proxy is taken"));
        }
        self.number.store(number, Ordering::Relaxed);
        Ok(connection)
    }

    /// Keeps the lock, until the end. Whoever has lost it goes on under another number: what was under way under the old
    /// one may be taken up by others, and is no longer this proxy's to record.
    pub fn keep(&self, mut connection: AnyConnection, options: AnyConnectOptions, ledger: Ledger) {
        let presence = self.clone();
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = presence.stop.cancelled() => break,
                    () = tokio::time::sleep(EVERY) => {}
                }
                if connection.ping().await.is_err() {
                    match presence.take(&options).await {
                        Ok(new) => {
                            tracing::warn!(
                                "the ledger's database was away; what was under way then is in doubt"
                            );
                            connection = new;
                        }
                        Err(error) => {
                            tracing::error!(%error, "the ledger's database is away");
                            continue;
                        }
                    }
                }
                match ledger.forget_running().await {
                    Ok(0) => {}
                    Ok(left) => {
                        tracing::warn!(left, "another proxy is gone; the outcome of its calls is unknown")
                    }
                    Err(error) => tracing::error!(%error, "the ledger cannot be read"),
                }
            }
            let _ = connection.close().await;
        });
    }

    /// Gives the lock back.
    pub async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
