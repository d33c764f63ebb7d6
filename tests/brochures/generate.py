"""Generates varied publications, to test a layout with content of any amount and shape.

    python3 tests/brochures/generate.py FOLDER [COUNT] [SEED] [LAYOUT]      LAYOUT: brochure, etude or bulletin

Writes a workspace of COUNT publications to FOLDER: brochures, or the studies and bulletins of `books.py`. The same count and seed produce the
same files. The texts are meaningless: they consist of the phrases below, so that words and sentences have realistic lengths in French and English.
"""

import random
import struct
import sys
import uuid
import zlib
from pathlib import Path

# ---- words ---------------------------------------------------------------------------------------------------

FRENCH = {
    "subjects": [
        "le conseil de quartier", "la bibliothèque du port", "l’équipe des ateliers", "une commune de montagne", "le collège voisin",
        "la régie des eaux", "un groupe d’habitants", "la maison des semences", "le service des archives", "l’école du soir",
        "chaque association", "la coordination interdépartementale", "le réseau des jardins partagés", "une poignée de bénévoles",
    ],
    "verbs": [
        "observe", "transforme", "documente", "accompagne", "remet en question", "partage", "évalue", "réinvente", "soutient",
        "cartographie", "rend visible", "met à l’épreuve",
    ],
    "objects": [
        "les usages du numérique", "la mémoire des métiers", "l’entretien des berges", "une charte de coopération", "les horaires d’ouverture",
        "la circulation des livres", "le tri des matériaux", "l’accueil des nouveaux venus", "la réparation des outils", "les comptes de la saison",
        "l’intercompréhension des langues", "un calendrier commun", "les institutions interprofessionnelles",
    ],
    "ends": [
        "depuis trois hivers", "sans rien promettre", "avec peu de moyens", "à l’échelle du canton", "malgré les contretemps",
        "au fil des rencontres", "dès que la saison le permet", "comme on tient un journal", "avant la fin de l’été", "pour quelques années encore",
    ],
    "links": ["Pourtant,", "Peu à peu,", "Dans les faits,", "Ailleurs,", "En retour,", "À vrai dire,", "D’une année à l’autre,"],
    "titles": [
        "atelier", "méthode", "rivages", "semences", "coopération", "mémoire", "paysages", "transmission", "écoute", "saisons", "territoires",
        "accompagnement", "expérimentations", "apprentissages", "responsabilité", "interdisciplinarité", "réaménagement", "savoir-faire", "compte-rendu", "institutionnalisation",
    ],
    "joints": ["et", "de la", "pour une", "vers les", "au cœur des", "entre", "face à la", "sans", "ou", "par la"],
    "kinds": ["Bulletin", "Fiche pratique", "Étude", "Entretien", "Guide de terrain", "Compte rendu d’atelier"],
    "statements": ["Consultable aux archives", "Document en cours de rédaction", "À demander à l’accueil de la maison commune, les jours de marché"],
    "bodies": ["Observatoire", "Fédération", "Agence", "Laboratoire", "Maison", "Union", "Institut"],
    "of": ["des rivages", "des savoirs partagés", "du Haut-Vallon", "des archives sonores", "de la Grande Écluse", "d’études comparées sur les apprentissages et les territoires ruraux"],
    "answers": ["Une question", "Trois réponses", "À retenir", "Ce qui reste à faire", "Le programme"],
    "columns": ["Lieu", "Année", "Ce qui a changé", "Suite"],
    "quote": ("« ", " »"),
}

ENGLISH = {
    "subjects": [
        "the parish council", "a group of neighbours", "the harbour library", "the evening school", "our smallest workshop", "the water board",
        "a handful of volunteers", "the seed house", "every other village", "the county archive", "the interdepartmental committee", "the walking club",
    ],
    "verbs": ["records", "questions", "looks after", "rebuilds", "maps", "shares", "measures", "supports", "puts to the test", "carries on with", "writes down"],
    "objects": [
        "the memory of old trades", "its own opening hours", "the upkeep of the banks", "a common calendar", "the way books travel", "the repair of tools",
        "what the season costs", "the welcome of newcomers", "a charter of cooperation", "interorganisational responsibilities", "small habits",
    ],
    "ends": [
        "for the third winter", "with little money", "without promising much", "at the scale of a valley", "before the end of summer", "whenever the weather allows",
        "much as one keeps a diary", "in spite of delays", "for a few more years", "from one meeting to the next",
    ],
    "links": ["Even so,", "Little by little,", "Elsewhere,", "In return,", "As a rule,", "From year to year,"],
    "titles": [
        "workshops", "landscape", "seeds", "memory", "listening", "seasons", "cooperation", "craft", "learning", "thresholds", "stewardship", "correspondence",
        "responsibilities", "interdependence", "self-government", "experimentation", "rivers", "industrialisation",
    ],
    "joints": ["and", "of", "towards", "for the", "between", "without", "or", "in the", "after"],
    "kinds": ["Bulletin", "Field guide", "Study", "Interview", "Checklist", "Notes from a workshop"],
    "statements": ["Held at the county archive", "Still being written", "Ask at the desk of the common house on market days"],
    "bodies": ["Observatory", "Federation", "Agency", "Laboratory", "House", "Union", "Institute"],
    "of": ["of Shores", "of Shared Knowledge", "of the Upper Vale", "for Sound Archives", "of the Great Lock", "for the Comparative Study of Learning and Rural Territories"],
    "answers": ["One question", "Three answers", "To remember", "What remains to be done", "The programme"],
    "columns": ["Place", "Year", "What changed", "Next"],
    "quote": ("“", "”"),
}

FIRST = ["Maud", "Élouan", "Inès", "Bartholomé", "Ruth", "Samir", "Anne-Gaëlle", "Joris", "Philippa", "Tomasz", "Nour", "Marie-Antoinette"]
LAST = ["Vaubrun", "Le Garrec", "Ossoli", "de La Tourmentière-Belcastel", "Quill", "Hadj-Mansour", "Pemberthy", "Vanderstraeten-Kowalczyk", "Ilou", "Maréchal"]

ROLES = ["author", "coordination", "research", "partner", "support", "illustration", "design", "translation", "proofreading", "expert"]

# ---- brands --------------------------------------------------------------------------------------------------

BRANDS = [
    # that of the series REVE
    """[brand.color]
foreground = "#16263F"
background = "#FBF7EF"
light      = "#FFFFFF"
muted      = "#51607A"
primary    = "#16263F"
secondary  = "#F2B544"
accents    = ["#1B5E8C", "#21694B", "#A8442A", "#6E3565"]

[brand.typography]
base      = ["Source Serif 4"]
headings  = ["Spectral", "Source Serif 4"]
interface = ["Source Sans 3"]
""",
    # that of the fixture `leaflet`
    """[brand.color]
foreground = "#231F20"
background = "#F6F6F2"
light      = "#FFFFFF"
muted      = "#5A5A5A"
primary    = "#7A1F3D"
secondary  = "#D9A441"
accents    = ["#7A1F3D", "#1F5132", "#233F73"]

[brand.typography]
base      = ["Source Sans 3"]
headings  = ["Source Serif 4"]
interface = ["Source Sans 3"]
""",
    # pale accents, a pale panel, a wide font for labels
    """[brand.color]
foreground = "#2B2233"
background = "#FFFDF6"
light      = "#FFFFFF"
muted      = "#A79FB0"
primary    = "#F6E7B0"
secondary  = "#C7B8EA"
accents    = ["#F7E27A", "#A8E0C8", "#F4B6C2", "#A9CFF0", "#5B2A6E", "#8A8F98"]

[brand.typography]
base      = ["Spectral"]
headings  = ["Source Sans 3"]
interface = ["IBM Plex Mono", "Source Sans 3"]
""",
]


class Writer:
    """Generates texts in one language from a random generator."""

    def __init__(self, chance, words):
        self.chance, self.words = chance, words

    def pick(self, key):
        return self.chance.choice(self.words[key])

    def sentence(self):
        parts = [self.pick("subjects"), self.pick("verbs"), self.pick("objects")]
        if self.chance.random() < 0.7:
            parts.append(self.pick("ends"))
        text = " ".join(parts)
        if self.chance.random() < 0.25:
            return f"{self.pick('links')} {text}."
        return text[0].upper() + text[1:] + "."

    def words_of(self, count):
        """Running text of about `count` words."""
        out = []
        while sum(len(it.split()) for it in out) < count:
            out.append(self.sentence())
        return " ".join(out)

    def title(self, length):
        """A title of at most `length` characters, close to that length."""
        if length <= 3:
            return self.chance.choice("AEOXYZ")
        text = ""
        while True:
            more = self.pick("titles") if not text else f"{text} {self.pick('joints')} {self.pick('titles')}"
            if len(more) > length:
                break
            text = more
        if not text:
            text = min(self.words["titles"], key=len)[:length]
        return text[0].upper() + text[1:]

    def some_title(self):
        return self.title(self.chance.choice([1, 8, 14, 20, 28, 36, 48, 60, 80, 110, 140]))

    def name_of_body(self):
        return f"{self.pick('bodies')} {self.pick('of')}"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def array(items):
    return "[" + ", ".join(quoted(it) for it in items) + "]"


def orcid(number):
    """An ORCID iD with its check character (ISO 7064, MOD 11-2)."""
    digits = f"{number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    full = digits + ("X" if rest == 10 else str(rest))
    return "-".join(full[i:i + 4] for i in range(0, 16, 4))


def png(width, height, chance):
    """A PNG image of hills in three shades of grey."""
    import math
    waves = [(chance.uniform(0.2, 0.8), chance.uniform(0.01, 0.03), chance.uniform(8, 40)) for _ in range(3)]
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            shade = 235
            for i, (base, pitch, swing) in enumerate(waves):
                if y > height * base + swing * math.sin(x * pitch):
                    shade = 200 - 50 * i
            rows.append(shade)
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


class Brochure:
    """The content and the files of one publication."""

    layout = "brochure"
    numbers_of_people = [0, 1, 3, 14]

    def __init__(self, number, seed):
        self.chance = random.Random(f"{seed}/{number}")
        self.lang = "fr" if number % 3 else "en"
        self.write = Writer(self.chance, FRENCH if self.lang == "fr" else ENGLISH)
        self.brand = BRANDS[number // 2 % len(BRANDS)]
        self.number = number
        self.slug = f"b{number:02d}"
        self.resources = []
        self.images = {}
        self.organisations = [f"org{i}" for i in range(self.chance.choice([1, 2, 4, 9, 16]))]
        self.people = [f"person{i}" for i in range(self.chance.choice(self.numbers_of_people))]

    # ---- resources

    def resource(self, shared=None, title=None, subtitle=None):
        chance, write = self.chance, self.write
        name = f"r{len(self.resources)}"
        lines = [f'id = "{name}"', f"title = {quoted(title or write.some_title())}"]
        if subtitle or chance.random() < 0.2:
            lines.append(f"subtitle = {quoted(subtitle or write.title(chance.choice([20, 50, 90])))}")
        if chance.random() < 0.4:
            lines.append(f"kind = {quoted(write.pick('kinds'))}")
        if shared:
            lines += [f'format = "{shared[0]}"', f"minutes = {shared[1]}"]
        elif chance.random() < 0.6:
            lines += [f'format = "{chance.choice(["short", "long"])}"', f"minutes = {chance.choice([5, 30, 120])}"]
        lines.append("target = " + chance.choice([
            f'{{ url = "https://example.org/{self.slug}/{name}" }}',
            f'{{ organisation = "{chance.choice(self.organisations)}" }}',
            f"{{ none = {quoted(write.pick('statements'))} }}",
        ]))
        self.resources.append("[[resources]]\n" + "\n".join(lines) + "\n")
        return name

    def tiles(self):
        chance = self.chance
        count = chance.choice([1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 12])
        shared = (chance.choice(["short", "long"]), 5) if chance.random() < 0.35 else None
        ids = []
        while len(ids) < count:
            if chance.random() < 0.15 and len(ids) + 2 <= count:
                same = self.write.title(70)
                ids += [self.resource(shared, same), self.resource(shared, same, self.write.title(30))]
            else:
                ids.append(self.resource(shared))
        attributes = f'ids="{" ".join(ids)}"' + (' badge="shared"' if shared else "")
        if chance.random() < 0.12:
            attributes += ' style="list"'
        return f"::: resources {{{attributes}}}\n:::"

    # ---- text

    def paragraphs(self, words):
        out = []
        while words > 0:
            size = min(words, self.chance.choice([25, 50, 90, 140]))
            out.append(self.write.words_of(size))
            words -= size
        return out

    def running(self):
        """Running text of a few lines to several pages, with headings, lists, notes, tables and images."""
        chance, write = self.chance, self.write
        words = chance.choice([15, 40, 80, 140, 220, 350, 700, 1500])
        blocks = self.paragraphs(words)
        if words >= 220:
            for _ in range(words // 220):
                blocks.insert(chance.randrange(1, len(blocks) + 1), f"## {write.title(chance.choice([12, 30, 60, 110]))}")
            if blocks[-1].startswith("## "):
                blocks.append(write.words_of(40))
            # no heading is followed directly by another heading
            blocks = [it for i, it in enumerate(blocks) if not (it.startswith("## ") and blocks[i + 1].startswith("## "))]
        if chance.random() < 0.3:
            blocks.append("\n".join(f"- {write.sentence()}" for _ in range(chance.choice([2, 4, 7]))))
        if chance.random() < 0.15:
            blocks[0] += f"[^{len(self.resources)}-{len(self.images)}]"
            blocks.append(f"[^{len(self.resources)}-{len(self.images)}]: {write.words_of(chance.choice([8, 40]))}")
        if chance.random() < 0.12:
            columns = write.words["columns"][:chance.choice([3, 4])]
            rows = [[write.pick("titles").capitalize(), str(chance.randrange(1950, 2024)), write.sentence(), write.pick("ends")] for _ in range(4)]
            lines = [columns, ["---"] * len(columns)] + [row[:len(columns)] for row in rows]
            blocks.append("\n".join("| " + " | ".join(row) + " |" for row in lines))
        if chance.random() < 0.12:
            name = f"hills{len(self.images)}.png"
            self.images[name] = png(*chance.choice([(480, 270), (300, 400), (600, 150)]), chance)
            blocks.append(f"![{write.title(30)}](images/{name})")
        if chance.random() < 0.12:
            blocks.append(f"::: callout {{kind=\"{chance.choice(['note', 'tip', 'warning'])}\"}}\n{write.words_of(30)}\n:::")
        return blocks

    def aside(self):
        title = f' {{title={quoted(self.write.pick("answers"))}}}' if self.chance.random() < 0.8 else ""
        return f"::: aside{title}\n{self.write.words_of(self.chance.choice([15, 50, 110]))}\n:::"

    def epigraph(self):
        opens, closes = self.write.words["quote"]
        source = f' {{source={quoted(self.write.name_of_body())}}}' if self.chance.random() < 0.8 else ""
        return f"::: epigraph{source}\n{opens}{self.write.words_of(self.chance.choice([10, 35, 70])).rstrip('.')}{closes}\n:::"

    def section(self, index, last):
        chance, write = self.chance, self.write
        title = write.some_title()
        head = [f"title = {quoted(title)}"]
        if len(title) > 40 and chance.random() < 0.7 or chance.random() < 0.2:
            head.append(f"nav = {quoted(write.title(chance.choice([8, 18, 30, 45])))}")
        words = chance.choice([0, 0, 8, 15, 25, 40, 60, 90])
        if words:
            lead = write.words_of(words).split()[:words]
            head.append(f"lead = {quoted(' '.join(lead).rstrip('.,') + '.')}")
        body = []
        if chance.random() < 0.15:
            body.append(self.epigraph())
        if chance.random() < 0.85:
            body += self.running()
        if chance.random() < 0.3:
            body.append(self.aside())
        if chance.random() < 0.75 and not last:
            body.append(self.tiles())
            if chance.random() < 0.2:
                body += [write.words_of(30), self.tiles()]
        if chance.random() < 0.15:
            body.append(f'::: video {{url="https://example.org/film-{index}" title={quoted(write.title(chance.choice([20, 70])))}}}\n:::')
        if last:
            body += ["::: credits\n:::", "::: imprint\n:::", "::: licence\n:::"]
            if self.images or chance.random() < 0.3:
                body.append("::: image-credits\n:::")
        elif chance.random() < 0.12:
            body.append('::: licence {form="brief"}\n:::')
        if not body:
            body.append(self.tiles())
        return "+++\n" + "\n".join(head) + "\n+++\n\n" + "\n\n".join(body) + "\n"

    # ---- files

    def parties(self):
        chance, write = self.chance, self.write
        out = []
        for name in self.organisations:
            out.append(f"[organisations.{name}]\nname = {quoted(write.name_of_body())}\nurl = \"https://example.org/{name}\"")
            if chance.random() < 0.4:
                out[-1] += f"\nwordmark = {quoted(write.title(chance.choice([4, 10, 24])))}"
        for i, name in enumerate(self.people):
            out.append(f"[people.{name}]\nname = {quoted(f'{chance.choice(FIRST)} {chance.choice(LAST)}')}")
            if chance.random() < 0.4:
                out[-1] += f'\norcid = "{orcid(900_000_000 + self.number * 100 + i)}"'
            if chance.random() < 0.4:
                out[-1] += f'\naffiliation = "{chance.choice(self.organisations)}"'
        return out

    def credits(self):
        names = self.organisations + self.people
        self.chance.shuffle(names)
        roles = self.chance.sample(ROLES, min(len(names), self.chance.choice([1, 2, 3, 5, 8])))
        # groups of random sizes
        cuts = sorted(self.chance.sample(range(1, len(names)), len(roles) - 1)) if len(names) > 1 else []
        groups = [names[a:b] for a, b in zip([0, *cuts], [*cuts, len(names)])]
        return [f'[[credits]]\nrole = "{role}"\nnames = {array(group)}' for role, group in zip(roles, groups)]

    def number_of_sections(self):
        return self.chance.choice([3, 4, 5, 6, 7, 8])

    def options(self, slugs):
        """The lines of the options of the layout."""
        chance, options = self.chance, []
        if len(slugs) > 3 and chance.random() < 0.5:
            at = chance.randrange(0, len(slugs) - 1)
            arcs = [[it] for it in slugs[:at]] + [slugs[at:at + 2]] + [[it] for it in slugs[at + 2:]]
            options.append("arcs = [" + ", ".join(array(arc) for arc in arcs) + "]")
        if chance.random() < 0.3:
            options.append(f"hint = {quoted(self.write.title(30))}")
        return options

    def files(self):
        chance, write = self.chance, self.write
        count = self.number_of_sections()
        slugs = [f"s{i + 1}" for i in range(count)]
        files = {f"{slug}.md": self.section(i, i == count - 1) for i, slug in enumerate(slugs)}
        series = chance.random() < 0.6
        publication = [
            f"title = {quoted(write.some_title())}",
            *([f"subtitle = {quoted(write.title(chance.choice([12, 40, 90, 140])))}"] if chance.random() < 0.7 else []),
            f'lang = "{self.lang}"',
            f'layout = "{self.layout}"',
            *(['publisher = "org0"'] if chance.random() < 0.8 else []),
            *(['period = "2021-2024"'] if chance.random() < 0.4 else []),
            f'uuid = "{uuid.UUID(int=chance.getrandbits(128), version=4)}"',
            f"description = {quoted(write.sentence())}",
            f"sections = {array(slugs)}",
        ]
        options = self.options(slugs)
        assets = [f'[[assets]]\npath = "images/{name}"\nlicence = "CC0-1.0"\ncredit = {quoted(chance.choice(FIRST) + " " + chance.choice(LAST))}' for name in self.images]
        files["publication.toml"] = "\n\n".join([
            "\n".join(publication),
            *(["[options]\n" + "\n".join(options)] if options else []),
            '[[editions]]\nid = "first"\ndate = "2024-03"' + ('\nlabel = ""' if chance.random() < 0.5 else ""),
            *self.credits(),
            '[licence]\nid = "' + chance.choice(["etalab-2.0", "CC-BY-4.0", "CC0-1.0"]) + '"\nupdated = "2024-03"'
            + (f'\nlicensor = "{self.organisations[0]}"'),
            *self.parties(), *assets, *self.resources, self.brand,
        ])
        files |= {f"images/{name}": data for name, data in self.images.items()}
        if not series:
            return {f"{self.slug}/{path}": text for path, text in files.items()}
        folder = f"series-{self.slug}"
        out = {f"{folder}/{self.slug}/{path}": text for path, text in files.items()}
        out[f"{folder}/series.toml"] = f'title = {quoted(write.title(chance.choice([12, 40, 90])))}\nlang = "{self.lang}"\n'
        return out


def main():
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    layout = sys.argv[4] if len(sys.argv) > 4 else "brochure"
    kind = Brochure if layout == "brochure" else __import__("books").KINDS[layout]
    for number in range(count):
        for path, text in kind(number, seed).files().items():
            file = folder / "sources" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
    # contrast, image resolution, keywords and authors are not generated to satisfy the checks
    checks = "".join(f'{code} = "off"\n' for code in ["R605", "R651", "R672", "R673"])
    (folder / "reliure.toml").write_text(f'output = "out"\n\n[checks]\n{checks}')


if __name__ == "__main__":
    main()
