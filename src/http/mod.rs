//! HTTP as data: a request, an answer, what an answer means, and whether to try again. No I/O here.

mod answer;
mod problem;
mod request;
mod retry_after;
mod retry_budget;
mod retry_policy;

pub use answer::Answer;
pub use problem::{Problem, ProblemField, Upstream};
pub use request::{Method, Request, path_of, segment};
pub use retry_after::{ParseDate, retry_after_ms};
pub use retry_budget::RetryBudget;
pub use retry_policy::{Attempt, Decision, RetryPolicy};
