"""18.2: the biggest question first."""

import numpy as np

from pixelcnn_lib.teach.anyorder import biggest_question
from pixelcnn_lib.teach.exercises import Exercise, Wrong


def made_up(n, rows, cols, sharp, hide=0.6, colours=4):
    """Probabilities: the larger sharp, the surer."""
    rng = np.random.default_rng([n, rows, cols])
    p = np.exp(sharp * rng.normal(size=(n, rows, cols, colours)))
    return p / p.sum(axis=-1, keepdims=True), rng.random((n, rows, cols)) < hide


def decided(p, hidden, where):
    """The same, but all pixels of some images have one possible colour."""
    p = p.copy()
    p[where] = np.eye(p.shape[-1])[p[where].argmax(axis=-1)]
    return p, hidden


def with_entropy(p):
    """Two images of 2x2 pixels, all nearly decided; one pixel with the probabilities p."""
    all_sure = np.tile([0.999, 0.001, 0.0], (2, 2, 2, 1))
    all_sure[0, 1, 0] = p
    return all_sure, np.ones((2, 2, 2), bool)


NO_BOOL = "These are numbers, not bool."
COMPARE = "a comparison gives bool; np.where(..., 1, 0) does not. The cells below use ~ and &."

exercise = Exercise(
    id="18.2",
    title="The biggest question first",
    minutes=12,
    difficulty=3,
    solution=biggest_question,
    hints=(
        "How do you keep argmax from choosing a pixel that is known already?",
        "Compute the entropies, (N, H, W), write -1 where a pixel is known, and reshape them to (N, H * W). "
        "Then max and argmax over axis 1 find the biggest question of each image.",
        "place = np.arange(H * W) == bits.argmax(axis=1)[:, None] marks one pixel in each image. "
        "np.where(most > 0.1, place, True), with most of shape (N, 1), marks all where the network is sure.",
    ),
    cases={
        "two images": made_up(2, 3, 4, 1.0),
        "many known": made_up(3, 4, 4, 1.0, hide=0.2),
        "one image decided": decided(*made_up(3, 3, 3, 1.5), [1]),
        "some colours impossible": decided(*made_up(2, 3, 3, 1.0), (slice(None), 0)),
        "a little more than 0.1 bits": with_entropy([0.984, 0.016, 0.0]),
        "a little less than 0.1 bits": with_entropy([0.99, 0.01, 0.0]),
    },
    shown=lambda p, hidden: f"biggest_question(p {p.shape}, {hidden.sum()} pixels hidden)",
    axes=("image", "row", "column"),
)


@exercise.condition
def is_bool(answer):
    if answer(*exercise.inputs[0]).dtype != bool:
        return Wrong(NO_BOOL, COMPARE)


exercise.agrees(
    hint="print the entropies of the hidden pixels of one image. Which is the largest, and is it above 0.1?"
)
exercise.mistaken = {
    "a probability of 0 gives 0 * log(0), which is nan: take np.maximum(p, 1e-12) in the logarithm.": {
        "The entropy is nan where a probability is 0.": ("np.maximum(p, 1e-12)", "p"),
    },
    "entropies are in bits: np.log2.": {
        "These entropies are nats.": ("np.log2", "np.log"),
    },
    "only hidden pixels can be chosen: give known ones an entropy of -1.": {
        "The most uncertain pixel is looked for among the known ones too.": (
            "np.where(hidden, bits, -1)",
            "bits",
        ),
        "Where all is decided, known pixels are chosen too.": (" & hidden", ""),
    },
    "each image has its own biggest question: take max and argmax over axis 1.": {
        "Whether all is decided is asked of all images together.": (
            "bits.max(axis=1, keepdims=True)",
            "bits.max()",
        ),
    },
    "the biggest question is the pixel of the largest entropy.": {
        "This is the pixel of the least entropy.": (
            "bits.argmax(axis=1)",
            "np.where(bits < 0, 99, bits).argmin(axis=1)",
        ),
        "This is the pixel whose likeliest colour is least probable.": (
            "-(p * np.log2(np.maximum(p, 1e-12))).sum(axis=-1)",
            "1 - p.max(axis=-1)",
        ),
    },
    COMPARE: {NO_BOOL: "1.0 * (now.reshape(hidden.shape) & hidden)"},
    "if no entropy is above 0.1 bits, choose all hidden pixels.": {
        "One pixel is chosen even where all is decided.": (
            "np.where(most > 0.1, place, True)",
            "place",
        ),
        "All are chosen only where no entropy is left at all.": ("most > 0.1", "most > 0"),
    },
}
