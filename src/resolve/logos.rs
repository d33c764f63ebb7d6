//! Logos of the organisations that the credits name.

use super::credits::Directory;
use super::ledger::{Item, ItemKind};
use super::licence;
use super::tree::{Linker, no_path};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::manifest::join_path;
use crate::workspace::Publication;

/// Reads the logos of the organisations that the credits name.
pub fn read(entry: &Publication, linker: &mut Linker<'_>, directory: &mut Directory) {
    let own = &entry.manifest.value.organisations;
    let named: Vec<&String> =
        entry.manifest.value.credits.iter().flat_map(|credit| credit.names.iter().map(|name| name.get_ref())).collect();
    let series = entry.series.as_ref();
    let from_series = series.map(|(series, folder)| (&series.value.organisations, folder.as_str()));
    for id in named {
        let found =
            own.get(id).map(|organisation| (organisation, entry.folder.as_str(), entry.manifest.source, entry.manifest.offset));
        let found = found.or_else(|| {
            let (list, folder) = from_series?;
            let (series, _) = series?;
            Some((list.get(id)?, folder, series.source, series.offset))
        });
        let Some((organisation, folder, file, offset)) = found else { continue };
        let Some(logo) = &organisation.logo else { continue };
        let span = Span::new(file, logo.span().start + offset..logo.span().end + offset);
        let path = match join_path(folder, logo.get_ref()) {
            Ok(path) => path,
            Err(fault) => {
                linker.found.push(no_path(logo.get_ref(), fault, span));
                continue;
            }
        };
        let alt = organisation.logo_alt.clone().unwrap_or_else(|| organisation.name.clone());
        let words = organisation.logo_licence.as_ref().filter(|words| !words.get_ref().trim().is_empty());
        let declared =
            words.map(|words| (words.get_ref().clone(), Span::new(file, words.span().start + offset..words.span().end + offset)));
        let declared = declared.or_else(|| {
            let message = format!("the logo of \"{}\" has no licence", organisation.name);
            let hint = "give logo-licence = \"…\", an SPDX id or words such as \"tous droits réservés\"";
            Some((linker.undeclared(Diagnostic::new(code::LICENCE, message).at(span).hint(hint))?, span))
        });
        let Some(asset) = linker.asset(&path, span) else { continue };
        directory.set_logo(id, asset, alt);
        let Some((words, place)) = declared else { continue };
        let lang = linker.shelf.language.tag;
        if let Some(terms) = licence::terms(&words, lang, Some(place), &mut linker.found) {
            let name = &organisation.name;
            let item = Item { asset: Some(asset), ..Item::new(ItemKind::Logo, name) };
            linker.enter(item, terms, &format!("the logo of \"{name}\""), place);
        }
    }
}
