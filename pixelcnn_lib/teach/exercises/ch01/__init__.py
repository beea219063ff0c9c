"""Chapter 1: a network that draws faces, and the chain rule."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="1.q1",
        asks="The same network draws 16 faces at the temperature 0.5. At 1, two were right, and seven had a "
        "shirt of two colours. What changes?",
        choices={
            "more are right, and shirts of two colours become rare": "Stray pixels become rare. But at a "
            "shoulder, the network does not know which colour it has to repeat.",
            "more are right, but shirts of two colours stay": None,
            "about as many are right: the network knows no more": "It knows no more, but improbable pixels "
            "are drawn less often, and many mistakes begin with one.",
            "fewer are right: all faces become alike": "They do become more alike. But what is likely at "
            "each pixel is mostly right.",
        },
        gives_away=("two colours stay", "stray", "less variety"),
        why="At each pixel, the likelier colours win more often. So stray pixels become rare, and hats, "
        "glasses and long hair too (chapter 7 shows why long hair does), and short hair cannot be on one "
        "side only. In the printed run, 8 faces are right, and at temperature 1 only 2. But 8 shirts have "
        "two colours, in place of 7. The temperature changes how colours are drawn, not what the network "
        "knows.",
    ),
]
