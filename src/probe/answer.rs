//! What the network answered, and how it is told.

use crate::diagnostic::{Diagnostic, code};

/// What became of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It leads somewhere.
    Here,
    /// It leads somewhere else, for good.
    Moved(String),
    /// The site says that it has nothing there.
    Missing(u16),
    /// There is no site, for this reason.
    Nowhere(String),
    /// It was not told whether it leads anywhere, for this reason.
    Untold(String),
}

impl Answer {
    /// Judges the status of a page that was reached (RFC 9110 §15), at `moved` when permanent redirects led there.
    pub fn of(status: u16, moved: Option<String>) -> Self {
        match status {
            200..=299 => moved.map_or(Self::Here, Self::Moved),
            404 | 410 => Self::Missing(status),
            401 | 403 | 407 => Self::Untold(format!("the site lets in only those it knows ({status})")),
            429 => Self::Untold("the site is asked too often (429)".into()),
            500..=599 => Self::Untold(format!("the site has a fault of its own ({status})")),
            _ => Self::Untold(format!("the site answers {status}")),
        }
    }

    /// Tells it of an address, unless all is well.
    pub fn tell(&self, address: &str) -> Option<Diagnostic> {
        Some(match self {
            Self::Here => return None,
            Self::Moved(to) => Diagnostic::new(code::MOVED_ADDRESS, format!("the address \"{address}\" has moved to \"{to}\""))
                .hint(format!("write {to}")),
            Self::Missing(status) => {
                Diagnostic::new(code::LOST_ADDRESS, format!("the address \"{address}\" does not exist ({status})"))
                    .hint("find where the page went, or remove the link")
            }
            Self::Nowhere(why) => Diagnostic::new(code::LOST_ADDRESS, format!("the address \"{address}\" leads nowhere: {why}"))
                .hint("open it in a browser: correct the address, or see to your connection"),
            Self::Untold(why) => {
                let message = format!("it could not be told whether the address \"{address}\" exists: {why}");
                Diagnostic::new(code::UNTOLD_ADDRESS, message).hint("open it in a browser")
            }
        })
    }
}
