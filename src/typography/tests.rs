//! Each rule by example. In the tables, `~` is U+00A0 and `_` is U+202F; `|` stands for the same text before and after.

use super::run::Run;
use super::*;
use crate::diagnostic::{Sources, Span};
use crate::model::{Block, BlockKind, Inline, InlineKind, Linked, Note, Target, Title, plain_text};

fn spaced(text: &str) -> String {
    text.replace('~', "\u{A0}").replace('_', "\u{202F}")
}

/// Writes spaces as the tables do.
fn seen(text: &str) -> String {
    text.replace('\u{A0}', "~").replace('\u{202F}', "_")
}

type Case = (&'static str, &'static str);

const FRENCH: &[(&str, &[Case])] = &[
    (
        "ellipsis",
        &[
            ("Et puis...", "Et puis…"),
            ("Et puis... rien", "Et puis… rien"),
            ("[...]", "[…]"),
            ("(...)", "(…)"),
            ("...enfin", "…enfin"),
            ("Quoi... ?", "Quoi…_?"),
            ("Et puis…", "|"),
            ("Et puis....", "|"),
            ("Et puis..", "|"),
            ("1...10", "|"),
            ("dans sources/.../carnet", "|"),
            ("etc.", "|"),
        ],
    ),
    (
        "dash",
        &[
            ("un -- deux", "un – deux"),
            ("un --- deux", "un — deux"),
            ("-- Bonjour", "–~Bonjour"),
            ("pages 10--12", "pages 10–12"),
            ("l’option --help", "|"),
            ("un ---- deux", "|"),
            ("a --> b", "|"),
            ("<-- retour", "|"),
            ("va-et-vient", "|"),
            ("2020-2022", "|"),
            ("2020 - 2022", "|"),
            ("un – deux", "|"),
            ("−5", "|"),
        ],
    ),
    (
        "quotation-marks",
        &[
            ("le mot \"marée\" suffit", "le mot «~marée~» suffit"),
            ("\"Marée\"", "«~Marée~»"),
            ("(\"marée\")", "(«~marée~»)"),
            ("l'\"eau\"", "l’«~eau~»"),
            ("\"un\" et \"deux\"", "«~un~» et «~deux~»"),
            ("\"il dit \"oui\" encore\"", "«~il dit “oui” encore~»"),
            ("« il dit \"oui\" »", "«~il dit “oui”~»"),
            ("\"Vraiment ?\"", "«~Vraiment_?~»"),
            ("\"oui\", dit-il", "«~oui~», dit-il"),
            ("un écran de 27\"", "|"),
            ("la touche \" seule", "|"),
            ("un \"mot ouvert", "|"),
            ("a\"b", "|"),
            ("\"\"", "|"),
            ("“oui”", "|"),
            ("‘oui’", "|"),
        ],
    ),
    (
        "quotation-spaces",
        &[
            ("« mot »", "«~mot~»"),
            ("«mot»", "«~mot~»"),
            ("«  mot  »", "«~mot~»"),
            ("« mot»", "«~mot~»"),
            ("dit « mot ».", "dit «~mot~»."),
            ("(« mot »)", "(«~mot~»)"),
            ("« un « deux » trois »", "«~un «~deux~» trois~»"),
            ("«\u{2009}mot\u{2009}»", "«~mot~»"),
            ("« ? »", "«~?~»"),
            ("« Vraiment ? »", "«~Vraiment_?~»"),
            ("«~mot~»", "|"),
            ("«_mot_»", "|"),
            ("«»", "|"),
            ("» suite d’une citation", "|"),
            ("«", "|"),
        ],
    ),
    (
        "apostrophe",
        &[
            ("l'eau", "l’eau"),
            ("L'eau", "L’eau"),
            ("aujourd'hui", "aujourd’hui"),
            ("jusqu'à l'aube", "jusqu’à l’aube"),
            ("qu'elle n'est", "qu’elle n’est"),
            ("l'« eau »", "l’«~eau~»"),
            ("d'11 mètres", "d’11 mètres"),
            ("l'1er", "l’1er"),
            ("l' eau", "l’ eau"),
            ("O'Brien", "O’Brien"),
            ("l’eau", "|"),
            ("5'", "|"),
            ("5'30", "|"),
            ("Format court 5’", "|"),
            ("les années '90", "|"),
            ("'mot'", "|"),
            ("rock 'n' roll", "|"),
            ("'l' est une lettre", "|"),
        ],
    ),
    (
        "digit-groups",
        &[
            ("10 000 lectures", "10_000 lectures"),
            ("1 234 567", "1_234_567"),
            ("8 412 lectures", "8_412 lectures"),
            ("12 345,67", "12_345,67"),
            ("(10 000)", "(10_000)"),
            ("en 2023 150 personnes", "|"),
            ("10~000", "|"),
            ("10_000", "|"),
            ("1234567", "|"),
            ("01 23 45 67 89", "|"),
            ("3 12", "|"),
            ("10 0000", "|"),
            ("0 800", "|"),
            ("10.5072/978", "|"),
            ("978-2-9999990-0-8", "|"),
            ("2023", "|"),
        ],
    ),
    (
        "quantity",
        &[
            ("5 min", "5~min"),
            ("5 min.", "5~min."),
            ("0,62 m", "0,62~m"),
            ("30 %", "30~%"),
            ("3 €", "3~€"),
            ("962 hPa à 4 h.", "962~hPa à 4~h."),
            ("à 19 h 30 min", "à 19~h~30~min"),
            ("19 h 30", "19~h~30"),
            ("10 000 km", "10_000~km"),
            ("90 km/h", "90~km/h"),
            ("−5 °C", "−5~°C"),
            ("3 millions", "3~millions"),
            ("½ l", "½~l"),
            ("5~min", "|"),
            ("5_min", "|"),
            ("5min", "|"),
            ("30%", "|"),
            ("5 minutes", "|"),
            ("COVID-19 m", "|"),
            ("3 l’eau", "|"),
            ("il y a 3 marins", "|"),
        ],
    ),
    (
        "reference",
        &[
            ("n° 2", "n°~2"),
            ("N° 12", "N°~12"),
            ("p. 12 du registre", "p.~12 du registre"),
            ("(p. 12)", "(p.~12)"),
            ("pp. 12-14", "pp.~12-14"),
            ("t. II", "t.~II"),
            ("vol. 3", "vol.~3"),
            ("l’art. 5", "l’art.~5"),
            ("§ 3", "§~3"),
            ("fig. 4", "fig.~4"),
            ("n°~2", "|"),
            ("n°2", "|"),
            ("etc. 12", "|"),
            ("le cap. 12", "|"),
            ("p. ex.", "|"),
            ("n° inconnu", "|"),
        ],
    ),
    (
        "title",
        &[
            ("M. Dupont", "M.~Dupont"),
            ("MM. Dupont et Roux", "MM.~Dupont et Roux"),
            ("Mme Le Garrec", "Mme~Le Garrec"),
            ("Mlle X", "Mlle~X"),
            ("Dr Roux", "Dr~Roux"),
            ("(M. Dupont)", "(M.~Dupont)"),
            ("M.~Dupont", "|"),
            ("cette Mme dupont", "|"),
            ("Madame Dupont", "|"),
        ],
    ),
    (
        "date",
        &[
            ("21 mars", "21~mars"),
            ("le 1er mai", "le 1er~mai"),
            ("24 juin 2024", "24~juin 2024"),
            ("31 Décembre,", "31~Décembre,"),
            ("50 av. J.-C.", "50 av.~J.-C."),
            ("21~mars", "|"),
            ("32 mars", "|"),
            ("mars 2024", "|"),
            ("vingt mars", "|"),
        ],
    ),
    (
        "roman-number",
        &[
            ("XXIe siècle", "XXIe~siècle"),
            ("au XIXe siècle,", "au XIXe~siècle,"),
            ("Ier siècle", "Ier~siècle"),
            ("XVIIIe-XIXe siècles", "XVIIIe-XIXe~siècles"),
            ("le 21e siècle", "le 21e~siècle"),
            ("Louis XIV", "Louis~XIV"),
            ("François Ier", "François~Ier"),
            ("XXIe~siècle", "|"),
            ("un siècle", "|"),
            ("Louis et XIV", "|"),
            ("Le MIX", "|"),
            ("ce siècle", "|"),
        ],
    ),
    (
        "dash-spaces",
        &[
            ("la mer — on le sait — monte", "la mer —~on le sait~— monte"),
            ("la mer – on le sait – monte", "la mer –~on le sait~– monte"),
            ("la mer — on le sait —, monte", "la mer —~on le sait~—, monte"),
            ("— Bonjour", "—~Bonjour"),
            ("Oui. — Non.", "Oui. —~Non."),
            ("le « mot » — rare — suffit", "le «~mot~» —~rare~— suffit"),
            ("la mer —~on le sait~— monte", "|"),
            ("la mer — toujours", "|"),
            ("la mer—toujours", "|"),
            ("10 – 20 et 30 – 40", "|"),
            ("une — deux. Trois — quatre", "|"),
            ("Attribution – Partage", "|"),
        ],
    ),
    (
        "high-punctuation",
        &[
            ("Vraiment ?", "Vraiment_?"),
            ("oui ; non", "oui_; non"),
            ("non !", "non_!"),
            ("Quoi ?!", "Quoi_?!"),
            ("Non !!!", "Non_!!!"),
            ("Non  !", "Non_!"),
            ("Non\u{2009}!", "Non_!"),
            ("Vraiment?", "Vraiment_?"),
            ("oui; non", "oui_; non"),
            ("oui !mais", "oui_!mais"),
            ("(oui !)", "(oui_!)"),
            ("« oui »?", "«~oui~»_?"),
            ("(oui)!", "(oui)_!"),
            ("en 2024 ?", "en 2024_?"),
            ("en 2024?", "en 2024_?"),
            ("30 % ;", "30~%_;"),
            ("Vraiment_?", "|"),
            ("Vraiment~?", "|"),
            ("(?)", "|"),
            ("(!)", "|"),
            ("? non", "|"),
            ("5!", "|"),
            ("a != b", "|"),
            ("AC;DC", "|"),
            ("page?id=3", "|"),
            (";-)", "|"),
            ("merci ;-)", "|"),
            ("merci ;)", "|"),
            ("&nbsp; et &#160;", "|"),
            ("https://x.org/a?b=c;d", "|"),
            ("https://x.org/?", "|"),
        ],
    ),
    (
        "colon",
        &[
            ("Ceci : cela", "Ceci~: cela"),
            ("Ceci: cela", "Ceci~: cela"),
            ("Ceci :", "Ceci~:"),
            ("Ceci:", "Ceci~:"),
            ("Ceci  : cela", "Ceci~: cela"),
            ("Il dit: « oui »", "Il dit~: «~oui~»"),
            ("« mot »: suite", "«~mot~»~: suite"),
            ("Étape 1: partir", "Étape 1~: partir"),
            ("(exemple): suite", "(exemple)~: suite"),
            ("Ceci~: cela", "|"),
            ("Ceci_: cela", "|"),
            ("10:30", "|"),
            ("à 12:00", "|"),
            ("3:1", "|"),
            ("1:25 000 000", "1:25_000_000"),
            (":-)", "|"),
            ("merci :-)", "|"),
            ("merci:-)", "|"),
            ("merci :)", "|"),
            ("C: et D:", "|"),
            ("C:\\Users\\l'eau", "|"),
            ("std::fs", "|"),
            ("::: note", "|"),
            ("https://x.org", "|"),
            ("mailto:a@x.org", "|"),
            ("urn:isbn:978", "|"),
            ("doi:10.5072/abc", "|"),
            (" : seul", "|"),
            ("un :mot:", "un :mot~:"),
        ],
    ),
    (
        "addresses",
        &[
            ("https://x.org/l'eau--a...b", "|"),
            ("soit $f : x ; y!$ !", "soit $f : x ; y!$_!"),
            ("$$a ; b \"c\"$$", "|"),
            ("5 $ ; 10 $", "5~$_; 10~$"),
            ("www.x.org/l'eau", "|"),
            ("o'brien@x.org", "o’brien@x.org"),
            ("voir https://x.org : oui", "voir https://x.org~: oui"),
            ("(https://x.org/a_(b))", "|"),
            ("jean--paul@x.org", "|"),
            ("d'https://x.org/l'eau", "d’https://x.org/l'eau"),
            ("An@é: oui", "An@é~: oui"),
            ("l'@", "|"),
        ],
    ),
    (
        "left alone",
        &[
            ("À l’École, ÉTÉ", "|"),
            ("ISBN 978-2-9999990-0-8", "|"),
            ("", "|"),
            (" ", "|"),
            ("DOI 10.5072/carnet-de-maree", "|"),
            ("S = H − P", "|"),
            ("et/ou", "|"),
            ("#REVE", "|"),
        ],
    ),
];

const ENGLISH: &[(&str, &[Case])] = &[
    ("ellipsis", &[("And then...", "And then…"), ("....", "|")]),
    ("dash", &[("one -- two", "one – two"), ("one --- two", "one — two"), ("word---word", "word—word"), ("--help", "|")]),
    (
        "quotation-marks",
        &[
            ("the \"tide\" rose", "the “tide” rose"),
            ("\"Yes,\" he said.", "“Yes,” he said."),
            ("(\"tide\")", "(“tide”)"),
            ("a 27\" screen", "|"),
            ("the \" key", "|"),
            ("“yes”", "|"),
        ],
    ),
    (
        "apostrophe",
        &[
            ("it's", "it’s"),
            ("the dogs' bowl", "the dogs’ bowl"),
            ("the 1990's", "the 1990’s"),
            ("the '90s", "the ’90s"),
            ("'tis", "’tis"),
            ("a 'word' here", "a ‘word’ here"),
            ("'It's here,' he said", "‘It’s here,’ he said"),
            ("rock 'n' roll", "rock ’n’ roll"),
            ("O'Brien", "O’Brien"),
            ("5'10", "|"),
            ("5'", "|"),
            ("it’s", "|"),
        ],
    ),
    ("quantity", &[("5 min", "5~min"), ("12 km.", "12~km."), ("30,000 gallons", "|"), ("5~min", "|")]),
    ("reference", &[("p. 12", "p.~12"), ("vol. 3", "vol.~3"), ("No. 2", "No.~2"), ("no. Not", "|")]),
    ("title", &[("Mr Toad", "Mr~Toad"), ("Dr. Jekyll", "Dr.~Jekyll"), ("Mr toad", "|")]),
    ("date", &[("17 May", "17~May"), ("May 17", "May~17"), ("May 2024", "|")]),
    (
        "punctuation",
        &[
            ("Really ?", "Really?"),
            ("yes ; no", "yes; no"),
            ("this : that", "this: that"),
            ("one , two", "one, two"),
            ("“yes” .", "“yes”."),
            ("What ?!", "What?!"),
            ("a .NET program", "|"),
            ("thanks :-)", "|"),
            ("Yes: no; why? so!", "|"),
            ("« mot »", "|"),
        ],
    ),
];

fn tables() -> impl Iterator<Item = (&'static str, &'static str, String, String)> {
    let all = [("fr", FRENCH), ("en", ENGLISH)];
    all.into_iter().flat_map(|(language, groups)| {
        groups.iter().flat_map(move |(rule, cases)| {
            cases.iter().map(move |(typed, set)| (language, *rule, spaced(typed), spaced(if *set == "|" { typed } else { set })))
        })
    })
}

#[test]
fn every_case_comes_out_as_the_tables_say() {
    let mut wrong = Vec::new();
    for (language, rule, typed, wanted) in tables() {
        let got = set_text(&typed, language);
        if got != wanted {
            wrong.push(format!("{language} {rule}: {:?} gave {:?}, not {:?}", seen(&typed), seen(&got), seen(&wanted)));
        }
        if set_text(&wanted, language) != wanted {
            wrong.push(format!("{language} {rule}: {:?} is not left alone", seen(&wanted)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_cases_for_every_rule_that_plain_strings_can_show() {
    for (language, rules) in LANGUAGES {
        for rule in rules.iter().filter(|rule| rule.name != "ordinal") {
            let shown = tables().filter(|(tag, group, typed, wanted)| tag == language && *group == rule.name && typed != wanted);
            assert!(shown.count() >= 1, "{language} {} has no case", rule.name);
            assert!([HOUSE, IMPRIMERIE_NATIONALE].contains(&rule.source));
        }
    }
    assert!(tables().count() >= 150);
}

#[test]
fn a_language_without_rules_is_left_as_typed() {
    assert_eq!(set_text("l'eau \"x\" ?", "de"), "l'eau \"x\" ?");
    assert_eq!(set_text("l'eau", "fr-BE"), "l’eau");
}

#[test]
fn the_space_inside_quotation_marks_can_be_narrow() {
    let style = Style { guillemet_space: '\u{202F}' };
    let set = string("« mot »", "fr", &style, false, None, &mut Vec::new());
    assert_eq!(set.as_deref().map(seen).as_deref(), Some("«_mot_»"));
}

#[test]
fn names_change_in_their_apostrophes_and_titles_only() {
    let name = |text: &str| {
        let set = string(text, "fr", &Style::default(), true, None, &mut Vec::new());
        seen(&set.unwrap_or_else(|| text.to_owned()))
    };
    assert_eq!(name("Atelier de l'Estran"), "Atelier de l’Estran");
    assert_eq!(name("Dr Roux"), "Dr~Roux");
    for name_as_typed in ["Yahoo!", "An@é", "Qui vive?", "Radio 3 !", "\"Les amis\"", "Foo--Bar..."] {
        assert_eq!(name(name_as_typed), name_as_typed);
    }
}

#[test]
fn a_change_says_its_rule_and_shows_the_text_around_it() {
    let mut changes = Vec::new();
    string("Vraiment ?", "fr", &Style::default(), false, None, &mut changes);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].rule, "high-punctuation");
    assert_eq!((changes[0].before.as_str(), changes[0].after.as_str()), ("Vraiment ?", "Vraiment\u{202F}?"));
}

// ---------------------------------------------------------------------------------------------------- inlines

/// Reads `*stress*`, `^super^`, `` `code` ``, `[words]{xx}`, `(†note)`, `<link>`; a line end is a soft break, `¶` a hard one.
fn read(text: &str) -> Vec<Inline<Linked>> {
    let mut chars = text.chars().peekable();
    level(&mut chars, None)
}

fn here() -> Span {
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
            '<' => InlineKind::Link(Target::External("https://x.org/l'eau".into()), level(chars, Some('>'))),
            '†' => {
                let body = vec![Block { span: here(), kind: BlockKind::Paragraph(level(chars, Some('‡'))) }];
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

fn show(inlines: &[Inline<Linked>]) -> String {
    let one = |inline: &Inline<Linked>| match &inline.kind {
        InlineKind::Text(text) => text.clone(),
        InlineKind::SoftBreak => "\n".into(),
        InlineKind::LineBreak => "¶".into(),
        InlineKind::Emphasis(inner) => format!("*{}*", show(inner)),
        InlineKind::Super(inner) => format!("^{}^", show(inner)),
        InlineKind::Code(text) => format!("`{text}`"),
        InlineKind::Lang(tag, inner) => format!("[{}]{{{tag}}}", show(inner)),
        InlineKind::Link(_, inner) => format!("<{}>", show(inner)),
        InlineKind::Note(note) => match &note.body[0].kind {
            BlockKind::Paragraph(text) => format!("†{}‡", show(text)),
            _ => String::new(),
        },
        _ => String::new(),
    };
    inlines.iter().map(one).collect()
}

fn set_inlines(text: &str, language: &'static str) -> Vec<Inline<Linked>> {
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
fn rules_see_through_markup() {
    let mut wrong = Vec::new();
    for (typed, wanted) in INLINES {
        let wanted = spaced(if *wanted == "|" { typed } else { wanted });
        let set = set_inlines(&spaced(typed), "fr");
        let mut again = set.clone();
        super::edition::set_line(&mut again, "fr");
        if show(&set) != wanted || show(&again) != wanted {
            wrong.push(format!("{typed:?} gave {:?}, then {:?}", seen(&show(&set)), seen(&show(&again))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ordinals_stay_on_the_line_in_plain_strings() {
    assert_eq!(set_text("le XIXe, la 3e", "fr"), "le XIXe, la 3e");
}

// ------------------------------------------------------------------------------------------------- properties

/// A small generator: always the same numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn text(&mut self) -> String {
        const PARTS: &[&str] = &[
            "mot", "l", "d", "qu", "L", "XXI", "XIX", "e", "er", "1", "2", "12", "000", "2023", "siècle", "mai", "M.", "Dupont",
            "n°", "p.", "min", "%", "h", "m", " ", " ", " ", " ", "  ", "\u{A0}", "\u{202F}", "\u{2009}", "\n", "¶", "'", "'",
            "’", "\"", "\"", "«", "»", "“", "”", "?", "!", ";", ":", ":", ".", "...", ",", "-", "--", "---", "–", "—", "(", ")",
            "/", "@", "x.org", "https://", "www.", "\\", "é", "e\u{301}", "😀", "\u{200D}", "ﬁ", "ß", "中", "\u{202E}", "א", "²",
            "½", "\u{FEFF}", "\t", "…", "V", "&", "=", "C", "D",
        ];
        const MARKUP: &[&str] =
            &["*mot*", "*l'*", "`a ?`", "^e^", "[it's \"a\" ?]{en}", "†l'eau ?‡", "<https://x.org>", "[x ?]{de}"];
        let mut text = String::new();
        for _ in 0..=self.roll(14) {
            if self.roll(8) == 0 {
                text.push_str(MARKUP[self.roll(MARKUP.len())]);
            } else if self.roll(40) == 0 {
                text.extend(char::from_u32(u32::try_from(self.roll(0x11_0000)).unwrap()).filter(|c| !"*^`[]<>†‡{}".contains(*c)));
            } else {
                text.push_str(PARTS[self.roll(PARTS.len())]);
            }
        }
        text
    }
}

fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn a_rule_that_a_text_does_not_wake_would_change_nothing() {
    let mut dice = Dice(3);
    let mut asleep = 0;
    for _ in 0..20_000 {
        let text = dice.text();
        for rule in LANGUAGES.iter().flat_map(|(_, rules)| *rules) {
            let run = Run::of_text(&text, None);
            if !run.wakes(rule) {
                asleep += 1;
                assert!(!run.would_change(rule, &Style::default()), "{} in {text:?}", rule.name);
            }
        }
    }
    assert!(asleep > 100_000, "{asleep}");
}

#[test]
fn every_short_row_of_quotation_marks_is_set_once_for_all() {
    const SIGNS: [char; 7] = ['"', '“', '”', '«', ' ', 'a', '/'];
    let mut wrong = Vec::new();
    for number in 0..SIGNS.len().pow(7) {
        let text: String = (0..7).map(|place| SIGNS[number / SIGNS.len().pow(place) % SIGNS.len()]).collect();
        for language in ["fr", "en"] {
            let once = set_text(&text, language);
            let twice = set_text(&once, language);
            if once != twice {
                wrong.push(format!("{language} {text:?} gave {:?}, then {:?}", seen(&once), seen(&twice)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {}", wrong.len(), wrong.into_iter().take(12).collect::<Vec<_>>().join("\n"));
}

#[test]
fn any_text_is_set_once_for_all_and_keeps_its_letters_and_digits() {
    let mut dice = Dice(7);
    for _ in 0..20_000 {
        let text = dice.text();
        for language in ["fr", "en"] {
            let once = set_text(&text, language);
            assert_eq!(set_text(&once, language), once, "{language} {text:?}");
            assert_eq!(words(&text), words(&once), "{language} {text:?}");
            let before = read(&text);
            let set = set_inlines(&text, language);
            assert_eq!(words(&plain_text(&before)), words(&plain_text(&set)), "{language} {text:?}");
            let mut again = set.clone();
            super::edition::set_line(&mut again, language);
            assert_eq!(show(&again), show(&set), "{language} {text:?}");
        }
    }
}

#[test]
fn a_title_beside_a_text_is_set_before_it() {
    let span = Span::new(Sources::default().add("a.md", ""), 0..0);
    let inline = |kind| Inline { span, kind };
    let title = Title::new("Marées--2024-05-17", "fr", "fr");
    let reference = InlineKind::Reference(Target::Internal { section: "a".into(), id: "a".into(), title });
    let mut inlines = vec![inline(reference), inline(InlineKind::Text("5 %".into()))];
    super::edition::set_line(&mut inlines, "fr");
    let mut again = inlines.clone();
    super::edition::set_line(&mut again, "fr");
    assert_eq!(format!("{again:?}"), format!("{inlines:?}"), "setting what is set changes nothing");
}

#[test]
fn markup_without_changes_is_the_same_after_a_run() {
    let mut dice = Dice(11);
    for _ in 0..5_000 {
        let mut inlines = read(&dice.text());
        let before = show(&inlines);
        Run::of_inlines(&inlines, "fr").scatter(&mut inlines, "fr");
        assert_eq!(show(&inlines), before);
    }
}

#[test]
fn long_texts_take_time_in_proportion() {
    for unit in ["\"", "'", " ", "« ", " :", "— ", "a@", "://", "1 000 ", "?", ".", "-", "XIXe-", "l'", "www."] {
        let text = unit.repeat(20_000);
        let start = std::time::Instant::now();
        set_text(&text, "fr");
        set_text(&text, "en");
        assert!(start.elapsed().as_secs() < 5, "{unit:?} took {:?}", start.elapsed());
    }
}
