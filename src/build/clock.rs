//! The current day, for the dates of new projects and for reports of dates in the future. No artefact depends on it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::manifest::Date;

/// Maximum offset of a time zone from UTC in seconds: 14 hours.
const MAX_UTC_OFFSET: u64 = 14 * 3_600;

/// Returns the current day in UTC, or the day that the environment variable `SOURCE_DATE_EPOCH` sets.
pub fn today() -> Date {
    Date::of_seconds(now()).unwrap_or(LAST)
}

/// Returns the latest current day in any time zone.
pub fn latest_day() -> Date {
    Date::of_seconds(now().saturating_add(MAX_UTC_OFFSET)).unwrap_or(LAST)
}

/// The last day that sources can name.
const LAST: Date = Date { year: 9999, month: 12, day: Some(31) };

fn now() -> u64 {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    given.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}
