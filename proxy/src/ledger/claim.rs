//! Whose a write is to carry out, by what the ledger has of it.

use serde_json::Value;
use sqlx::Row;

use super::{Ledger, LedgerError, Standing, State, Turn, Write};
use crate::secret_bytes::SecretBytes;

/// What a caller gets who wants to carry out a write, and whom nobody in this process is in the way of.
#[derive(Debug)]
pub enum Claim {
    /// It is theirs to take up.
    Free(Known),
    /// It was done before, with this.
    Done(Recorded),
    /// The key stands for another body.
    Mismatch,
    /// Another proxy is at it.
    Elsewhere,
    /// A person has said to leave it.
    Left(Known),
}

/// What the ledger has of a write that is done.
#[derive(Debug)]
pub struct Recorded {
    /// Shown to callers; holds no secret.
    pub result: Value,
    /// The whole answer, where the write keeps it.
    pub answer: Option<SecretBytes>,
}

/// What the ledger has of a write that is to be carried out.
#[derive(Debug, Default)]
pub struct Known {
    /// An earlier attempt may have happened.
    pub doubt: bool,
    /// What came back then, if anything.
    pub answer: Option<SecretBytes>,
    /// What the key made before, with other contents.
    pub before: Option<Value>,
    /// The last attempt. If there was one since, another proxy was faster.
    pub(super) attempt: i64,
}

impl Ledger {
    /// Whether a write is the caller's to carry out. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(&self, write: &Write) -> Result<Claim, LedgerError> {
        let row = sqlx::query(
            "SELECT operation, fingerprint, version, state, result, sealed_answer, attempt,
                 CASE WHEN doubt THEN 1 ELSE 0 END AS doubt,
                 CASE WHEN state IN ('intent', 'sent') AND holder <> $3 AND holder IN (SELECT holder FROM alive)
                     THEN 1 ELSE 0 END AS elsewhere
             FROM operation WHERE scope = $1 AND key = $2",
        )
        .bind(&write.scope)
        .bind(&write.key)
        .bind(self.holder())
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else {
            return Ok(Claim::Free(Known::default()));
        };
        let same_operation = row.try_get::<&str, _>("operation")? == write.operation;
        let same_body = row.try_get::<&str, _>("fingerprint")? == write.fingerprint;
        let same_version = row.try_get::<Option<&str>, _>("version")? == write.version.as_deref();
        if row.try_get::<i64, _>("elsewhere")? == 1 {
            let other = write.bound_to_body() && !(same_operation && same_body);
            return Ok(if other { Claim::Mismatch } else { Claim::Elsewhere });
        }
        let may_change = write.version.is_some() && same_operation;
        let standing = Standing {
            state: State::parse(row.try_get("state")?),
            doubt: row.try_get::<i64, _>("doubt")? == 1,
            same: !write.again
                && (!write.bound_to_body()
                    || same_operation && if may_change { same_version } else { same_body }),
            may_change: may_change || write.again,
        };
        let result = row
            .try_get::<Option<&str>, _>("result")?
            .map(serde_json::from_str)
            .transpose()
            .map_err(|_| LedgerError::new("a recorded result is not JSON"))?;
        let sealed: Option<Vec<u8>> = row.try_get("sealed_answer")?;
        match (standing.turn(), result) {
            (Turn::Mismatch, _) => Ok(Claim::Mismatch),
            (Turn::Left, before) => Ok(Claim::Left(Known {
                doubt: true,
                answer: None,
                before,
                attempt: row.try_get("attempt")?,
            })),
            (Turn::Done, Some(result)) => self.with_answer(write, result, sealed).map(Claim::Done),
            (Turn::Done, None) => Err(LedgerError::new("a finished write has no result")),
            (Turn::Ours { doubt }, before) => {
                // Only of the same contents: another body's answer says nothing of this one.
                let sealed = sealed.filter(|_| same_operation && same_body);
                Ok(Claim::Free(Known {
                    doubt,
                    answer: self.open_answer(write, sealed)?,
                    before,
                    attempt: row.try_get("attempt")?,
                }))
            }
        }
    }

    /// What is recorded of a write that is done, whoever is at it.
    ///
    /// # Errors
    /// The database's.
    pub async fn recorded(&self, write: &Write) -> Result<Option<Recorded>, LedgerError> {
        let row: Option<(String, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT result, sealed_answer FROM operation WHERE scope = $1 AND key = $2 AND state = 'done' AND operation = $3
                 AND (fingerprint = $4 OR NOT $5) AND NOT $6",
        )
        .bind(&write.scope)
        .bind(&write.key)
        .bind(write.operation)
        .bind(&write.fingerprint)
        .bind(write.bound_to_body())
        .bind(write.again)
        .fetch_optional(self.pool())
        .await?;
        let Some((result, sealed)) = row else {
            return Ok(None);
        };
        let result =
            serde_json::from_str(&result).map_err(|_| LedgerError::new("a recorded result is not JSON"))?;
        self.with_answer(write, result, sealed).map(Some)
    }

    /// An org's raw answer stays for the worst, and is opened for no repeat.
    fn with_answer(
        &self,
        write: &Write,
        result: Value,
        sealed: Option<Vec<u8>>,
    ) -> Result<Recorded, LedgerError> {
        let sealed = sealed.filter(|_| write.bound_to_body());
        let answer = self.open_answer(write, sealed)?;
        Ok(Recorded { result, answer })
    }

    fn open_answer(
        &self,
        write: &Write,
        sealed: Option<Vec<u8>>,
    ) -> Result<Option<SecretBytes>, LedgerError> {
        sealed
            .map(|sealed| self.seal().open(&write.place(), &sealed))
            .transpose()
            .map_err(|_| LedgerError::new("a sealed answer does not open"))
    }
}
