"""Copies the brochure of this repository twice: unchanged, and with the layout `simple`.

    python3 brochure.py SOURCES FOLDER

FOLDER/brochure/, FOLDER/simple/    two workspaces that differ only in the layout and the options that `simple` does not have
"""

import re
import shutil
import sys
from pathlib import Path

# The name of the layout, and the option that `simple` does not have.
CHANGES = [(r'^(layout +)= "brochure"$', r'\1= "simple"'), (r"^arcs = .*\n", "")]


def main(sources, root):
    for layout in "brochure", "simple":
        folder = root / layout
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sources, folder / "sources")
        (folder / "reliure.toml").write_text("")
    changed = 0
    for path in (root / "simple").rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for pattern, put in CHANGES:
            text, found = re.subn(pattern, put, text, flags=re.MULTILINE)
            changed += found
        path.write_text(text, encoding="utf-8")
    # The layout of the series, the layout of the publication, and its arcs.
    if changed != 3:
        sys.exit(f"{sources} names its layout and its arcs in {changed} places: 3 were expected")


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(Path(sys.argv[1]), Path(sys.argv[2]))
