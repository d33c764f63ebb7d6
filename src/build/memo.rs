//! Limits the memory of Typst's cache, which keeps the results of memoized calls for all documents until they are evicted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Number of publications after which an eviction waits for the documents in progress.
const EVICTION_INTERVAL: usize = 4;

/// Age, in evictions, at which an unused result is evicted. Results that the last publications used are kept.
const MAX_AGE: usize = 1;

/// Evicts results of Typst between publications.
///
/// An eviction slows down the documents in progress, because it also clears the caches that validate results. It therefore
/// happens when no document is in progress, or after [`EVICTION_INTERVAL`] publications, when it waits for the documents to
/// finish.
#[derive(Debug, Default)]
pub struct Memo {
    working: RwLock<()>,
    /// Number of publications built since the last eviction.
    made: AtomicUsize,
}

impl Memo {
    /// Returns a guard that must exist while a document is laid out and exported.
    pub fn work(&self) -> RwLockReadGuard<'_, ()> {
        self.working.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a publication, and evicts results that the last publications did not use if an eviction is due.
    pub fn evict(&self) {
        let made = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let alone = match self.working.try_write() {
            Ok(guard) => Some(guard),
            Err(_) if made >= EVICTION_INTERVAL => Some(self.working.write().unwrap_or_else(PoisonError::into_inner)),
            Err(_) => None,
        };
        if alone.is_some() {
            self.made.store(0, Ordering::Relaxed);
            comemo::evict(MAX_AGE);
        }
    }
}
