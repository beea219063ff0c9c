"""What a run costs: counts compared with counts by hand, the masks and TensorFlow's own count."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny import small

from pixelcnn_lib import masks
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.layers import MaskedConv2D, sublayers
from pixelcnn_lib.teach import cost


def built(filters_in, filters, kernel_size, mask_type, colours=3):
    layer = MaskedConv2D(filters, kernel_size, mask_type, colours)
    layer.build((None, None, None, filters_in))
    return layer


def test_counts_a_layer_as_by_hand():
    layer = built(3, 6, 1, "B")
    assert cost.layer_multiply_adds(layer, 2, 2) == 72
    assert cost.layer_multiply_adds(layer, 2, 2, alive=True) == 4 * (2 * 1 + 2 * 2 + 2 * 3)
    first = built(3, 768, 7, "A")  # 24 taps in all three colours, and R to G, R to B, G to B
    assert cost.layer_multiply_adds(first, 1, 1) == 49 * 3 * 768
    assert cost.layer_multiply_adds(first, 1, 1, alive=True) == (24 * 9 + 3) * 256


def test_counts_what_tensorflow_multiplies_without_shortcuts(monkeypatch):
    dense = lambda layer, *given: keras.layers.Conv2D.convolution_op(layer, *given)
    monkeypatch.setattr(MaskedConv2D, "convolution_op", dense)
    model = PixelCNN(filters_per_colour=4, blocks=2, head_per_colour=5, levels=8)
    call = tf.function(model).get_concrete_function(tf.TensorSpec((1, 6, 5, 3), "uint8"))
    convolutions = [op for op in call.graph.get_operations() if op.type == "Conv2D"]
    assert len(convolutions) == 1 + 2 * 3 + 3
    kernels = sum(np.prod(op.inputs[1].shape) for op in convolutions)
    assert {tuple(op.outputs[0].shape[1:3]) for op in convolutions} == {(6, 5)}
    assert cost.multiply_adds(model, 6, 5) == 6 * 5 * kernels


def test_the_sources_network_has_43_million_multiply_adds_a_pixel():
    model = PixelCNN.preset("wide")
    dense = cost.multiply_adds(model, 1, 1)
    blocks = 768 * 384 + 9 * 384 * 384 + 384 * 768
    head = 768 * 3072 + 3072 * 3072 + 3072 * 768
    assert dense == 49 * 3 * 768 + 15 * blocks + head
    assert dense == sum(np.prod(w.shape) for w in model.weights if w.path.endswith("kernel"))
    assert cost.multiply_adds(model, 1, 1, alive=True) / dense == pytest.approx(0.598, abs=5e-4)


def test_counts_the_members_as_by_hand():
    """With h = 12: two layers before each LSTM, a smaller map, and pairs of pixels."""
    rest = 49 * 3 * 24 + 24 * 18 + 18 * 18 + 18 * 15
    row = 2 * 24 * 48 + 3 * 12 * 48 + 12 * 24
    diagonal = 2 * (24 * 48 + 2 * 12 * 48) + 12 * 24
    assert cost.multiply_adds(small("row-lstm"), 4, 5) == 20 * (row + rest)
    assert cost.multiply_adds(small("diagonal-bilstm"), 4, 5) == 20 * (diagonal + rest)

    h = 12
    block = 62 * h * h  # of both streams; on the way back, two more 1x1 convolutions each
    large = (6 + 3 + 2) * 3 * h + 3 * block + 8 * h * h + h * 18 + 18 * 18 + (18 + h) * 20
    smaller = 10 * h * h + 2 * block + 4 * h * h + 8 * h * h  # shrink, blocks, grow
    assert cost.multiply_adds(small("pixelcnn-pp", head="tied"), 5, 7) == 35 * large + 12 * smaller

    model = small("transformer", head="tied")
    layers = 2 * 3 * 12 + 12 * 12 + 15 * 24 + 12 * 12 + 2 * 12 * 48 + 12 * 18 + 18 * 18 + 30 * 20
    assert cost.multiply_adds(model, 4, 5) == 20 * layers + 20 * 21 * 2 * 12
    living = layers - 2 * 3 * 12 + 3 * 12
    assert cost.multiply_adds(model, 4, 5, alive=True) == 20 * living + 20 * 21 // 2 * 2 * 12


def test_living_weights_are_those_that_the_masks_keep():
    model = PixelCNN(filters_per_colour=2, blocks=1, head_per_colour=3, levels=4)
    layers = [one for one in sublayers(model) if isinstance(one, MaskedConv2D)]
    assert len(layers) == 7  # all that has a kernel
    kept = 12  # the factors of the one short-cut
    for layer in layers:
        *_, c_in, c_out = layer.kernel.shape
        mask = masks.rgb_mask(layer.kernel_size, c_in, c_out, layer.mask_type, layer.colours)
        kept += mask.sum() + c_out  # the biases live too
    assert cost.living_weights(model) == kept < model.count_params()
