"""Write the SHA-256 of each weights file, table and picture of a folder of the package."""

import hashlib
import json

KINDS = {".h5", ".npz", ".png"}


def write(folder):
    """Write checksums.json into a folder (Path) of the package."""
    files = sorted(path for path in folder.iterdir() if path.suffix in KINDS)
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    (folder / "checksums.json").write_text(json.dumps(sums, indent=2) + "\n")
