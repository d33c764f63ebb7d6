"""The floor of an EPUB: reads every source once, compresses the texts, stores the images, writes one archive.

    python3 zipfloor.py FOLDER OUT.zip
"""

import sys
import zipfile
from pathlib import Path

folder, out = Path(sys.argv[1]), sys.argv[2]
with zipfile.ZipFile(out, "w") as archive:
    for path in sorted([*folder.glob("*.md"), *folder.glob("img/*")]):
        method = zipfile.ZIP_DEFLATED if path.suffix == ".md" else zipfile.ZIP_STORED
        archive.writestr(zipfile.ZipInfo(str(path.relative_to(folder))), path.read_bytes(), method, 6)
