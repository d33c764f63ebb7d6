//! What a user can see of reliure: the command, its artefacts, and what outside judges say of them.

mod artefacts;
mod cli;
mod diagnostics;
mod editions;
mod epub;
mod harness;
mod judges;
mod pdf;
mod reproducible;
