#!/usr/bin/env python3
"""Collects seeds: fuzz/seeds.py FORMAT OUT FOLDER…

Copies the files of one format (the ending of their names) of at most 64 kB from the folders to OUT.
ZIP packages are packed anew without compression, so that a changed byte is a changed byte of a part.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

MOST = 64 << 10
SAME = {"md": ["md", "mdx"], "html": ["html", "htm"], "mbox": ["mbox"], "feed": ["xml"]}


def stored(data):
    """The ZIP file without compression, or as it is where it cannot be read or is too large then."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for member in old.infolist():
                new.writestr(member.filename, old.read(member))
    except Exception:
        return data
    # Pictures and fonts are what makes packages large, and no text.
    return out.getvalue() if out.tell() <= 4 * MOST else data


def main():
    wanted, out, *folders = sys.argv[1:]
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            ending = path.suffix[1:].lower()
            if ending not in SAME.get(wanted, [wanted]) or not path.is_file():
                continue
            if path.stat().st_size > MOST:
                continue
            data = path.read_bytes()
            if data.startswith(b"PK\x03\x04"):
                data = stored(data)
            (out / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


main()
