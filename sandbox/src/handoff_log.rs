//! Which conversations the AI has handed off, and what the platform's analytics say of them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::handoff::Reason;

const PAGE: usize = 20;
const DEFAULT_SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One handoff.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handoff {
    /// Which conversation.
    pub session: Uuid,
    /// Why; most important first.
    pub reasons: Vec<Reason>,
    /// What the visitor had written.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

impl Handoff {
    fn sentiment(&self) -> &'static str {
        if self.reasons.contains(&Reason::Frustration) {
            "negative"
        } else {
            "neutral"
        }
    }

    fn as_json(&self) -> Value {
        let explanation: Vec<&str> = self.reasons.iter().map(|reason| reason.explanation()).collect();
        json!({
            "session_id": self.session,
            "summary": format!("The visitor wrote: {}", self.message),
            "explanation": explanation.join(" "),
            "reasons": self.reasons,
            "created_at": self.at,
        })
    }
}

/// What both analytics calls take.
#[derive(Debug, Default, Deserialize)]
pub struct HandoffQuery {
    start_date: Option<String>,
    end_date: Option<String>,
    reason: Option<Reason>,
    cursor: Option<String>,
}

/// From when until when.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    start: Timestamp,
    end: Timestamp,
}

impl Span {
    /// Lies in it.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at <= self.end
    }
}

impl HandoffQuery {
    /// The span that is asked for: 30 days up to now where nothing is said.
    ///
    /// # Errors
    /// 400 when a date is none.
    pub fn span(&self, now: Timestamp) -> Result<Span, ApiError> {
        let end = read("end_date", self.end_date.as_deref(), true)?.unwrap_or(now);
        let start = read("start_date", self.start_date.as_deref(), false)?.unwrap_or(end - DEFAULT_SPAN);
        Ok(Span { start, end })
    }
}

/// A time, or a day of UTC: its first moment, or its last.
fn read(name: &str, text: Option<&str>, last: bool) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let time = text.parse::<Timestamp>().ok().or_else(|| {
        let day: Date = text.parse().ok()?;
        let day = if last { day.tomorrow().ok()? } else { day };
        let start = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(if last {
            start - SignedDuration::from_nanos(1)
        } else {
            start
        })
    });
    time.map(Some)
        .ok_or_else(|| ApiError::bad_request(format!("{name} must be an ISO 8601 date or time")))
}

/// All handoffs of an org, oldest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct HandoffLog(Vec<Handoff>);

impl HandoffLog {
    /// Adds one.
    pub fn note(&mut self, handoff: Handoff) {
        self.0.push(handoff);
    }

    /// As the contract's `HandoffAnalytics`; `sessions` were begun in the span, `ai` names the org's AI.
    pub fn analytics(&self, span: Span, sessions: usize, ai: Uuid) -> Value {
        let all: Vec<&Handoff> = self
            .0
            .iter()
            .filter(|handoff| span.contains(handoff.at))
            .collect();
        let percentage = |count: usize| percent(count, all.len());
        let reasons = counted(all.iter().flat_map(|handoff| handoff.reasons.iter().copied()));
        let combinations = counted(all.iter().map(|handoff| handoff.reasons.clone()));
        let sentiments = counted(all.iter().map(|handoff| handoff.sentiment()));
        let days = counted(
            all.iter()
                .map(|handoff| handoff.at.to_zoned(TimeZone::UTC).date()),
        );
        let references = |reason: Reason| match reasons.get(&reason) {
            Some(count) => json!([{ "type": "ai_profile", "id": ai, "count": count }]),
            None => json!([]),
        };
        json!({
            "summary": format!("{} of {sessions} conversations went to a person.", all.len()),
            "total_handoffs": all.len(),
            "total_sessions": sessions,
            "start_date": span.start,
            "end_date": span.end,
            "reasons": list(&reasons, |reason, count| {
                json!({ "reason": reason, "count": count, "percentage": percentage(count) })
            }),
            "reason_combinations": list(&combinations, |reasons, count| {
                json!({ "reasons": reasons, "session_count": count, "percentage": percentage(count) })
            }),
            "sentiments": list(&sentiments, |sentiment, count| {
                json!({ "sentiment": sentiment, "count": count, "percentage": percentage(count) })
            }),
            "trends": list(&days, |day, count| json!({ "date": day, "count": count })),
            "knowledge_references": references(Reason::MissingKnowledge),
            "tool_references": [],
            "instruction_references": references(Reason::Frustration),
            "prohibited_topic_references": references(Reason::ProhibitedTopic),
        })
    }

    /// As the contract's `HandoffEventPage`, newest first.
    ///
    /// # Errors
    /// 400 when the cursor is none of ours.
    pub fn events(&self, query: &HandoffQuery, span: Span) -> Result<Value, ApiError> {
        let before = match query.cursor.as_deref() {
            None | Some("") => self.0.len(),
            Some(text) => text
                .parse()
                .map_err(|_| ApiError::bad_request("cursor must be the `next` of the page before"))?,
        };
        let all: Vec<(usize, &Handoff)> = self
            .0
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, handoff)| span.contains(handoff.at))
            .filter(|(_, handoff)| {
                query
                    .reason
                    .is_none_or(|reason| handoff.reasons.contains(&reason))
            })
            .collect();
        let mut rest = all.iter().filter(|(index, _)| *index < before);
        let page: Vec<&(usize, &Handoff)> = rest.by_ref().take(PAGE).collect();
        let next = rest.next().and(page.last()).map(|(index, _)| index.to_string());
        let items: Vec<Value> = page.iter().map(|(_, handoff)| handoff.as_json()).collect();
        Ok(json!({ "items": items, "next": next, "total": all.len() }))
    }
}

fn counted<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

fn list<T>(counts: &BTreeMap<T, usize>, entry: impl Fn(&T, usize) -> Value) -> Vec<Value> {
    counts.iter().map(|(item, count)| entry(item, *count)).collect()
}

/// With one decimal.
fn percent(part: usize, whole: usize) -> f64 {
    let thousandths = (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0);
    f64::from(u32::try_from(thousandths).unwrap_or(u32::MAX)) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(handoffs: &[(&str, &[Reason])]) -> HandoffLog {
        let mut log = HandoffLog::default();
        for (at, reasons) in handoffs {
            log.note(Handoff {
                session: Uuid::nil(),
                reasons: reasons.to_vec(),
                message: "Hello?".into(),
                at: at.parse().unwrap(),
            });
        }
        log
    }

    fn span(start: &str, end: &str) -> Span {
        let query = HandoffQuery {
            start_date: Some(start.into()),
            end_date: Some(end.into()),
            ..HandoffQuery::default()
        };
        query.span(Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn counts_by_reason_and_day() {
        let log = log(&[
            ("2026-06-01T10:00:00Z", &[Reason::UserRequest]),
            (
                "2026-06-01T23:59:59Z",
                &[Reason::UserRequest, Reason::Frustration],
            ),
            ("2026-06-02T00:00:00Z", &[Reason::MissingKnowledge]),
            ("2026-07-01T00:00:00Z", &[Reason::MissingKnowledge]),
        ]);
        let said = log.analytics(span("2026-06-01", "2026-06-02"), 10, Uuid::nil());
        assert_eq!(
            (&said["total_handoffs"], &said["total_sessions"]),
            (&json!(3), &json!(10))
        );
        assert!(said["reasons"].as_array().unwrap().contains(&json!(
            { "reason": "user_requested_human_assistance", "count": 2, "percentage": 66.7 }
        )));
        assert_eq!(said["reason_combinations"].as_array().unwrap().len(), 3);
        assert_eq!(
            said["trends"],
            json!([{ "date": "2026-06-01", "count": 2 }, { "date": "2026-06-02", "count": 1 }])
        );
        assert_eq!(said["instruction_references"][0]["count"], 1);
        let none = log.analytics(span("2020-01-01", "2020-01-02"), 0, Uuid::nil());
        assert_eq!(none["reasons"], json!([]));
    }

    #[test]
    fn events_page_backwards() {
        let log = log(&[("2026-06-01T10:00:00Z", &[Reason::UserRequest] as &[Reason]); 25]);
        let span = span("2026-06-01", "2026-06-01");
        let first = log.events(&HandoffQuery::default(), span).unwrap();
        assert_eq!(
            (first["items"].as_array().unwrap().len(), &first["total"]),
            (20, &json!(25))
        );
        let next = HandoffQuery {
            cursor: first["next"].as_str().map(str::to_owned),
            ..HandoffQuery::default()
        };
        let second = log.events(&next, span).unwrap();
        assert_eq!(
            (second["items"].as_array().unwrap().len(), &second["next"]),
            (5, &Value::Null)
        );
        let other = HandoffQuery {
            reason: Some(Reason::MissingKnowledge),
            ..HandoffQuery::default()
        };
        assert_eq!(log.events(&other, span).unwrap()["total"], 0);
        let bad = HandoffQuery {
            cursor: Some("x".into()),
            ..HandoffQuery::default()
        };
        assert!(log.events(&bad, span).is_err());
    }

    #[test]
    fn dates_have_defaults() {
        let now: Timestamp = "2026-06-30T00:00:00Z".parse().unwrap();
        let span = HandoffQuery::default().span(now).unwrap();
        assert_eq!(
            (span.start, span.end),
            ("2026-05-31T00:00:00Z".parse().unwrap(), now)
        );
        let bad = HandoffQuery {
            start_date: Some("yesterday".into()),
            ..HandoffQuery::default()
        };
        assert!(bad.span(now).is_err());
    }
}
