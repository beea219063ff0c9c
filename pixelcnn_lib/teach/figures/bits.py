"""What values cost: surprise maps, and distributions over the levels."""

import numpy as np

from pixelcnn_lib.teach.figures.images import check_images, paint
from pixelcnn_lib.teach.figures.parts import bare, panels
from pixelcnn_lib.teach.figures.style import CHANNELS, WIDTH


def show_bits(image, bits):
    """Show an image beside its surprise maps: how many bits each pixel, or each of its values, costs.

    image: uint8 (H, W, 1 or 3). bits: (H, W), or a dict of several, {title: (H, W)}, on one scale.
    The brightest half per cent share one shade.
    """
    maps = bits if isinstance(bits, dict) else {"": bits}
    height, width = next(iter(maps.values())).shape
    columns = 1 + len(maps)
    fig, axes = panels(1, columns, WIDTH, WIDTH / columns * height / width + 0.9)
    paint(axes[0, 0], check_images(image)[0])
    most = np.percentile(np.stack(list(maps.values())), 99.5)
    for ax, (title, one) in zip(axes[0, 1:], maps.items()):
        drawn = ax.imshow(one, vmin=0, vmax=most)
        ax.set_title(title, loc="left")
    for ax in axes.flat:
        bare(ax, ticks=False)
    look = {"location": "bottom", "shrink": 0.6, "aspect": 30, "extend": "max"}
    fig.colorbar(drawn, ax=axes, label="bits per value", **look)
    return fig


def show_distribution(log_p, value=None, titles=None):
    """Show one value's distribution over the levels, or several below each other.

    log_p: natural log-probabilities, (levels,) or (K, levels). value: the level that occurred, or
    K of them, marked with its cost in bits. titles: one text per distribution.
    """
    log_p = np.atleast_2d(log_p)  # (K, levels)
    count, levels = log_p.shape
    if not np.allclose(np.exp(log_p).sum(-1), 1, atol=1e-3):
        raise ValueError(
            f"expected log-probabilities (levels,) or (K, levels), got {log_p.shape} whose "
            f"probabilities sum to {np.exp(log_p).sum(-1)}; pass log_softmax(logits)"
        )
    fig, axes = panels(count, 1, WIDTH, 1.6 * count + 0.6, sharex=True, sharey=True)
    for index, (ax, row) in enumerate(zip(axes[:, 0], log_p, strict=True)):
        ax.stairs(np.exp(row), np.arange(levels + 1) - 0.5, fill=True, color="#7fb3d5")
        if titles is not None:
            ax.set_title(titles[index], loc="left")
        if value is not None:
            came = np.broadcast_to(value, count)[index]
            p = np.exp(row[came])
            ax.stairs([p], [came - 0.5, came + 0.5], fill=True, color=CHANNELS[0])
            ax.vlines(came, p, 1.25 * np.exp(log_p.max()), color=CHANNELS[0], linestyle=":")
            text = f"  {came} came: {-row[came] / np.log(2):.1f} bits  "
            place = {"transform": ax.get_xaxis_transform(), "va": "top"}
            ha = "left" if came < levels / 2 else "right"
            ax.text(came, 0.97, text, color=CHANNELS[0], ha=ha, **place)
        free = levels / 80  # so that the axes hide no bar
        ax.set(xlim=(-0.5 - free, levels - 0.5 + free), ylim=(0, 1.25 * np.exp(log_p.max())))
        ax.set_ylabel("probability")
    axes[-1, 0].set_xlabel("level")
    axes[-1, 0].locator_params(axis="x", integer=True)
    return fig
