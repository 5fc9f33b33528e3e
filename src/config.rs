//! Every setting of the program in one table: its flag is `--name`, its variable `BESEDA_NAME`; `--help` and the README's
//! table are made from it.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use clap::Args;

use crate::edge::Network;
use crate::model::project::Language;

/// Settings of `beseda serve`.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// The database file; made when it is not there
    #[arg(long, env = "BESEDA_DATA", value_name = "FILE", default_value = "beseda.db")]
    pub data: PathBuf,

    /// Address and port to listen on; 0.0.0.0:8080 is reached from outside
    #[arg(long, env = "BESEDA_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = listen)]
    pub listen: SocketAddr,

    /// The address that people use, such as https://chat.example.ru; needed behind a proxy that changes the Host header
    #[arg(long, env = "BESEDA_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,

    /// Proxy whose X-Forwarded-For and X-Forwarded-Proto are believed: an address or a network; may be repeated [default:
    /// the machine itself]
    #[arg(long, env = "BESEDA_TRUSTED_PROXY", value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,

    /// Email of the owner, to set the project up without a browser; ignored once there is an owner
    #[arg(long, env = "BESEDA_OWNER_EMAIL", value_name = "EMAIL", requires = "owner_password")]
    pub owner_email: Option<String>,

    /// Password of the owner: 10 characters to 71 bytes; better given as the variable, which other users do not see
    #[arg(long, env = "BESEDA_OWNER_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    pub owner_password: Option<String>,

    /// Name of the owner, which clients see; without it, what stands before the @ of the email
    #[arg(long, env = "BESEDA_OWNER_NAME", value_name = "NAME")]
    pub owner_name: Option<String>,

    /// Name of the shop [default: Beseda]
    #[arg(long, env = "BESEDA_PROJECT_NAME", value_name = "NAME")]
    pub project_name: Option<String>,

    /// Language of the project and the owner at first: ru or en
    #[arg(long, env = "BESEDA_LANGUAGE", value_name = "LANGUAGE", default_value = "ru", value_parser = language)]
    pub language: Language,

    /// IANA time zone of the project at first
    #[arg(long, env = "BESEDA_TIME_ZONE", value_name = "ZONE", default_value = "UTC")]
    pub time_zone: String,

    /// Do not serve the demo shop under /demo
    #[arg(long, env = "BESEDA_NO_DEMO")]
    pub no_demo: bool,

    /// Requests to other servers may go to addresses of this machine and of private networks, and pushes without TLS: for
    /// tests, and for a CRM in the same network
    #[arg(long, env = "BESEDA_ALLOW_PRIVATE_ADDRESSES")]
    pub allow_private_addresses: bool,

    /// Messages that one visitor may send in 10 s
    #[arg(long, env = "BESEDA_VISITOR_MESSAGES", value_name = "N", default_value_t = crate::model::limits::MESSAGES_PER_WINDOW)]
    pub visitor_messages: usize,

    /// What goes to the log on stderr: error, warn, info or debug
    #[arg(long, env = "BESEDA_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: tracing::level_filters::LevelFilter,

    /// Takes the time and faults from stdin, for tests
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "SOURCE", value_parser = ["stdin"], hide = true)]
    pub clock: Option<String>,
}

/// An address with its port; a name such as localhost is looked up.
fn listen(text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    found.ok_or_else(|| "give an address and a port, such as 127.0.0.1:8080, localhost:8080 or 0.0.0.0:80".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "give ru or en".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ']) => Ok(url.to_owned()),
        _ => Err("give scheme and host only, such as https://chat.example.ru".to_owned()),
    }
}
