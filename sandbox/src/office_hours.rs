//! When the team is there.

use indexmap::IndexMap;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use opencx_partner_kit::platform::{Checks, Path};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api_error::ApiError;

/// What `POST /office-hours` and `PUT /office-hours/{id}` take.
#[derive(Debug, Deserialize)]
pub struct OfficeHoursInput {
    name: String,
    iana_timezone: String,
    shifts: Vec<ShiftInput>,
}

#[derive(Debug, Deserialize)]
struct ShiftInput {
    #[serde(default)]
    id: Option<String>,
    day_of_week: String,
    start_time: String,
    end_time: String,
}

/// A span of time on some days of the week, in the schedule's zone. One that ends before it starts ends the day after.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Shift {
    id: Uuid,
    day_of_week: String,
    start_time: Time,
    end_time: Time,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfficeHours {
    id: Uuid,
    name: String,
    iana_timezone: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    shifts: Vec<Shift>,
}

impl OfficeHours {
    /// Makes a schedule.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn make(
        asked: OfficeHoursInput,
        mut new_id: impl FnMut() -> Uuid,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let mut made = OfficeHours {
            id: new_id(),
            name: String::new(),
            iana_timezone: String::new(),
            created_at: now,
            updated_at: now,
            shifts: Vec::new(),
        };
        made.replace(asked, new_id, now)?;
        Ok(made)
    }

    /// Replaces all of it; a shift whose id is given stays that shift.
    ///
    /// # Errors
    /// 400 naming the fields that are refused; nothing is changed then.
    pub fn replace(
        &mut self,
        asked: OfficeHoursInput,
        mut new_id: impl FnMut() -> Uuid,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let at = Path::root();
        let mut checks = Checks::default();
        checks.text(at.field("name"), &asked.name, 1..=200);
        if TimeZone::get(&asked.iana_timezone).is_err() {
            checks.refuse(
                at.field("iana_timezone"),
                "must be an IANA zone name such as Europe/Lisbon".to_owned(),
            );
        }
        let mut shifts = Vec::new();
        for (index, shift) in asked.shifts.into_iter().enumerate() {
            let at = at.field("shifts").index(index);
            let before = self
                .shifts
                .iter()
                .find(|kept| shift.id.as_deref() == Some(&*kept.id.to_string()));
            if shift.id.is_some() && before.is_none() {
                checks.refuse(at.field("id"), "is no shift of this schedule".to_owned());
            }
            if days(&shift.day_of_week).is_none() {
                checks.refuse(
                    at.field("day_of_week"),
                    "must be a day, everyday, or a span such as monday_to_friday".to_owned(),
                );
            }
            let (start, end) = (time(&shift.start_time), time(&shift.end_time));
            for (name, time) in [("start_time", start), ("end_time", end)] {
                if time.is_none() {
                    checks.refuse(at.field(name), "must be a local time HH:MM:SS".to_owned());
                }
            }
            if start.is_some() && start == end {
                checks.refuse(at.field("end_time"), "must differ from start_time".to_owned());
            }
            if let (Some(start_time), Some(end_time)) = (start, end) {
                shifts.push(Shift {
                    id: before.map_or_else(&mut new_id, |kept| kept.id),
                    day_of_week: shift.day_of_week,
                    start_time,
                    end_time,
                    created_at: before.map_or(now, |kept| kept.created_at),
                    updated_at: now,
                });
            }
        }
        ApiError::unless_good(checks)?;
        self.name = asked.name;
        self.iana_timezone = asked.iana_timezone;
        self.shifts = shifts;
        self.updated_at = now;
        Ok(())
    }

    /// As the contract's `OfficeHours`.
    pub fn as_json(&self) -> Value {
        json!(self)
    }

    fn zone(&self) -> TimeZone {
        // One that was good when it was set, and is gone from this machine, counts as UTC.
        TimeZone::get(&self.iana_timezone).unwrap_or(TimeZone::UTC)
    }

    fn is_open(&self, now: Timestamp) -> bool {
        let local = now.to_zoned(self.zone());
        self.shifts
            .iter()
            .any(|shift| shift.covers(local.weekday(), local.time()))
    }

    /// The next start of a shift, within a week.
    fn next_opening(&self, now: Timestamp) -> Option<Zoned> {
        let local = now.to_zoned(self.zone());
        let starts = (0..=7).flat_map(|ahead| {
            let date = local.date().saturating_add(ahead.days());
            let shifts = self.shifts.iter().filter(move |shift| shift.on(date.weekday()));
            shifts.filter_map(move |shift| date.to_datetime(shift.start_time).to_zoned(self.zone()).ok())
        });
        starts
            .filter(|start| start.timestamp() > now)
            .min_by_key(Zoned::timestamp)
    }
}

impl Shift {
    fn on(&self, day: Weekday) -> bool {
        days(&self.day_of_week).is_some_and(|days| days.contains(&day))
    }

    fn covers(&self, day: Weekday, time: Time) -> bool {
        if self.start_time < self.end_time {
            self.on(day) && self.start_time <= time && time < self.end_time
        } else {
            (self.on(day) && self.start_time <= time) || (self.on(day.previous()) && time < self.end_time)
        }
    }
}

fn time(text: &str) -> Option<Time> {
    Time::strptime("%H:%M:%S", text).ok().filter(|_| text.len() == 8)
}

/// The days that a `day_of_week` names.
fn days(text: &str) -> Option<Vec<Weekday>> {
    if text == "everyday" {
        return Some(Weekday::Monday.cycle_forward().take(7).collect());
    }
    let (first, last) = text.split_once("_to_").unwrap_or((text, text));
    let (first, last) = (day(first)?, day(last)?);
    let length = usize::try_from(first.until(last)).ok()? + 1;
    Some(first.cycle_forward().take(length).collect())
}

fn day(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// All schedules of an org.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Schedules(IndexMap<Uuid, OfficeHours>);

impl Schedules {
    /// In the order they were made.
    pub fn all(&self) -> impl Iterator<Item = &OfficeHours> {
        self.0.values()
    }

    /// Adds one.
    pub fn add(&mut self, hours: OfficeHours) {
        self.0.insert(hours.id, hours);
    }

    /// One of them.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut OfficeHours> {
        self.0.get_mut(&Uuid::parse_str(id).ok()?)
    }

    /// Removes one; says whether it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        Uuid::parse_str(id).is_ok_and(|id| self.0.shift_remove(&id).is_some())
    }

    /// Somebody is there. Without schedules always, with several when any says so.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.0.is_empty() || self.0.values().any(|hours| hours.is_open(now))
    }

    /// What the visitor is told of the team's return, when nobody is there.
    pub fn away(&self, now: Timestamp) -> Option<String> {
        if self.is_open(now) {
            return None;
        }
        let next = self.0.values().filter_map(|hours| hours.next_opening(now));
        Some(match next.min_by_key(Zoned::timestamp) {
            Some(next) => format!(
                "Our team is away now and back on {} ({}).",
                next.strftime("%A at %H:%M"),
                next.time_zone().iana_name().unwrap_or("UTC"),
            ),
            None => "Our team is away now.".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(zone: &str, shifts: &[(&str, &str, &str)]) -> OfficeHoursInput {
        let shifts: Vec<Value> = shifts
            .iter()
            .map(|(day, start, end)| json!({ "day_of_week": day, "start_time": start, "end_time": end }))
            .collect();
        serde_json::from_value(json!({ "name": "Desk", "iana_timezone": zone, "shifts": shifts })).unwrap()
    }

    fn schedules(zone: &str, shifts: &[(&str, &str, &str)]) -> Schedules {
        let mut all = Schedules::default();
        all.add(OfficeHours::make(input(zone, shifts), Uuid::new_v4, Timestamp::UNIX_EPOCH).unwrap());
        all
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_and_zones() {
        let all = schedules("Europe/Lisbon", &[("monday_to_friday", "09:00:00", "17:00:00")]);
        // A Monday in summer: Lisbon is an hour ahead of UTC.
        assert!(!all.is_open(at("2026-06-01T07:59:59Z")));
        assert!(all.is_open(at("2026-06-01T08:00:00Z")));
        assert!(!all.is_open(at("2026-06-01T16:00:00Z")));
        assert!(!all.is_open(at("2026-06-06T10:00:00Z")), "a Saturday");
        assert_eq!(
            all.away(at("2026-06-05T20:00:00Z")).as_deref(),
            Some("Our team is away now and back on Monday at 09:00 (Europe/Lisbon).")
        );
        assert_eq!(all.away(at("2026-06-01T08:00:00Z")), None);
        assert!(Schedules::default().is_open(at("2026-06-06T10:00:00Z")));
        assert_eq!(
            schedules("UTC", &[]).away(at("2026-06-06T10:00:00Z")).as_deref(),
            Some("Our team is away now.")
        );
    }

    #[test]
    fn a_night_shift_ends_the_day_after() {
        let all = schedules("UTC", &[("saturday_to_sunday", "22:00:00", "02:00:00")]);
        assert!(all.is_open(at("2026-06-06T23:00:00Z")));
        assert!(all.is_open(at("2026-06-08T01:59:59Z")), "Sunday's, on Monday");
        assert!(!all.is_open(at("2026-06-06T01:00:00Z")), "Friday's is none");
        assert_eq!(days("sunday_to_tuesday").unwrap().len(), 3);
        assert_eq!(days("everyday").unwrap().len(), 7);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let refused = OfficeHours::make(
            input(
                "Lisbon",
                &[
                    ("someday", "9:00", "25:00:00"),
                    ("monday", "09:00:00", "09:00:00"),
                ],
            ),
            Uuid::new_v4,
            Timestamp::UNIX_EPOCH,
        );
        let said = format!("{:?}", refused.unwrap_err());
        for field in [
            "iana_timezone",
            "shifts[0].day_of_week",
            "shifts[0].start_time",
            "shifts[0].end_time",
            "shifts[1].end_time",
        ] {
            assert!(said.contains(field), "{field}: {said}");
        }
    }

    #[test]
    fn a_shift_keeps_its_id() {
        let mut hours = OfficeHours::make(
            input("UTC", &[("monday", "09:00:00", "17:00:00")]),
            Uuid::new_v4,
            at("2026-01-01T00:00:00Z"),
        )
        .unwrap();
        let id = hours.shifts[0].id;
        let mut again = input(
            "UTC",
            &[
                ("monday", "10:00:00", "17:00:00"),
                ("friday", "10:00:00", "12:00:00"),
            ],
        );
        again.shifts[0].id = Some(id.to_string());
        hours
            .replace(again, Uuid::new_v4, at("2026-01-02T00:00:00Z"))
            .unwrap();
        assert_eq!((hours.shifts[0].id, hours.shifts.len()), (id, 2));
        assert_eq!(hours.shifts[0].created_at, at("2026-01-01T00:00:00Z"));
        let mut foreign = input("UTC", &[("monday", "10:00:00", "17:00:00")]);
        foreign.shifts[0].id = Some(Uuid::nil().to_string());
        assert!(
            hours
                .replace(foreign, Uuid::new_v4, at("2026-01-02T00:00:00Z"))
                .is_err()
        );
        assert_eq!(hours.shifts.len(), 2);
    }
}
