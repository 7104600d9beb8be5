//! When a team is there: schedules of shifts in a time zone.

use super::moment::time_of_day;
use super::shape::{Shape, What, optional, required};
use super::{Checks, Path};
use crate::value::{Value, items, text_of};

/// The days that the contract names (`DayOfWeek`), each with the days of the week it covers, Monday the lowest bit. The platform
/// takes further spans, but nobody says which: whether such a one overlaps another shift could not be told, so they are
/// refused, and single days say the same.
const DAYS: [(&str, u8); 9] = [
    ("everyday", 0b111_1111),
    ("monday_to_friday", 0b001_1111),
    ("monday", 1),
    ("tuesday", 1 << 1),
    ("wednesday", 1 << 2),
    ("thursday", 1 << 3),
    ("friday", 1 << 4),
    ("saturday", 1 << 5),
    ("sunday", 1 << 6),
];

/// Their names.
pub const DAY_NAMES: [&str; 9] = {
    let mut names = [""; 9];
    let mut at = 0;
    while at < names.len() {
        names[at] = DAYS[at].0;
        at += 1;
    }
    names
};

/// A shift (`ShiftInput`): on which days, and from when until when in the schedule's zone, `HH:MM:SS`. `id`: of a shift that is
/// there, when a schedule is replaced.
const SHIFT: Shape = &[
    optional("id", What::Text(1, 200)),
    required("day_of_week", What::OneOf(&DAY_NAMES)),
    required("start_time", What::Time),
    required("end_time", What::Time),
];

/// What a list of them is, but for how they lie to each other.
pub(super) const SHIFTS: What = What::List(&What::Object(SHIFT), 0, 200);

/// What `POST /office-hours` and `PUT /office-hours/{id}` take (`OfficeHoursInput`). `name`: 1 to 200 characters.
/// `iana_timezone`: such as `Europe/Lisbon`. `shifts`: all of them; the ones left out are removed. None may end before it
/// starts or lie over another.
pub const OFFICE_HOURS: Shape = &[
    required("name", What::Text(1, 200)),
    required("iana_timezone", What::TimeZone),
    required("shifts", What::Shifts),
];

/// A shift as it counts: its days, its first second and the one after its last.
struct Span {
    days: u8,
    start: i64,
    end: i64,
}

impl Span {
    /// Of a shift that reads well.
    fn of<V: Value>(shift: &V) -> Option<Self> {
        let named = text_of(shift, "day_of_week")?;
        let time = |name: &str| time_of_day(&text_of(shift, name)?);
        Some(Span {
            days: DAYS.iter().find(|(name, _)| *name == named)?.1,
            start: time("start_time")?,
            end: time("end_time")?,
        })
    }

    fn overlaps(&self, other: &Span) -> bool {
        self.days & other.days != 0 && self.start < other.end && other.start < self.end
    }
}

/// Notes which shifts end before they start, and which lie over one before them.
pub(super) fn check_spans<V: Value>(shifts: &V, at: &Path, checks: &mut Checks) {
    let mut spans: Vec<(usize, Span)> = Vec::new();
    for (index, shift) in items(shifts).iter().enumerate() {
        let Some(span) = Span::of(shift) else { continue };
        let at = at.index(index);
        if span.end <= span.start {
            checks.refuse(
                at.field("end_time"),
                "must be later than start_time; a shift over midnight is two, the first until 23:59:59",
            );
            continue;
        }
        if let Some((first, _)) = spans.iter().find(|(_, other)| span.overlaps(other)) {
            let mut message = String::from("lies over ");
            message.push_str(Path::root().field("shifts").index(*first).as_str());
            checks.refuse(at, message);
        }
        spans.push((index, span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::shape::check;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    fn schedule(shifts: &[(&str, &str, &str)]) -> Json {
        let shifts: Vec<Json> = shifts
            .iter()
            .map(|(day, start, end)| json!({ "day_of_week": day, "start_time": start, "end_time": end }))
            .collect();
        json!({ "name": "Desk", "iana_timezone": "Europe/Lisbon", "shifts": shifts })
    }

    fn found(schedule: &Json) -> Vec<String> {
        let mut checks = Checks::default().with_zones(|zone| jiff::tz::TimeZone::get(zone).is_ok());
        check(OFFICE_HOURS, schedule, &Path::root(), &mut checks);
        let fields = checks.into_fields().into_iter();
        fields.map(|f| format!("{}: {}", f.path, f.message)).collect()
    }

    #[test]
    fn schedules_that_are_taken() {
        for good in [
            &[][..],
            &[
                ("monday_to_friday", "09:00:00", "17:00:00"),
                ("saturday", "10:00:00", "12:00:00"),
            ],
            &[
                ("everyday", "00:00:00", "12:00:00"),
                ("everyday", "12:00:00", "23:59:59"),
            ],
            &[
                ("friday", "22:00:00", "23:59:59"),
                ("saturday", "00:00:00", "02:00:00"),
            ],
        ] {
            assert_eq!(found(&schedule(good)), [""; 0], "{good:?}");
        }
    }

    #[test]
    fn shifts_that_cannot_be_meant_are_named() {
        const LATER: &str =
            "must be later than start_time; a shift over midnight is two, the first until 23:59:59";
        const DAY: &str = "must be one of everyday, monday_to_friday, monday, tuesday, wednesday, thursday, friday, \
                           saturday, sunday";
        let time = "must be a local time HH:MM:SS, such as 09:00:00";
        for (shifts, expected) in [
            (
                &[("monday", "09:00:00", "09:00:00")][..],
                vec![format!("shifts[0].end_time: {LATER}")],
            ),
            (
                &[("monday", "22:00:00", "02:00:00")],
                vec![format!("shifts[0].end_time: {LATER}")],
            ),
            (
                &[
                    ("monday_to_friday", "09:00:00", "17:00:00"),
                    ("friday", "16:59:59", "18:00:00"),
                ],
                vec!["shifts[1]: lies over shifts[0]".to_owned()],
            ),
            (
                &[
                    ("sunday", "09:00:00", "17:00:00"),
                    ("monday", "09:00:00", "17:00:00"),
                    ("everyday", "12:00:00", "13:00:00"),
                ],
                vec!["shifts[2]: lies over shifts[0]".to_owned()],
            ),
            (
                &[("saturday_to_sunday", "9:00", "25:00:00")],
                vec![
                    format!("shifts[0].day_of_week: {DAY}"),
                    format!("shifts[0].start_time: {time}"),
                    format!("shifts[0].end_time: {time}"),
                ],
            ),
        ] {
            assert_eq!(found(&schedule(shifts)), expected, "{shifts:?}");
        }
    }

    #[test]
    fn zones_that_nobody_knows_are_refused() {
        let mut of = schedule(&[]);
        for (zone, good) in [
            ("Europe/Lisbon", true),
            ("UTC", true),
            ("America/Argentina/Buenos_Aires", true),
            ("Lisbon", false),
            ("Europe/Lissabon", false),
            ("+01:00", false),
            ("../etc/passwd", false),
            (" UTC", false),
        ] {
            of["iana_timezone"] = zone.into();
            assert_eq!(found(&of).is_empty(), good, "{zone}");
        }
    }

    proptest! {
        #[test]
        fn an_overlap_is_found_exactly_when_a_minute_is_covered_twice(
            shifts in prop::collection::vec((0..DAYS.len(), 0..1439_u32, 1..240_u32), 0..7)
        ) {
            let text = |minute: u32| format!("{:02}:{:02}:00", minute / 60, minute % 60);
            let mut covered = vec![0; 7 * 24 * 60];
            let mut given = Vec::new();
            for (day, start, length) in shifts {
                let end = (start + length).min(1439);
                if end == start { continue }
                for weekday in (0..7).filter(|weekday| DAYS[day].1 & (1 << weekday) != 0) {
                    for minute in start..end {
                        covered[weekday * 24 * 60 + minute as usize] += 1;
                    }
                }
                given.push((DAYS[day].0, text(start), text(end)));
            }
            let given: Vec<_> = given.iter().map(|(day, start, end)| (*day, start.as_str(), end.as_str())).collect();
            let twice = covered.iter().any(|count| *count > 1);
            prop_assert_eq!(!found(&schedule(&given)).is_empty(), twice, "{:?}", given);
        }
    }
}
