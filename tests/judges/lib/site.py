"""site.py FILE: reads a feed with feedparser, or the metadata of a research object with rocrate. Prints the judge, then what it read or found.
Exits with 1 if something is wrong."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
from rocrate.rocrate import ROCrate

# Of RFC 4287 §4.1.1 and §4.1.2.
FEED = ("id", "title", "updated")
ENTRY = ("id", "title", "updated", "author")


def feed(file):
    read = feedparser.parse(file.read_bytes())
    found = [str(read.bozo_exception)] if read.bozo else []
    if read.version != "atom10":
        found.append(f"version {read.version!r}")
    found += [f"the feed has no {key}" for key in FEED if not read.feed.get(key)]
    for entry in read.entries:
        found += [f"entry {entry.get('id')!r} has no {key}" for key in ENTRY if not entry.get(key)]
        if entry.get("updated_parsed") is None:
            found.append(f"{entry.get('updated')!r} is no time")
        links = [link.href for link in entry.get("links", [])]
        found += [f"{link!r} is no absolute address" for link in links if not urlsplit(link).netloc]
        found += [f"{link.href!r} has no type or length" for link in entry.get("enclosures", []) if not (link.get("type") and link.get("length"))]
    ids = [entry.get("id") for entry in read.entries]
    if len(set(ids)) < len(ids):
        found.append("two entries have one id")
    return "feed", found, f"entries={len(ids)}"


def research_object(file):
    crate = ROCrate(str(file.parent))
    found = [f"the root has no {key}" for key in ("name", "description", "datePublished", "license") if not crate.root_dataset.get(key)]
    files = [entity for entity in crate.data_entities if "File" in (entity.type if isinstance(entity.type, list) else [entity.type])]
    for entity in files:
        path = file.parent / entity.id
        if not path.is_file():
            found.append(f"{entity.id} is not there")
        elif int(entity["contentSize"]) != path.stat().st_size:
            found.append(f"{entity.id} has another size")
    if not files:
        found.append("no files")
    return "ro-crate", found, f"files={len(files)}"


file = Path(sys.argv[1])
judge, found, read = (feed if file.name == "feed.xml" else research_object)(file)
print(judge, "; ".join(found[:5]) if found else read)
sys.exit(bool(found))
