//! Requests one address by HEAD, or by GET if the site refuses HEAD, and follows its redirects.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::ToSocketAddrs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ureq::http::Response;
use ureq::{Agent, Body, Error};
use url::Url;

use super::answer::Answer;
use super::{locked, uri};

/// Maximum number of redirects for one address.
const MAX_REDIRECTS: usize = 8;
/// Time limit for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time limit for an address, including all its redirects.
const ADDRESS_TIMEOUT: Duration = Duration::from_secs(20);
/// Identifies the tool, so that a site can block it.
const USER_AGENT: &str = concat!("reliure/", env!("CARGO_PKG_VERSION"), " (check --links)");

/// Requests addresses, with one request at a time for each host, including hosts reached by redirects.
pub struct LinkClient {
    agent: Agent,
    host_locks: Mutex<BTreeMap<String, Arc<Mutex<()>>>>,
}

/// The parts of a response that determine the answer.
struct Reply {
    status: u16,
    location: Option<String>,
}

impl LinkClient {
    /// Creates a client that uses the proxy of the environment.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here, because only permanent ones are reported.
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .user_agent(USER_AGENT);
        Self { agent: config.build().into(), host_locks: Mutex::default() }
    }

    /// Requests an address, follows its redirects and returns the answer.
    pub fn get(&self, address: &str) -> Answer {
        let mut url = match uri::parse(address) {
            Ok(url) => url,
            Err(error) => return Answer::Unreachable(error.to_string()),
        };
        let mut remaining = ADDRESS_TIMEOUT;
        let mut moved = None;
        let mut permanent = true;
        for _ in 0..=MAX_REDIRECTS {
            let reply = match self.request(&url, &mut remaining) {
                Ok(reply) => reply,
                Err(error) => return failed(&url, &error),
            };
            // RFC 9110 §15.4: 301 and 308 are permanent.
            let Some(location) = reply.location.filter(|_| matches!(reply.status, 301 | 302 | 303 | 307 | 308)) else {
                return Answer::of(reply.status, moved);
            };
            let Some(target) = uri::redirect(&url, &location) else {
                return Answer::Unknown(format!("it redirects to \"{location}\""));
            };
            permanent &= matches!(reply.status, 301 | 308);
            if permanent {
                moved = Some(target.to_string());
            }
            url = target;
        }
        Answer::Unknown(format!("it redirects more than {MAX_REDIRECTS} times"))
    }

    /// Sends a HEAD request; then a GET request if the site refuses HEAD, as many sites do for every page.
    fn request(&self, url: &Url, remaining: &mut Duration) -> Result<Reply, Error> {
        let host_lock = locked(&self.host_locks).entry(uri::authority(url)).or_default().clone();
        let _guard = locked(&host_lock);
        let mut timed = |head: bool| {
            let start = Instant::now();
            let request = if head { self.agent.head(url.as_str()) } else { self.agent.get(url.as_str()) };
            let reply = request.config().timeout_global(Some(*remaining)).build().call().map(|response| reply(&response));
            *remaining = remaining.saturating_sub(start.elapsed()).max(Duration::from_millis(1));
            reply
        };
        match timed(true) {
            Ok(Reply { status: 429, location }) => Ok(Reply { status: 429, location }),
            Ok(Reply { status: 400.., .. }) | Err(Error::Protocol(_)) => timed(false),
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
                timed(false)
            }
            reply => reply,
        }
    }
}

fn reply(response: &Response<Body>) -> Reply {
    let location = response.headers().get("location");
    let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Reply { status: response.status().as_u16(), location }
}

/// Returns the answer for a request that failed.
fn failed(url: &Url, error: &Error) -> Answer {
    let host = uri::authority(url);
    let timed_out = || Answer::Unknown(format!("the site does not answer in {} seconds", ADDRESS_TIMEOUT.as_secs()));
    let untrusted = |why: String| Answer::Unreachable(format!("the site has no valid certificate ({why})"));
    match error {
        Error::Timeout(_) => timed_out(),
        Error::HostNotFound => Answer::Unreachable(format!("no site is named \"{host}\"")),
        Error::Tls(why) => untrusted((*why).to_owned()),
        Error::Rustls(why) => untrusted(why.to_string()),
        Error::Io(why) => match why.kind() {
            ErrorKind::ConnectionRefused => Answer::Unreachable("the site refuses the connection".into()),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => timed_out(),
            // rustls reports an invalid certificate as invalid data.
            ErrorKind::InvalidData if url.scheme() == "https" => untrusted(why.to_string()),
            _ if is_unknown_host(url) => Answer::Unreachable(format!("no site is named \"{host}\"")),
            _ => Answer::Unknown(format!("the connection is interrupted ({why})")),
        },
        other => Answer::Unknown(format!("the request fails ({other})")),
    }
}

/// Returns whether the host name does not resolve. The standard library has no stable error kind for this failure.
fn is_unknown_host(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    (host, 443).to_socket_addrs().is_err()
}
