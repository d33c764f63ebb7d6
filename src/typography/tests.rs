//! Examples of each rule. In the tables, `~` is U+00A0 and `_` is U+202F; `|` means that the text does not change.

mod markup;
mod properties;

use super::run::Run;
use super::*;
use crate::diagnostic::{Sources, Span};
use crate::model::{Block, BlockKind, Inline, InlineKind, Linked, Note, Target, Title, plain_text};

fn spaced(text: &str) -> String {
    text.replace('~', "\u{A0}").replace('_', "\u{202F}")
}

/// Converts no-break spaces to the notation of the tables.
fn notation(text: &str) -> String {
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
            ("12 €/kg", "12~€/kg"),
            ("5 €/nuit", "|"),
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
            ("M. de Brume", "M.~de~Brume"),
            ("Mme d’Ormesson", "Mme~d’Ormesson"),
            ("M. du tout", "M.~du tout"),
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
            ("Jean-Paul II", "Jean-Paul~II"),
            ("compte-rendu II", "|"),
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
            ("a@example.org: on répond", "a@example.org~: on répond"),
            ("Chapitre I: le début", "Chapitre I~: le début"),
            ("Annexe A: les cartes", "Annexe A~: les cartes"),
            ("le disque D: est plein", "|"),
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
        "unchanged",
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
            ("Built in '07 by the bakers' guild", "Built in ’07 by the bakers’ guild"),
            ("The \"pond\"'s edge", "The “pond”’s edge"),
            ("the '80's", "the ’80’s"),
            ("rock 'n' roll", "rock ’n’ roll"),
            ("'gainst the tide", "’gainst the tide"),
            ("'twill do", "’twill do"),
            ("the so-called 'pond's' edge", "the so-called ‘pond’s’ edge"),
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
            ("3 : 1", "|"),
            ("wait . . . what", "|"),
            ("Really ?", "Really?"),
            ("Ms . Roux", "Ms.~Roux"),
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
fn applies_the_rules_to_every_case() {
    let mut wrong = Vec::new();
    for (language, rule, typed, wanted) in tables() {
        let got = set_text(&typed, language);
        if got != wanted {
            wrong.push(format!(
                "{language} {rule}: {:?} gave {:?}, not {:?}",
                notation(&typed),
                notation(&got),
                notation(&wanted)
            ));
        }
        if set_text(&wanted, language) != wanted {
            wrong.push(format!("{language} {rule}: {:?} changes again", notation(&wanted)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_except_ordinal_has_a_case() {
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
fn ignores_languages_without_rules() {
    assert_eq!(set_text("l'eau \"x\" ?", "de"), "l'eau \"x\" ?");
    assert_eq!(set_text("l'eau", "fr-BE"), "l’eau");
}

#[test]
fn guillemet_space_can_be_narrow() {
    let style = Style { guillemet_space: '\u{202F}' };
    let set = string("« mot »", "fr", &style, false, None, &mut Log::default());
    assert_eq!(set.as_deref().map(notation).as_deref(), Some("«_mot_»"));
}

#[test]
fn changes_only_apostrophes_and_titles_in_names() {
    let name = |text: &str| {
        let set = string(text, "fr", &Style::default(), true, None, &mut Log::default());
        notation(&set.unwrap_or_else(|| text.to_owned()))
    };
    assert_eq!(name("Atelier de l'Estran"), "Atelier de l’Estran");
    assert_eq!(name("Dr Roux"), "Dr~Roux");
    for name_as_typed in ["Yahoo!", "An@é", "Qui vive?", "Radio 3 !", "\"Les amis\"", "Foo--Bar..."] {
        assert_eq!(name(name_as_typed), name_as_typed);
    }
}

#[test]
fn changes_contain_the_rule_and_the_context() {
    let mut log = Log::new(true);
    string("Vraiment ?", "fr", &Style::default(), false, None, &mut log);
    let changes = log.changes();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].rule, "high-punctuation");
    assert_eq!((changes[0].before.as_str(), changes[0].after.as_str()), ("Vraiment ?", "Vraiment\u{202F}?"));
}

#[test]
fn plain_strings_have_no_superscripts() {
    assert_eq!(set_text("le XIXe, la 3e", "fr"), "le XIXe, la 3e");
}

#[test]
fn sets_the_titles_of_references_before_the_text() {
    let span = Span::new(Sources::default().add("a.md", ""), 0..0);
    let inline = |kind| Inline { span, kind };
    let title = Title::new(vec![inline(InlineKind::Text("Marées--2024-05-17".into()))], "fr", "fr");
    let reference = InlineKind::Reference(Target::Internal { section: "a".into(), id: "a".into(), title });
    let mut inlines = vec![inline(reference), inline(InlineKind::Text("5 %".into()))];
    super::edition::set_line(&mut inlines, "fr");
    let mut again = inlines.clone();
    super::edition::set_line(&mut again, "fr");
    assert_eq!(format!("{again:?}"), format!("{inlines:?}"), "a second pass changes the text");
}
