//! The addresses in an SVG.

/// Maximum number of characters of an address in a message.
const MAX_SHOWN: usize = 60;

/// Returns whether an address is inside the drawing: empty, a fragment, or a raster image in a `data:` URL.
pub fn is_inside(address: &str) -> bool {
    let starts = |start: &str| address.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let images = ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"];
    address.is_empty() || address.starts_with('#') || images.into_iter().any(starts)
}

/// Returns whether an address is allowed in a link of a drawing. Such links have no effect in the outputs.
pub fn is_web_link(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|start| address.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start)))
}

/// Shortens an address for a message.
pub fn short(address: &str) -> String {
    match address.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", address.get(..end).unwrap_or_default()),
        None => address.to_owned(),
    }
}
