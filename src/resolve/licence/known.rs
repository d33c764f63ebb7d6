//! Known licences: a table of names and addresses, two families with regular ids, and the SPDX licence list.

use super::{Licence, LicenceConditions};
use crate::manifest::{LANGUAGES, localized};

/// An entry of the table.
struct Known {
    /// Id. Longer ids that start with it and `-` are variants of the licence.
    id: &'static str,
    /// Name in each of [`LANGUAGES`].
    name: [&'static str; 2],
    /// Address of its text.
    url: &'static str,
    conditions: LicenceConditions,
    content: bool,
}

const NOTHING: LicenceConditions =
    LicenceConditions { attribution: false, share_alike: false, non_commercial: false, no_derivatives: false };
const SOURCE: LicenceConditions = LicenceConditions { attribution: true, ..NOTHING };
const ALIKE: LicenceConditions = LicenceConditions { share_alike: true, ..SOURCE };

const fn content(id: &'static str, name: [&'static str; 2], url: &'static str, conditions: LicenceConditions) -> Known {
    Known { id, name, url, conditions, content: true }
}

const fn program(id: &'static str, name: &'static str, url: &'static str) -> Known {
    Known { id, name: [name, name], url, conditions: SOURCE, content: false }
}

const TABLE: &[Known] = &[
    content(
        "etalab-2.0",
        ["Licence Ouverte 2.0", "Open Licence 2.0 (Etalab)"],
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        SOURCE,
    ),
    // SPDX does not list version 1.0, so its id is formed like the id of version 2.0.
    content(
        "etalab-1.0",
        ["Licence Ouverte 1.0", "Open Licence 1.0 (Etalab)"],
        "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf",
        SOURCE,
    ),
    content(
        "CC0-1.0",
        ["Creative Commons Zéro 1.0", "Creative Commons Zero 1.0"],
        "https://creativecommons.org/publicdomain/zero/1.0/",
        NOTHING,
    ),
    content(
        "CC-PDM-1.0",
        ["Marque du domaine public 1.0", "Public Domain Mark 1.0"],
        "https://creativecommons.org/publicdomain/mark/1.0/",
        NOTHING,
    ),
    content(
        "PDDL-1.0",
        ["ODC Domaine public (PDDL) 1.0", "ODC Public Domain Dedication and Licence 1.0"],
        "https://opendatacommons.org/licenses/pddl/1-0/",
        NOTHING,
    ),
    content("ODC-By-1.0", ["ODC Attribution 1.0", "ODC Attribution 1.0"], "https://opendatacommons.org/licenses/by/1-0/", SOURCE),
    content(
        "ODbL-1.0",
        ["ODC Open Database License (ODbL) 1.0", "ODC Open Database License (ODbL) 1.0"],
        "https://opendatacommons.org/licenses/odbl/1-0/",
        ALIKE,
    ),
    content(
        "OGL-UK-3.0",
        ["Open Government Licence 3.0", "Open Government Licence 3.0"],
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        SOURCE,
    ),
    content(
        "OGL-UK-2.0",
        ["Open Government Licence 2.0", "Open Government Licence 2.0"],
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/",
        SOURCE,
    ),
    content(
        "OGL-UK-1.0",
        ["Open Government Licence 1.0", "Open Government Licence 1.0"],
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/",
        SOURCE,
    ),
    content("LAL-1.3", ["Licence Art Libre 1.3", "Free Art License 1.3"], "https://artlibre.org/licence/lal/", ALIKE),
    content(
        "LAL-1.2",
        ["Licence Art Libre 1.2", "Free Art License 1.2"],
        "https://artlibre.org/licence/lal/licence-art-libre-12/",
        ALIKE,
    ),
    program("OFL-1.1", "SIL Open Font License 1.1", "https://openfontlicense.org/"),
    program("OFL-1.0", "SIL Open Font License 1.0", "https://spdx.org/licenses/OFL-1.0.html"),
    program("MIT", "MIT License", "https://opensource.org/license/mit"),
    program("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
];

/// The licences that are suggested for publications.
pub const CONTENT: &[&str] = &[
    "etalab-2.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "CC0-1.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "OGL-UK-3.0",
    "LAL-1.3",
];

/// Returns every id with each of its names.
pub fn names() -> impl Iterator<Item = (&'static str, String)> {
    let table = TABLE.iter().flat_map(|known| known.name.map(|name| (known.id, name.to_owned())));
    let patterns = ids().filter(|id| id.starts_with("CC-"));
    let patterns = patterns.flat_map(|id| LANGUAGES.into_iter().filter_map(move |lang| Some((id, find(id, lang)?.name))));
    ids().map(|id| (id, id.to_owned())).chain(table).chain(patterns)
}

/// Returns every id: from the table, then from SPDX.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let own = TABLE.iter().map(|known| known.id);
    own.chain(spdx::identifiers::LICENSES.iter().map(|licence| licence.name))
}

/// Returns the default licence of publications.
pub fn open_licence(lang: &str) -> Licence {
    of_table(&TABLE[0], TABLE[0].id, lang)
}

/// Returns the licence with an id. Case is ignored.
pub fn find(id: &str, lang: &str) -> Option<Licence> {
    let id = ids().find(|known| known.eq_ignore_ascii_case(id))?;
    let variant = |known: &&Known| id.strip_prefix(known.id).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let listed = TABLE.iter().find(variant).map(|known| of_table(known, id, lang));
    listed.or_else(|| creative_commons(id, lang)).or_else(|| gnu(id, lang)).or_else(|| of_spdx(id))
}

fn of_table(known: &Known, id: &'static str, lang: &str) -> Licence {
    let name = localized(known.name, lang).to_owned();
    Licence { id, short: name.clone(), name, url: known.url.into(), conditions: Some(known.conditions), content: known.content }
}

/// Parts of Creative Commons licences: in ids, and in each of [`LANGUAGES`].
const PARTS: [(&str, [&str; 2]); 4] = [
    ("BY", ["Attribution", "Attribution"]),
    ("NC", ["Pas d’utilisation commerciale", "NonCommercial"]),
    ("ND", ["Pas de modification", "NoDerivatives"]),
    ("SA", ["Partage dans les mêmes conditions", "ShareAlike"]),
];

/// Separators of the parts, in each of [`LANGUAGES`].
const JOINTS: [&str; 2] = [" – ", "-"];

/// Suffix of a licence that allows later versions, in each of [`LANGUAGES`].
const OR_LATER: [&str; 2] = [" ou ultérieure", " or later"];

/// Parses `CC-BY-NC-SA-3.0-DE`: parts, version and country.
fn creative_commons(id: &'static str, lang: &str) -> Option<Licence> {
    let rest = id.strip_prefix("CC-")?;
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let (parts, version) = (rest[..at].trim_end_matches('-'), &rest[at..]);
    let mut names = Vec::new();
    for part in parts.split('-') {
        let (_, name) = PARTS.iter().find(|(code, _)| *code == part)?;
        names.push(localized(*name, lang));
    }
    let has = |part: &str| parts.split('-').any(|other| other == part);
    let path = version.replace('-', "/").to_ascii_lowercase();
    let printed = version.replace('-', " ");
    Some(Licence {
        id,
        name: format!("Creative Commons {} {printed}", names.join(localized(JOINTS, lang))),
        short: format!("CC {parts} {printed}"),
        url: format!("https://creativecommons.org/licenses/{}/{path}/", parts.to_ascii_lowercase()),
        conditions: Some(LicenceConditions {
            attribution: has("BY"),
            share_alike: has("SA"),
            non_commercial: has("NC"),
            no_derivatives: has("ND"),
        }),
        content: true,
    })
}

/// Families of GNU licences: id, name in French, name in English, short name, name in addresses, latest version.
const GNU: [(&str, &str, &str, &str, &str, &str); 4] = [
    ("GFDL-", "Licence de documentation libre GNU", "GNU Free Documentation License", "GNU FDL", "fdl", "1.3"),
    ("AGPL-", "Licence publique générale GNU Affero", "GNU Affero General Public License", "GNU AGPL", "agpl", "3.0"),
    ("LGPL-", "Licence publique générale limitée GNU", "GNU Lesser General Public License", "GNU LGPL", "lgpl", "3.0"),
    ("GPL-", "Licence publique générale GNU", "GNU General Public License", "GNU GPL", "gpl", "3.0"),
];

/// Parses `GPL-3.0-or-later`.
fn gnu(id: &'static str, lang: &str) -> Option<Licence> {
    let (family, french, english, short, path, latest) = GNU.iter().find(|family| id.starts_with(family.0))?;
    let rest = id.strip_prefix(family)?;
    let version = rest.split(['-', '+']).next().unwrap_or_default();
    let later = if rest.ends_with("or-later") || rest.ends_with('+') { localized(OR_LATER, lang) } else { "" };
    let folder = if version == *latest { "" } else { "old-licenses/" };
    Some(Licence {
        id,
        name: format!("{} {version}{later}", localized([french, english], lang)),
        short: format!("{short} {version}{later}"),
        url: format!("https://www.gnu.org/licenses/{folder}{path}-{version}.html"),
        conditions: Some(ALIKE),
        content: *family == "GFDL-",
    })
}

/// Returns a licence with the data of SPDX: its English name, and conditions derived from whether it is copyleft or free.
fn of_spdx(id: &'static str) -> Option<Licence> {
    let known = spdx::license_id(id)?;
    let conditions = match (known.is_copyleft(), known.is_osi_approved() || known.is_fsf_free_libre()) {
        (true, _) => Some(ALIKE),
        (false, true) => Some(SOURCE),
        (false, false) => None,
    };
    let name = known.full_name.to_owned();
    Some(Licence {
        id,
        short: name.clone(),
        name,
        url: format!("https://spdx.org/licenses/{id}.html"),
        conditions,
        content: false,
    })
}
