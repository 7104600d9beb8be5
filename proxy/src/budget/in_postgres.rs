//! The budgets of several proxies before one PostgreSQL: a row for each budget, changed by one proxy at a time, by the
//! database's clock. So it is the same rule as in a proxy that is alone, and a restart forgets nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{AnyPool, Row};
use tokio::time::Instant;

use super::store::{Soon, Store, Taken};
use super::window::{Left, Rule, Window};
use super::{Lane, Rules};

/// A [`Store`] in a database.
#[derive(Clone)]
pub struct InPostgres(Arc<Inner>);

struct Inner {
    rules: Rules,
    pool: AnyPool,
    /// As this proxy saw them last, and when.
    seen: Mutex<HashMap<String, Seen>>,
}

struct Seen {
    window: Window,
    database_ms: u64,
    at: Instant,
}

impl InPostgres {
    /// Over a pool whose migrations have run.
    pub fn new(rules: Rules, pool: AnyPool) -> Self {
        InPostgres(Arc::new(Inner {
            rules,
            pool,
            seen: Mutex::default(),
        }))
    }

    async fn change<T>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Window, &Rule, u64) -> T,
    ) -> Result<T, sqlx::Error> {
        let mut transaction = self.0.pool.begin().await?;
        sqlx::query("INSERT INTO budget (name, state) VALUES ($1, '') ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        let state: String = sqlx::query("SELECT state FROM budget WHERE name = $1 FOR UPDATE")
            .bind(name)
            .fetch_one(&mut *transaction)
            .await?
            .try_get(0)?;
        // Not before the row is ours: waiting for it may have taken a while.
        let now: i64 = sqlx::query("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")
            .fetch_one(&mut *transaction)
            .await?
            .try_get(0)?;
        let now = u64::try_from(now).unwrap_or_default();
        let mut window = Window::of_text(&state);
        let outcome = change(&mut window, self.0.rules.of(name), now);
        sqlx::query("UPDATE budget SET state = $2 WHERE name = $1")
            .bind(name)
            .bind(window.to_text())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        let seen = Seen {
            window,
            database_ms: now,
            at: Instant::now(),
        };
        let mut all = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned(), seen);
        Ok(outcome)
    }
}

impl Store for InPostgres {
    fn take<'a>(&'a self, name: &'a str, lane: Lane) -> Soon<'a, Result<Taken, String>> {
        Box::pin(async move {
            let taken = self
                .change(name, |window, rule, now| window.take(rule, lane, now))
                .await;
            match taken.map_err(|error| error.to_string())? {
                Ok(ticket) => Ok(Taken::Call(ticket)),
                Err(wait) => Ok(Taken::Wait(wait)),
            }
        })
    }

    fn end(&self, name: &str, ticket: u64, shut_ms: Option<u64>) {
        let (store, name) = (self.clone(), name.to_owned());
        tokio::spawn(async move {
            let ended = store.change(&name, |window, rule, now| {
                window.end(rule, ticket, now);
                if let Some(shut) = shut_ms {
                    window.shut(shut, now);
                }
            });
            if let Err(error) = ended.await {
                // Counted as if it had taken as long as a call may.
                tracing::warn!(%error, "the end of a call could not be noted in its budget");
            }
        });
    }

    fn left(&self, name: &str, lane: Lane) -> Left {
        let rule = self.0.rules.of(name);
        let seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get(name) {
            Some(seen) => {
                let passed = u64::try_from(seen.at.elapsed().as_millis()).unwrap_or_default();
                seen.window.left(rule, lane, seen.database_ms + passed)
            }
            None => Window::default().left(rule, lane, 0),
        }
    }
}
