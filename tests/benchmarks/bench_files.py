"""Compare the library's files with those of lossless codecs, in bytes. Run by `make bench`.

On the two held-out photographs, or on all images in a folder, each scaled to half its size:
python tests/benchmarks/bench_files.py [FOLDER]

JPEG XL is among them where `cjxl` is installed, 0.11 or newer (Debian: apt install libjxl-tools).
Times are seconds of the processor, so that other programs change them little.
"""

import io
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from pixelcnn_lib import coding, data, files
from pixelcnn_lib.command.output import other_sizes
from pixelcnn_lib.family import PixelCNN

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "tools"))
from gb82 import halved  # noqa: E402 - the line above tells where it is

CJXL = "cjxl - - -d 0 -e 9 -E 3 -I 100 -g 3 --quiet".split()  # the smallest that it writes


def seconds(run, *arguments):
    """Return a function's result, and the seconds of the processor that it took."""
    start = time.process_time()
    return run(*arguments), time.process_time() - start


def there_and_back(model, image):
    """Return the bytes of an image's file, and the seconds to write it and to read it."""
    file, write = seconds(coding.encode, model, image)
    again, read = seconds(coding.decode, model, file)
    assert np.array_equal(again, image)
    return len(file), write, read


def jpeg_xl(image):
    """Return {"JPEG XL": bytes} of an image; {} where cjxl is not installed, or too old."""
    Image.fromarray(image).save(file := io.BytesIO(), "ppm")
    with suppress(OSError, subprocess.CalledProcessError):
        done = subprocess.run(CJXL, input=file.getvalue(), capture_output=True, check=True)
        return {"JPEG XL": len(done.stdout)}
    return {}


def row(name, numbers):
    print(f"{name[:16]:>16}" + "".join(f"{number:>12,.0f}" for number in numbers), flush=True)


def line(name, measured, goal, limit=""):
    print(f"{name:<58}{measured:>10}{limit:>9}{goal:>9}", flush=True)


def main(folder=None):
    if folder is None:
        images = {photograph.name: photograph.image for photograph in data.photographs("test")}
    else:
        images = {path.stem: halved(path) for path in files.image_files(Path(folder))[0]}
    model, table = PixelCNN.pretrained(), []
    for name, image in images.items():
        predicted = model.score(image[None]).bits * image.size / 8
        size, write, read = there_and_back(model, image)
        others = other_sizes(image) | jpeg_xl(image)
        if not table:
            titles = ["", *others, "predicted", "small", "write, s", "read, s"]
            print("".join(f"{title:>{12 if title else 16}}" for title in titles))
        table.append([*others.values(), predicted, size, write, read])
        row(name, table[-1])
    total = dict(zip(titles[1:], np.sum(table, axis=0)))
    row("all", total.values())
    line("", "measured", "goal", "limit")
    for codec in [*others, "predicted"]:
        goal = "<= 1.005" if codec == "predicted" else "< 1"
        limit = f"{total['predicted'] / total[codec]:.4f}"
        line(f"bytes, small / {codec}", f"{total['small'] / total[codec]:.4f}", goal, limit)
    image = images.popitem()[1]
    square = np.pad(image, ((0, 256), (0, 256), (0, 0)), "symmetric")[:256, :256]
    _, write, read = there_and_back(model, square)
    line("seconds to write 256x256", f"{write:.1f}", "<= 30")
    line("seconds to read 256x256", f"{read:.1f}", "<= 30")


if __name__ == "__main__":
    main(*sys.argv[1:])
