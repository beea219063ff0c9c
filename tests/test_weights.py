"""The shipped models are the files that were measured, and have the scores that are printed."""

import hashlib
import json
from pathlib import Path

import hero
import numpy as np
import pytest
from PIL import Image

from pixelcnn_lib import coding, data, scoring
from pixelcnn_lib.faces import LABELS, face_bits, read_face
from pixelcnn_lib.family import PixelCNN, PixelSNAIL
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.live import faces

WHOLE = json.loads((WEIGHTS / "measured.json").read_text())
MEASURED, BY_SEED = WHOLE["held_out_bits_per_dim"], WHOLE["by_seed"]
DIGITS = WHOLE["digits"]
ROOT = Path(__file__).parents[1]
SUMS = json.loads((WEIGHTS / "checksums.json").read_text())


def test_the_files_are_whole_and_small():
    files = sorted(WEIGHTS.glob("*.h5"))
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files} == SUMS
    assert sum(file.stat().st_size for file in files) < 4.7e6


@pytest.mark.slow
def test_the_shipped_models_score_what_was_measured():
    photographs = data.photographs("test")
    (small,) = (bits for title, bits in MEASURED.items() if title.startswith("small, "))
    (by_seed,) = (bits for title, bits in BY_SEED.items() if title.startswith("categorical"))
    categorical = {photograph: bits[0] for photograph, bits in by_seed.items()}  # the first seed's
    for name, measured in {"small": small, "small-categorical": categorical}.items():
        assert list(measured) == [photograph.name for photograph in photographs]
        score = scoring.score(PixelCNN.pretrained(name), [one.image for one in photographs])
        np.testing.assert_allclose(score.per_image, list(measured.values()), atol=2e-3)


def test_the_digits_score_what_was_measured():
    model, (images, labels) = PixelCNN.pretrained("digits"), data.digits("test")
    bits = scoring.score(model, images, labels=labels).bits
    assert abs(bits - DIGITS["held_out_bits_per_dim"]) < 2e-3


@pytest.mark.slow
@pytest.mark.parametrize("name, which", [("faces", "plain"), ("faces-all", "all")])
def test_the_models_of_faces_are_as_near_the_exact_bits_as_was_measured(name, which):
    model, new = PixelSNAIL.pretrained(name), data.faces(500, 6, which)
    nothing = np.zeros((500, len(LABELS)), int) if model.classes else None
    above = 256 * model.score(new, nothing).per_image - face_bits(new, which)
    measured, error = WHOLE[name], above.std() / len(above) ** 0.5
    assert abs(above.mean() - measured["above the exact bits"]) < 4 * error
    drawn = model.sample(300, 16, seed=1, labels=nothing if nothing is None else nothing[:300])
    right = np.mean([not text for text in read_face(drawn, which)[1]])
    share = measured["are faces"]
    assert abs(right - share) < 4 * (share * (1 - share) / len(drawn)) ** 0.5


def test_the_rows_of_the_family_are_the_ladder_s():
    stored = np.array(Image.open(hero.STATIC / "ladder.png"))
    drawn = hero.rungs(np.zeros((16, faces.SIDE, faces.SIDE, 1), np.uint8))
    above = (3 * faces.SIDE + 4) * len(hero.LADDER)  # pixels, above the shipped model's row
    assert stored.shape == drawn.shape
    np.testing.assert_array_equal(stored[:above], drawn[:above])


def test_the_file_on_the_page_of_chapter_16_is_the_cat():
    file = (ROOT / "book" / "_static" / "chelsea.opat").read_bytes()
    cat = data.photographs("test")[0].image
    np.testing.assert_array_equal(coding.decode(PixelCNN.pretrained(), file), cat)
