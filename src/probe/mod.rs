//! Requests external addresses to find dead links. It is the only module that uses the network, and only for `check --links`.

mod answer;
mod uri;
mod visit;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::answer::Answer;
use self::visit::LinkClient;
use crate::diagnostic::Span;
use crate::resolve::ExternalAddress;

/// An address to request, and every location that links to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkQuery {
    /// The address, without its fragment, which is never sent to a server.
    pub address: String,
    /// Locations that link to it, by index of the publication.
    pub places: BTreeMap<usize, BTreeSet<Span>>,
}

/// Number of concurrent requests; a host receives one at a time.
const THREADS: usize = 4;

/// Returns one query per distinct address, in order of address. `links` yields the index of a publication and a link in it.
pub fn queries<'a>(links: impl Iterator<Item = (usize, &'a ExternalAddress)>) -> Vec<LinkQuery> {
    let mut queries: BTreeMap<&str, BTreeMap<usize, BTreeSet<Span>>> = BTreeMap::new();
    for (publication, ExternalAddress { address, span }) in links {
        let whole = address.split('#').next().unwrap_or_default();
        queries.entry(whole).or_default().entry(publication).or_default().insert(*span);
    }
    queries.into_iter().map(|(address, places)| LinkQuery { address: address.to_owned(), places }).collect()
}

/// Requests every address and returns the answers in the order of the queries. Calls `begin` before and `end` after each address.
pub fn request_all(queries: &[LinkQuery], begin: &(dyn Fn(&str) + Sync), end: &(dyn Fn(&str) + Sync)) -> Vec<Answer> {
    let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, query) in queries.iter().enumerate() {
        let host = uri::parse(&query.address).map_or_else(|_| query.address.clone(), |url| uri::authority(&url));
        hosts.entry(host).or_default().push(index);
    }
    let waiting: Mutex<VecDeque<Vec<usize>>> = Mutex::new(hosts.into_values().collect());
    let answers = Mutex::new(BTreeMap::new());
    let client = LinkClient::new();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(host) = next(&waiting) {
                    for (index, query) in host.into_iter().filter_map(|index| Some((index, queries.get(index)?))) {
                        begin(&query.address);
                        let answer = client.get(&query.address);
                        end(&query.address);
                        locked(&answers).insert(index, answer);
                    }
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn next(waiting: &Mutex<VecDeque<Vec<usize>>>) -> Option<Vec<usize>> {
    locked(waiting).pop_front()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    #[test]
    fn requests_each_address_once_without_its_fragment() {
        let source = Sources::default().add("a.md", "");
        let named = |address: &str, at: usize| ExternalAddress { address: address.into(), span: Span::new(source, at..at + 1) };
        let (a, b, two) = (named("https://a.org", 5), named("https://b.org/x", 3), named("https://b.org/x#two", 9));
        let list = queries([(0, &two), (0, &b), (1, &a), (0, &b), (1, &b)].into_iter());
        let starts = |places: &BTreeSet<Span>| places.iter().map(|span| span.start).collect::<Vec<_>>();
        let list: Vec<_> = list.iter().map(|q| (q.address.as_str(), q.places.values().map(starts).collect::<Vec<_>>())).collect();
        assert_eq!(list, [("https://a.org", vec![vec![5]]), ("https://b.org/x", vec![vec![3, 9], vec![3]])]);
    }
}
