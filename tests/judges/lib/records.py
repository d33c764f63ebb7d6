"""Validates ONIX (EDItEUR's XSD and RNG), DataCite (its JSON schema), JSON-LD (types of schema.org), and reads BibTeX and RIS back."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import rispy
from datacite import schema45
from onixcheck import validate
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text


def say(file, judge, found, detail, read=None):
    status = "FAIL" if found else "PASS"
    line = {"file": file.name, "judge": judge, "status": status, "detail": detail}
    if read is not None:
        line["read"] = read
    print(json.dumps(line, ensure_ascii=False))


def onix(file):
    for kind in ("xsd", "rng"):
        found = validate(str(file), (kind,))
        say(file, f"onix-{kind}", found, "; ".join(str(message.short) for message in found[:5]))


def datacite(file):
    found = list(schema45.validator.iter_errors(json.loads(file.read_text("utf-8"))))
    say(file, "datacite", found, "; ".join(error.message for error in found[:5]))


def plain(latex):
    """Converts LaTeX to text; pylatexenc does not support the commands for braces, and treats the circumflex as an accent."""
    signs = {"textbraceleft": ("\ue000", "{"), "textbraceright": ("\ue001", "}"), "textasciicircum": ("\ue002", "^")}
    for command, (mark, _) in signs.items():
        latex = latex.replace(f"\\{command}{{}}", mark)
    text = LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=True).latex_to_text(latex)
    for mark, sign in signs.values():
        text = text.replace(mark, sign)
    return re.sub(r"\s+", " ", text).strip()


def bibtex(file):
    found, read = [], None
    try:
        entries = parse_string(file.read_text("utf-8"), "bibtex").entries
        (key, entry), = entries.items()
        names = lambda person: [
            plain(" ".join(parts))
            for parts in (person.first_names + person.middle_names, person.prelast_names, person.last_names, person.lineage_names)
        ]
        people = {role: [names(person) for person in persons] for role, persons in entry.persons.items()}
        verbatim = ("doi", "url", "isbn")
        fields = {name: value if name in verbatim else plain(value) for name, value in entry.fields.items()}
        # The field of the same name replaces the word for the type.
        read = {"key": key, **people, **fields, "word": fields.get("type"), "type": entry.type}
    except Exception as error:  # every error of the parser is a finding
        found = [repr(error)]
    say(file, "bibtex", found, "; ".join(found), read)


def ris(file):
    text = file.read_bytes().decode("utf-8")
    lines = text.split("\r\n")
    found = [line for line in lines[:-1] if not re.match(r"^[A-Z][A-Z0-9]  - ", line)] + [line for line in lines[-1:] if line]
    entries = rispy.loads(text)
    if len(entries) != 1:
        found.append(f"{len(entries)} entries")
    say(file, "ris", found, "; ".join(found[:3]), entries[0] if entries else None)


def schema_org(files):
    """Compiles all documents at once as values of the types of schema.org: unknown properties and wrong types are errors."""
    with tempfile.TemporaryDirectory(dir=os.environ["SCHEMA_ORG"]) as folder:
        for number, file in enumerate(files):
            text = file.read_text("utf-8")
            # A record is a book or a report. The properties that it may have depend on which.
            kind = "Report" if json.loads(text).get("@type") == "Report" else "Book"
            text = f'import type {{ {kind}, WithContext }} from "schema-dts";\nexport const work: WithContext<{kind}> = {text};\n'
            (Path(folder) / f"r{number}.ts").write_text(text, "utf-8")
        tsc = Path(os.environ["SCHEMA_ORG"]) / "node_modules/.bin/tsc"
        sources = [f"r{number}.ts" for number in range(len(files))]
        done = subprocess.run([tsc, "--noEmit", "--strict", "--skipLibCheck", *sources], cwd=folder, capture_output=True, text=True)
        if done.returncode and not re.search(r"^r\d+\.ts\(", done.stdout, re.M):
            sys.exit(f"tsc: {done.stdout}{done.stderr}")
        for number, file in enumerate(files):
            found = [line for line in done.stdout.splitlines() if line.startswith(f"r{number}.ts(")]
            say(file, "schema-org", found, "; ".join(found[:3]), json.loads(file.read_text("utf-8")))


folder = Path(sys.argv[1])
for file in sorted(folder.rglob("*.onix.xml")):
    onix(file)
for file in sorted(folder.rglob("*.datacite.json")):
    datacite(file)
for file in sorted(folder.rglob("*.bib")):
    bibtex(file)
for file in sorted(folder.rglob("*.ris")):
    ris(file)
if documents := sorted(folder.rglob("*.jsonld")):
    schema_org(documents)
