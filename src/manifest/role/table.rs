//! The table of roles: MARC relators, then CRediT contributor roles.

use super::Role;

const fn relator(name: &'static str, marc: &'static str, fr: [&'static str; 2], en: [&'static str; 2]) -> Role {
    Role { name, marc, also: &[], is_contribution: false, fr, en }
}

const fn contribution(name: &'static str, marc: &'static str, fr: [&'static str; 2], en: [&'static str; 2]) -> Role {
    Role { name, marc, also: &[], is_contribution: true, fr, en }
}

impl Role {
    const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }
}

/// The roles, in the order of the reference page.
///
/// French labels name the activity where possible, so that they apply to everyone. Those of CRediT follow the French translation
/// of Vaidis and Gourdon-Kanhukamwe (2024), with the dash of the English labels.
pub const ROLES: &[Role] = &[
    relator("author", "aut", ["Auteur ou autrice", "Auteurs et autrices"], ["Author", "Authors"]),
    relator("editor", "edt", ["Direction éditoriale", "Direction éditoriale"], ["Editor", "Editors"]),
    relator("coordination", "pdr", ["Coordination", "Coordination"], ["Coordination", "Coordination"])
        .also(&["project-director"]),
    relator("research", "res", ["Réalisation", "Réalisation"], ["Research", "Research"]).also(&["researcher"]),
    relator("contributor", "ctb", ["Avec le concours de", "Avec le concours de"], ["Contributor", "Contributors"]),
    relator("partner", "asn", ["Structure partenaire", "Structures partenaires"], ["Partner", "Partners"])
        .also(&["associated-name"]),
    relator("support", "fnd", ["Avec le soutien de", "Avec le soutien de"], ["Supported by", "Supported by"]).also(&["funder"]),
    relator("illustration", "ill", ["Illustration", "Illustrations"], ["Illustration", "Illustrations"]).also(&["illustrator"]),
    relator("photography", "pht", ["Photographie", "Photographies"], ["Photography", "Photography"]).also(&["photographer"]),
    relator("design", "bkd", ["Conception graphique", "Conception graphique"], ["Design", "Design"]).also(&["book-designer"]),
    relator("translation", "trl", ["Traduction", "Traduction"], ["Translation", "Translation"]).also(&["translator"]),
    relator("proofreading", "pfr", ["Relecture", "Relecture"], ["Proofreading", "Proofreading"]).also(&["proofreader"]),
    relator("publisher", "pbl", ["Édition", "Édition"], ["Publisher", "Publishers"]),
    // Texts.
    relator("creator", "cre", ["Création", "Création"], ["Creator", "Creators"]),
    relator("compiler", "com", ["Textes réunis par", "Textes réunis par"], ["Compiler", "Compilers"]),
    relator(
        "editor-of-compilation",
        "edc",
        ["Direction de l’ouvrage", "Direction de l’ouvrage"],
        ["Editor of the collection", "Editors of the collection"],
    ),
    relator(
        "editorial-director",
        "edd",
        ["Responsabilité éditoriale", "Responsabilité éditoriale"],
        ["Editorial director", "Editorial directors"],
    ),
    relator(
        "redaktor",
        "red",
        ["Secrétariat de rédaction", "Secrétariat de rédaction"],
        ["Editorial assistance", "Editorial assistance"],
    ),
    relator("corrector", "crr", ["Correction", "Correction"], ["Corrector", "Correctors"]),
    relator("reviewer", "rev", ["Relecture critique", "Relecture critique"], ["Reviewer", "Reviewers"]),
    relator("adapter", "adp", ["Adaptation", "Adaptation"], ["Adapter", "Adapters"]),
    relator("abridger", "abr", ["Version abrégée", "Version abrégée"], ["Abridger", "Abridgers"]),
    relator("annotator", "ann", ["Annotations", "Annotations"], ["Annotator", "Annotators"]),
    relator("commentator", "cmm", ["Commentaire enregistré", "Commentaire enregistré"], ["Commentator", "Commentators"]),
    relator("commentator-for-written-text", "cwt", ["Commentaire", "Commentaire"], ["Commentary", "Commentary"]),
    relator("writer-of-foreword", "wfw", ["Avant-propos", "Avant-propos"], ["Foreword", "Foreword"]),
    relator("writer-of-preface", "wpr", ["Préface", "Préface"], ["Preface", "Preface"]),
    relator("writer-of-introduction", "win", ["Introduction", "Introduction"], ["Introduction", "Introduction"])
        .also(&["author-of-introduction", "aui"]),
    relator("writer-of-afterword", "waw", ["Postface", "Postface"], ["Afterword", "Afterword"])
        .also(&["author-of-afterword", "aft"]),
    relator(
        "writer-of-added-text",
        "wat",
        ["Textes complémentaires", "Textes complémentaires"],
        ["Additional text", "Additional text"],
    ),
    relator(
        "writer-of-accompanying-material",
        "wam",
        ["Textes d’accompagnement", "Textes d’accompagnement"],
        ["Accompanying text", "Accompanying text"],
    ),
    relator("transcriber", "trc", ["Transcription", "Transcription"], ["Transcriber", "Transcribers"]),
    relator("rapporteur", "rap", ["Rapporteur ou rapporteuse", "Rapporteurs et rapporteuses"], ["Rapporteur", "Rapporteurs"]),
    relator("minute-taker", "mtk", ["Compte rendu de séance", "Compte rendu de séance"], ["Minutes", "Minutes"]),
    relator("reporter", "rpt", ["Reportage", "Reportage"], ["Reporter", "Reporters"]),
    relator("screenwriter", "aus", ["Scénario", "Scénario"], ["Screenwriter", "Screenwriters"]),
    relator("markup-editor", "mrk", ["Balisage du texte", "Balisage du texte"], ["Markup", "Markup"]),
    relator("metadata-contact", "mdc", ["Métadonnées", "Métadonnées"], ["Metadata contact", "Metadata contacts"]),
    relator("dedicatee", "dte", ["Dédicataire", "Dédicataires"], ["Dedicatee", "Dedicatees"]),
    relator("honoree", "hnr", ["En l’honneur de", "En l’honneur de"], ["In honour of", "In honour of"]),
    // Research.
    relator(
        "research-team-head",
        "rth",
        ["Direction de l’équipe de recherche", "Direction de l’équipe de recherche"],
        ["Research team head", "Research team heads"],
    ),
    relator(
        "research-team-member",
        "rtm",
        ["Membre de l’équipe de recherche", "Membres de l’équipe de recherche"],
        ["Research team member", "Research team members"],
    ),
    relator("laboratory", "lbr", ["Laboratoire", "Laboratoires"], ["Laboratory", "Laboratories"]),
    relator(
        "laboratory-director",
        "ldr",
        ["Direction du laboratoire", "Direction du laboratoire"],
        ["Laboratory director", "Laboratory directors"],
    ),
    relator(
        "field-director",
        "fld",
        ["Direction des travaux de terrain", "Direction des travaux de terrain"],
        ["Field director", "Field directors"],
    ),
    relator(
        "scientific-advisor",
        "sad",
        ["Conseil scientifique", "Conseil scientifique"],
        ["Scientific advisor", "Scientific advisors"],
    ),
    relator("consultant", "csl", ["Conseil", "Conseil"], ["Consultant", "Consultants"]),
    relator(
        "consultant-to-a-project",
        "csp",
        ["Conseil au projet", "Conseil au projet"],
        ["Consultant to the project", "Consultants to the project"],
    ),
    relator("expert", "exp", ["Expertise", "Expertise"], ["Expert", "Experts"]),
    relator("analyst", "anl", ["Analyse", "Analyse"], ["Analyst", "Analysts"]),
    relator("conceptor", "ccp", ["Conception", "Conception"], ["Concept", "Concept"]),
    relator("data-manager", "dtm", ["Gestion des données", "Gestion des données"], ["Data manager", "Data managers"]),
    relator("data-contributor", "dtc", ["Apport de données", "Apport de données"], ["Data contributor", "Data contributors"]),
    relator(
        "geographic-information-specialist",
        "gis",
        ["Géomatique", "Géomatique"],
        ["Geographic information", "Geographic information"],
    ),
    relator("surveyor", "srv", ["Topographie", "Topographie"], ["Surveyor", "Surveyors"]),
    relator("programmer", "prg", ["Programmation", "Programmation"], ["Programmer", "Programmers"]),
    relator(
        "software-developer",
        "swd",
        ["Développement logiciel", "Développement logiciel"],
        ["Software developer", "Software developers"],
    ),
    relator("interviewer", "ivr", ["Propos recueillis par", "Propos recueillis par"], ["Interviewer", "Interviewers"]),
    relator("interviewee", "ive", ["Personne interrogée", "Personnes interrogées"], ["Interviewee", "Interviewees"]),
    relator("witness", "wit", ["Témoin", "Témoins"], ["Witness", "Witnesses"]),
    relator("speaker", "spk", ["Intervenant ou intervenante", "Intervenants et intervenantes"], ["Speaker", "Speakers"]),
    relator("moderator", "mod", ["Modération", "Modération"], ["Moderator", "Moderators"]),
    relator("panelist", "pan", ["Table ronde", "Table ronde"], ["Panellist", "Panellists"]),
    relator("organizer", "orm", ["Organisation", "Organisation"], ["Organizer", "Organizers"]),
    relator("teacher", "tch", ["Enseignement", "Enseignement"], ["Teacher", "Teachers"]),
    relator(
        "dissertant",
        "dis",
        ["Auteur ou autrice de la thèse", "Auteurs et autrices de la thèse"],
        ["Doctoral candidate", "Doctoral candidates"],
    ),
    relator("thesis-advisor", "ths", ["Direction de thèse", "Direction de thèse"], ["Thesis advisor", "Thesis advisors"]),
    relator(
        "degree-supervisor",
        "dgs",
        ["Encadrement universitaire", "Encadrement universitaire"],
        ["Degree supervisor", "Degree supervisors"],
    ),
    relator(
        "degree-committee-member",
        "dgc",
        ["Membre du jury", "Membres du jury"],
        ["Degree committee member", "Degree committee members"],
    ),
    relator(
        "degree-granting-institution",
        "dgg",
        ["Établissement de soutenance", "Établissements de soutenance"],
        ["Degree grantor", "Degree grantors"],
    )
    .also(&["degree-grantor"]),
    // Bodies, rights and collections.
    relator(
        "host-institution",
        "his",
        ["Institution d’accueil", "Institutions d’accueil"],
        ["Host institution", "Host institutions"],
    ),
    relator("issuing-body", "isb", ["Organisme émetteur", "Organismes émetteurs"], ["Issuing body", "Issuing bodies"]),
    relator("sponsor", "spn", ["Parrainage", "Parrainage"], ["Sponsor", "Sponsors"]),
    relator("patron", "pat", ["Mécénat", "Mécénat"], ["Patron", "Patrons"]),
    relator("donor", "dnr", ["Donateur ou donatrice", "Donateurs et donatrices"], ["Donor", "Donors"]),
    relator(
        "publishing-director",
        "pbd",
        ["Direction de la publication", "Direction de la publication"],
        ["Publishing director", "Publishing directors"],
    ),
    relator("distributor", "dst", ["Distribution", "Distribution"], ["Distributor", "Distributors"]),
    relator(
        "copyright-holder",
        "cph",
        ["Titulaire des droits", "Titulaires des droits"],
        ["Copyright holder", "Copyright holders"],
    ),
    relator("licensor", "lso", ["Licence accordée par", "Licence accordée par"], ["Licensor", "Licensors"]),
    relator(
        "standards-body",
        "stn",
        ["Organisme de normalisation", "Organismes de normalisation"],
        ["Standards body", "Standards bodies"],
    ),
    relator("contractor", "ctr", ["Prestataire", "Prestataires"], ["Contractor", "Contractors"]),
    relator("producer", "pro", ["Production", "Production"], ["Producer", "Producers"]),
    relator(
        "production-manager",
        "pmn",
        ["Direction de production", "Direction de production"],
        ["Production manager", "Production managers"],
    ),
    relator("owner", "own", ["Propriétaire", "Propriétaires"], ["Owner", "Owners"]),
    relator("lender", "len", ["Prêt", "Prêt"], ["Lender", "Lenders"]),
    relator("repository", "rps", ["Lieu de conservation", "Lieux de conservation"], ["Repository", "Repositories"]),
    relator("collector", "col", ["Collection réunie par", "Collection réunie par"], ["Collector", "Collectors"]),
    relator("curator", "cur", ["Commissariat", "Commissariat"], ["Curator", "Curators"]),
    relator("conservator", "con", ["Conservation", "Conservation"], ["Conservator", "Conservators"]),
    // Images, sound and production.
    relator("artist", "art", ["Artiste", "Artistes"], ["Artist", "Artists"]),
    relator("art-director", "adi", ["Direction artistique", "Direction artistique"], ["Art director", "Art directors"]),
    relator("designer", "dsr", ["Design", "Design"], ["Designer", "Designers"]),
    relator(
        "cover-designer",
        "cov",
        ["Conception de la couverture", "Conception de la couverture"],
        ["Cover design", "Cover design"],
    ),
    relator("type-designer", "tyd", ["Dessin de caractères", "Dessin de caractères"], ["Type design", "Type design"]),
    relator("typographer", "tyg", ["Typographie", "Typographie"], ["Typographer", "Typographers"]),
    relator("compositor", "cmt", ["Composition", "Composition"], ["Typesetting", "Typesetting"]),
    relator("calligrapher", "cll", ["Calligraphie", "Calligraphie"], ["Calligrapher", "Calligraphers"]),
    relator("cartographer", "ctg", ["Cartographie", "Cartographie"], ["Cartographer", "Cartographers"]),
    relator("drafter", "drm", ["Dessin technique", "Dessin technique"], ["Technical drawing", "Technical drawing"])
        .also(&["draftsman"]),
    relator("engraver", "egr", ["Gravure", "Gravure"], ["Engraver", "Engravers"]),
    relator("lithographer", "ltg", ["Lithographie", "Lithographie"], ["Lithographer", "Lithographers"]),
    relator("sculptor", "scl", ["Sculpture", "Sculpture"], ["Sculptor", "Sculptors"]),
    relator("architect", "arc", ["Architecture", "Architecture"], ["Architect", "Architects"]),
    relator("printer", "prt", ["Impression", "Impression"], ["Printer", "Printers"]),
    relator("binder", "bnd", ["Reliure", "Reliure"], ["Binder", "Binders"]),
    relator(
        "braille-embosser",
        "brl",
        ["Embossage en braille", "Embossage en braille"],
        ["Braille embosser", "Braille embossers"],
    ),
    relator("videographer", "vdg", ["Captation vidéo", "Captation vidéo"], ["Videographer", "Videographers"]),
    relator("film-director", "fmd", ["Réalisation du film", "Réalisation du film"], ["Film director", "Film directors"]),
    relator("film-editor", "flm", ["Montage", "Montage"], ["Film editor", "Film editors"]),
    relator("animator", "anm", ["Animation", "Animation"], ["Animator", "Animators"]),
    relator("narrator", "nrt", ["Narration", "Narration"], ["Narrator", "Narrators"]),
    relator("recordist", "rcd", ["Prise de son", "Prise de son"], ["Sound recording", "Sound recording"]),
    relator("composer", "cmp", ["Musique", "Musique"], ["Composer", "Composers"]),
    relator("performer", "prf", ["Interprétation", "Interprétation"], ["Performer", "Performers"]),
    // CRediT, ANSI/NISO Z39.104-2022, in its own order. The code identifies the nearest relator.
    contribution(
        "conceptualization",
        "ccp",
        ["Conceptualisation", "Conceptualisation"],
        ["Conceptualization", "Conceptualization"],
    ),
    contribution(
        "data-curation",
        "dtm",
        ["Préparation des données", "Préparation des données"],
        ["Data curation", "Data curation"],
    ),
    contribution("formal-analysis", "anl", ["Analyse formelle", "Analyse formelle"], ["Formal analysis", "Formal analysis"]),
    contribution(
        "funding-acquisition",
        "ctb",
        ["Acquisition de financements", "Acquisition de financements"],
        ["Funding acquisition", "Funding acquisition"],
    ),
    contribution("investigation", "res", ["Investigation", "Investigation"], ["Investigation", "Investigation"]),
    contribution("methodology", "res", ["Méthodologie", "Méthodologie"], ["Methodology", "Methodology"]),
    contribution(
        "project-administration",
        "pdr",
        ["Administration du projet", "Administration du projet"],
        ["Project administration", "Project administration"],
    ),
    contribution("resources", "ctb", ["Ressources", "Ressources"], ["Resources", "Resources"]),
    contribution("software", "prg", ["Logiciel", "Logiciels"], ["Software", "Software"]),
    contribution("supervision", "rth", ["Supervision", "Supervision"], ["Supervision", "Supervision"]),
    contribution("validation", "anl", ["Validation", "Validation"], ["Validation", "Validation"]),
    contribution("visualization", "ill", ["Présentation visuelle", "Présentation visuelle"], ["Visualization", "Visualization"]),
    contribution(
        "writing-original-draft",
        "aut",
        ["Rédaction – ébauche du manuscrit initial", "Rédaction – ébauche du manuscrit initial"],
        ["Writing – original draft", "Writing – original draft"],
    ),
    contribution(
        "writing-review-editing",
        "edt",
        ["Rédaction – relectures et corrections", "Rédaction – relectures et corrections"],
        ["Writing – review & editing", "Writing – review & editing"],
    ),
];
