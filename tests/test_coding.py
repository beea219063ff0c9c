"""Files that shrink: exact arithmetic, the same bytes everywhere, and refusal of damaged files."""

import os
import struct
import subprocess
import sys
import zlib
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product

import keras
import numpy as np
import pytest
from tiny import HEADS, run_on_jax, small, tiny

from pixelcnn_lib import coding, data, exact, heads
from pixelcnn_lib.caching import CachedConvolution
from pixelcnn_lib.family import PixelCNN, PixelSNAIL
from pixelcnn_lib.family.pixelsnail import KEY_SIZE
from pixelcnn_lib.scoring import score

ENDS = coding.HEADER.size + 2 * coding.CRC.size  # bytes around a file's only stream


def noise(*shape, levels=8, seed=0):
    return np.random.default_rng(seed).integers(0, levels, shape, "uint8")


# Arithmetic


def test_a_correct_exp_cannot_give_another_table():
    table = exact.TABLE
    with localcontext() as context:
        context.prec = 60
        factor, entry = Decimal(-1) / 2**exact.FINE, Decimal(2**exact.POWER)
        factor = factor.exp()
        for read in table[:-1]:
            assert int(entry + Decimal("0.5")) == read * 2**exact.POWER
            # the gap is far more than float64's error
            assert abs(entry % 1 - Decimal("0.5")) > Decimal("1e-6")
            entry *= factor
    assert len(table) == 2**16 + 1 and table[-1] == 0


def test_exp_tanh_and_sigmoid():
    x = np.linspace(-20, 20, 1001)
    assert abs(exact.exp(-abs(x)) - np.exp(-abs(x))).max() < 2**-12
    assert abs(exact.tanh(x) - np.tanh(x)).max() < 2**-12
    assert abs(exact.sigmoid(x) - 1 / (1 + np.exp(-x))).max() < 2**-13
    assert exact.exp(np.array([0, -np.inf])).tolist() == [1, 0]
    assert (np.diff(exact.sigmoid(x)) >= 0).all()  # so that no probability is negative


def test_no_sum_rounds():
    """float64 holds every multiple of 2^-24 up to 2^29, and every multiple of 2^-48 up to 32."""
    assert coding.WEIGHTS * (exact.LIMIT + 1) < 2**29  # any convolution's outputs, with the bias
    assert KEY_SIZE * exact.LIMIT**2 < 2**29  # queries times keys
    assert coding.LARGEST_WHOLE * exact.LIMIT < 2**29  # values times exps, which are at most 1
    assert coding.COMPONENTS * (1 + 2.0**-exact.POWER) < 32  # weights times areas
    model = tiny()
    model.first.kernel.assign(model.first.kernel * 1e6)
    with pytest.raises(ValueError, match="sizes of the model's weights add up to"):
        coding.encode(model, noise(2, 2, 3))


def parameters(model, image):
    """All numbers that the network computes while a file is written."""
    found, compute = [], exact.ExactPredictor.parameters
    with pytest.MonkeyPatch.context() as patch:
        record = lambda self: found.append(compute(self)) or found[-1]
        patch.setattr(exact.ExactPredictor, "parameters", record)
        coding.encode(model, image)
    return np.stack(found)


@pytest.mark.parametrize(
    "model, image",
    [
        (tiny("small", levels=256), noise(3, 4, 3, levels=256)),
        (small("pixelsnail", colours=1, embed=3), noise(3, 4, 1, levels=5)),
    ],
)
def test_sums_in_another_order_and_in_fractions_are_the_same(model, image, monkeypatch):
    expected, calls = parameters(model, image), []

    def matmul(a, b):
        calls.append(a.shape)
        a, b = (np.vectorize(Fraction, otypes=[object])(one) for one in (a, b))
        return (a[..., ::-1] @ b[..., ::-1, :]).astype(float)  # the conversion would round

    monkeypatch.setattr(np, "matmul", matmul)
    assert (parameters(model, image) == expected).all() and calls
    monkeypatch.undo()
    total = np.sum
    backwards = lambda x, axis, **options: total(np.flip(x, axis), axis=axis, **options)
    monkeypatch.setattr(np, "sum", backwards)
    assert (parameters(model, image) == expected).all()


def test_each_step_computes_with_multiples(monkeypatch):
    """What is multiplied lies on the grid, and so do all weights."""
    model, seen = small("pixelsnail", head="tied"), []
    take = CachedConvolution.take

    def record(self, x):
        take(self, x)
        seen.extend([self.inputs[-1], self.present[0], self.before, self.bias])

    monkeypatch.setattr(CachedConvolution, "take", record)
    coding.encode(model, noise(4, 5, 3, levels=5))
    for x in seen:
        assert (x * 2**exact.FINE % 1 == 0).all() and x.dtype == "float64"
        assert (np.abs(x) <= exact.LIMIT).all()


# Files


SIZES = [(1, 1), (1, 9), (9, 1), (7, 5)]
LARGE = ("categorical", (258, 1))  # a side of two bytes, which is the same for all heads


@pytest.mark.parametrize("head, size", [*product(HEADS, SIZES), LARGE])
def test_the_image_comes_back(head, size):
    model = tiny(head=HEADS[head], scale=0.7)
    image = noise(*size, 3)
    file = coding.encode(model, image)
    assert (coding.decode(model, file) == image).all()
    assert coding.read_header(file)[:3] == (3, *size)
    grey = image[..., :1]
    file = coding.encode(model, grey)
    assert (coding.decode(model, file) == grey).all()


def test_images_with_labels():
    model = tiny(classes=(3, 4))
    image = noise(4, 5, 3)
    files = [coding.encode(model, image, labels) for labels in (None, [0, 0], [2, 3])]
    assert files[0] == files[1] and len({*files}) == 2
    assert all((coding.decode(model, file) == image).all() for file in files)
    assert coding.read_header(files[2]).labels == (2, 3)
    with pytest.raises(ValueError, match="labels must be"):
        coding.encode(model, image, [2, 4])


def test_the_size_is_what_the_model_predicts():
    model = PixelCNN.pretrained()
    image = data.photographs("test")[0].image[:48, :64]
    file = coding.encode(model, image)
    bits = model.score(image[None]).bits * image.size
    assert abs(8 * (len(file) - ENDS) - bits) < 0.005 * bits
    assert (coding.decode(model, file) == image).all()
    digits, (images, labels) = PixelCNN.pretrained("digits"), data.digits("test")
    sizes = [len(coding.encode(digits, *one)) - ENDS - 2 for one in zip(images[:8], labels[:8])]
    bits = score(digits, images[:8], labels=labels[:8]).per_image * 64
    assert (8 * np.array(sizes) - bits < 9).all()  # up to a whole byte
    snail, face = PixelSNAIL.pretrained("faces"), data.faces(1, seed=5)[0]
    file = coding.encode(snail, face)
    assert len(file) - ENDS <= 3  # 18 bits
    assert (coding.decode(snail, file) == face).all()


def test_a_stream_ends_with_its_shortest_number():
    for p in (1, 1000, coding.WHOLE // 2, coding.WHOLE - 1):
        for count in (0, 1, 2, 3, 30):
            encoder = coding.constriction.stream.queue.RangeEncoder()
            upper = np.arange(count) % 2 == 1
            coding.writer(encoder)(np.full(count, float(p)), upper)
            stream = coding.finished(encoder)
            assert (coding.reader(stream)(np.full(count, float(p)), upper) == upper).all()
            bits = -np.log2(np.where(upper, coding.WHOLE - p, p) / coding.WHOLE).sum()
            assert len(stream) <= bits / 8 + 1.001


def sealed(file):
    """The file with the right checksum of all its bytes."""
    return file[:-4] + coding.CRC.pack(zlib.crc32(file[:-4]))


def test_no_mutation_gives_another_image():
    model, image = tiny("small", levels=8), noise(3, 3, 3)
    file, rng = coding.encode(model, image), np.random.default_rng(0)
    refused = 0
    for number in range(200):
        other, at = bytearray(file), rng.integers(len(file))
        match number % 4:
            case 0:
                other[at] ^= 1 << rng.integers(8)
            case 1:
                del other[at:]
            case 2:
                other[at:at] = rng.bytes(rng.integers(1, 9))
            case 3:
                other[at] = rng.integers(256)
        for one in (bytes(other), sealed(bytes(other))):  # an accident; somebody's work
            if np.prod(struct.unpack(">HH", one[6:10].ljust(4))) > 100:
                continue  # as right as a small one, and takes longer
            try:
                assert np.array_equal(coding.decode(model, one), image)
            except ValueError as error:
                assert "\n" not in str(error)
                refused += 1
    assert refused > 300


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda file: b"", "does not begin with OPAT"),
        (lambda file: b"\x89PNG" + file[4:], "does not begin with OPAT"),
        (lambda file: file[:-1], "damaged or incomplete"),
        (lambda file: file[:4], "damaged or incomplete"),
        (lambda file: sealed(file[:4] + b"\x02" + file[5:]), "version 2"),
        (lambda file: sealed(file[:6] + 4 * b"\xff" + file[10:]), "at most 33,554,432 pixels"),
        (lambda file: sealed(file[:6] + b"\0\0" + file[8:]), "sides from 1"),
        (lambda file: sealed(file[:10] + b"\0" + file[11:]), "another model"),
        (lambda file: sealed(file[:5] + b"\2" + file[6:]), "damaged or incomplete"),
        (lambda file: sealed(file[:-8] + 8 * b"\0"), "its checksum is another"),
    ],
)
def test_a_file_that_cannot_be_right_gets_one_line(change, message):
    model = tiny()
    with pytest.raises(ValueError, match=message):
        coding.decode(model, change(coding.encode(model, noise(2, 3, 3))))


@keras.saving.register_keras_serializable("tests")
class Own(heads.CategoricalHead):
    """Its probabilities are not those that a file would be written with."""

    def log_probs(self, parameters, xp=None):
        return super().log_probs(parameters / 2)


def test_what_cannot_be_encoded_gets_one_line():
    with pytest.raises(ValueError, match="Only a PixelCNN"):
        coding.encode(small("gated"), noise(2, 2, 3, levels=5))
    with pytest.raises(ValueError, match="at most 30 components"):
        coding.encode(tiny(head=heads.LogisticMixtureHead(31)), noise(2, 2, 3))
    with pytest.raises(ValueError, match="PixelCNN with Own"):
        coding.encode(tiny(head=Own), noise(2, 2, 3))
    with pytest.raises(ValueError, match="the levels 0 to 7, got 1"):
        coding.encode(tiny(), noise(2, 2, 3, levels=200))
    with pytest.raises(ValueError, match="takes images"):
        coding.encode(tiny(), noise(2, 2, 2))
    with pytest.raises(ValueError, match="sides from 1"):
        coding.encode(tiny(), noise(0, 2, 3))


# The same everywhere

BYTES = """
from pixelcnn_lib import coding, data
from pixelcnn_lib.family import PixelCNN, PixelSNAIL

small, faces = PixelCNN.pretrained(), PixelSNAIL.pretrained("faces")
photo, face = data.photographs("test")[0].image[:6, :9], data.faces(1, 5)[0, 4:8]
for model, image, path in ((small, photo, "photo"), (faces, face, "face")):
    written = open(path, "rb").read()
    assert coding.encode(model, image) == written
    assert (coding.decode(model, written) == image).all()
"""


@pytest.mark.slow
def test_any_number_of_threads_gives_the_same_bytes():
    """The crop has 40 lanes: from 37 on, OpenBLAS gives the largest product two threads."""
    code = """
from pixelcnn_lib import coding, data
from pixelcnn_lib.family import PixelCNN
print(coding.encode(PixelCNN.pretrained(), data.photographs("test")[0].image[:80, :160]).hex())
"""
    written = set()
    for threads in "12":
        number = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), threads)
        command = [sys.executable, "-c", code]
        run = subprocess.run(command, env=os.environ | number, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr[-2000:]
        written.add(run.stdout)
    assert len(written) == 1


@pytest.mark.slow
def test_jax_gives_the_same_bytes(tmp_path):
    """Keras on JAX loads the weights; the arithmetic is NumPy's."""
    small, faces = PixelCNN.pretrained(), PixelSNAIL.pretrained("faces")
    photo = data.photographs("test")[0].image[:6, :9]
    (tmp_path / "photo").write_bytes(coding.encode(small, photo))
    (tmp_path / "face").write_bytes(coding.encode(faces, data.faces(1, 5)[0, 4:8]))
    run_on_jax(BYTES, tmp_path)
