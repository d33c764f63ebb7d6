"""Generates meaningless French sentences with realistic lengths, accents and punctuation. They have straight apostrophes and ordinary
spaces before punctuation, as people type them."""

import re

import words


class Prose:
    """Generates text from a random generator: the same state produces the same text."""

    def __init__(self, chance):
        self.chance = chance

    def noun(self):
        """Returns a noun, and whether it is feminine."""
        feminine = self.chance.random() < 0.5
        return self.chance.choice(words.FEMININE if feminine else words.MASCULINE), feminine

    def thing(self, adjective=0.45, complement=0.25):
        """Returns a noun with an article, sometimes with an adjective or a complement."""
        noun, feminine = self.noun()
        vowel = noun[0] in words.VOWELS
        kind = self.chance.random()
        if kind < 0.55:
            article = "l'" if vowel else ("la " if feminine else "le ")
        elif kind < 0.75:
            article = "une " if feminine else "un "
        elif kind < 0.85:
            article = "cette " if feminine else ("cet " if vowel else "ce ")
        else:
            article = "son " if vowel or not feminine else "sa "
        text = article + noun
        if self.chance.random() < adjective:
            text += " " + self.chance.choice(words.ADJECTIVES)[feminine]
        if self.chance.random() < complement:
            other, feminine = self.noun()
            text += f" de l'{other}" if other[0] in words.VOWELS else (f" de la {other}" if feminine else f" du {other}")
        return text

    def place(self):
        text = self.chance.choice(words.PREPOSITIONS) + " " + self.thing(0.4, 0.1)
        return text.replace("de le ", "du ").replace("de un ", "d'un ").replace("de une ", "d'une ")

    def person(self):
        chance = self.chance
        if chance.random() < 0.2:
            return chance.choice(words.FIRST_NAMES) + (" " + chance.choice(words.LAST_NAMES) if chance.random() < 0.4 else "")
        return self.thing()

    def clause(self):
        chance = self.chance
        if chance.random() < 0.12:
            start, verb = chance.choice(words.IMPERSONAL), chance.choice(words.INFINITIVES)
            elided = start.endswith(" de") and verb[0] in words.VOWELS
            return (start[:-1] + "'" if elided else start + " ") + verb + " " + self.thing()
        text = self.person() + " " + chance.choice(words.VERBS)
        if chance.random() < 0.3:
            text += " " + chance.choice(words.ADVERBS)
        text += " " + self.thing()
        if chance.random() < 0.45:
            text += " " + self.place()
        if chance.random() < 0.08:
            text += " à " + chance.choice(words.PLACES)
        if chance.random() < 0.05:
            text += f" en {chance.randint(1610, 1995)}"
        return text

    def stressed(self, text):
        """Returns the text, sometimes with a word in italics or bold."""
        kind = self.chance.random()
        parts = text.split(" ")
        at = self.chance.randrange(len(parts))
        if kind < 0.93 or not parts[at].isalpha():
            return text
        mark = "*" if kind < 0.98 else "**"
        parts[at] = mark + parts[at] + mark
        return " ".join(parts)

    def sentence(self):
        chance = self.chance
        text = self.clause()
        if chance.random() < 0.3:
            text = chance.choice(words.CONNECTIVES) + ", " + text
        if chance.random() < 0.5:
            text += ", " + chance.choice(words.CONJUNCTIONS) + " " + self.clause()
        if chance.random() < 0.25:
            text += (" ; " if chance.random() < 0.6 else ", et ") + self.clause()
        if chance.random() < 0.12:
            text += f" : {self.thing()}, {self.thing()} et {self.thing()}"
        text = re.sub(rf"\b(qu|lorsqu|puisqu)e (?=[{words.VOWELS}])", r"\1'", text)
        text = self.stressed(text)
        text = text if text[0] == "*" else text[0].upper() + text[1:]
        kind = chance.random()
        if kind < 0.10:
            return f"« {text}, {chance.choice(words.SAID)} {chance.choice(words.FIRST_NAMES)}. »"
        if kind < 0.15:
            return f"« {text} ? » {chance.choice(words.ASKED)}-t-il."
        return text + (" ?" if kind < 0.22 else " !" if kind < 0.29 else "…" if kind < 0.32 else ".")

    def paragraph(self, least):
        """Returns sentences with at least this number of words."""
        sentences, count = [], 0
        while count < least:
            sentences.append(self.sentence())
            count += len(sentences[-1].split())
        return sentences

    def title(self):
        text = self.thing(0.8, 0.4)
        return text[0].upper() + text[1:]
