//! Who the person behind a connection is, when a reverse proxy stands between.
//!
//! `X-Forwarded-For` and `X-Forwarded-Proto` are words that anybody can write; they count only from a proxy that the
//! owner named (the machine itself by default), read from the right, as far as trusted proxies wrote them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// A network in CIDR notation (RFC 4632), or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// What is wrong with the text of a [`Network`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork(String);

impl std::fmt::Display for NotANetwork {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} is neither an address (10.0.0.7) nor a network (10.0.0.0/8)", self.0)
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |prefix| prefix.trim().parse().map_err(|_| wrong()))?;
        if prefix > most { Err(wrong()) } else { Ok(Network { address, prefix }) }
    }
}

impl Network {
    /// Whether the address lies within; an IPv4 address mapped into IPv6 counts as the IPv4 one.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let shift = 32_u32.saturating_sub(u32::from(self.prefix));
                let differ = u32::from(ours) ^ u32::from(theirs);
                differ.checked_shr(shift).unwrap_or(0) == 0
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let shift = 128_u32.saturating_sub(u32::from(self.prefix));
                let differ = u128::from(ours) ^ u128::from(theirs);
                differ.checked_shr(shift).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// The machine itself, in both families.
    pub fn loopback() -> Vec<Network> {
        vec![
            Network { address: IpAddr::from([127, 0, 0, 0]), prefix: 8 },
            Network { address: IpAddr::V6(Ipv6Addr::LOCALHOST), prefix: 128 },
        ]
    }
}

/// The person at the far end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub address: IpAddr,
    /// The person's own connection is TLS.
    pub secure: bool,
}

/// Whether the edge believes this peer about others, and never counts its connections.
pub(super) fn is_trusted(trusted: &[Network], peer: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(peer))
}

/// Finds the person behind `peer` from the headers of the request.
///
/// A chain that cannot be read is followed as far as it can: the last address that a trusted proxy vouched for counts.
pub(super) fn person(trusted: &[Network], peer: IpAddr, headers: &[(String, String)]) -> Person {
    let peer = peer.to_canonical();
    if !is_trusted(trusted, peer) {
        return Person { address: peer, secure: false };
    }
    let mut address = peer;
    for hop in words(headers, "x-forwarded-for").rev() {
        let Some(before) = hop_address(hop) else { break };
        address = before;
        if !is_trusted(trusted, before) {
            break;
        }
    }
    let secure = words(headers, "x-forwarded-proto").next_back().is_some_and(|word| word.eq_ignore_ascii_case("https"));
    Person { address, secure }
}

/// All comma-separated words of a header that may come in several lines, in order.
fn words<'a>(headers: &'a [(String, String)], name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
    headers
        .iter()
        .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
        .flat_map(|(_, value)| value.split(','))
        .map(str::trim)
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn hop_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address =
        bare.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    #[test]
    fn networks_are_read_and_hold_their_addresses() {
        for (text, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"),
        ] {
            assert!(network(text).contains(inside.parse().unwrap()), "{text} holds {inside}");
            assert!(!network(text).contains(outside.parse().unwrap()), "{text} does not hold {outside}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129", "localhost", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_chain_is_read_from_the_right_past_trusted_proxies_only() {
        let trusted = [Network::loopback(), vec![network("10.0.0.0/8")]].concat();
        for (peer, forwarded, expected) in [
            ("203.0.113.9", "1.2.3.4", "203.0.113.9"), // a stranger's word counts for nothing
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "198.51.100.5", "198.51.100.5"),
            ("127.0.0.1", "6.6.6.6, 198.51.100.5", "198.51.100.5"), // the left part is the client's invention
            ("127.0.0.1", "6.6.6.6, 198.51.100.5, 10.0.0.3", "198.51.100.5"),
            ("127.0.0.1", "10.0.0.9, 10.0.0.3", "10.0.0.9"),
            ("127.0.0.1", "nonsense, 10.0.0.3", "10.0.0.3"),
            ("127.0.0.1", "198.51.100.5:4711", "198.51.100.5"),
            ("::1", "[2001:db8::5]:4711", "2001:db8::5"),
            ("::1", "[2001:db8::5]", "2001:db8::5"),
            ("::ffff:127.0.0.1", "::ffff:198.51.100.5", "198.51.100.5"),
        ] {
            let mut headers = Vec::new();
            if !forwarded.is_empty() {
                headers.push(("x-Forwarded-For".to_owned(), forwarded.to_owned()));
            }
            let found = person(&trusted, peer.parse().unwrap(), &headers).address;
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded}");
        }
    }

    #[test]
    fn several_lines_are_one_chain_and_only_a_trusted_proxy_says_https() {
        let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = [
            line("X-Forwarded-For", "6.6.6.6"),
            line("X-Forwarded-Proto", "https"),
            line("X-Forwarded-For", "198.51.100.5"),
        ];
        let trusted = Network::loopback();
        let behind = person(&trusted, IpAddr::from([127, 0, 0, 1]), &headers);
        assert_eq!(behind, Person { address: IpAddr::from([198, 51, 100, 5]), secure: true });
        let stranger = person(&trusted, IpAddr::from([203, 0, 113, 9]), &headers);
        assert_eq!(stranger, Person { address: IpAddr::from([203, 0, 113, 9]), secure: false });
    }
}
