//! The result of requesting an external address, and its diagnostic.

use crate::diagnostic::{Diagnostic, code};

/// The result of requesting an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It exists.
    Found,
    /// It redirects permanently to another address.
    Moved(String),
    /// The site responds with this status, 404 or 410: the page does not exist.
    Missing(u16),
    /// The site does not exist or cannot be connected to, for this reason.
    Unreachable(String),
    /// The request does not determine whether the page exists, for this reason.
    Unknown(String),
}

impl Answer {
    /// Returns the answer for an HTTP status (RFC 9110 §15); `moved` is the address that permanent redirects lead to.
    pub fn of(status: u16, moved: Option<String>) -> Self {
        match status {
            200..=299 => moved.map_or(Self::Found, Self::Moved),
            404 | 410 => Self::Missing(status),
            401 | 403 | 407 => Self::Unknown(format!("the site denies access ({status})")),
            429 => Self::Unknown("the site limits the number of requests (429)".into()),
            500..=599 => Self::Unknown(format!("the site reports an internal error ({status})")),
            _ => Self::Unknown(format!("the site answers {status}")),
        }
    }

    /// Returns the diagnostic for `address`, or `None` if it exists and did not move.
    pub fn diagnostic(&self, address: &str) -> Option<Diagnostic> {
        Some(match self {
            Self::Found => return None,
            Self::Moved(to) => Diagnostic::new(code::MOVED_ADDRESS, format!("the address \"{address}\" has moved to \"{to}\""))
                .hint(format!("write {to}")),
            Self::Missing(status) => {
                Diagnostic::new(code::BROKEN_ADDRESS, format!("the address \"{address}\" does not exist ({status})"))
                    .hint("find where the page went, or remove the link")
            }
            Self::Unreachable(why) => {
                Diagnostic::new(code::BROKEN_ADDRESS, format!("the address \"{address}\" cannot be reached: {why}"))
                    .hint("open it in a browser: correct the address, or check your connection")
            }
            Self::Unknown(why) => {
                let message = format!("cannot determine whether the address \"{address}\" exists: {why}");
                Diagnostic::new(code::UNVERIFIED_ADDRESS, message).hint("open it in a browser")
            }
        })
    }
}
