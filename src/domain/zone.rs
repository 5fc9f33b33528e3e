//! Time zones by their IANA names. The machine's own rules come first, for its administrator keeps them fresh; those that the
//! program carries stand in where the machine has none, as in a small container, or leaves out old names that browsers still use.

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The zone of this name, in any case of letters; what it is called is its `iana_name`.
pub fn find(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).or_else(|_| carried(name)).ok()
}

fn carried(name: &str) -> Result<TimeZone, jiff::Error> {
    TimeZoneDatabase::bundled().get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_zones_knows_them_all_the_same() {
        for name in ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tehran", "Europe/Kiev", "UTC"] {
            assert!(carried(name).is_ok(), "{name}");
            assert!(find(name).is_some(), "{name}");
            for typed in [name.to_lowercase(), name.to_uppercase()] {
                assert_eq!(carried(&typed).unwrap().iana_name(), Some(name));
                assert_eq!(find(&typed).unwrap().iana_name(), Some(name));
            }
        }
        assert!(find("Europe/Nowhere").is_none() && find("").is_none() && find("../etc/passwd").is_none());
    }
}
