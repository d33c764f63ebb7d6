//! What the parser must not see while it reads.

/// Stands for a colon in the attributes of a container while the parser reads: comrak 0.59 takes no colon there. It is a
/// control character, which no source may hold.
const COLON: char = '\u{1F}';

/// Masks the colons that follow the fence of a container; every byte keeps its place.
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let fence = line.trim_start_matches([' ', '\t', '>']);
        let info = fence.trim_start_matches(':');
        if fence.len() - info.len() < 3 {
            masked.push_str(line);
            continue;
        }
        masked.push_str(&line[..line.len() - info.len()]);
        masked.push_str(&info.replace(':', COLON.encode_utf8(&mut [0; 4])));
    }
    masked
}

/// Puts the colons back.
pub fn unmask(text: &str) -> String {
    text.replace(COLON, ":")
}
