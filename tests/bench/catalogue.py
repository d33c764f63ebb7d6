"""Generates catalogues of many small publications: copies of the publication that `reliure new` writes, each with its own name, title and uuid.

    python3 catalogue.py RELIURE FOLDER COUNT…

FOLDER/COUNT/    a workspace of COUNT publications, for each count
FOLDER/alone/    a workspace with only the publication ALONE
A publication depends only on its number and on the output of `reliure new`.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

# Number of the publication that is built alone and as one of many. Catalogues of at least 100 publications contain it.
ALONE = 77
TITLE = "Cahier de mesure"
# Values that replace the placeholders of `reliure new`.
FACTS = {
    "Une ou deux phrases qui présentent la publication dans les catalogues.": "Les hauteurs de la mer au port, relevées chaque jour.",
    "Nom de l’organisme qui publie": "Atelier du cahier",
    "Prénom Nom": "Anne Marée",
}
# Namespace of the UUIDs of publications (UUID v5).
IDENTITY = uuid.UUID("0b7f1f0a-6f2e-4c57-9a3d-5d1f7c1e8a42")


def slug(number):
    return f"cahier-{number:05}"


def once(pattern, put, text):
    """Replaces the only match of a pattern."""
    text, found = re.subn(pattern, put, text, flags=re.MULTILINE)
    if found != 1:
        sys.exit(f"{pattern} has {found} matches in the output of `reliure new`, not one")
    return text


def sample(reliure, folder):
    """Creates a workspace with `reliure new`. Returns the manifest and the folder of its publication."""
    subprocess.run([reliure, "new", "--quiet", "--title", TITLE, str(folder)], check=True, stdout=subprocess.DEVNULL)
    (publication,) = (folder / "sources").iterdir()
    text = (publication / "publication.toml").read_text(encoding="utf-8")
    # Every build reports placeholders (R674), and real catalogues have none.
    for placeholder, written in FACTS.items():
        text = text.replace(f'"{placeholder}"', f'"{written}"')
    return text, publication


def write(folder, workspace, publication, manifest, numbers):
    """Writes a workspace of the publications with these numbers."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("sources"))
    for number in numbers:
        copy = folder / "sources" / slug(number)
        shutil.copytree(publication, copy)
        text = once(f'"{TITLE}"', f'"{TITLE} {number}"', manifest)
        text = once(r'^(uuid +)= ".*"$', rf'\1= "{uuid.uuid5(IDENTITY, slug(number))}"', text)
        (copy / "publication.toml").write_text(text, encoding="utf-8")


def main(reliure, root, counts):
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "cahier"
        manifest, publication = sample(reliure, workspace)
        for count in counts:
            write(root / str(count), workspace, publication, manifest, range(1, count + 1))
        write(root / "alone", workspace, publication, manifest, [ALONE])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), [int(count) for count in sys.argv[3:]])
