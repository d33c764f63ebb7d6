//! What Typst remembers: it keeps the result of every pure call, for all documents of the process, until it is told to forget.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Publications that may be made without anything being forgotten, while others are being laid out.
const PATIENCE: usize = 4;

/// Age, in evictions, at which an unused result is forgotten: results of the last publications stay, others go.
const AGE: usize = 1;

/// Forgets results between publications.
///
/// An eviction also drops what makes the validation of results fast, so it waits until no document is being laid out, or, once
/// [`PATIENCE`] publications were made, makes the others wait.
#[derive(Debug, Default)]
pub struct Memo {
    working: RwLock<()>,
    /// Publications made since the last eviction.
    made: AtomicUsize,
}

impl Memo {
    /// Returns a guard to hold while a document is laid out and exported.
    pub fn work(&self) -> RwLockReadGuard<'_, ()> {
        self.working.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets results that the last publications did not use, if this is a good moment for it.
    pub fn evict(&self) {
        let made = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let alone = match self.working.try_write() {
            Ok(guard) => Some(guard),
            Err(_) if made >= PATIENCE => Some(self.working.write().unwrap_or_else(PoisonError::into_inner)),
            Err(_) => None,
        };
        if alone.is_some() {
            self.made.store(0, Ordering::Relaxed);
            comemo::evict(AGE);
        }
    }
}
