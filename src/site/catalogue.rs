//! The catalogue: all publications of a workspace on one page.

use super::page::{self, SitePage};
use super::theme::Theme;
use super::{PAGE, Site, SiteEdition, SitePublication, absolute, linked_data, relative};
use crate::output::epub::Xml;
use crate::resolve::{Brand, Language};

/// Aspect ratio of the frame of a cover, as in the style sheet.
const FRAME: f64 = 4.0 / 3.0;

/// Returns the title: the title of the series if all publications belong to one, otherwise a general word.
pub fn title(site: &Site<'_>) -> String {
    let newest = || site.publications.iter().filter_map(SitePublication::newest);
    let series = newest().next().and_then(|edition| edition.series.clone());
    let shared = series.filter(|series| newest().all(|edition| edition.series.as_ref() == Some(series)));
    shared.unwrap_or_else(|| language(site).pages.site.publications.to_owned())
}

/// Returns the language of the interface, which is the language of the first publication.
pub fn language(site: &Site<'_>) -> Language {
    let first = site.publications.iter().find_map(SitePublication::newest);
    first.map_or(Language::FRENCH, |edition| edition.language)
}

/// Returns the colours and fonts of the page: the brand that all publications share, otherwise the brand of their common series,
/// otherwise neutral ones.
pub fn theme(site: &Site<'_>) -> Theme {
    let newest: Vec<&SiteEdition> = site.publications.iter().filter_map(SitePublication::newest).collect();
    let shared = |brand: fn(&SiteEdition) -> &Brand| {
        let first = brand(newest.first()?);
        newest.iter().all(|edition| brand(edition) == first).then(|| first.clone())
    };
    let brand = shared(|edition| &edition.brand).or_else(|| shared(|edition| &edition.series_brand));
    let texts = newest.iter().flat_map(|edition| {
        let texts = [Some(&edition.title), edition.subtitle.as_ref(), edition.series.as_ref(), edition.description.as_ref()];
        texts.into_iter().flatten().map(String::as_str)
    });
    Theme::of(&brand.unwrap_or_else(Brand::neutral), site.faces, &texts.collect::<Vec<_>>())
}

/// Writes the page.
pub fn page(site: &Site<'_>, theme: &Theme) -> String {
    let Some(first) = site.publications.iter().find_map(SitePublication::newest) else { return String::new() };
    let title = title(site);
    let page = SitePage {
        site,
        depth: 0,
        language: first.language,
        title: &title,
        description: None,
        theme,
        linked_data: linked_data::catalogue(site, &title),
        address: site.published_url.map(|address| absolute(address, PAGE)),
    };
    page.write(|html| {
        html.leaf("h1", Some("catalogue"), &title).line();
        for (series, publications) in groups(site) {
            let heading = series.filter(|series| *series != title);
            html.open("section").attr_if("aria-label", heading).line();
            page::leaf_if(html, "h2", None, heading);
            let class = if site.publications.len() == 1 { "cards single" } else { "cards" };
            html.open("ul").attr("class", class).attr("role", "list").line();
            for (publication, newest) in publications {
                card(html, &page, heading.is_some(), publication, newest);
            }
            html.close().line().close().line();
        }
    })
}

/// The title of a series, and its publications with their newest editions.
type SeriesGroup<'a> = (Option<&'a str>, Vec<(&'a SitePublication, &'a SiteEdition)>);

/// Groups the publications by series. Groups are in the order of their first publication, after the publications without a
/// series, which have no heading.
fn groups<'a>(site: &'a Site<'a>) -> Vec<SeriesGroup<'a>> {
    let mut groups: Vec<SeriesGroup<'a>> = Vec::new();
    for publication in site.publications {
        let Some(newest) = publication.newest() else { continue };
        let series = newest.series.as_deref();
        match groups.iter_mut().find(|(known, _)| *known == series) {
            Some((_, members)) => members.push((publication, newest)),
            None => groups.push((series, vec![(publication, newest)])),
        }
    }
    groups.sort_by_key(|(series, _)| series.is_some());
    groups
}

fn card(html: &mut Xml, page: &SitePage<'_>, grouped: bool, publication: &SitePublication, edition: &SiteEdition) {
    let terms = page.terms();
    let own = Some(edition.language.tag).filter(|tag| *tag != page.language.tag);
    html.open("li").attr("class", "card").attr_if("lang", own).line();
    if let Some(cover) = &edition.cover {
        html.open("div").attr("class", "picture");
        // The title follows, so the image is decorative.
        let source = relative(0, &format!("{}/{}", publication.folder, cover.file));
        page::cover(html, &source, "", (cover.width, cover.height), Some(FRAME));
        html.close().line();
    }
    html.open("div").attr("class", "text").line();
    let heading = if grouped { "h3" } else { "h2" };
    html.open(heading).open("a").attr("href", &relative(0, &publication.page())).text(&edition.title).close().close().line();
    page::leaf_if(html, "p", Some("subtitle"), edition.subtitle.as_deref());
    html.leaf("p", Some("facts"), edition.label.as_deref().unwrap_or(&edition.date)).line();
    page::leaf_if(html, "p", Some("abstract"), edition.description.as_deref());
    html.open("p").attr("class", "files").attr_if("lang", own.map(|_| page.language.tag));
    for (at, file) in edition.readable().enumerate() {
        if at > 0 {
            html.text(" · ");
        }
        html.open("a").attr("href", &relative(0, &file.path)).text(file.product.name());
        html.leaf("span", Some("hidden"), &format!(", {}", edition.title)).close();
        html.leaf("span", Some("figures"), &format!(" {}", terms.size(file.bytes)));
    }
    html.close().line().close().line().close().line();
}
