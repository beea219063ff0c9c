"""Files that shrink: with a model of the family, an image becomes a file, and the file the image.

A likely value needs few bits, an unlikely one many. Both sides run the model on the values so far,
and a range coder spends -log2 p bits on each value. This works only if both sides compute the same
p, to the last bit: so the model runs in the arithmetic of `exact`.

What a file contains. All numbers are unsigned, and their most significant byte comes first.

    bytes  what
    4      OPAT
    1      1, the version of this format and of the arithmetic
    1      colours: as many as the model's, or 1 for a grey image in a model of several colours
    2, 2   height, width
    4      the model's checksum, see `checksum`
    1      how many labels follow; 0 also means that all labels are 0
    2      each label
    4      the length of each strip but the last
    …      the strips
    4      CRC-32 of the image's values, row by row, pixel by pixel, colour by colour
    4      CRC-32 of all bytes so far

An image of H rows is cut into as few strips of at most 256 rows as possible: of n, strip k begins at row
k H / n, rounded down. Each is an image of its own, with a stream of its own, so that several cores work.

The order of the values. At each time of a Schedule (see `caching`), with the model's delay, colour
after colour is coded: first by the highest bit of the level, then by the next one, and so on. Each
of these looks is made in all pixels of the time, from the first lane to the last. A grey image has
one colour: its value is that of all the model's.

A look halves the levels that are left. F is the CDF, not divided by its last value: see `exact`. low
is F below the first level that is left (0 at the start), high is F of the last one, and middle F of
the last level of the lower half, or high if the upper half is empty. The lower half gets the share

    floor(2^24 * (middle - low + 2^-26) / (high - low + 2^-25)), but at least 1, at most 2^24 - 1

of 2^24, and the upper half gets the rest. The range coder codes 0 for the lower half, 1 for the upper.

The range coder is `constriction`'s, with words of 32 bits, a state of 64 bits, and a precision of 24
bits. Its `Categorical(perfect=False)` multiplies probabilities by (2^24 - 2) / their sum, rounds them
down and adds 1. The shares minus 1, with the sum 2^24 - 2, are therefore taken as they are. Of all
numbers in the last interval, a stream has the one with the fewest bytes; behind its end are zeros.
"""

import os
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import constriction
import numpy as np
from tqdm import tqdm

from pixelcnn_lib import disk
from pixelcnn_lib.caching import Schedule, delay
from pixelcnn_lib.exact import ExactPredictor
from pixelcnn_lib.family import PixelCNN, PixelSNAIL
from pixelcnn_lib.heads import HEADS
from pixelcnn_lib.layers import ResidualBlock
from pixelcnn_lib.sampling import check_model, check_weights

HEADER = struct.Struct(">4sBBHHIB")
CRC = struct.Struct(">I")
MAGIC, VERSION = b"OPAT", 1
STRIP = 256  # rows
COMPONENTS, WEIGHTS = 30, 2**20  # the most components, and sum of weights, so that no sum rounds
LARGEST, LARGEST_WHOLE = 2**25, 2**16  # pixels; the second for a model that sees the whole past
WHOLE = 2**24  # of which a look's halves get their shares
DECISION = constriction.stream.model.Categorical(perfect=False)
PLACE = 200  # bytes of memory that a strip takes for each time and lane, about
DAMAGED = "The file is damaged or incomplete. Get it again."


class Header(NamedTuple):
    """What a file says of its image. labels: tuple of int. start: where the strips begin."""

    colours: int
    height: int
    width: int
    model: int
    labels: tuple
    start: int


def encode(model, image, labels=None, progress=False):
    """Turn an image into the bytes of a file.

    model: PixelCNN with residual blocks, or PixelSNAIL.
    image: uint8 (H, W, colours), values below the model's levels; a model of several colours also
        takes a grey image, (H, W, 1).
    labels: int, or (L,), the image's labels, if the model has classes; None if nothing is said.
    progress: bool, whether to show a progress bar.
    Returns bytes. Raises ValueError for a model, an image or labels that do not fit.
    """
    check(model)
    image = np.ascontiguousarray(image)
    grey = image.ndim == 3 and image.shape[2] == 1
    model.check_images((image.repeat(model.colours, 2) if grey else image)[None])
    height, width, colours = image.shape
    check_size(model, height, width)
    if labels is None and model.classes and np.ndim(model.classes):
        labels = np.zeros(len(model.classes), int)
    labels = model.as_labels(None if labels is None else np.asarray(labels)[None], 1)
    said = np.reshape(labels, -1) if np.any(labels) else []
    encoders = [constriction.stream.queue.RangeEncoder() for _ in strips(image)]
    run(model, image.copy(), labels, [writer(one) for one in encoders], progress)
    streams = [finished(encoder) for encoder in encoders]
    head = HEADER.pack(MAGIC, VERSION, colours, height, width, checksum(model), len(said))
    numbers = struct.pack(f">{len(said)}H", *said)
    lengths = b"".join(CRC.pack(len(stream)) for stream in streams[:-1])
    file = head + numbers + lengths + b"".join(streams) + CRC.pack(zlib.crc32(image))
    return file + CRC.pack(zlib.crc32(file))


def decode(model, data, progress=False):
    """Turn the bytes of a file into its image.

    model: the model with which the file was written. data: bytes.
    progress: as in encode.
    Returns uint8 (H, W, colours). Raises ValueError for a file that is damaged, or that another model
    has written; it never returns another image than the one that was encoded.
    """
    check(model)
    header = read_header(data)
    height, width, colours = header.height, header.width, header.colours
    if header.model != checksum(model):
        raise ValueError(
            f"The file was written with another model: its checksum is {header.model:08x}, and this "
            f"model's is {checksum(model):08x}. Give the model that wrote the file."
        )
    check_size(model, height, width)
    image = np.zeros((height, width, colours), "uint8")
    lengths_end = header.start + CRC.size * (len(strips(image)) - 1)
    said = np.size(model.classes) if model.classes else 0
    fits = colours in (1, model.colours) and len(header.labels) in (0, said)
    if not fits or lengths_end > len(data) - 2 * CRC.size:
        raise ValueError(DAMAGED)
    labels = None
    if said:
        labels = np.reshape(header.labels or said * [0], (1, *np.shape(model.classes)))
    labels = model.as_labels(labels, 1)
    lengths = [one for (one,) in CRC.iter_unpack(data[header.start : lengths_end])]
    cuts = [lengths_end, *(lengths_end + np.cumsum(lengths, dtype=int)), len(data) - 2 * CRC.size]
    decoders = [reader(data[start:end]) for start, end in zip(cuts, cuts[1:])]
    try:
        run(model, image, labels, decoders, progress)
    except AssertionError as error:  # constriction met a number that no encoder writes
        raise ValueError(DAMAGED) from error
    if CRC.pack(zlib.crc32(image)) != data[-2 * CRC.size : -CRC.size]:
        raise ValueError(
            "The decoded image is not the one that was encoded: its checksum is another. The model "
            "has computed other probabilities here than there."
        )
    return image


def read_header(data):
    """Return the Header of a file. data: bytes. Raises ValueError unless the file is whole."""
    if data[:4] != MAGIC:
        raise ValueError(
            f"This is no file of this library: it does not begin with {MAGIC.decode()}."
        )
    if len(data) < HEADER.size + 2 * CRC.size or CRC.pack(zlib.crc32(data[:-4])) != data[-4:]:
        raise ValueError(DAMAGED)
    _, version, colours, height, width, model, count = HEADER.unpack_from(data)
    if version != VERSION:
        raise ValueError(
            f"The file has version {version} of the format, and this library reads version {VERSION}."
        )
    start = HEADER.size + 2 * count
    if start > len(data) - 2 * CRC.size:
        raise ValueError(DAMAGED)
    labels = struct.unpack_from(f">{count}H", data, HEADER.size)
    return Header(colours, height, width, model, labels, start)


def checksum(model):
    """Return a model's checksum, an int of 32 bits: the CRC-32 of its weights and its sizes."""
    total = zlib.crc32(f"{type(model).__name__} {model.levels} {model.colours}".encode())
    for weight in model.get_weights():
        total = zlib.crc32(np.asarray(weight, "<f4"), total)
    return total


def check(model):
    """Raise ValueError unless `exact` can run this model."""
    check_model(model)
    known = type(model) in (PixelCNN, PixelSNAIL)
    known &= getattr(model, "pixel_layer", ResidualBlock) is ResidualBlock
    known &= type(model.head) in HEADS.values()
    if not known or getattr(model.head, "components", 1) > COMPONENTS:
        raise ValueError(
            "Only a PixelCNN with residual blocks and a PixelSNAIL, such as small and faces, can write "
            f"files, with a head of this library and at most {COMPONENTS} components; got "
            f"{type(model).__name__} with {type(model.head).__name__}."
        )
    check_weights(model)
    total = sum(np.abs(weight, dtype="float64").sum() for weight in model.get_weights())
    if total > WEIGHTS:
        raise ValueError(
            f"The sizes of the model's weights add up to {total:.0f}, and {WEIGHTS:,} is the most with "
            "which all sums are exact. Train it again with a lower learning rate."
        )


def check_size(model, height, width):
    """Raise ValueError unless a model's file can have an image of this size."""
    most = LARGEST_WHOLE if model.reach is None else LARGEST
    if not (0 < height < 2**16 and 0 < width < 2**16 and height * width <= most):
        raise ValueError(
            f"An image must have sides from 1 to 65,535 pixels and at most {most:,} pixels; got "
            f"{height} x {width}. Cut it into smaller ones."
        )
    if memory(model, height, width) > disk.memory():
        raise ValueError(
            f"An image of {height} x {width} pixels takes more memory than this computer has, about "
            f"{memory(model, height, width) / 2**30:.0f} GiB. Cut it into narrower ones."
        )


def memory(model, height, width):
    """Estimate how many bytes of memory the coding of an image takes, whatever its file's length.

    A stream's length does not bound its image: an image of zeros, of any size, has empty streams,
    since 0 is a number in its last interval.

    model: a model that can write files. height, width: int, in pixels.
    """
    return workers(model, height, width) * strip_memory(model, height, width)


def strip_memory(model, height, width):
    """Estimate how many bytes of memory a strip takes; the arguments: as in `memory`."""
    late = delay(model, width)
    steps = width + late * (min(height, STRIP) - 1)
    return PLACE * steps * -(-width // late)


def workers(model, height, width):
    """Return how many strips are coded at the same time: a quarter of the memory at most, or one."""
    fit = disk.memory() / 4 // strip_memory(model, height, width)
    return int(max(1, min(fit, os.cpu_count(), -(-height // STRIP))))


def writer(encoder):
    """Return a function that writes decisions, and returns them: see search_by_file."""

    def decide(shares, upper):
        encoder.encode(upper.astype("int32"), DECISION, halves(shares))
        return upper

    return decide


def reader(stream):
    """Return a function that reads decisions from a stream, bytes: see search_by_file."""
    words = np.frombuffer(stream + bytes(-len(stream) % 4), ">u4").astype("uint32")
    decoder = constriction.stream.queue.RangeDecoder(words)
    return lambda shares, upper: decoder.decode(DECISION, halves(shares)) == 1


def halves(shares):
    """Return what DECISION takes for shares of the lower half (n,): float64 (n, 2)."""
    return np.stack([shares - 1, WHOLE - 1 - shares], axis=1)


def finished(encoder):
    """Return a stream: of all numbers in the encoder's last interval, the one with fewest bytes."""
    words = encoder.get_compressed()
    count, (lower, size) = encoder.pos()  # words before the interval, and its 64 bits
    inside = int.from_bytes(words.astype(">u4").tobytes()) << 32 * (count + 2 - len(words))
    lower = inside - (inside - lower) % 2**64  # with the words before it
    for bits in range(64, -1, -8):
        number = -(-lower >> bits)  # rounded up to a multiple of 2^bits
        if number << bits < lower + size:
            return number.to_bytes(4 * count + 8 - bits // 8).rstrip(b"\0")


def strips(image):
    """Cut an image into its strips, views of at most STRIP rows."""
    count = -(-len(image) // STRIP)
    rows = [k * len(image) // count for k in range(count + 1)]
    return [image[start:end] for start, end in zip(rows, rows[1:])]


def run(model, image, labels, deciders, progress=False):
    """Code an image's strips, each with its own stream; several cores take several strips.

    image: uint8 (H, W, colours); when a file is read, its values are written here.
    labels: as model.as_labels returns them for one image.
    deciders: a function for each strip, see search_by_file.
    progress: as in encode.
    """
    bar = tqdm(total=image[..., 0].size, unit=" pixels", disable=not progress)
    stopped = threading.Event()

    def report(pixels):
        bar.update(pixels)
        if stopped.is_set():
            raise InterruptedError

    with bar, ThreadPoolExecutor(workers(model, *image.shape[:2])) as pool:
        one = lambda strip, decide: run_strip(model, strip, labels, decide, report)
        try:
            list(pool.map(one, strips(image), deciders))
        except BaseException:  # Ctrl-C too: the other threads must stop
            stopped.set()
            raise


def run_strip(model, strip, labels, decide, report):
    """Code a strip: uint8 (H, W, colours), whose values are read or written here."""
    height, width, colours = strip.shape
    schedule = Schedule(height, width, delay(model, width))
    inside = (0 <= schedule.row) & (schedule.row < height)
    inside &= (0 <= schedule.col) & (schedule.col < width)  # (steps, lanes)
    values = schedule.spread(strip[None])  # (steps, colours, lanes, 1)
    predictor = ExactPredictor(model, 1, schedule, labels)
    for time in range(schedule.steps):
        here = np.flatnonzero(inside[time])

        def choose(colour, sums, now=values[time], here=here):
            if colour < colours:  # otherwise the image is grey, and has this value already
                flat = now[colour, :, 0]  # (lanes,)
                flat[here] = search_by_file(sums, model.levels, flat, here, decide)
            return now[min(colour, colours - 1)]

        predictor.run(time, choose)
        report(len(here))
    strip[:] = schedule.gather(values)[0]


def search_by_file(sums, levels, values, here, decide):
    """Search levels as caching.search does, but decide each look by the file instead of by noise.

    sums: the last value of the undivided CDF (n,), and the CDF: see exact.Mixture.sums.
    levels: int, how many levels a value has.
    values: uint8 (n,), which are known when a file is written.
    here: int (m,), which of the n are in the image.
    decide: function that is called with the shares of the lower half, float64 (m,), and with what
        the values say, True for the upper half, (m,). It returns the decisions, bool (m,).
    Returns int (m,).
    """
    high, at_most = sums
    low, level = np.zeros_like(high), np.zeros(len(values), "int32")
    for half in 2 ** np.arange((levels - 1).bit_length())[::-1]:  # 128, 64, …, 1
        tried = level + half
        middle = at_most(np.minimum(tried, levels) - 1)  # (n,)
        middle = np.where(tried < levels, middle, high)
        share = (middle - low + 2.0**-26) / (high - low + 2.0**-25)
        share = np.clip(np.floor(share * WHOLE), 1, WHOLE - 1)
        upper = np.zeros(len(values), bool)
        upper[here] = decide(share[here], (values >= tried)[here])
        upper &= tried < levels
        level = np.where(upper, tried, level)
        low, high = np.where(upper, middle, low), np.where(upper, high, middle)
    return level[here]
