//! Tests of the rules on runs with markup, which is written in a short notation.

use super::*;

/// Parses `*emphasis*`, `^super^`, `` `code` ``, `[words]{xx}`, `†note‡`, `<link>`; a line end is a soft break, `¶` a hard one.
pub fn read(text: &str) -> Vec<Inline<Linked>> {
    let mut chars = text.chars().peekable();
    level(&mut chars, None)
}

pub fn here() -> Span {
    Span::new(Sources::default().add("x", ""), 0..0)
}

fn level(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, end: Option<char>) -> Vec<Inline<Linked>> {
    let mut out: Vec<Inline<Linked>> = Vec::new();
    while let Some(c) = chars.next() {
        if Some(c) == end {
            break;
        }
        let kind = match c {
            '*' => InlineKind::Emphasis(level(chars, Some('*'))),
            '^' => InlineKind::Super(level(chars, Some('^'))),
            '`' => InlineKind::Code(chars.by_ref().take_while(|c| *c != '`').collect()),
            '[' => {
                let inner = level(chars, Some(']'));
                chars.next();
                InlineKind::Lang(chars.by_ref().take_while(|c| *c != '}').collect(), inner)
            }
            '<' => InlineKind::Link(Target::External("https://x.org/l'eau".into()), None, level(chars, Some('>'))),
            '†' => {
                let body = vec![Block::new(BlockKind::Paragraph(level(chars, Some('‡'))), here())];
                InlineKind::Note(Note { number: 1, call: 1, body })
            }
            '\n' => InlineKind::SoftBreak,
            '¶' => InlineKind::LineBreak,
            c => {
                if let Some(Inline { kind: InlineKind::Text(text), .. }) = out.last_mut() {
                    text.push(c);
                    continue;
                }
                InlineKind::Text(c.into())
            }
        };
        out.push(Inline { span: here(), kind });
    }
    out
}

pub fn show(inlines: &[Inline<Linked>]) -> String {
    let one = |inline: &Inline<Linked>| match &inline.kind {
        InlineKind::Text(text) => text.clone(),
        InlineKind::SoftBreak => "\n".into(),
        InlineKind::LineBreak => "¶".into(),
        InlineKind::Emphasis(inner) => format!("*{}*", show(inner)),
        InlineKind::Super(inner) => format!("^{}^", show(inner)),
        InlineKind::Code(text) => format!("`{text}`"),
        InlineKind::Lang(tag, inner) => format!("[{}]{{{tag}}}", show(inner)),
        InlineKind::Link(_, _, inner) => format!("<{}>", show(inner)),
        InlineKind::Note(note) => match &note.body[0].kind {
            BlockKind::Paragraph(text) => format!("†{}‡", show(text)),
            _ => String::new(),
        },
        _ => String::new(),
    };
    inlines.iter().map(one).collect()
}

pub fn set_inlines(text: &str, language: &'static str) -> Vec<Inline<Linked>> {
    let mut inlines = read(text);
    super::edition::set_line(&mut inlines, language);
    inlines
}

const INLINES: &[Case] = &[
    ("*mot* !", "*mot*_!"),
    ("*mot*!", "*mot*_!"),
    ("« *mot* »", "«~*mot*~»"),
    ("«*mot*»", "«~*mot*~»"),
    ("*« mot »* : suite", "*«~mot~»*~: suite"),
    ("\"*mot*\"", "«~*mot*~»"),
    ("*\"mot*\"", "*«~mot*~»"),
    ("l'*eau*", "l’*eau*"),
    ("*l'*eau", "*l’*eau"),
    ("oui\n; non", "oui_; non"),
    ("oui\n!", "oui_!"),
    ("«\nmot\n»", "«~mot~»"),
    ("un\ndeux", "|"),
    ("5\nmin", "5~min"),
    ("oui \n!", "oui_!"),
    ("oui¶! non", "|"),
    ("vers¶« 7,9 m »", "vers¶«~7,9~m~»"),
    ("`l'eau ? : \"x\" ...` ?", "`l'eau ? : \"x\" ...`_?"),
    ("`code`: oui", "`code`~: oui"),
    ("d'`eau`", "d’`eau`"),
    ("« `code` »", "«~`code`~»"),
    ("mot†l'eau ?‡ !", "mot†l’eau_?‡_!"),
    ("mot†note‡!", "mot†note‡_!"),
    ("« mot »†note‡ : oui", "«~mot~»†note‡~: oui"),
    ("[It's ... \"so\" ?]{en} !", "[It’s … “so”?]{en}_!"),
    ("[l'eau ?]{de} ?", "[l'eau ?]{de}_?"),
    ("[l'eau ?]{fr-BE} ?", "[l’eau_?]{fr-BE}_?"),
    ("l'[eau]{br}", "l’[eau]{br}"),
    ("[a [l'eau]{fr} !]{en}", "[a [l’eau]{fr}!]{en}"),
    ("<l'eau> ?", "<l’eau>_?"),
    ("<https://x.org/?a=l'eau>", "|"),
    ("un .. *.*", "|"),
    ("fin..*.*", "fin…**"),
    ("1er mai", "1^er^~mai"),
    ("1re", "1^re^"),
    ("la 3e marche", "la 3^e^ marche"),
    ("2nd, 2nde, 2de", "2^nd^, 2^nde^, 2^de^"),
    ("les 2es", "les 2^es^"),
    ("au XIXe siècle", "au XIX^e^~siècle"),
    ("XVIIIe-XIXe siècles", "XVIII^e^-XIX^e^~siècles"),
    ("François Ier", "François~I^er^"),
    ("la Ve République", "la V^e^ République"),
    ("le Xe siècle", "le X^e^~siècle"),
    ("la 10 000e lecture", "la 10_000^e^ lecture"),
    ("*XXIe* siècle", "*XXI^e^*~siècle"),
    ("<1er> tome", "<1^er^> tome"),
    ("XIX^e^ siècle", "XIX^e^~siècle"),
    ("1^re^", "|"),
    ("x^2e^", "|"),
    ("le gaz Xe", "|"),
    ("la Ve", "|"),
    ("Le Me et De", "|"),
    ("Ire, Vie, Ce", "|"),
    ("2e-3", "|"),
    ("1.2e", "|"),
    ("0x3e, 4e5, a3e", "|"),
    ("un 1e", "|"),
    ("IIIIe", "|"),
    ("le fichier 2e.txt", "|"),
    ("`2e`", "|"),
    ("2*e*", "2*^e^*"),
    ("1e*r*", "|"),
    ("m^2^ ; m^3^", "m^2^_; m^3^"),
    ("**", "|"),
];

#[test]
fn applies_rules_across_markup() {
    let mut wrong = Vec::new();
    for (typed, wanted) in INLINES {
        let wanted = spaced(if *wanted == "|" { typed } else { wanted });
        let set = set_inlines(&spaced(typed), "fr");
        let mut again = set.clone();
        super::edition::set_line(&mut again, "fr");
        if show(&set) != wanted || show(&again) != wanted {
            wrong.push(format!("{typed:?} gave {:?}, then {:?}", notation(&show(&set)), notation(&show(&again))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
