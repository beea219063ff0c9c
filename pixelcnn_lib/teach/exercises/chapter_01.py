"""Exercises of chapter 1: the order of values, and the chain rule."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong


def all_pairs(may_see, shape):
    """Ask about every pair of values of an image (H, W, colours): bool (targets, sources)."""
    places = list(np.ndindex(*shape))
    told = [[may_see(target, source) for source in places] for target in places]
    if any(one is None or one is ... for row in told for one in row):
        return None
    return np.array([[bool(one) for one in row] for row in told])


def may(name, reason, hint, where):
    """Make a condition: the answer is right on the pairs where(target, source), arrays of places."""

    def condition(answer):
        for (shape,) in answer.exercise.inputs:
            expected, got = answer.exercise.expected(shape), answer(shape)
            places = np.array(list(np.ndindex(*shape))).T  # (3, values)
            marks = (got != expected) & where(places[:, :, None], places[:, None, :])
            if marks.any():
                target, source = (tuple(places[:, i].tolist()) for i in np.argwhere(marks)[0])
                call = f"may_see({target}, {source})"
                right = bool(not got[marks][0])
                return Wrong(f"{call} should be {right}: the source {reason}.", hint, got, marks)

    condition.__name__ = name
    return condition


def show_seen(may_see):
    from pixelcnn_lib.teach import figures

    kinds = np.reshape([may_see((2, 2, 1), source) for source in np.ndindex(5, 5, 3)], (5, 5, 3))
    return figures.show_kinds(np.where(kinds, masks.SEEN, masks.HIDDEN), target=(2, 2, 1))


def same_pixel(target, source):
    return (target[0] == source[0]) & (target[1] == source[1])


def drawn_shape():
    """Some images with their probabilities: no row of them is even."""
    rng = np.random.default_rng(1)

    def case(shape, levels):
        p = rng.dirichlet(np.ones(levels), shape)
        return p, rng.integers(levels, size=shape).astype("uint8")

    return [case((2, 3, 3), 4), case((3, 2, 1), 5), case((1, 1, 3), 3), case((16, 16, 3), 8)]


def mixed_up(combine):
    """Make a wrong twin of image_log_prob: combine(the image's probabilities, p)."""

    def image_log_prob(p, image):
        picked = np.take_along_axis(p, image[..., None].astype("int64"), axis=-1)[..., 0]
        return combine(picked, p)

    return image_log_prob


def total(answer):
    """The logarithm that the chain rule gives."""
    for p, image in answer.exercise.inputs:
        expected, got = answer.exercise.expected(p, image), answer(p, image)
        if answer.exercise.differ(expected, got):
            message = f"For an image {image.shape}: expected {expected:.4f}, got {got:.4f}."
            return Wrong(message, "pick the probability of the level that came; what joins them?")


def show_judgement(image_log_prob):
    from pixelcnn_lib import data
    from pixelcnn_lib.model import PixelCNN
    from pixelcnn_lib.teach import figures

    patch = data.photographs("test")[1].image[70:86, 110:126]  # (16, 16, 3)
    shuffled = np.random.default_rng(0).permutation(patch.reshape(-1, 3)).reshape(patch.shape)
    images = np.stack([patch, shuffled])  # (2, 16, 16, 3)
    p = np.exp(np.asarray(PixelCNN.pretrained()(images), "float64"))  # (2, 16, 16, 3, 256)
    bits = [-float(image_log_prob(*pair)) / np.log(2) / patch.size for pair in zip(p, images)]
    return figures.show_bars(
        {"a patch of a photograph": bits[0], "its pixels, shuffled": bits[1]},
        "a patch of a photograph",
        xlabel="bits per value, by your function",
    )


EXERCISES = [
    Prediction(
        id="1.q1",
        right=12,
        why="Two whole rows of five, and two to the left in its own row.",
    ),
    Exercise(
        id="1.1",
        title="What a value may see",
        minutes=5,
        difficulty=1,
        twin=masks.may_see,
        probe=all_pairs,
        shown=lambda shape: f"may_see on all pairs of an image {shape}",
        hints=(
            "When are two values of one image drawn, and which of them is first?",
            "Rows decide first; only in the same row do columns count; only in the same pixel, colours.",
            "Python compares tuples in exactly this way: from the left, until two entries differ.",
        ),
        cases=[((3, 4, 3),), ((4, 3, 1),)],
        axes=("target number", "source number"),
        conditions=[
            may(
                "other rows",
                "lies in another row",
                "a row is drawn in its whole width before the next one begins.",
                lambda target, source: target[0] != source[0],
            ),
            may(
                "same row",
                "lies in the same row, in another column",
                "a row is drawn from left to right, and each pixel in all its colours.",
                lambda target, source: (target[0] == source[0]) & (target[1] != source[1]),
            ),
            may(
                "same pixel",
                "lies in the same pixel",
                "within a pixel red is drawn first, then green, then blue.",
                lambda target, source: same_pixel(target, source) & (target[2] != source[2]),
            ),
            may(
                "itself",
                "is the target itself",
                "a value that is known already needs no prediction.",
                lambda target, source: same_pixel(target, source) & (target[2] == source[2]),
            ),
        ],
        mistakes=[
            Mistake(
                lambda t, s: s[0] <= t[0] and s[1] <= t[1] and tuple(s) < tuple(t),
                '"Above and left" was taken as a quadrant.',
                "what has been drawn in the row above, to the right of this column?",
            ),
            Mistake(
                lambda t, s: tuple(s) <= tuple(t),
                "All is right but one thing: a value sees itself.",
                "a value that is known already needs no prediction.",
            ),
            Mistake(
                lambda t, s: tuple(s) > tuple(t),
                "Target and source are swapped: what comes later is seen.",
                "the first argument is the one that looks.",
            ),
            Mistake(
                lambda t, s: tuple(s[:2]) < tuple(t[:2]),
                "Only finished pixels are seen, and nothing of the value's own pixel.",
                "when green is predicted, its pixel's red is known.",
            ),
            Mistake(
                lambda t, s: (s[0], s[1], -s[2]) < (t[0], t[1], -t[2]),
                "Within a pixel the colours are turned round: blue is drawn first.",
                "red, green, blue: which of them has number 0?",
            ),
            Mistake(
                lambda t, s: (s[2], s[0], s[1]) < (t[2], t[0], t[1]),
                "The colours are drawn one whole image after another: all red first.",
                "a pixel gets all its colours before the next pixel begins.",
            ),
            Mistake(
                lambda t, s: (s[1], s[0], s[2]) < (t[1], t[0], t[2]),
                "The image is drawn column by column.",
                "it is drawn like a line of text: which index changes slowest?",
            ),
            Mistake(
                lambda t, s: all(a < b for a, b in zip(s, t)),
                "The source has to be smaller in row, column and colour at once.",
                "if its row is above, do column and colour still matter?",
            ),
        ],
        after=show_seen,
        seen="What one value may see, by your function.",
    ),
    Exercise(
        id="1.2",
        title="The probability of a whole image",
        minutes=10,
        difficulty=2,
        twin=answers.image_log_prob,
        shown=lambda p, image: f"image_log_prob on an image {image.shape}",
        hints=(
            "Which of the levels' probabilities belong to this image, and how do they combine?",
            "One probability for each value: that of the level it has. A product's logarithm is a sum.",
            "np.take_along_axis(p, image[..., None].astype(int), axis=-1) picks them out.",
        ),
        cases=drawn_shape,
        tolerance=1e-4,
        conditions=[total],
        mistakes=[
            Mistake(
                mixed_up(lambda picked, p: np.log(picked.prod())),
                "Right for small images; for a large one the product is too small for a float.",
                "take logarithms before you combine, and not after.",
            ),
            Mistake(
                mixed_up(lambda picked, p: np.log(picked).mean()),
                "That is the mean over the values, not the logarithm of their product.",
                "the chain rule multiplies; nothing is divided by a number of values.",
            ),
            Mistake(
                mixed_up(lambda picked, p: np.log2(picked).sum()),
                "That is in bits: the logarithm has base 2.",
                "the natural logarithm was asked for.",
            ),
            Mistake(
                mixed_up(lambda picked, p: -np.log(picked).sum()),
                "The sign is turned round.",
                "a probability is below 1: what sign has its logarithm?",
            ),
            Mistake(
                mixed_up(lambda picked, p: np.log(p.max(-1)).sum()),
                "That is the probability of the likeliest level each time, not of this image's.",
                "where does the image come in?",
            ),
            Mistake(
                mixed_up(lambda picked, p: np.log(picked.sum())),
                "The probabilities are added.",
                "first this, and then that: and means times.",
            ),
            Mistake(
                mixed_up(lambda picked, p: np.log(picked).reshape(-1)[1:].sum()),
                "The very first value is left out.",
                "it is predicted too, from nothing: its probability counts.",
            ),
            Mistake(
                mixed_up(lambda picked, p: picked.prod()),
                "That is the probability itself, and not its logarithm.",
                "for a large image it is too small for a float.",
            ),
            Mistake(
                mixed_up(lambda picked, p: np.log(p).sum()),
                "The logarithms of all levels are added, also of those that did not come.",
                "each value of the image has one level.",
            ),
        ],
        after=show_judgement,
        seen="A patch of a photograph and the same pixels shuffled, judged by your function.",
    ),
    Prediction(
        id="1.q2",
        right=768,
        why="Each of the 16 · 16 · 3 values has to be drawn before the next can be predicted.",
    ),
]
