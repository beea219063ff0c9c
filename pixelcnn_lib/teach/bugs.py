"""Masks that people got wrong, and a small PixelCNN with any of them.

Each takes and returns what `masks.rgb_mask` does: float32 (kh, kw, filters_in, filters_out). The
threads named were read in public repositories; the code is ours.
"""

import numpy as np
from keras import ops
from keras.layers import Conv2D

from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.masks import rgb_mask, spatial_mask
from pixelcnn_lib.model import PixelCNN


def off_by_one(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The row of the centre is cut one tap too late, so the right neighbour is seen.

    Made for this book. A network with such a mask learns to copy and cannot draw, as
    carpedm20/pixel-rnn-tensorflow #1 complains ("works as a autoencoder but it can't generate").
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    row, col = mask.shape[0] // 2, mask.shape[1] // 2
    mask[row, col + 1 : col + 2] = 1
    return mask


def upside_down(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The taps below and on the right are kept, as if a convolution flipped its kernel.

    Asked about openai/iaf's mask in pclucas14/iaf-vae #4. A flow may choose that order; a sampler
    that goes from the top to the bottom may not.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask[::-1, ::-1].copy()


def reversed_colours(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The colour rule is transposed: blue first, red last.

    Kernels end in (in, out) in TensorFlow and begin with (out, in) in PyTorch; a rule carried from
    one to the other turns round. No thread: made for this book, as the order of colours is the
    commonest doubt (carpedm20/pixel-rnn-tensorflow #4).
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask[:, :, ::-1, ::-1].copy()


def colour_blind(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The centre is hidden or shown for all colours alike.

    No leak, and yet wrong: green never learns what red was. Seen in
    carpedm20/pixel-rnn-tensorflow #4; harmless on grey digits, where it was written.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    mask[mask.shape[0] // 2, mask.shape[1] // 2] = mask_type == "B"
    return mask


def lost_row(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Mask B loses the whole row of the centre: an index names the row, but no columns.

    No leak, and yet wrong: the reach to the left never grows. Seen in j-min/PixelCNN #3, fixed in
    its pull request #4. As there, 1x1 kernels keep their only row.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    if mask_type == "B" and len(mask) > 1:
        mask[len(mask) // 2] = 0
    return mask


def always_a(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Every layer gets mask A, not only the first.

    No leak, and yet wrong: what one layer knows of its own pixel and colour, the next throws away.
    Seen in o-tawab/Video-Pixel-Networks #1; anantzoid/Conditional-PixelCNN-decoder #9 had the like
    in its 1x1 layers, and nothing travelled along the first row.
    """
    return rgb_mask(kernel_size, filters_in, filters_out, "A", colours)


def interleaved(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The colours of the features alternate, but the output is read in blocks, red's first.

    The strides of carpedm20/pixel-rnn-tensorflow's ops.py and of igul222/PixelVAE's lib/ops/conv2d
    are right if the output is split the same way; here red's block holds features of blue.
    """
    source = np.arange(filters_in)[:, None] % colours
    target = np.arange(filters_out) % colours
    past = spatial_mask(kernel_size)
    mask = np.tile(past[:, :, None, None], (filters_in, filters_out)).astype("float32")
    rule = source < target if mask_type == "A" else source <= target
    mask[past.shape[0] // 2, past.shape[1] // 2] = rule
    return mask


def feature_numbers(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The colour rule compares the numbers of features, not their colours.

    With 3 features in and many out, nearly every output feature sees all three colours. Seen in a
    draft of a public TensorFlow PixelRNN, of the family of carpedm20/pixel-rnn-tensorflow.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    source, target = np.ogrid[:filters_in, :filters_out]
    rule = source < target if mask_type == "A" else source <= target
    mask[mask.shape[0] // 2, mask.shape[1] // 2] = rule
    return mask


def mask_once(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The mask is right, but it is applied only once, when the layer is built.

    The first training step revives the dead weights. The doubt of igul222/PixelVAE #6 ("Is mask
    applied on every iteration?"), where it was.
    """
    return rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)


BUGS = {
    bug.__name__: bug
    for bug in (
        off_by_one,
        upside_down,
        reversed_colours,
        colour_blind,
        lost_row,
        always_a,
        interleaved,
        feature_numbers,
        mask_once,
    )
}


def model(bug, **overrides):
    """Build a small PixelCNN whose every masked convolution has a wrong mask.

    bug: a name from BUGS, or a function of the same kind. overrides: PixelCNN's arguments. Its
    `masks` are those it should have had. Draw from it only with method="naive": the cached sampler
    relies on right masks. Raises ValueError for a name that is not in BUGS.
    """
    if not callable(bug) and bug not in BUGS:
        raise ValueError(f"bug must be a function, or one of {', '.join(BUGS)}; got {bug!r}.")
    sizes = dict(filters_per_colour=4, blocks=1, head_per_colour=6)
    network = PixelCNN(**{**sizes, **overrides})
    for layer in network._flatten_layers():
        if isinstance(layer, MaskedConv2D):
            spoil(layer, bug)
    return network


def spoil(layer, bug):
    """Give a built MaskedConv2D the mask of a bug, as `model` takes it, in place of its own."""
    _, _, filters_in, filters_out = layer.kernel.shape
    make = BUGS.get(bug, bug)
    mask = make(layer.kernel_size, filters_in, filters_out, layer.mask_type, layer.colours)
    if make is mask_once:
        layer.kernel.assign(layer.kernel * ops.cast(mask, layer.kernel.dtype))
        layer.masked = lambda kernel: kernel
    else:
        layer.masked = lambda kernel: kernel * ops.cast(mask, kernel.dtype)
    layer.convolution_op = lambda inputs, kernel: Conv2D.convolution_op(
        layer, inputs, layer.masked(kernel)
    )  # without shortcuts, which rely on right masks
