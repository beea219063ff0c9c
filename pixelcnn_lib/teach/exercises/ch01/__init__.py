"""Chapter 1: a network that draws faces, and the chain rule."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="1.q1",
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
        why="At each pixel, the likelier colours win more often. So hats and glasses become rare. Long hair "
        "does too, though half of the program's faces have it (chapter 7 shows why), and short hair cannot "
        "be on one side only. Outside the shirts, stray pixels become rare. In the printed run, 8 faces are "
        "right, and at temperature 1 only 2. But shirts of two colours stay, 8 in place of 7. The "
        "temperature changes how colours are drawn, not what the network knows.",
    ),
]
