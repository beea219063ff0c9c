"""Compare the shipped model with lossless codecs, in bits per dimension. Run by `make bench`.

On the two held-out photographs, or on all images in a folder, each scaled to half its size:
python tests/benchmarks/bench_codecs.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np
import pillow_jxl  # noqa: F401 - lets Pillow write JPEG XL

from pixelcnn_lib import data, files
from pixelcnn_lib.family import PixelCNN

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "tools"))
from gb82 import halved  # noqa: E402 - the line above tells where it is
from train_small import bits, codecs, coded  # noqa: E402


def main(folder=None):
    if folder is None:
        images = {photograph.name: photograph.image for photograph in data.photographs("test")}
    else:
        images = {path.stem: halved(path) for path in files.image_files(Path(folder))[0]}
    columns = {
        **codecs(images),
        "JPEG XL": coded(images, format="jxl", lossless=True, effort=9),
        "small": bits(PixelCNN.pretrained(), images),
    }
    table = np.array([[column[name] for column in columns.values()] for name in images])
    print("".join(f"{title:>12}" for title in ["", *columns]))
    for name, row in [*zip(images, table), ("mean", table.mean(0))]:
        print(f"{name[:12]:>12}" + "".join(f"{one:>12.2f}" for one in row))


if __name__ == "__main__":
    main(*sys.argv[1:])
