"""The condition that a network can be trained through an answer: it computes with `ops` only."""

import keras

from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.safely import TooSlow


def by_a_network(exercise, *shapes, call=lambda answer, *inputs: answer(*inputs)):
    """Declare that a layer can call the answer while it knows only the shapes of its inputs.

    shapes: of each input, with None for N. call: how the answer is called with such inputs.
    """

    @exercise.condition
    def in_a_network(answer):
        layer = keras.layers.Lambda(lambda x: call(answer.value, *x))
        inputs = [keras.Input(batch_shape=shape) for shape in shapes]
        try:
            answer.clock.call(layer, inputs)
        except TooSlow:
            raise
        except Exception as error:
            return Wrong(
                "The numbers are right, but no network can be trained with this function: it raised "
                f"{type(error).__name__} when it was called by a layer of Keras.",
                "Keras first calls it with inputs that have a shape but no numbers, and N is not known. "
                "Use functions of ops instead of NumPy, write -1 for N in ops.reshape, take "
                "ops.zeros_like for zeros, assign to no part of an array, and cast booleans before you "
                "multiply by them.",
            )
