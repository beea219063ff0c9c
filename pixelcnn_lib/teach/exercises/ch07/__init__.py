"""Chapter 7: drawing a picture, one value after another."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="7.q1",
        asks="What comes out if all pixels are drawn from one run over an empty canvas?",
        choices={
            "faces": "No pixel can fit its neighbours if all are drawn in the same run.",
            "random colours": "That would be so if the network did not look at the canvas. But it does.",
            "nearly all one colour": None,
        },
        why="For the network, the canvas is the past of every pixel. An empty canvas has colour 0 "
        "everywhere, a pale blue, which is one of the backgrounds. After so much background comes mostly "
        "background. In a few places a hair or a cheek could begin, and there some pixels get other "
        "colours. But their neighbours were drawn in the same run, and saw only the empty canvas. So "
        "nothing grows from them. Only the top left pixel is right: it sees nothing, so it may be drawn from "
        "the empty canvas.",
        gives_away=("one colour", "pale blue", "mostly background"),
    ),
]
