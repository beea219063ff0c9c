"""10.2: the hours that a training run takes."""

from pixelcnn_lib.teach import cost
from pixelcnn_lib.teach.exercises import Exercise


def show_hours(run_hours):
    from pixelcnn_lib.teach import figures

    images, forward = 144 * 390 * 128, 32 * 32 * 5_222_853
    bars = {name: run_hours(forward, images, peak, 0.1) for name, peak in cost.PEAKS.items()}
    return figures.show_bars(bars, xlabel="hours, if a tenth of the peak is reached", digits=1)


exercise = Exercise(
    id="10.2",
    title="How long will it take?",
    minutes=6,
    difficulty=1,
    solution=cost.run_hours,
    hints=(
        "How many operations does the whole run need? How many are done in a second?",
        "A training step costs three forward passes, and a multiply-add is two operations.",
        "Operations divided by operations per second are seconds; the machine does `flops * share` "
        "of them a second.",
    ),
    cases={
        "a large network": (44_055_134_208, 7_200_000, 65e12, 0.25),
        "many images": (5_348_201_472, 30_000_000_000, 4e12, 0.8),
        "nearly the peak": (1_000_000, 3_000_000, 1e9, 0.9),
    },
    shown=lambda forward, images, flops, share: (
        f"{images} images at {100 * share:g} % of {flops / 1e12:g} TFLOP/s"
    ),
    tolerance=1e-6,
    after=show_hours,
    seen="The hours of the recipe `cifar10 paper` on each of four GPUs, if the training reaches "
    "a tenth of the peak.",
)
exercise.agrees(
    "{call}: expected {expected} hours, got {got}.",
    hint="divide the operations of the whole run by those that are done in an hour.",
)
exercise.mistaken(
    "a multiply-add is two operations, and the peak counts operations.",
    {
        "This is half of what is expected: multiply-adds were divided by operations.": (
            "2 * passes",
            "passes",
        ),
    },
)
exercise.mistaken(
    "in the backward pass a layer does two products: one for its weights, one for its input.",
    {
        "This is a third of what is expected: only the forward passes are counted.": (
            "passes = 3",
            "passes = 1",
        ),
        "The backward pass counts as one pass.": ("passes = 3", "passes = 2"),
    },
)
exercise.mistaken(
    "an hour has 3600 seconds.",
    {
        "These are seconds.": (" / 3600", ""),
        "These are minutes.": ("3600", "60"),
    },
)
exercise.mistaken(
    "the machine does `flops * share` operations a second: a share of 0.25 is a quarter of the peak.",
    {
        "A smaller share makes your run shorter.": ("(flops * share)", "flops * share"),
        "`share` is read as the part that is lost.": ("(flops * share)", "(flops * (1 - share))"),
    },
)
