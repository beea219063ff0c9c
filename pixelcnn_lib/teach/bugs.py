"""Nine wrong masks, most of them found in public code, and a small PixelCNN with any of them.

Each function takes the arguments of `masks.rgb_mask` and returns a mask of the same kind, float32
(kh, kw, filters_in, filters_out). A name with a number is a thread in a public repository on
GitHub. The code is our own.
"""

import numpy as np
from keras import ops
from keras.layers import Conv2D

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.layers import MaskedConv2D, sublayers
from pixelcnn_lib.masks import rgb_mask, spatial_mask


def off_by_one(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The row of the centre is cut one tap too late, so the right neighbour is seen.

    Made for this book. A network with such a mask learns to copy and cannot draw. This is described
    in carpedm20/pixel-rnn-tensorflow #1: "works as a autoencoder but it can't generate".
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    row, col = mask.shape[0] // 2, mask.shape[1] // 2
    mask[row, col + 1 : col + 2] = 1
    return mask


def upside_down(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The taps below and on the right are kept, as if a convolution flipped its kernel.

    Source: pclucas14/iaf-vae #4, a question about openai/iaf's mask. A flow may use this order; a
    sampler that draws from the top to the bottom may not.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask[::-1, ::-1].copy()


def reversed_colours(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The colour rule is transposed: blue comes first and red last.

    Made for this book. Kernels end in (in, out) in TensorFlow and begin with (out, in) in PyTorch,
    so a rule that is copied from one to the other is transposed. The order of the colours is often
    asked about, for example in carpedm20/pixel-rnn-tensorflow #4.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask[:, :, ::-1, ::-1].copy()


def colour_blind(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The centre is hidden for all colours, or shown to all colours.

    Nothing leaks, but green never sees the red of its own pixel. Source:
    carpedm20/pixel-rnn-tensorflow #4. On grey digits, for which it was written, it does no harm.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    mask[mask.shape[0] // 2, mask.shape[1] // 2] = mask_type == "B"
    return mask


def lost_row(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Mask B loses the whole row of the centre, because an index names the row and no column.

    Nothing leaks, but deeper layers see no farther to the left. Source: j-min/PixelCNN #3, fixed in
    its pull request #4. There too, 1x1 kernels keep their only row.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    if mask_type == "B" and len(mask) > 1:
        mask[len(mask) // 2] = 0
    return mask


def always_a(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Every layer has mask A, not only the first.

    Nothing leaks, but each layer drops what the layer before knows at the same pixel and colour.
    Source: o-tawab/Video-Pixel-Networks #1. In anantzoid/Conditional-PixelCNN-decoder #9, the 1x1
    layers had a similar mistake, and nothing moved along the first row.
    """
    return rgb_mask(kernel_size, filters_in, filters_out, "A", colours)


def interleaved(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The colours of the features alternate, but the output is read in blocks, red's first.

    Source: ops.py of carpedm20/pixel-rnn-tensorflow, and lib/ops/conv2d of igul222/PixelVAE. Their
    order is right if the output is split in the same way. Here, red's block has features of blue.
    """
    source = np.arange(filters_in)[:, None] % colours
    target = np.arange(filters_out) % colours
    past = spatial_mask(kernel_size)
    mask = np.tile(past[:, :, None, None], (filters_in, filters_out)).astype("float32")
    rule = source < target if mask_type == "A" else source <= target
    mask[past.shape[0] // 2, past.shape[1] // 2] = rule
    return mask


def feature_numbers(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The colour rule compares the numbers of the features instead of their colours.

    With 3 features in and many out, nearly every output feature sees all three colours. Source: a
    draft of a public PixelRNN in TensorFlow, related to carpedm20/pixel-rnn-tensorflow.
    """
    mask = rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours)
    source, target = np.ogrid[:filters_in, :filters_out]
    rule = source < target if mask_type == "A" else source <= target
    mask[mask.shape[0] // 2, mask.shape[1] // 2] = rule
    return mask


def mask_once(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """The mask is right, but it is applied only once, when the layer is built.

    The first training step changes the dead weights. A reader asked about this in igul222/PixelVAE
    #6, "Is mask applied on every iteration?". There, it is.
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
    """Build a small PixelCNN in which every masked convolution has a wrong mask.

    Its attribute `masks` has the right masks. Draw from it only with method="naive", because the
    cached sampler relies on right masks.

    bug: a name from BUGS, or a function of the same kind.
    overrides: arguments of PixelCNN.
    Returns the PixelCNN. Raises ValueError for a name that is not in BUGS.
    """
    if not callable(bug) and bug not in BUGS:
        raise ValueError(f"bug must be a function, or one of {', '.join(BUGS)}; got {bug!r}.")
    sizes = dict(filters_per_colour=4, blocks=1, head_per_colour=6)
    network = PixelCNN(**{**sizes, **overrides})
    for layer in sublayers(network):
        if isinstance(layer, MaskedConv2D):
            spoil(layer, bug)
    return network


def spoil(layer, bug):
    """Replace the mask of a built MaskedConv2D by a wrong one.

    layer: the MaskedConv2D.
    bug: as for `model`.
    """
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
    )  # without the shortcut, which relies on right masks
