//! Dates with the precision of a month or a day.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

/// A month or a day, such as `"2023-05"` or `"2023-05-17"`. It is a string, because TOML has no type for months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, four digits.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1, if known.
    pub day: Option<u8>,
}

impl Date {
    /// Parses `YYYY-MM` or `YYYY-MM-DD`. Returns `None` for dates that do not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = u8::try_from(digits(parts.next()?, 2)?).ok()?;
        let day = parts.next().map(|part| digits(part, 2).and_then(|day| u8::try_from(day).ok()));
        let day = match day {
            Some(None) => return None,
            Some(day) => day,
            None => None,
        };
        let fits = (1..=12).contains(&month) && day.is_none_or(|day| day >= 1 && day <= days_in(year, month));
        (year >= 1000 && fits && parts.next().is_none()).then_some(Self { year, month, day })
    }

    /// Parses a date as people write it: `15/03/2026`, `15.3.2026`, `03/2026`, `2026/03/15` or `2026-3-15`. The day comes before the month,
    /// unless the second number can only be a day. Returns `None` for dates that do not exist.
    pub fn parse_loosely(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.trim().split(['/', '.', '-']).map(str::trim).collect();
        let number = |part: &&str| part.parse::<u16>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
        let numbers: Vec<u16> = parts.iter().map(number).collect::<Option<_>>()?;
        let (year, month, day) = match (numbers.as_slice(), parts.first()?.len() == 4) {
            ([year, month, day], true) => (*year, *month, Some(*day)),
            ([year, month], true) => (*year, *month, None),
            ([month, day, year], false) if *day > 12 => (*year, *month, Some(*day)),
            ([day, month, year], false) => (*year, *month, Some(*day)),
            ([month, year], false) => (*year, *month, None),
            _ => return None,
        };
        let day = day.map(|day| format!("-{day:02}")).unwrap_or_default();
        Self::parse(&format!("{year:04}-{month:02}{day}"))
    }

    /// Returns the date in ISO 8601 format: `2023-05` or `2023-05-17`.
    pub fn iso(self) -> String {
        match self.day {
            Some(day) => format!("{:04}-{:02}-{:02}", self.year, self.month, day),
            None => format!("{:04}-{:02}", self.year, self.month),
        }
    }

    /// Returns midnight UTC at the start of the day or month, for metadata: `2023-05-01T00:00:00Z`.
    pub fn instant(self) -> String {
        format!("{:04}-{:02}-{:02}T00:00:00Z", self.year, self.month, self.first_day())
    }

    /// Returns whether it is before another date. A month is neither before nor after its days.
    pub fn is_before(self, other: Self) -> bool {
        let months = (self.year, self.month).cmp(&(other.year, other.month));
        months.is_lt() || months.is_eq() && self.day.zip(other.day).is_some_and(|(day, other)| day < other)
    }

    /// Returns whether the order of the dates is unknown: they have the same month, and the day of one is unknown.
    pub fn may_be_before(self, other: Self) -> bool {
        (self.year, self.month) == (other.year, other.month) && (self.day.is_none() || other.day.is_none())
    }

    /// Returns the day of a number of seconds since 1970-01-01T00:00:00Z, in UTC.
    pub fn of_seconds(seconds: u64) -> Option<Self> {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin on 1 March, and eras have 146,097 days.
        let days = seconds / 86_400 + 719_468;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = u8::try_from(day_of_year - (153 * month + 2) / 5 + 1).ok()?;
        let month = u8::try_from(if month < 10 { month + 3 } else { month - 9 }).ok()?;
        let year = u16::try_from(days / 146_097 * 400 + year_of_era + u64::from(month <= 2)).ok()?;
        (year <= 9999).then_some(Self { year, month, day: Some(day) })
    }

    /// Returns the day, or 1 if only the month is known.
    pub fn first_day(self) -> u8 {
        self.day.unwrap_or(1)
    }
}

fn digits(text: &str, count: usize) -> Option<u16> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$" })
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            let right = Self::parse_loosely(&text)
                .map_or_else(|| "\"2023-05\" or \"2023-05-17\"".into(), |date| format!("\"{}\"", date.iso()));
            de::Error::custom(format!("\"{text}\" is not a date; write {right}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_are_compared_at_their_common_precision() {
        let before = |a, b| Date::parse(a).zip(Date::parse(b)).map(|(a, b)| a.is_before(b)).unwrap();
        assert!(before("2026-01", "2026-02-01") && before("2026-02-01", "2026-02-02") && before("2025-12-31", "2026-01"));
        assert!(!before("2026-02", "2026-02-01") && !before("2026-02-01", "2026-02") && !before("2026-02-02", "2026-02-02"));
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (days, date) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (10_956, "1999-12-31"), (11_016, "2000-02-29"), (20_453, "2025-12-31")]
        {
            assert_eq!(Date::of_seconds(days * 86_400 + 86_399).map(Date::iso).as_deref(), Some(date));
        }
        assert_eq!(Date::of_seconds(u64::MAX), None);
    }

    #[test]
    fn reads_dates_as_people_write_them() {
        for (typed, iso) in [
            ("15/03/2026", "2026-03-15"),
            ("3/15/2026", "2026-03-15"),
            ("1.2.2026", "2026-02-01"),
            ("03/2026", "2026-03"),
            ("2026/03/15", "2026-03-15"),
            ("2026-3-5", "2026-03-05"),
        ] {
            assert_eq!(Date::parse_loosely(typed).map(Date::iso).as_deref(), Some(iso), "{typed}");
        }
        for wrong in ["31/02/2026", "15/03/26", "2026", "mai 2026", "1/2/3/4", ""] {
            assert_eq!(Date::parse_loosely(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn parses_dates_that_exist() {
        assert_eq!(Date::parse("2023-05"), Some(Date { year: 2023, month: 5, day: None }));
        assert_eq!(Date::parse("2024-02-29").map(Date::iso), Some("2024-02-29".into()));
        for wrong in ["2023-02-29", "2023-13", "2023-00", "2023-5", "23-05", "2023-05-", "2023-05-00", "2023-05-01-01", "mai"] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }
}
