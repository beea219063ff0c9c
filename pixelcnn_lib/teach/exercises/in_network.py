"""The condition that a network can be trained through an answer: it computes with `ops` only."""

import keras

from pixelcnn_lib.teach.exercises import Wrong, to_numpy

MESSAGE = "The numbers are right, but no network can be trained with this function."
HINT = (
    "N is not known when a network is built: x.shape[0] is None. Write -1 for N in ops.reshape, and "
    "take ops.zeros_like or ops.pad for zeros. There are no numbers yet either: use functions of ops "
    "instead of NumPy, assign to no part of an array, and cast booleans before you multiply by them."
)


def by_a_network(exercise, *shapes, call=lambda answer, *inputs: answer(*inputs)):
    """Declare that a layer can call the answer while it knows only the shapes of its inputs.

    exercise: Exercise. shapes: of each input, with None for N. call: (answer, *inputs) -> the
    answer's result for such inputs.
    """

    @exercise.condition
    def in_a_network(answer):
        layer = keras.layers.Lambda(lambda x: call(answer.value, *x))
        inputs = [keras.Input(batch_shape=shape) for shape in shapes]
        try:
            layer(inputs)
        except Exception:
            return Wrong(MESSAGE, HINT)

    def in_numpy(*case):
        return to_numpy(exercise.solution(*case))

    exercise.mistaken[HINT] = {MESSAGE: in_numpy}
