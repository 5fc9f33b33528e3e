//! How long to wait before the next attempt.

use crate::model::limits;

/// The time before the attempt after `attempts` failed ones, milliseconds: each three times as long as the one before, and up
/// to a quarter more or less by `chance` (0 to 255), so that all who failed together do not come back together. At least
/// what the other side asked for, within [`limits::OUTBOX_DELAY_MS_MAX`].
pub fn delay_ms(attempts: i64, asked_ms: Option<i64>, chance: u8) -> i64 {
    let exponent = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(0);
    let grown = limits::OUTBOX_DELAY_MS.saturating_mul(3_i64.saturating_pow(exponent)).min(limits::OUTBOX_DELAY_MS_MAX);
    let jittered = grown * 3 / 4 + grown / 2 * i64::from(chance) / 255;
    jittered.max(asked_ms.unwrap_or(0)).min(limits::OUTBOX_DELAY_MS_MAX)
}

/// A number that nobody foresees; the middle when the system gives none.
pub fn chance() -> u8 {
    let mut byte = [0];
    match getrandom::fill(&mut byte) {
        Ok(()) => byte[0],
        Err(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_differ_and_end() {
        let (least, most) = (|n| delay_ms(n, None, 0), |n| delay_ms(n, None, 255));
        assert_eq!((least(1), most(1)), (3_750, 6_250));
        assert_eq!((least(2), most(2)), (11_250, 18_750));
        assert!((2..=9).all(|n| least(n) > most(n - 1) || most(n) == limits::OUTBOX_DELAY_MS_MAX));
        assert_eq!(most(i64::MAX), limits::OUTBOX_DELAY_MS_MAX);
        let in_all: i64 = (1..limits::OUTBOX_ATTEMPTS).map(least).sum();
        assert!(in_all > 24 * 3_600_000, "a server that is down for a day loses nothing: {in_all}");
    }

    #[test]
    fn the_other_side_is_left_alone_as_long_as_it_asks_and_no_longer_than_a_limit() {
        assert_eq!(delay_ms(1, Some(60_000), 0), 60_000);
        assert_eq!(delay_ms(1, Some(0), 0), 3_750);
        assert_eq!(delay_ms(1, Some(i64::MAX), 0), limits::OUTBOX_DELAY_MS_MAX);
    }
}
