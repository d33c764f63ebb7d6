//! Videos: embedded frames and media elements that become links.

use url::Url;

use super::tree::{Element, HtmlNode};
use super::{Lowering, TagFault};
use crate::model::{Authored, Block, BlockKind};

impl Lowering<'_> {
    /// Converts a frame or a media element to a link to its video. Returns `None` for other elements, and if the source is not a
    /// video on the web.
    pub(super) fn video(&mut self, element: &Element) -> Option<Block<Authored>> {
        let source = match element.name.as_str() {
            "iframe" | "embed" => element.get("src"),
            "video" | "audio" => element.get("src").or_else(|| first_source(element)),
            _ => None,
        };
        let address = absolute(source?)?;
        let url = match element.name.as_str() {
            "iframe" | "embed" => video_page(&address)?,
            _ => address.to_string(),
        };
        let title = match element.get("title").filter(|title| !title.is_empty()) {
            Some(title) => title.to_owned(),
            None => {
                let message = format!("this <{}> has no title", element.name);
                let hint = "add title=\"…\" with the title of the video: it is the text of the link that replaces the player";
                self.report(TagFault { message, hint, fallback: "its address is the text of the link" }, element.span);
                url.clone()
            }
        };
        self.attributes(element, &PLAYER);
        Some(Block::new(BlockKind::Video { url, title }, element.span))
    }
}

/// Attributes of a player, which the link replaces.
const PLAYER: [&str; 16] = [
    "allow",
    "allowfullscreen",
    "autoplay",
    "controls",
    "frameborder",
    "height",
    "loading",
    "loop",
    "muted",
    "poster",
    "preload",
    "referrerpolicy",
    "scrolling",
    "src",
    "title",
    "width",
];

/// Returns the address of the first file of a media element.
fn first_source(element: &Element) -> Option<&str> {
    element.nodes.iter().find_map(|node| match node {
        HtmlNode::Element(source) if source.name == "source" => source.get("src"),
        _ => None,
    })
}

/// Parses an HTTP URL. A URL without a scheme gets `https`.
fn absolute(address: &str) -> Option<Url> {
    let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "https" | "http"))
}

/// Returns the URL of a video's page from the URL of its embedded player, or `None` if the player is unknown.
fn video_page(player: &Url) -> Option<String> {
    let host = player.host_str()?.trim_start_matches("www.");
    let parts: Vec<&str> = player.path().trim_matches('/').split('/').collect();
    Some(match (host, parts.as_slice()) {
        ("youtube.com" | "youtube-nocookie.com", ["embed", "videoseries"]) => {
            let (_, list) = player.query_pairs().find(|(key, _)| key == "list")?;
            format!("https://www.youtube.com/playlist?list={list}")
        }
        ("youtube.com" | "youtube-nocookie.com", ["embed", id]) => format!("https://www.youtube.com/watch?v={id}"),
        ("player.vimeo.com", ["video", id]) => format!("https://vimeo.com/{id}"),
        ("dailymotion.com", ["embed", "video", id]) => format!("https://www.dailymotion.com/video/{id}"),
        ("player.bilibili.com", ["player.html"]) => {
            let (_, id) = player.query_pairs().find(|(key, _)| key == "bvid")?;
            format!("https://www.bilibili.com/video/{id}")
        }
        // PeerTube, on any host.
        (host, ["videos", "embed", id]) => format!("https://{host}/videos/watch/{id}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_lead_to_the_pages_of_their_videos() {
        for (player, wanted) in [
            ("https://www.youtube.com/embed/a-B_1?start=4", Some("https://www.youtube.com/watch?v=a-B_1")),
            ("//www.youtube-nocookie.com/embed/ab", Some("https://www.youtube.com/watch?v=ab")),
            ("https://www.youtube.com/embed/videoseries?list=PL1", Some("https://www.youtube.com/playlist?list=PL1")),
            ("https://player.vimeo.com/video/12?h=3", Some("https://vimeo.com/12")),
            ("https://tube.example.org/videos/embed/u-1", Some("https://tube.example.org/videos/watch/u-1")),
            ("https://example.org/map", None),
            ("video.html", None),
            ("javascript:x()", None),
        ] {
            assert_eq!(absolute(player).and_then(|player| video_page(&player)).as_deref(), wanted, "{player}");
        }
    }
}
