//! So many requests a minute for each caller.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use opencx_partner_kit::error::{Code, Error};

use crate::caller::Caller;
use crate::problem::ApiError;

/// Callers who have all of theirs left are forgotten when there are so many.
const MANY: usize = 10_000;

/// What each caller has left.
#[derive(Clone)]
pub struct Requests(Option<Arc<Inner>>);

struct Inner {
    limit: NonZeroU32,
    left: RateLimiter<String, HashMapStateStore<String>, DefaultClock>,
}

impl Requests {
    /// 0: as many as come.
    pub fn a_minute(limit: u32) -> Self {
        Requests(NonZeroU32::new(limit).map(|limit| {
            Arc::new(Inner {
                limit,
                left: RateLimiter::hashmap(Quota::per_minute(limit)),
            })
        }))
    }

    fn take(&self, caller: String) -> Result<(), ApiError> {
        let Some(inner) = &self.0 else {
            return Ok(());
        };
        if inner.left.len() > MANY {
            inner.left.retain_recent();
        }
        inner.left.check_key(&caller).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            too_many(inner.limit, u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
        })
    }
}

/// Refuses those who ask too often.
pub async fn keep_to(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    match requests.take(caller(&request)) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

/// Who is known counts for himself, wherever he is: behind one reverse proxy all have one address.
pub fn caller(request: &Request) -> String {
    let known = request.extensions().get::<Caller>();
    if let Some(known) = known.filter(|known| !known.subject().is_empty()) {
        return format!("sub {}", known.subject());
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(String::new, |ConnectInfo(peer)| one_s_own(peer.ip()))
}

/// An IPv6 customer has a whole network of addresses.
fn one_s_own(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

fn too_many(limit: NonZeroU32, wait_ms: u64) -> ApiError {
    let seconds = wait_ms.div_ceil(1000).max(1);
    ApiError::new(Error {
        retry_after_ms: Some(wait_ms.max(1)),
        ..Error::retryable(
            Code::RateLimited,
            format!(
                "This caller has sent more than the {limit} requests a minute that this proxy takes from one. Nothing was \
                 done. Send the same request again in {seconds} s."
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_his_own() {
        let requests = Requests::a_minute(2);
        for _ in 0..2 {
            assert!(requests.take("ada".into()).is_ok());
        }
        let refused = requests.take("ada".into()).unwrap_err();
        assert_eq!(refused.status, 429);
        assert!((29_000..=30_000).contains(&refused.error.retry_after_ms.unwrap()));
        assert!(requests.take("bob".into()).is_ok());
        let unlimited = Requests::a_minute(0);
        assert!((0..1_000).all(|_| unlimited.take("ada".into()).is_ok()));
    }

    #[test]
    fn the_addresses_of_one_network_are_one_caller() {
        let own = |address: &str| one_s_own(address.parse().unwrap());
        assert_eq!(own("2001:db8:1:2:3::4"), own("2001:db8:1:2:ffff::"));
        assert_ne!(own("2001:db8:1:2::"), own("2001:db8:1:3::"));
        assert_eq!(own("::ffff:10.0.0.1"), own("10.0.0.1"));
        assert_ne!(own("10.0.0.1"), own("10.0.0.2"));
    }
}
