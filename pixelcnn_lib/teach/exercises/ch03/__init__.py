"""Chapter 3: the residual block, and how far a stack of them sees."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="3.q1",
        asks="Without any block, a network sees only the window of its first layer: three pixels in each "
        "direction. One that sees all earlier pixels must pay at least 19.06 bits for a face. And the one "
        "without blocks?",
        choices={
            "about 27 bits": None,
            "about 60 bits": "Nearly every pixel continues what its neighbours began: the background, the "
            "hair, the skin, the shirt. How many pixels do not?",
            "about 200 bits": "That would be almost one bit for each pixel. For most pixels, the neighbours "
            "leave no doubt.",
            "about 1,000 bits": "A network that knows nothing pays 1,536.",
        },
        why="It is 26.58. Most pixels are decided by their nearest neighbours, and only a few by pixels "
        "farther away, such as the other shoulder. So a short reach costs little, if what is in sight is "
        "used.",
        gives_away=("26.58", "26.6", "costs little"),
    )
]
