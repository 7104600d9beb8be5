//! Sign in with an assertion of the partner's backend, sign out, and see who one is.

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::http::Method;
use opencx_partner_kit::platform::Shape;
use opencx_partner_kit::platform::shape::{What, required};
use opencx_partner_kit::provision::{Gives, Repeat, Route};
use serde_json::{Value, json};

use crate::App;
use crate::asker::Asker;
use crate::caller::{Caller, Exchange, Sessions, Shown, Ticket, clear_cookie, cookie};
use crate::input::{JsonBody, text};
use crate::ledger::Session;
use crate::problem::ApiError;

/// What signing in takes.
const ASSERTION: Shape = &[required("assertion", What::Text(1, 8192))];

/// The proxy's own routes, which no function of the admin module calls.
pub const ROUTES: &[Route] = &[
    own("health", Method::Get, "/v1/health", &[], Gives::Object),
    own("signIn", Method::Post, "/v1/session", ASSERTION, Gives::Object),
    own("readSession", Method::Get, "/v1/session", &[], Gives::Object),
    own("signOut", Method::Delete, "/v1/session", &[], Gives::Nothing),
];

const fn own(name: &'static str, method: Method, path: &'static str, takes: Shape, gives: Gives) -> Route {
    Route {
        name,
        method,
        path,
        takes,
        gives,
        repeat: match method {
            Method::Post => Repeat::Never,
            _ => Repeat::Harmless,
        },
    }
}

/// Who calls.
pub async fn read(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let until = match Ticket::of(&headers)?.filter(|_| app.gate.sessions().is_some()) {
        Some(ticket) => app
            .ledger
            .session(&ticket.name(), now())
            .await?
            .map(|session| session.until),
        None => None,
    };
    Ok(Json(told(&caller.shown(), until)))
}

/// Exchanges an assertion for a session.
pub async fn sign_in(State(app): State<App>, JsonBody(body): JsonBody) -> Result<Response, ApiError> {
    let sessions = sessions(&app)?;
    let assertion = text(&body.checked(ASSERTION)?, "assertion");
    let now = now();
    let Exchange {
        caller,
        id,
        forget_at,
    } = sessions.exchange(&assertion, app.gate.names(), now).await?;
    let shown = caller.shown();
    let until = now.saturating_add(i64::try_from(sessions.lifetime.as_secs()).unwrap_or(i64::MAX));
    let (Some(ticket), Ok(kept)) = (Ticket::new(), serde_json::to_string(&shown)) else {
        return Err(no_session());
    };
    let session = Session {
        id: ticket.name(),
        caller: kept,
        until,
    };
    let signing_in = app.ledger.sign_in(&id, forget_at, &session, now);
    if !named(&shown).during(signing_in).await? {
        return Err(crate::caller::spent());
    }
    let cookie = cookie(&ticket, sessions.lifetime).ok_or_else(no_session)?;
    let answer = (
        StatusCode::CREATED,
        [(SET_COOKIE, cookie)],
        Json(told(&shown, Some(until))),
    );
    Ok(answer.into_response())
}

/// Ends the session, if there is one.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    sessions(&app)?;
    // Whatever the cookie holds, it goes.
    if let Ok(Some(ticket)) = Ticket::of(&headers)
        && let Some(session) = app.ledger.session(&ticket.name(), now()).await?
    {
        let signing_out = app.ledger.sign_out(&session.id);
        match serde_json::from_str(&session.caller) {
            Ok(shown) => named(&shown).during(signing_out).await?,
            Err(_) => signing_out.await?,
        }
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, clear_cookie())]).into_response())
}

fn sessions(app: &App) -> Result<&Sessions, ApiError> {
    app.gate.sessions().ok_or_else(|| {
        ApiError::new(Error::new(
            Code::NotFound,
            "This proxy keeps no sessions. Nothing was done. Sign in as its operator says; sessions are \
             OPENCX_PROXY_AUTH_MODE=session.",
        ))
    })
}

/// Nobody was asked who he is before he signs in, or out.
fn named(shown: &Shown) -> Asker {
    Asker {
        who: shown.subject.as_str().into(),
        ..Asker::current()
    }
}

fn told(shown: &Shown, until: Option<i64>) -> Value {
    let until = until.and_then(|until| jiff::Timestamp::from_second(until).ok());
    json!({
        "subject": shown.subject,
        "role": shown.role,
        "customers": shown.customers,
        "expires_at": until.map(|until| until.to_string()),
    })
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn no_session() -> ApiError {
    ApiError::new(Error::new(
        Code::Internal,
        "The proxy could not make a session. Its system has no randomness to give: ask its operator.",
    ))
}
