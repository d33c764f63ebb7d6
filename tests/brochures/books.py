"""Generates varied studies and bulletins, for the layouts `etude` and `bulletin`. `generate.py` has the texts and the brands."""

from generate import Brochure, array, png


class Study(Brochure):
    """A book of 1 to 60 chapters, with 0 to 12 authors, and pictures, tables and notes anywhere."""

    layout = "etude"
    numbers_of_people = [0, 1, 2, 3, 5, 12]

    def __init__(self, number, seed):
        super().__init__(number, seed)
        self.slug = f"e{number:02d}"

    def number_of_sections(self):
        # short chapters, if there are many
        self.count = self.chance.choice([1, 2, 3, 5, 7, 12, 25, 60])
        return self.count

    def options(self, slugs):
        chance = self.chance
        return [
            *(["margin-column = true"] if chance.random() < 0.35 else []),
            *([f'format = "{chance.choice(["book", "a4"])}"'] if chance.random() < 0.4 else []),
            *(['front-matter = "short"'] if chance.random() < 0.3 else []),
        ]

    def note(self, text, notes):
        """Adds a note to a paragraph."""
        name = f"n{len(notes) + 1}"
        notes.append(f"[^{name}]: {self.write.words_of(self.chance.choice([8, 25, 60]))}")
        return f"{text}[^{name}]"

    def insert(self):
        """Returns a block of a random kind."""
        chance, write = self.chance, self.write
        kind = chance.randrange(9)
        if kind == 0:
            name = f"hills{len(self.images)}.png"
            self.images[name] = self.picture()
            alt, caption = write.title(30), write.title(chance.choice([20, 60, 140]))
            # a caption that repeats the alternative text is reported
            has_caption = caption != alt and chance.random() < 0.7
            return f"![{alt}](images/{name}" + (f' "{caption}")' if has_caption else ")")
        if kind == 1:
            columns = write.words["columns"][:chance.choice([2, 3, 4])]
            rows = [[write.pick("titles").capitalize(), str(chance.randrange(1950, 2024)), write.sentence(), write.pick("ends")] for _ in range(chance.choice([2, 5, 16]))]
            lines = [columns, ["---"] * len(columns)] + [row[:len(columns)] for row in rows]
            return "\n".join("| " + " | ".join(row) + " |" for row in lines)
        if kind == 2:
            mark = chance.choice(["- ", "1. "])
            lead = write.words_of(10).rstrip(".") + (" :" if self.lang == "fr" else ":")
            return lead + "\n\n" + "\n".join(f"{mark}{write.sentence()}" for _ in range(chance.choice([2, 4, 9])))
        if kind == 3:
            return f"> {write.words_of(chance.choice([12, 60]))}"
        if kind == 4:
            return "```python\n" + "\n".join(f"ligne_{at} = mesure({chance.randrange(99)})" for at in range(chance.choice([1, 6, 18]))) + "\n```"
        if kind == 5:
            return f"::: callout {{kind=\"{chance.choice(['note', 'tip', 'warning'])}\"}}\n{write.words_of(chance.choice([10, 40, 160]))}\n:::"
        if kind == 6:
            return self.aside()
        if kind == 7:
            return self.epigraph()
        return "---"

    def picture(self):
        return png(*self.chance.choice([(480, 270), (300, 400), (600, 150)]), self.chance)

    def running(self):
        chance, write = self.chance, self.write
        words = chance.choice([15, 60, 150, 260] if self.count > 12 else [15, 60, 220, 500, 900, 1600])
        blocks, notes = [], []
        for paragraph in self.paragraphs(words):
            if len(blocks) > 1 and chance.random() < 0.2:
                level = "##" if chance.random() < 0.7 or not any(it.startswith("## ") for it in blocks) else "###"
                blocks.append(f"{level} {write.title(chance.choice([12, 30, 60, 110]))}")
            blocks.append(self.note(paragraph, notes) if chance.random() < 0.2 else paragraph)
            if chance.random() < 0.22:
                blocks.append(self.insert())
        return blocks + notes

    def tiles(self):
        return self.insert() if self.chance.random() < 0.8 else super().tiles()

    def credits(self):
        if not self.people:
            return super().credits()
        authors = f'[[credits]]\nrole = "author"\nnames = {array(self.people)}'
        partners = f'[[credits]]\nrole = "partner"\nnames = {array(self.organisations)}'
        return [authors, partners]


class Bulletin(Study):
    """A bulletin of two to eight pages: a few short sections."""

    layout = "bulletin"

    def __init__(self, number, seed):
        super().__init__(number, seed)
        self.slug = f"n{number:02d}"

    def number_of_sections(self):
        self.count = self.chance.choice([1, 2, 3, 4, 6, 8])
        return self.count

    def options(self, slugs):
        return []

    def running(self):
        blocks = super().running()
        # a bulletin has at most eight pages
        return blocks[:max(2, 36 // self.count)] if not any("[^" in it for it in blocks) else blocks


KINDS = {"etude": Study, "bulletin": Bulletin}
