"""17.2: a second model, which knows only how a value differs from its left neighbour."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def neighbour_bits(train, images):
    """Return the bits per dimension of each image, (N,), by differences.

    train: uint8 (n, H, W, colours), whose differences are counted.
    images: uint8 (N, H, W, colours), of any size.
    """
    learnt = np.diff(train.astype(int), axis=2) % 256
    counts = np.bincount(learnt.ravel(), minlength=256) + 1  # (256,)
    price = -np.log2(counts / counts.sum())  # (256,)
    steps = np.diff(images.astype(int), axis=2) % 256  # (N, H, W - 1, C)
    bits = price[steps].sum(axis=(1, 2, 3))  # (N,)
    first_column = 8 * images[0, :, 0].size
    return (bits + first_column) / images[0].size


def pair(seed, train, images, spread=4):
    """Random walks along each row, to learn from and to score; uint8."""
    rng = np.random.default_rng(seed)
    walks = [rng.normal(0, spread, shape).cumsum(axis=2) + 120 for shape in (train, images)]
    return tuple((walk % 256).astype("uint8") for walk in walks)


def show_cheap(neighbour_bits):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    crops = data.photos(16, "test")[:60]
    bits = np.asarray(neighbour_bits(data.photos(16), crops))
    order = bits.argsort()[[0, 1, 2, 3, -4, -3, -2, -1]]
    return figures.show_images(crops[order], 4, [f"{one:.1f}" for one in bits[order]])


exercise = Exercise(
    id="17.2",
    title="A much simpler model",
    minutes=12,
    difficulty=2,
    solution=neighbour_bits,
    hints=(
        "How often does each difference occur in the training pictures? Which price follows?",
        "Three steps: the differences of the training pictures modulo 256, counted; a table of 256 "
        "prices; the price of each difference of the images, added up. The first column costs 8 bits "
        "a value.",
        "np.diff(x.astype(int), axis=2) % 256 gives the differences along the rows, and "
        "np.bincount(d.ravel(), minlength=256) + 1 counts them. Divide each sum by images[0].size.",
    ),
    cases=lambda: {
        "colour": pair(1, (3, 4, 6, 3), (4, 4, 6, 3)),
        "grey, another size": pair(2, (2, 5, 9, 1), (3, 6, 4, 1)),
        "large differences": pair(3, (2, 6, 8, 3), (2, 3, 5, 3), spread=90),
        "a difference that was never seen": (
            np.full((1, 2, 4, 1), 9, "uint8"),
            np.array([[[[0], [200], [3]]], [[[5], [5], [5]]]], "uint8"),
        ),
    },
    shown=lambda train, images: f"neighbour_bits of images {images.shape}, train {train.shape}",
    axes=("image",),
    tolerance=1e-6,
    after=show_cheap,
    seen="Of 60 crops of the test photographs, the four cheapest and the four most expensive.",
)
exercise.agrees(
    "{call}: expected {expected} at {place}, got {got}.",
    hint="count in train, price each difference in images, add 8 bits for each value of the first column.",
)
exercise.mistaken = {
    "the differences are counted in train, and priced in images.": {
        "The differences are counted in the images that are scored.": (
            "train.astype",
            "images.astype",
        ),
        "A difference that was never counted costs infinitely many bits: add one to each count.": (
            " + 1 ",
            " ",
        ),
    },
    "the neighbour to the left is one column before, in the same row and colour: axis 2.": {
        "These are the differences to the value above.": [
            ("train.astype(int), axis=2", "train.astype(int), axis=1"),
            ("images.astype(int), axis=2", "images.astype(int), axis=1"),
            ("images[0, :, 0].size", "images[0, 0].size"),
        ]
    },
    "the neighbour has the same colour: keep the axis of the colours, and take axis 2.": {
        "Each row is one line of values, so red is compared with the blue of the pixel before.": [
            ("train.astype(int)", "train.reshape(*train.shape[:2], -1).astype(int)"),
            ("images.astype(int)", "images.reshape(*images.shape[:2], -1).astype(int)"),
            ("axis=(1, 2, 3)", "axis=(1, 2)"),
            ("images[0, :, 0].size", "images.shape[1]"),
        ],
    },
    "a difference of -3 is 253 modulo 256, and not 3: the receiver must know the sign.": {
        "Differences lost their sign, so two values share one price.": [
            ("np.diff(train.astype(int), axis=2) % 256", "abs(np.diff(train.astype(int), axis=2))"),
            (
                "np.diff(images.astype(int), axis=2) % 256",
                "abs(np.diff(images.astype(int), axis=2))",
            ),
        ]
    },
    "every value counts: H times W times colours, the first column too, at 8 bits each.": {
        "The first column costs nothing.": ("8 * images", "0 * images"),
        "These are the bits of a whole image.": "bits + first_column",
        "These are the bits of a pixel, and not of a value.": (
            "(bits + first_column) / images[0, :, :, 0].size"
        ),
        "Each image has its own number. This is the mean of all.": (
            "np.mean(bits + first_column) / images[0].size"
        ),
    },
    "bits need np.log2.": {"These are nats: the logarithm is natural.": ("np.log2", "np.log")},
}
