"""Code is printed without docstrings, in pieces, and no line is cut if it need not be."""

import pytest

from pixelcnn_lib.teach.source import show


def shape(images):
    """Say how large the images are.

    images: an array.
    """
    count, height = len(images), 1 + len(images[0])

    for _ in range(height):
        count = count + 1  # a comment that is so long that it does not fit on the page
    return count  # short


HEAD = "def shape(images):\n    count, height = len(images), 1 + len(images[0])\n\n"
LOOP = (
    "    for _ in range(height):\n"
    "        # a comment that is so long that it does not fit on the page\n"
    "        count = count + 1\n"
)
END = "    return count  # short\n"


@pytest.mark.parametrize(
    "piece, shown",
    [
        ({}, HEAD + LOOP + END),
        ({"stop": "for _"}, HEAD),
        ({"start": "for _", "stop": "return"}, LOOP),
        ({"start": "return"}, END),
    ],
)
def test_shows_a_piece_without_the_docstring(piece, shown, capsys):
    show(shape, **piece)
    assert capsys.readouterr().out == shown + "\n"
