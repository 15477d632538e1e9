//! How long a server asks us to stay away.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Nobody waits longer than this, whatever a server says: it may have been a slip.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// From here on a wait ends at a full minute, which is easier to read.
const LONG: i64 = 60;
/// What large hosts say besides or in place of `Retry-After`: what is left, and when there is more.
const QUOTAS: [(&str, &str); 2] =
    [("x-ratelimit-remaining", "x-ratelimit-reset"), ("ratelimit-remaining", "ratelimit-reset")];
/// A number of seconds that is no length of time, but one since 1970.
const EPOCH: i64 = 1_000_000_000;

/// When a server that refused with `status` may be asked again, where it says so. Only what means that
/// waiting helps is looked at: an answer that asks for other credentials, say, does not get better.
pub(super) fn asked_for(status: u16, headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    if !matches!(status, 403 | 429 | 500..) {
        return None;
    }
    let seconds = retry_after(headers, now).or_else(|| quota(headers, now))?;
    let wait = SignedDuration::from_secs(seconds.max(1)).min(LONGEST);
    let until = now.checked_add(wait).ok()?;
    Some(if wait.as_secs() < LONG { up_to(until, 1) } else { up_to(until, 60) })
}

/// Seconds, or a date by the clock of the server.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let value = text(headers, RETRY_AFTER.as_str())?;
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        return Some(value.parse().unwrap_or(i64::MAX));
    }
    let server = text(headers, DATE.as_str()).and_then(date).unwrap_or(now);
    Some(date(value)?.duration_since(server).as_secs())
}

/// Seconds until a quota that is used up is there again.
fn quota(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    QUOTAS.iter().find_map(|(remaining, reset)| {
        let number = |name| text(headers, name)?.parse::<i64>().ok();
        let reset = number(reset).filter(|_| number(remaining) == Some(0))?;
        Some(if reset > EPOCH { reset.saturating_sub(now.as_second()) } else { reset })
    })
}

fn date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// `time`, or the next one after it that is a multiple of `seconds`.
fn up_to(time: Timestamp, seconds: i64) -> Timestamp {
    let whole = time.as_second() + i64::from(time.subsec_nanosecond() > 0);
    let rest = whole.rem_euclid(seconds);
    let more = if rest == 0 { 0 } else { seconds - rest };
    Timestamp::from_second(whole.saturating_add(more)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    /// 2033-03-09T12:00:00Z
    const NOON: i64 = 1_993_982_400;

    fn asked(status: u16, lines: &[(&str, &str)]) -> Option<i64> {
        let headers = lines.iter().map(|(name, value)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        });
        let now = Timestamp::from_second(NOON).unwrap();
        asked_for(status, &headers.collect(), now).map(|until| until.as_second() - NOON)
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(asked(429, &[("retry-after", "7")]), Some(7));
        assert_eq!(asked(503, &[("retry-after", "600")]), Some(600));
        assert_eq!(asked(403, &[("retry-after", " 61 ")]), Some(120), "a full minute");
        let date = "Wed, 09 Mar 2033 12:10:00 GMT";
        assert_eq!(asked(429, &[("retry-after", date)]), Some(600));
    }

    #[test]
    fn a_date_counts_by_the_clock_of_the_server() {
        let lines = [
            ("date", "Wed, 09 Mar 2033 15:00:00 GMT"),
            ("retry-after", "Wed, 09 Mar 2033 15:10:00 GMT"),
        ];
        assert_eq!(asked(429, &lines), Some(600));
    }

    #[test]
    fn a_quota_that_is_used_up_is_waited_for() {
        let reset = (NOON + 1800).to_string();
        for name in ["x-ratelimit", "ratelimit"] {
            let lines = |left| {
                [(format!("{name}-remaining"), left), (format!("{name}-reset"), reset.clone())]
            };
            let ask = |left: &str| {
                let lines = lines(left.to_owned());
                asked(403, &lines.each_ref().map(|(name, value)| (name.as_str(), value.as_str())))
            };
            assert_eq!(ask("0"), Some(1800), "{name}");
            assert_eq!(ask("12"), None, "{name}: there is something left, so it is no limit");
        }
        let seconds = [("ratelimit-remaining", "0"), ("ratelimit-reset", "50")];
        assert_eq!(asked(429, &seconds), Some(50));
    }

    #[test]
    fn nonsense_is_bounded() {
        for value in ["99999999999999999999", "31536000", "Fri, 09 Mar 2057 12:00:00 GMT"] {
            assert_eq!(asked(429, &[("retry-after", value)]), Some(24 * 3600), "{value}");
        }
        for value in ["0", "Wed, 09 Mar 2033 11:00:00 GMT"] {
            assert_eq!(asked(429, &[("retry-after", value)]), Some(1), "{value}");
        }
        for value in ["", "-5", "soon", "1.5"] {
            assert_eq!(asked(429, &[("retry-after", value)]), None, "{value}");
        }
    }

    #[test]
    fn other_refusals_do_not_get_better_by_waiting() {
        for status in [200, 301, 401, 404, 410] {
            assert_eq!(asked(status, &[("retry-after", "600")]), None, "{status}");
        }
        assert_eq!(asked(403, &[]), None);
    }
}
