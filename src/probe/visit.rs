//! A visit to one address: asks for its head, for its page when heads are refused, and follows where it leads.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::ToSocketAddrs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ureq::http::Response;
use ureq::{Agent, Body, Error};

use super::answer::Answer;
use super::{locked, uri};

/// Redirects that are followed.
const REDIRECTS: usize = 8;
/// Time to reach a host.
const CONNECT: Duration = Duration::from_secs(10);
/// Time for an address, with all its redirects.
const WHOLE: Duration = Duration::from_secs(20);
/// Says who asks, so that a site can refuse it by name.
const USER_AGENT: &str = concat!("reliure/", env!("CARGO_PKG_VERSION"), " (check --links)");

/// Goes to addresses; one visit at a time to each host, wherever it was redirected from.
pub struct Visitor {
    agent: Agent,
    doors: Mutex<BTreeMap<String, Arc<Mutex<()>>>>,
}

/// A status and where it redirects to.
struct Reply {
    status: u16,
    location: Option<String>,
}

impl Visitor {
    /// Makes a visitor. It passes through the proxy that the environment names.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here: it matters which of them are permanent.
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .user_agent(USER_AGENT);
        Self { agent: config.build().into(), doors: Mutex::default() }
    }

    /// Goes to an address and on to where it leads.
    pub fn visit(&self, address: &str) -> Answer {
        let mut left = WHOLE;
        let mut at = address.to_owned();
        let mut moved = None;
        let mut for_good = true;
        for _ in 0..=REDIRECTS {
            let reply = match self.knock(&at, &mut left) {
                Ok(reply) => reply,
                Err(error) => return refused(&at, &error),
            };
            // RFC 9110 §15.4: 301 and 308 are permanent.
            let Some(location) = reply.location.filter(|_| matches!(reply.status, 301 | 302 | 303 | 307 | 308)) else {
                return Answer::of(reply.status, moved);
            };
            let Some(next) = uri::follow(&at, &location) else {
                return Answer::Untold(format!("it redirects to \"{location}\""));
            };
            for_good &= matches!(reply.status, 301 | 308);
            if for_good {
                moved = Some(next.clone());
            }
            at = next;
        }
        Answer::Untold(format!("it redirects more than {REDIRECTS} times"))
    }

    /// Asks for a head; for the page when the site refuses or misses the head, as many do for heads alone.
    fn knock(&self, address: &str, left: &mut Duration) -> Result<Reply, Error> {
        let uri = uri::ascii(address);
        let door = locked(&self.doors).entry(uri::authority(&uri).to_owned()).or_default().clone();
        let _inside = locked(&door);
        let mut timed = |head: bool| {
            let start = Instant::now();
            let request = if head { self.agent.head(&uri) } else { self.agent.get(&uri) };
            let reply = request.config().timeout_global(Some(*left)).build().call().map(|response| reply(&response));
            *left = left.saturating_sub(start.elapsed()).max(Duration::from_millis(1));
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

/// Judges why there was no answer.
fn refused(address: &str, error: &Error) -> Answer {
    let host = uri::authority(address);
    let slow = || Answer::Untold(format!("the site does not answer in {} seconds", WHOLE.as_secs()));
    match error {
        Error::Timeout(_) => slow(),
        Error::HostNotFound => Answer::Nowhere(format!("no site is named \"{host}\"")),
        Error::Tls(why) => Answer::Nowhere(format!("the site cannot prove who it is ({why})")),
        Error::Rustls(why) => Answer::Nowhere(format!("the site cannot prove who it is ({why})")),
        Error::Io(why) => match why.kind() {
            ErrorKind::ConnectionRefused => Answer::Nowhere("the site refuses the connection".into()),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => slow(),
            // What rustls finds wrong with a certificate comes as data that are not valid.
            ErrorKind::InvalidData if address.starts_with("https://") => {
                Answer::Nowhere(format!("the site cannot prove who it is ({why})"))
            }
            _ if unknown(address) => Answer::Nowhere(format!("no site is named \"{host}\"")),
            _ => Answer::Untold(format!("the connection breaks off ({why})")),
        },
        other => Answer::Untold(format!("it cannot be asked ({other})")),
    }
}

/// Tells whether the name of a host leads to no machine: the standard library has no stable kind for that failure.
fn unknown(address: &str) -> bool {
    let uri = uri::ascii(address);
    let authority = uri::authority(&uri);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    (host, 443).to_socket_addrs().is_err()
}
