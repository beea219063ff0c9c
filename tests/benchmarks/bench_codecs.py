"""What the shipped model needs beside lossless codecs, in bits per dimension. Run by `make bench`.

Of the two held-out photographs, or of all images in a folder, each scaled to half its size:
python tests/benchmarks/bench_codecs.py [FOLDER]
"""

import io
import sys
from pathlib import Path

import numpy as np
import pillow_jxl  # noqa: F401 - teaches Pillow to write JPEG XL
from PIL import Image

from pixelcnn_lib import data, files, losses
from pixelcnn_lib.model import PixelCNN

CODECS = {
    "PNG": dict(format="png", optimize=True, compress_level=9),
    "WebP": dict(format="webp", lossless=True, quality=100, method=6),
    "JPEG XL": dict(format="jxl", lossless=True, effort=9),
}


def coded(image, options):
    """Bits per dimension of an image's file, headers included."""
    Image.fromarray(image).save(file := io.BytesIO(), **options)
    return 8 * file.tell() / image.size


def halved(path):
    image = Image.open(path).convert("RGB")
    return np.array(image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS))


def main(folder=None):
    if folder is None:
        images = {photograph.name: photograph.image for photograph in data.photographs("test")}
    else:
        paths, _ = files.find(Path(folder))
        images = {path.stem: halved(path) for path in paths}
    ours = losses.score(PixelCNN.pretrained(), list(images.values())).per_image
    rows = {
        name: [coded(image, options) for options in CODECS.values()]
        for name, image in images.items()
    }
    table = np.column_stack([list(rows.values()), ours])
    print("".join(f"{title:>12}" for title in ["", *CODECS, "small"]))
    for name, bits in [*zip(rows, table), ("mean", table.mean(0))]:
        print(f"{name[:12]:>12}" + "".join(f"{one:>12.2f}" for one in bits))


if __name__ == "__main__":
    main(*sys.argv[1:])
