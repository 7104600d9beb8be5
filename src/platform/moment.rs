//! Moments as the platform takes them: RFC 3339 with a zone. Read here and not by a library of dates: all the kit asks is
//! whether a text is one, and which of two comes first, and a page would pay five kilobytes for the rest.

/// Seconds since 1970 in UTC, and nanoseconds; `None` if the text is no moment.
pub(super) fn moment(text: &str) -> Option<(i64, u32)> {
    let mut rest = text.as_bytes();
    let [year, month, day, hour, minute, second] = numbers(&mut rest, b"0000-00-00T00:00:00")?;
    let mut nanosecond = 0;
    if let [b'.', digits @ ..] = rest {
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&count) {
            return None;
        }
        let zeros = std::iter::repeat(&b'0');
        for digit in digits[..count].iter().chain(zeros).take(9) {
            nanosecond = nanosecond * 10 + u32::from(digit - b'0');
        }
        rest = &digits[count..];
    }
    let sign = match *rest {
        [b'Z'] => 0,
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let mut ahead = 0;
    if sign != 0 {
        rest = &rest[1..];
        let [hour, minute] = numbers(&mut rest, b"00:00")?;
        if !rest.is_empty() {
            return None;
        }
        ahead = sign * seconds(hour, minute, 0)?;
    }
    Some((
        days(year, month, day)? * 86_400 + seconds(hour, minute, second)? - ahead,
        nanosecond,
    ))
}

/// Seconds since midnight of a local time `HH:MM:SS`; `None` if the text is none.
pub(super) fn time_of_day(text: &str) -> Option<i64> {
    let mut rest = text.as_bytes();
    let [hour, minute, second] = numbers(&mut rest, b"00:00:00")?;
    rest.is_empty().then(|| seconds(hour, minute, second)).flatten()
}

fn seconds(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970 of a date that is in the calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > length {
        return None;
    }
    // Years that begin in March have their odd day at the end.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(before + (month * 153 + 2) / 5 + day - 719_469)
}

/// The numbers at the front of a text, which has digits where the pattern has zeros, and what the pattern has elsewhere.
fn numbers<const N: usize>(text: &mut &[u8], pattern: &[u8]) -> Option<[i64; N]> {
    let (front, rest) = text.split_at_checked(pattern.len())?;
    *text = rest;
    let (mut found, mut at) = ([0; N], 0);
    for (byte, wanted) in front.iter().zip(pattern) {
        if *wanted != b'0' {
            at += 1;
            if byte != wanted {
                return None;
            }
        } else if byte.is_ascii_digit() {
            found[at] = found[at] * 10 + i64::from(byte - b'0');
        } else {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{Timestamp, tz::Offset};
    use proptest::prelude::*;

    #[test]
    fn what_is_no_moment() {
        for bad in [
            "",
            "2026-11-23",
            "2026-11-23T19:55:00",
            "2026-11-23 19:55:00Z",
            "2026-11-23t19:55:00z",
            "2026-11-23T19:55Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T23:60:00Z",
            "2026-11-23T23:59:60Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-23T19:55:00.Z",
            "2026-11-23T19:55:00.1234567890Z",
            "2026-11-23T19:55:00+2:00",
            "2026-11-23T19:55:00+0200",
            "2026-11-23T19:55:00+24:00",
            "2026-11-23T19:55:00ZZ",
            "+026-11-23T19:55:00Z",
            "２０26-11-23T19:55:00Z",
        ] {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_of_a_day() {
        assert_eq!(time_of_day("00:00:00"), Some(0));
        assert_eq!(time_of_day("23:59:59"), Some(86_399));
        for bad in [
            "",
            "9:00:00",
            "09:00",
            "24:00:00",
            "09:60:00",
            "09:00:60",
            "09:00:00Z",
            "0a:00:00",
        ] {
            assert_eq!(time_of_day(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_is_the_one_jiff_reads(
            second in -62_135_596_800_i64 + 86_400..253_402_300_799 - 86_400,
            nanosecond in 0..1_000_000_000_i32,
            digits in 0..=9_usize,
            minutes in -1439..1440_i32,
        ) {
            let there = Timestamp::new(second, 0).unwrap().to_zoned(Offset::from_seconds(minutes * 60).unwrap().to_time_zone());
            let fraction = format!("{nanosecond:09}");
            let fraction = if digits == 0 { String::new() } else { format!(".{}", &fraction[..digits]) };
            let sign = if minutes < 0 { '-' } else { '+' };
            let zone = if minutes == 0 { "Z".to_owned() } else { format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60) };
            let text = format!("{}{fraction}{zone}", there.strftime("%Y-%m-%dT%H:%M:%S"));
            let known: Timestamp = text.parse().unwrap();
            let known = known.as_nanosecond();
            let (second, nanosecond) = moment(&text).unwrap();
            prop_assert_eq!(i128::from(second) * 1_000_000_000 + i128::from(nanosecond), known, "{}", text);
        }

        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC*", near in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z") {
            time_of_day(&text);
            moment(&text);
            // Whatever is taken is a moment for jiff too.
            if moment(&near).is_some() {
                prop_assert!(near.parse::<Timestamp>().is_ok(), "{}", near);
            } else {
                let second_60 = near.ends_with(":60Z");
                prop_assert!(second_60 || near.parse::<Timestamp>().is_err() || near.starts_with("0000"), "{}", near);
            }
        }
    }

    #[test]
    fn a_zone_of_its_own_is_the_same_moment() {
        assert_eq!(
            moment("2026-11-23T19:55:00+02:00"),
            moment("2026-11-23T17:55:00Z")
        );
        assert!(moment("2026-11-23T19:55:00.5Z") > moment("2026-11-23T19:55:00.49Z"));
    }
}
