"""10.1: the hours that a training run takes."""

from pixelcnn_lib.teach import cost
from pixelcnn_lib.teach.exercises import Exercise


def show_hours(run_hours):
    from pixelcnn_lib.teach import figures

    images, forward = 144 * 390 * 128, 32 * 32 * 5_222_853
    speeds = {"0.1 TFLOP/s": 1e11, "1 TFLOP/s": 1e12, "10 TFLOP/s": 1e13}
    bars = {name: run_hours(forward, images, speed) for name, speed in speeds.items()}
    return figures.show_bars(bars, xlabel="hours", digits=0)


exercise = Exercise(
    id="10.1",
    title="How long will it take?",
    minutes=6,
    difficulty=1,
    solution=cost.run_hours,
    hints=(
        "How many operations does the whole run need? How many are done in a second?",
        "A training step costs three forward passes, and a multiply-add is two operations.",
        "Operations divided by operations per second are seconds.",
    ),
    cases={
        "a large network": (44_055_134_208, 7_200_000, 16e12),
        "a slow machine": (1_000_000, 3_000_000, 9e8),
    },
    shown=lambda forward, images, speed: f"{images} images at {speed / 1e12:g} TFLOP/s",
    tolerance=1e-6,
    after=show_hours,
    seen="The hours of the recipe `cifar10`, at three speeds of training.",
)
exercise.agrees(
    "{call}: expected {expected} hours, got {got}.",
    hint="divide the operations of the whole run by those that are done in an hour.",
)
exercise.mistaken = {
    "a multiply-add is two operations, and the speed counts operations.": {
        "This is half of what is expected: multiply-adds were divided by operations.": (
            "2 * passes",
            "passes",
        )
    },
    "a step has a forward pass, and a backward pass that costs two: a layer does one product for its "
    "weights and one for its input.": {
        "This is a third of what is expected: only the forward passes are counted.": (
            "passes = 3",
            "passes = 1",
        ),
        "Two passes are counted, not three.": ("passes = 3", "passes = 2"),
    },
    "an hour has 3600 seconds.": {
        "These are seconds.": (" / 3600", ""),
        "These are minutes.": ("3600", "60"),
    },
}
