"""12.2: the hours that a training run takes."""

from pixelcnn_lib.teach import cost
from pixelcnn_lib.teach.exercises import Exercise


def show_hours(run_hours):
    from pixelcnn_lib.teach import figures

    images, forward = 144 * 390 * 128, 32 * 32 * 5_222_853
    bars = {name: run_hours(forward, images, peak, 0.1) for name, peak in cost.PEAKS.items()}
    return figures.show_bars(bars, xlabel="hours, if a tenth of the peak is reached", digits=1)


exercise = Exercise(
    id="12.2",
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
        "seconds": (99_532_800, 5_000_000, 900e9, 0.5),
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
    "hours",
    "{call}: expected {expected} hours, got {got}.",
    hint="divide the operations of the whole run by those that are done in an hour.",
)


# Mistakes: another number of operations or of hours, or another use of the share


def hours(passes=3, operations=2, share=lambda share: share, unit=3600):
    """Make an answer: so many passes, operations for each multiply-add, and seconds in a unit."""
    return lambda forward, images, flops, part: (
        operations * passes * forward * images / (flops * share(part)) / unit
    )


exercise.mistake(
    "This is half of what is expected: multiply-adds were divided by operations.",
    "a multiply-add is two operations, and the peak counts operations.",
    hours(operations=1),
)
exercise.mistakes_about(
    "in the backward pass a layer does two products: one for its weights, one for its input.",
    {
        "This is a third of what is expected: only the forward passes are counted.": hours(
            passes=1
        ),
        "The backward pass counts as one pass.": hours(passes=2),
        "The backward pass counts as three passes: four in all.": hours(passes=4),
    },
)
exercise.mistakes_about(
    "an hour has 3600 seconds.",
    {
        "These are seconds.": hours(unit=1),
        "These are minutes.": hours(unit=60),
        "These are days.": hours(unit=3600 * 24),
    },
)
exercise.mistakes_about(
    "the machine does `flops * share` operations a second: a share of 0.25 is a quarter of the peak.",
    {
        "A smaller share makes your run shorter.": hours(share=lambda share: 1 / share),
        "`share` is read as the part that is lost.": hours(share=lambda share: 1 - share),
    },
)
exercise.mistake(
    "The hours are cut to whole ones.",
    "divide with /, and do not round.",
    lambda *case: hours()(*case) // 1,
)

# A mistake that the condition describes well enough

exercise.all_caught(
    {
        "hours, got": lambda forward, images, flops, share: (
            6 * (forward + images) / (flops * share) / 3600
        ),
    }
)
