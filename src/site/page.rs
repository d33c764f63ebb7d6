//! The common parts of all pages: head, band of colours, navigation, footer.

use super::theme::Theme;
use super::{FEED, PAGE, Site, relative};
use crate::output::epub::Xml;
use crate::resolve::Language;
use crate::terms::SiteTerms;

/// The style sheet of every page; the colours and the fonts come from the brand.
const CSS: &str = include_str!("site.css");

/// Name of the tool, which identifies its pages.
const GENERATOR: &str = "reliure";

/// Returns whether a page was written by the tool.
pub fn is_own_page(html: &[u8]) -> bool {
    String::from_utf8_lossy(html).contains(&format!("name=\"generator\" content=\"{GENERATOR}\""))
}

/// The properties of a page other than its content.
pub struct SitePage<'a> {
    /// The site.
    pub site: &'a Site<'a>,
    /// Number of folders between the output folder and the page.
    pub depth: usize,
    /// Language of the interface.
    pub language: Language,
    /// Title in the browser.
    pub title: &'a str,
    /// Description for search engines.
    pub description: Option<&'a str>,
    /// Colours and fonts.
    pub theme: &'a Theme,
    /// Linked data, as JSON.
    pub linked_data: Option<String>,
    /// Absolute address of the page.
    pub address: Option<String>,
}

impl SitePage<'_> {
    /// Returns the texts of the interface.
    pub fn terms(&self) -> &'static SiteTerms {
        &self.language.pages.site
    }

    /// Writes a page around its content.
    pub fn write(&self, content: impl FnOnce(&mut Xml)) -> String {
        let mut html = Xml::default();
        html.html_doctype().open("html").attr("lang", self.language.tag).line();
        self.head(&mut html);
        html.open("body").line();
        html.open("a").attr("class", "skip").attr("href", "#content").text(self.terms().skip).close().line();
        self.top(&mut html);
        html.open("main").attr("id", "content").line();
        content(&mut html);
        html.close().line();
        self.foot(&mut html);
        html.close().line().close().line();
        html.finish()
    }

    fn head(&self, html: &mut Xml) {
        html.open("head").line();
        html.open("meta").attr("charset", "utf-8").void().line();
        html.open("meta").attr("name", "viewport").attr("content", "width=device-width, initial-scale=1").void().line();
        html.open("meta").attr("name", "generator").attr("content", GENERATOR).void().line();
        html.leaf("title", None, self.title).line();
        if let Some(description) = self.description {
            html.open("meta").attr("name", "description").attr("content", description).void().line();
        }
        if let Some(address) = &self.address {
            html.open("link").attr("rel", "canonical").attr("href", address).void().line();
            html.open("link").attr("rel", "alternate").attr("type", "application/atom+xml").attr("title", self.terms().feed);
            html.attr("href", &relative(self.depth, FEED)).void().line();
        }
        // HTML does not unescape style sheets and scripts, so they must not contain their end tags or XML markup.
        let style = format!("{}{CSS}", self.theme.style(self.depth)).replace('<', "\\3C ").replace('&', "\\26 ");
        html.open("style").fragment("\n").fragment(&style).close().line();
        if let Some(data) = &self.linked_data {
            html.open("script")
                .attr("type", "application/ld+json")
                .fragment(&data.replace('<', "\\u003c").replace('&', "\\u0026"))
                .close()
                .line();
        }
        html.close().line();
    }

    fn top(&self, html: &mut Xml) {
        html.open("header").attr("class", "top").line();
        html.open("div").attr("class", "band").attr("aria-hidden", "true");
        for colour in &self.theme.band {
            html.open("span").attr("style", &format!("background: {}", colour.hex())).close();
        }
        html.close().line();
        if self.depth > 0 {
            html.open("nav").attr("aria-label", self.terms().site);
            html.open("a").attr("href", &relative(self.depth, PAGE)).text(self.terms().all_publications).close();
            html.close().line();
        }
        html.close().line();
    }

    fn foot(&self, html: &mut Xml) {
        if self.site.published_url.is_none() {
            return;
        }
        html.open("footer").attr("class", "foot");
        html.open("p").open("a").attr("href", &relative(self.depth, FEED)).text(self.terms().feed).close().close();
        html.close().line();
    }
}

/// Writes an image of a cover. `frame` is the ratio of width to height of the frame around it, if there is one; the image is then
/// loaded lazily.
pub fn cover(html: &mut Xml, source: &str, alt: &str, (width, height): (u32, u32), frame: Option<f64>) {
    html.open("img").attr("class", "cover").attr("src", source).attr("alt", alt);
    html.attr("width", &width.to_string()).attr("height", &height.to_string());
    if let Some(frame) = frame {
        let share = f64::from(width) / f64::from(height.max(1)) / frame;
        html.attr("style", &format!("width: {:.1}%", (share * 100.0).min(100.0))).attr("loading", "lazy");
    }
    html.void();
}

/// Writes an element with a text, if there is one.
pub fn leaf_if(html: &mut Xml, name: &'static str, class: Option<&str>, text: Option<&str>) {
    if let Some(text) = text {
        html.leaf(name, class, text).line();
    }
}
