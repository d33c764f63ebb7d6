"""Validates citation files with cffconvert, and converts each to BibTeX, as other programs would."""

import json
import sys
from pathlib import Path

from cffconvert.citation import Citation

for file in sorted(Path(sys.argv[1]).rglob("*.cff")):
    found, read = "", None
    try:
        citation = Citation(file.read_text("utf-8"))
        citation.validate()
        # Dates and other YAML values that are not text cannot be written as JSON.
        read = json.loads(json.dumps(citation._implementation.cffobj))
        citation.as_bibtex()
    except Exception as error:  # every error of the validator is a finding
        found = f"{type(error).__name__}: {str(error)[:400]}"
    line = {"file": file.name, "judge": "cff", "status": "FAIL" if found else "PASS", "detail": found, "read": read}
    print(json.dumps(line, ensure_ascii=False))
