"""Chapter 1: a network that draws faces, the order of values, and the chain rule."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="1.q1",
        asks="The pixel in row 8, column 8 of a face gets another colour. Which of the 256 predictions can "
        "change?",
        choices={
            "all of them": "The masks hide the present pixel and all later ones, so a prediction before "
            "the changed pixel cannot use it.",
            "its own and those of later pixels": "The first layer has mask A. It hides the pixel itself, so "
            "its own prediction cannot use it.",
            "only those of later pixels": None,
            "only those of its eight neighbours": "Three of the eight are above the pixel and one is to its "
            "left: they come before it. And many layers together look far.",
        },
        gives_away=("later pixels", "causal", "unchanged"),
        why="Mask A hides the pixel from its own prediction, and no mask shows a pixel to an earlier place. "
        "Not all later predictions change: each layer looks only a few pixels far. A network in which no "
        "prediction depends on its own pixel or on a later one is called causal.",
    ),
    Prediction(
        id="1.q2",
        asks="The same network draws 16 faces at the temperature 0.5. How do they differ from the first 16?",
        choices={
            "they are more alike": None,
            "they are more different from each other": "That happens above 1: there, rare colours become "
            "likelier.",
            "their colours are paler": "The temperature changes how probable a colour is, not the colour.",
            "they are as varied, and without mistakes": "What is rare becomes rarer, so the variety "
            "shrinks. And the temperature does not change what the network knows.",
        },
        gives_away=("more alike", "rarer", "less variety"),
        why="At each pixel, the likelier colours win more often. So most faces get what is common, such as "
        "short hair, and hats and glasses become rare. Stray pixels become rare too: in the printed run, 8 "
        "faces are right, and without the temperature 2. But shirts of two colours stay, 8 in place of 7. "
        "The temperature changes how colours are drawn, not what the network knows.",
    ),
]
