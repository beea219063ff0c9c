"""Exercises of chapter 10: what a run costs, and what its number is worth."""

import numpy as np

from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.teach import answers, cost
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agrees


def convolution(filters_in, filters, kernel_size, mask_type, colours=3):
    layer = MaskedConv2D(filters, kernel_size, mask_type, colours)
    layer.build((None, None, None, filters_in))
    return layer


def whole(count):
    """A count as a whole number, where only rounding keeps it from being one."""
    count = np.asarray(count)
    near = count.dtype.kind == "f" and np.allclose(count, np.rint(count), rtol=1e-9, atol=0)
    return np.rint(count).astype(int) if near else count


def counts(layer_multiply_adds, layer, height, width):
    """All products, and those whose weight is alive."""
    return {
        "all": whole(layer_multiply_adds(layer, height, width)),
        "alive": whole(layer_multiply_adds(layer, height, width, alive=True)),
    }


def described(layer, height, width):
    rows, cols = layer.kernel_size
    features = f"{layer.kernel.shape[2]} to {layer.filters} features"
    return f"{rows}x{cols}, type {layer.mask_type}, {features}, on {height}x{width} pixels"


def of_the_mask(layer):
    """The living weights, as they are."""
    return layer.kernel.shape[2] * layer.filters * layer.pattern.sum() // layer.colours**2


def whole_taps(layer):
    """The taps up to the centre, the centre for all colours."""
    rows, cols, filters_in, filters_out = layer.kernel.shape
    return (rows * cols // 2 + 1) * filters_in * filters_out


def counted(pixels=True, bias=False, times=1, living=of_the_mask, inside=False):
    """A count with knobs for what goes wrong; `living` counts the weights that are alive."""

    def layer_multiply_adds(layer, height, width, alive=False):
        rows, cols, filters_in, filters_out = layer.kernel.shape
        weights = living(layer) if alive else rows * cols * filters_in * filters_out
        if inside:
            height, width = height - rows + 1, width - cols + 1
        return times * (weights + bias * filters_out) * (height * width if pixels else 1)

    return layer_multiply_adds


def hours(passes=3, times=2, share=lambda share: 1 / share, unit=3600):
    """A wrong prediction, with knobs."""

    def run_hours(forward, images, flops, share_reached):
        return times * passes * forward * images * share(share_reached) / flops / unit

    return run_hours


def show_hours(run_hours):
    from pixelcnn_lib.teach import figures

    images, forward = 450_000 * 16, 1024 * 43_022_592
    bars = {name: run_hours(forward, images, peak, 0.4) for name, peak in cost.PEAKS.items()}
    return figures.show_bars(bars, xlabel="hours, at 40 % of the peak", digits=1)


def two_models(n, seed, gap=0.02):
    """Bits of n images under two models that find the same images hard."""
    rng = np.random.default_rng(seed)
    hard = rng.normal(3.1, 0.8, n)
    return hard + gap + rng.normal(0, 0.05, n), hard + rng.normal(0, 0.05, n)


def pair(compare, first, second):
    answer = compare(first, second)
    if not isinstance(answer, tuple | list) and np.shape(answer) != (2,):
        raise TypeError(f"expected two numbers, got one {type(answer).__name__}")
    difference, error = answer
    return {"difference": np.asarray(difference), "error": np.asarray(error)}


def spread(one, ddof=1):
    return np.std(one, ddof=ddof) / np.sqrt(len(one))


def erring(error):
    """A wrong comparison: the difference is right, its error is as given."""
    return lambda first, second: (np.mean(first) - np.mean(second), error(first, second))


def show_errors(compare):
    from pixelcnn_lib.teach import figures

    sizes = [10, 30, 100, 300, 1000, 3000, 10_000]
    models = two_models(10_000, seed=0)
    parts = [[bits[:n] for bits in models] for n in sizes]
    curves = {
        "each by itself": (sizes, [np.hypot(*map(spread, part)) for part in parts]),
        "paired": (sizes, [float(compare(*part)[1]) for part in parts]),
    }
    return figures.show_curve(curves, {"the gap": 0.02}, "test images", "standard error, in bits")


WORDS = ("as it is", "convert", "at most", "other images", "other levels")
SAID = {
    ("a", "convert"): "Its unit is bits per dimension already.",
    ("a", "at most"): "Its distribution is over the same whole levels, and is scored exactly.",
    ("a", "other images"): "Both are taken on CIFAR-10's test images.",
    ("b", "as it is"): "The images it was scored on belong to the training files.",
    ("b", "at most"): "It is exact, for the images it was taken on.",
    ("c", "as it is"): "A nat is not a bit.",
    ("c", "other levels"): "It has all 256 levels.",
    ("d", "as it is"): "It predicts one level of 32, which is easier than one of 256.",
    ("d", "at most"): "What was cut away would cost further bits: the price goes up, not down.",
    ("d", "convert"): "What was cut away was never predicted: no factor brings it back.",
    ("e", "as it is"): "It scores a density, after noise was added to the values.",
    ("e", "convert"): "Its unit is bits per dimension already.",
    (
        "e",
        "other levels",
    ): "The images are the usual ones, of 256 levels, before the noise is added.",
    (
        "f",
        "as it is",
    ): "ImageNet is another set of pictures, and of another size.",
    ("f", "convert"): "No factor leads from one set of pictures to another.",
}
CLUES = {
    "a": "which of the images, the levels and the unit differ?",
    "b": "what does test set mean in the paper, and what here?",
    "c": "which unit is it in?",
    "d": "how many answers are there to choose from?",
    "e": "was the model asked for the probability of a level, or for a density?",
    "f": "which pictures were scored?",
}


def verdicts(comparable):
    said = comparable()
    if not isinstance(said, dict):
        raise TypeError(f"expected a dict, got {type(said).__name__}")
    return np.array([str(said.get(number, "")).strip().lower() for number in CLUES])


def judged(number):
    """Make a condition: one of the six numbers is judged right."""

    def condition(answer):
        right, place = answers.comparable()[number], list(CLUES).index(number)
        said = str(answer()[place])
        if not said:
            keys = "its keys are the letters a to f, each once and small."
            return Wrong(f"The dict says nothing about number {number}.", keys)
        if said not in WORDS:
            words = f"choose among {', '.join(WORDS)}."
            return Wrong(f"Number {number}: {said!r} is none of the five verdicts.", words)
        if said != right:
            why = SAID.get((number, said), "That is not where the difference lies.")
            return Wrong(f"Number {number}, {said}? {why}", CLUES[number])

    condition.__name__ = f"number {number}"
    return condition


EXERCISES = [
    Prediction(
        id="10.q1",
        right="a day",
        why="About twenty hours: 1.9 million million million operations, at 26 million million a "
        "second.",
        replies={
            "an hour": "That is what an H100 would take.",
            "a week": "The tutorial's run took five days on the GPU that it had.",
        },
    ),
    Exercise(
        id="10.1",
        title="Count a layer",
        minutes=8,
        difficulty=2,
        twin=cost.layer_multiply_adds,
        hints=(
            "How often is one weight of the kernel used on one image?",
            "The number of weights, all or living, times the number of pixels.",
            "layer.kernel.shape is (kh, kw, in, out); layer.pattern holds the colours' mask, "
            "(kh, kw, colours, colours), each entry for in / colours times out / colours weights.",
        ),
        cases=lambda: [
            (convolution(3, 12, (3, 7), "A"), 8, 9),
            (convolution(6, 9, (5, 3), "B"), 6, 11),
            (convolution(2, 4, 3, "B", colours=1), 5, 4),
            (convolution(4, 6, 1, "B", colours=2), 3, 7),
        ],
        probe=counts,
        shown=described,
        conditions=[
            agrees(
                "all products",
                "{call}: expected {expected} multiply-adds in all, got {got}.",
                "each weight is used once at each pixel.",
                part="all",
            ),
            agrees(
                "living products",
                "{call}: expected {expected} living multiply-adds, got {got}.",
                "the mask says which weights live; the pattern is the mask, colour by colour.",
                part="alive",
            ),
        ],
        mistakes=[
            Mistake(
                counted(pixels=False),
                "This is the count for one pixel.",
                "the kernel is used again at every pixel.",
            ),
            Mistake(
                counted(bias=True),
                "The biases are counted too.",
                "a bias is added, not multiplied.",
            ),
            Mistake(
                counted(bias=True, living=lambda layer: np.prod(layer.kernel.shape)),
                "These are all parameters: biases, and dead weights, count among the living.",
                "start from the kernel, and ask the mask.",
            ),
            Mistake(
                counted(times=2),
                "These are operations, two for each multiply-add.",
                "count a multiplication and the addition after it as one.",
            ),
            Mistake(
                counted(times=3),
                "This is a training step, not a forward pass.",
                "count the products of the layer itself alone.",
            ),
            Mistake(
                counted(inside=True),
                "The kernel is counted only where it fits into the image.",
                "the layer pads: it computes an output at every pixel.",
            ),
            Mistake(
                counted(living=lambda layer: np.prod(layer.kernel.shape)),
                "The dead weights are counted among the living.",
                "in the kernel itself they are not zero: the mask makes them so, on the way.",
            ),
            Mistake(
                counted(living=lambda layer: layer.pattern.sum()),
                "The living count takes one weight for each pair of colours.",
                "how many features has each colour, below and here?",
            ),
            Mistake(
                counted(living=whole_taps),
                "The living count takes all weights of the centre tap.",
                "at the centre a colour sees only some of the colours.",
            ),
            Mistake(
                counted(living=lambda layer: np.prod(layer.kernel.shape) // 2),
                "A mask hides about half, but not exactly half.",
                "ask the layer's pattern.",
            ),
            Mistake(
                counted(living=lambda layer: np.prod(layer.kernel.shape) * 2 // 3),
                "Two thirds live in the example's layer, and other layers differ.",
                "ask the pattern of the layer at hand.",
            ),
        ],
    ),
    Exercise(
        id="10.2",
        title="How long will it take?",
        minutes=6,
        difficulty=1,
        twin=cost.run_hours,
        hints=(
            "How many operations is the whole run? How many are done in a second?",
            "A training step costs three forward passes, and a multiply-add is two operations.",
            "Divide 2 * 3 * forward * images by what the machine really does in a second, and the "
            "seconds by 3600.",
        ),
        cases=[
            (44_055_134_208, 7_200_000, 65e12, 0.25),
            (5_348_201_472, 30_000_000, 4e12, 0.8),
            (99_532_800, 5_000_000_000, 100e9, 0.1),
        ],
        shown=lambda forward, images, flops, share: (
            f"{images} images at {100 * share:g} % of {flops / 1e12:g} TFLOP/s"
        ),
        tolerance=1e-3,
        conditions=[
            agrees(
                "hours",
                "{call}: expected {expected} hours, got {got}.",
                "operations of the whole run, divided by those done in an hour.",
            )
        ],
        mistakes=[
            Mistake(
                hours(times=1),
                "Half of it: multiply-adds were divided by operations.",
                "a multiply-add is two operations, and the peak counts operations.",
            ),
            Mistake(
                hours(passes=1),
                "A third of it: only the forward passes are counted.",
                "what does the way back cost?",
            ),
            Mistake(
                hours(passes=2),
                "The way back counts as one pass.",
                "going back, a layer needs two products: for its weights and for its input.",
            ),
            Mistake(
                hours(passes=1, times=1),
                "A sixth of it: forward passes alone, in multiply-adds.",
                "there is a way back, and the peak counts operations.",
            ),
            Mistake(hours(unit=1), "These are seconds.", "an hour has 3600 of them."),
            Mistake(hours(unit=60), "These are minutes.", "an hour has 60 of them."),
            Mistake(hours(unit=86_400), "These are days.", "a day has 24 hours."),
            Mistake(
                lambda *given: hours()(*given) // 1,
                "The hours are cut to whole ones.",
                "divide with /, and do not round.",
            ),
            Mistake(
                hours(share=lambda share: share),
                "The share makes the run shorter: at half of the peak it would take half the time.",
                "a lower share of the peak means more time.",
            ),
            Mistake(
                hours(share=lambda share: 1),
                "The machine is taken to reach its peak.",
                "it reaches a share of it.",
            ),
        ],
        after=show_hours,
        seen="The tutorial's run on four GPUs, by your prediction.",
    ),
    Prediction(
        id="10.q2",
        right="harder images",
        why="The strips are other parts of the photographs than it learns from, and dearer for "
        "PNG too. A gap between two such sets says nothing by itself. Overfitting would "
        "show as a turn: the one curve goes on falling and the other rises.",
        replies={
            "overfitting": "Then the upper curve would have turned upwards, and it never did.",
            "a leak": "A leak would bring both curves down, too far.",
        },
    ),
    Exercise(
        id="10.3",
        title="Is it better, or was it luck?",
        minutes=8,
        difficulty=2,
        twin=answers.compare,
        hints=(
            "An image that is hard for one model is hard for the other. What is left when you "
            "subtract?",
            "Take the differences image by image; then the mean, and the standard error of a mean.",
            "The standard error of a mean of N numbers is their standard deviation, with N - 1 in "
            "its denominator, divided by the square root of N.",
        ),
        cases=lambda: [two_models(40, 1), two_models(7, 2, gap=-0.4), two_models(3, 3, gap=1.0)],
        probe=pair,
        shown=lambda first, second: f"two models on {len(first)} images",
        tolerance=1e-5,
        conditions=[
            agrees(
                "difference",
                "{call}: expected a difference of {expected}, got {got}.",
                "the mean of first - second.",
                part="difference",
            ),
            agrees(
                "standard error",
                "{call}: expected a standard error of {expected}, got {got}.",
                "what is the spread of the differences, and how far does a mean of N tame it?",
                part="error",
            ),
        ],
        mistakes=[
            Mistake(
                lambda first, second: (np.mean(second - first), spread(second - first)),
                "The sign is turned: this is second - first.",
                "a positive difference means that the first spends more bits.",
            ),
            Mistake(
                lambda first, second: (spread(first - second), np.mean(first - second)),
                "The two numbers have changed places.",
                "first the mean, then its error.",
            ),
            Mistake(
                lambda first, second: (
                    np.mean(np.abs(first - second)),
                    spread(np.abs(first - second)),
                ),
                "The differences have lost their signs.",
                "what is better on one image and worse on another should cancel.",
            ),
            Mistake(
                erring(lambda first, second: spread(first) + spread(second)),
                "The errors of the two scores are added up.",
                "subtract image by image first, and take one error of what is left.",
            ),
            Mistake(
                erring(lambda first, second: abs(spread(first) - spread(second))),
                "One score's error is subtracted from the other's.",
                "subtract image by image first, and take one error of what is left.",
            ),
            Mistake(
                erring(
                    lambda first, second: (
                        spread(first - second) * np.sqrt(len(first) / (len(first) - 1))
                    )
                ),
                "N - 1 is used twice, in the deviation and in the root.",
                "only the deviation wants N - 1.",
            ),
            Mistake(
                erring(lambda first, second: np.hypot(spread(first), spread(second))),
                "The models are treated as if each had been scored on images of its own.",
                "subtract image by image first: what makes an image hard then drops out.",
            ),
            Mistake(
                erring(lambda first, second: np.std(first - second, ddof=1)),
                "This is the spread of the differences, not of their mean.",
                "a mean of N numbers is steadier than one of them, by the root of N.",
            ),
            Mistake(
                erring(lambda first, second: spread(first - second, ddof=0)),
                "The deviation divides by N, where a sample wants N - 1.",
                "np.std has an argument ddof.",
            ),
            Mistake(
                erring(lambda first, second: np.std(first - second)),
                "This is the spread of the differences, and with N instead of N - 1.",
                "two things: ddof, and the root of N.",
            ),
            Mistake(
                erring(lambda first, second: np.var(first - second, ddof=1) / len(first)),
                "This is the square of the standard error.",
                "take the root.",
            ),
            Mistake(
                erring(lambda first, second: np.std(first - second, ddof=1) / len(first)),
                "The deviation was divided by N, not by its root.",
                "four times as many images halve the error.",
            ),
            Mistake(
                erring(lambda first, second: spread(first)),
                "This is the error of the first model's own score.",
                "the spread that counts is that of the differences.",
            ),
        ],
        after=show_errors,
        seen="Two made-up models that differ by 0.02 bits: the error of their difference, by yours "
        "and without pairing.",
    ),
    Prediction(
        id="10.q3",
        right="cannot tell",
        why="What counts is the error of the difference, image by image. It can be far smaller "
        "than the errors of the two scores, as both find the same images hard.",
        replies={
            "yes": "By these numbers alone the gap is as large as the error of each.",
            "no": "The errors of the scores do not say that the gap is luck.",
        },
    ),
    Exercise(
        id="10.4",
        title="Is this number comparable?",
        minutes=5,
        difficulty=1,
        twin=answers.comparable,
        hints=(
            "Ask of each: which images, how many levels, which unit, and is it exact?",
            "One is comparable as it is, one after a conversion, and one is only an upper bound.",
            "Two were scored on other images, and one on images with fewer levels.",
        ),
        cases=[()],
        probe=verdicts,
        conditions=[judged(number) for number in CLUES],
    ),
]
