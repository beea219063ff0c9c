"""What chapter 16 draws with a right answer."""

import numpy as np

from pixelcnn_lib.teach.exercises.weights import noise


def show_shares(look_once):
    from pixelcnn_lib.teach import figures

    keys, values = np.array([[0.0], [1.0], [2.0]]), np.eye(3)
    query = np.linspace(-3, 3, 61)
    shares = np.array([look_once(np.array([q]), keys, values, np.zeros(3)) for q in query])
    curves = {f"a key of {n}": (query, shares[:, n]) for n in range(3)}
    curves["nowhere"] = query, 1 - shares.sum(1)
    return figures.show_curve(curves, xlabel="the query", ylabel="weight")


def show_weights(look_back):
    import matplotlib.pyplot as plt

    weights = np.asarray(look_back(2 * noise(1, 12, 12, seed=3)))[0]
    fig, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
    drawn = ax.imshow(weights, vmin=0, vmax=1)
    ax.set(xlabel="source", ylabel="target")
    fig.colorbar(drawn, label="weight")
    return fig


def show_from_one_pixel(offsets):
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(2, 1, figsize=(4, 4.6), layout="constrained")
    for ax, name, part in zip(axes, ("up", "left"), offsets(5, 9, 3), strict=True):
        numbers = np.asarray(part)[24].reshape(5, 9)  # of the target in row 2, column 6
        ax.imshow(numbers, cmap="coolwarm", vmin=-6, vmax=6)
        for (row, col), number in np.ndenumerate(numbers):
            ax.text(col, row, number, ha="center", va="center_baseline")
        ax.set(title=name, xticks=[], yticks=[])
    return fig
