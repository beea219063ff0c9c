"""What values cost: surprise maps, and distributions over the levels."""

import numpy as np

from pixelcnn_lib.teach.figures.images import check_images, paint
from pixelcnn_lib.teach.figures.parts import bare, name_colour, panels
from pixelcnn_lib.teach.figures.style import CHANNELS, WIDTH


def show_bits(image, bits):
    """Show an image beside its surprise map: how many bits each value, or pixel, costs.

    image: uint8 (H, W, 1 or 3). bits: (H, W, colours) for a map per colour, or (H, W), such as the
    mean over colours, for one map. The brightest half per cent share one shade.
    """
    bits = np.asarray(bits)
    if bits.ndim not in (2, 3) or bits.shape[:2] != np.shape(image)[:2]:
        raise ValueError(
            f"expected bits (H, W) or (H, W, colours) for an image {np.shape(image)}, "
            f"got {bits.shape}; pass one image and its bits, without the batch axis"
        )
    maps = [bits] if bits.ndim == 2 else list(np.moveaxis(bits, 2, 0))
    rows, side = (len(maps) + 2) // 2, WIDTH / 2
    fig, axes = panels(rows, 2, WIDTH, side * rows * bits.shape[0] / bits.shape[1] + 0.9)
    paint(axes[0, 0], check_images(image)[0])
    top = np.percentile(bits, 99.5)
    for index, (ax, one) in enumerate(zip(axes.flat[1:], maps, strict=False)):
        drawn = ax.imshow(one, vmin=0, vmax=top)
        name_colour(ax, index, len(maps))
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
