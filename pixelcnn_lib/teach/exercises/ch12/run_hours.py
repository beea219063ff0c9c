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


@exercise.mistake(
    "This is half of what is expected: multiply-adds were divided by operations.",
    hint="a multiply-add is two operations, and the peak counts operations.",
)
def forgot_two(forward, images, flops, share):
    return 3 * forward * images / (flops * share) / 3600


@exercise.mistake(
    "This is a third of what is expected: only the forward passes are counted.",
    hint="what does the backward pass cost?",
)
def forgot_back(forward, images, flops, share):
    return 2 * forward * images / (flops * share) / 3600


@exercise.mistake(
    "The backward pass counts as one pass.",
    hint="in the backward pass a layer does two products: one for its weights, one for its input.",
)
def back_as_forward(forward, images, flops, share):
    return 2 * (forward + forward) * images / (flops * share) / 3600


@exercise.mistake(
    "This is a sixth of what is expected: only forward passes, counted in multiply-adds.",
    hint="there is a backward pass, and the peak counts operations.",
)
def forgot_both(forward, images, flops, share):
    return forward * images / (flops * share) / 3600


@exercise.mistake("These are seconds.", hint="an hour has 3600 of them.")
def in_seconds(forward, images, flops, share):
    return 6 * forward * images / (flops * share)


@exercise.mistake("These are minutes.", hint="an hour has 60 of them.")
def in_minutes(forward, images, flops, share):
    return 6 * forward * images / (flops * share) / 60


@exercise.mistake("These are days.", hint="a day has 24 hours.")
def in_days(forward, images, flops, share):
    return 6 * forward * images / (flops * share) / 3600 / 24


@exercise.mistake("The hours are cut to whole ones.", hint="divide with /, and do not round.")
def whole_hours(forward, images, flops, share):
    return 6 * forward * images // (flops * share) // 3600


@exercise.mistake(
    "A smaller share makes your run shorter.", hint="a lower share of the peak means more time."
)
def share_upside_down(forward, images, flops, share):
    return 6 * forward * images * share / flops / 3600


@exercise.mistake(
    "`share` changes nothing in your answer.", hint="the machine reaches only a share of its peak."
)
def at_the_peak(forward, images, flops, share):
    return 6 * forward * images / flops / 3600


@exercise.mistake(
    "`share` is read as the part that is lost.", hint="a share of 0.25 is a quarter of the peak."
)
def share_lost(forward, images, flops, share):
    return 6 * forward * images / (flops * (1 - share)) / 3600


@exercise.mistake(
    "These are the hours of a single image.", hint="the run trains on `images` of them."
)
def of_one_image(forward, images, flops, share):
    return 6 * forward / (flops * share) / 3600


@exercise.mistake(
    "These are runs per hour, not hours per run.",
    hint="operations of the run, divided by operations per second.",
)
def upside_down(forward, images, flops, share):
    return 3600 * flops * share / (6 * forward * images)


@exercise.mistake(
    "The backward pass counts as three passes: four in all.",
    hint="one forward, two back: three passes in all.",
)
def four_passes(forward, images, flops, share):
    return 2 * 4 * forward * images / (flops * share) / 3600


@exercise.caught("hours, got")
def added_up(forward, images, flops, share):
    return 6 * (forward + images) / (flops * share) / 3600
