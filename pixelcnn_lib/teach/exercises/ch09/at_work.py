"""What the checks of chapter 9 give to an answer, find out about it, and draw with it."""

from unittest import mock

import numpy as np

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Wrong, to_numpy


def draw_again(draw, logits, noise):
    """The levels; then called again; with other noise; and the first rows drawn one by one."""
    levels = draw(logits, noise)
    if levels is None or levels is ...:
        return levels
    rows = [draw(logits[k : k + 1].copy(), noise[k : k + 1].copy()) for k in range(3)]
    return {
        "levels": to_numpy(levels),
        "again": to_numpy(draw(logits.copy(), noise.copy())),
        "other noise": to_numpy(draw(logits.copy(), (noise + 0.5) % 1)),
        "row by row": np.concatenate([np.atleast_1d(to_numpy(row)) for row in rows]),
    }


def repeats(answer):
    """Fail an answer that gives other levels when it is called again."""
    for case in answer.exercise.inputs:
        got = answer(*case)
        moved = got["levels"] != got["again"]
        if moved.any():
            message = f"{answer.exercise.call(case)} gave other levels when it was called again."
            hint = "only the noise that is given decides: call no random function."
            return Wrong(message, hint, got["levels"], moved)


def listens(answer):
    """Fail an answer that gives the same levels whatever the noise is."""
    results = [answer(*case) for case in answer.exercise.inputs]
    if all(np.array_equal(got["levels"], got["other noise"]) for got in results):
        hint = "where on the stick does the noise fall?"
        return Wrong("The noise decides nothing: other noise gave the same levels.", hint)


def described_draw(logits, noise):
    low, high = logits[np.isfinite(logits)].min(), logits.max()
    end = f"up to {noise.max():.2g}" if noise.min() < 0.9 else "just below 1"
    also = "" if np.isfinite(logits).all() else " and -inf"
    return f"draw, logits {logits.shape} from {low:.3g} to {high:.3g}{also}, noise {end}"


class Oracle:
    """A model in which each value depends on all of its past, so that no mistake stays hidden."""

    def __init__(self, colours, levels=256):
        self.colours, self.levels, self.runs = colours, levels, 0
        self.table = np.random.default_rng(colours).normal(0, 2, (97, levels))

    def __call__(self, images, **options):
        images, self.runs = to_numpy(images), self.runs + 1
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[-1] != self.colours:
            raise ValueError(
                f"the model takes uint8 images (N, H, W, {self.colours}), "
                f"got {images.dtype} {images.shape}"
            )
        values = images.reshape(len(images), -1).astype(int)  # (N, values)
        place = np.arange(values.shape[1])
        told = (values + 1) * (place % 31 + 1)
        past = told.cumsum(1) - told + 7 * place  # (N, values)
        return self.table[past % 97].reshape(*images.shape, self.levels)

    predict = predict_on_batch = __call__


def draw_checked(logits, noise, draw=sampling.draw):
    if np.ndim(logits) != 2 or np.shape(noise) != np.shape(logits)[:1]:
        raise ValueError(
            "sampling.draw takes one value's logits (N, levels) and its noise (N,), "
            f"got {np.shape(logits)} and {np.shape(noise)}"
        )
    return draw(logits, noise)


def sample_twice(sample, model, noise):
    """The levels, drawn twice, and whether the pictures of the batch share the runs."""
    with mock.patch.object(sampling, "draw", draw_checked):
        model.runs = 0
        levels = sample(model, noise)
        shared = model.runs <= 2 * noise[0].size + 2
        if levels is None or levels is ...:
            return levels
        again = sample(model, noise.copy())
        return {"levels": to_numpy(levels), "again": to_numpy(again), "shared": np.array(shared)}


def is_uint8(answer):
    """Fail an answer whose levels have another dtype."""
    for case in answer.exercise.inputs:
        got = answer(*case)["levels"].dtype
        if got != np.uint8:
            message = f"{answer.exercise.call(case)}: expected uint8, got {got}."
            return Wrong(message, "the values are right; their type is not that of an image.")


def near_the_neighbours(images, levels=64):
    """A model whose pictures look like something: a value lies near those left and above."""
    x = np.pad(to_numpy(images).astype(float), ((0, 0), (1, 0), (1, 0), (0, 0)))  # (N, H+1, W+1, 3)
    x[:, 0, 1:], x[:, 1:, 0] = x[:, 0, :-1], x[:, :-1, 0]
    left, above, here = x[:, 1:, :-1], x[:, :-1, 1:], x[:, 1:, 1:]
    row, col = np.indices(here.shape[1:3])[..., None]
    middle = np.where(row == 0, left, np.where(col == 0, above, (left + above) / 2))
    middle = np.where(row + col == 0, levels / 2, middle)  # (N, H, W, 3)
    middle[..., 1:] += (here - middle)[..., :-1]
    width = np.where(row + col == 0, 20, 1.5)[..., None]
    return -abs(np.arange(levels) - middle[..., None]) / width  # (N, H, W, 3, levels)


def show_picture(sample_naive):
    from pixelcnn_lib.teach import figures

    noise = np.random.default_rng(0).random((4, 12, 12, 3))
    drawn = np.asarray(sample_naive(near_the_neighbours, noise))
    return figures.show_images((4 * drawn).astype("uint8"))


def two_hills():
    """A distribution with two hills: (48,), natural logarithms."""
    level = np.arange(48)
    log_p = np.logaddexp(-(((level - 14) / 5) ** 2), -(((level - 33) / 8) ** 2) - 0.4)
    return log_p - np.logaddexp.reduce(log_p)


def show_draws(draw):
    from pixelcnn_lib.teach import figures

    log_p, noise = two_hills(), np.random.default_rng(0).random(20000)
    drawn = np.asarray(draw(np.tile(log_p, (len(noise), 1)), noise)).astype(int)
    share = np.bincount(drawn, minlength=48) / len(noise)
    titles = ["the distribution", "20000 of your draws"]
    return figures.show_distribution([log_p, np.log(np.maximum(share, 1e-9))], titles=titles)


def show_temperatures(at_temperature):
    from pixelcnn_lib.teach import figures

    temperatures = [0.3, 1.0, 2.0]
    rows = [np.asarray(at_temperature(two_hills()[None], t))[0] for t in temperatures]
    return figures.show_distribution(rows, titles=[f"T = {t}" for t in temperatures])
