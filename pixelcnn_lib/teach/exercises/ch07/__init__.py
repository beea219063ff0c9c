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
        "nothing grows from them.",
        gives_away=("one colour", "pale blue", "mostly background"),
    ),
    Prediction(
        id="7.q2",
        asks="Four pictures are drawn in this way. What do they show?",
        choices={
            "four different faces": "The noise decides nothing here: what could make the four pictures "
            "differ?",
            "four times the same face": None,
            "only background": "That was one run for all pixels. Here the network sees each pixel that is "
            "drawn, and hair has to begin somewhere.",
        },
        why="The noise decides nothing, so there is only one picture. It is a face without a mistake. But "
        "it never has a hat or glasses, because most faces have none.",
        gives_away=("same face", "are equal"),
    ),
    Prediction(
        id="7.q3",
        asks="With the same noise but with random colours on the canvas, do you get the same picture or "
        "another one?",
        choices={
            "the same": None,
            "another one": "Which prediction would see a value that has not been drawn yet?",
        },
        why="The network was given the random colours of the canvas, but no prediction sees them. A "
        "prediction sees only its past. When a value is predicted, its whole past has been drawn, "
        "so no random colour is left in it. If a picture depends on the canvas, the network has a "
        "leak, or the sampler draws in the wrong order.",
        gives_away=("the same picture", "64 of 64"),
    ),
    Prediction(
        id="7.q4",
        asks="You give one pixel another colour, and the face is drawn again with the same noise. Which "
        "pixels can come out differently?",
        choices={
            "only this pixel": "Later predictions see the changed pixel, so their distributions change.",
            "this pixel and its neighbours": "These can change first. But other later pixels see them, "
            "so those can change too.",
            "this pixel, and any later one": None,
            "any pixel": "The earlier pixels were drawn without it, from the same noise, so they stay the "
            "same.",
        },
        why="All pixels before it stay the same: they were drawn before it. All later predictions may see "
        "it. Many pixels stay the same all the same: if a distribution changes only a little, the noise "
        "often falls on the piece of the same colour.",
        gives_away=("any later", "every later"),
    ),
]
