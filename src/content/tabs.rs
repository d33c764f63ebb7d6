//! Tab stops in code.

/// Distance of the tab stops in code, in characters.
const STOP: usize = 4;

/// Replaces tabs by spaces up to the next tab stop, because the outputs have no tab stops.
pub fn with_tab_stops(text: &str) -> String {
    if !text.contains('\t') {
        return text.to_owned();
    }
    let mut set = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let width = STOP - column % STOP;
                set.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' => {
                set.push(c);
                column = 0;
            }
            c => {
                set.push(c);
                column += 1;
            }
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::with_tab_stops;

    #[test]
    fn tabs_end_at_tab_stops() {
        assert_eq!(with_tab_stops("a\tb\naa\tb\n\tc\nabcd\te"), "a   b\naa  b\n    c\nabcd    e");
    }
}
