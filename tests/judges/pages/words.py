"""Normalizes words for the comparison: without punctuation, white space and ligatures, and with one form of apostrophe."""

import re
import unicodedata

# A letter or digit, and the marks inside a word.
WORD = re.compile(r"[^\W_]+(?:[-’'\u2011][^\W_]+)*")

# Placeholder for a note reference: the PDF numbers notes per book, the EPUB per section.
NOTE = "\ufffc"


def words(text):
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", "").replace("\u200b", ""))
    return [word.replace("'", "’").replace("\u2011", "-") for word in WORD.findall(text)]


def first_words(list_, count):
    return " ".join([word for word in list_ if word != NOTE][:count])


def same(ours, theirs, count):
    """Returns whether the first words are the same, or all of them if a side has fewer. A note reference may be a number."""
    i = j = found = 0
    while found < count and i < len(ours) and j < len(theirs):
        if ours[i] == NOTE:
            i += 1
            j += theirs[j].isdigit()
            continue
        if ours[i] != theirs[j]:
            return False
        i, j, found = i + 1, j + 1, found + 1
    return found > 0
