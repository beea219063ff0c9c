"""Chapter 7: drawing a picture, one value after another."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="7.q1",
        asks="What comes out if all values are drawn from one run?",
        choices={
            "houses": "No value can fit its neighbours if all are drawn in the same run.",
            "random colours": "That would be so if the network did not look at the canvas. But it does.",
            "nearly all sky": None,
        },
        why="For the network, the canvas is the past of every value. On this canvas, all values of "
        "the past are sky. After sky comes mostly sky, so most pixels are drawn as sky. A few "
        "pixels become sun, roof or ground, because these paints have a small probability too. "
        "But the pixels around them were drawn in the same run, and their predictions saw only "
        "the canvas. So such a pixel does not grow into a sun or a house.",
        gives_away=("nearly all sky", "mostly sky"),
    ),
    Prediction(
        id="7.q2",
        asks="Four pictures are drawn in this way. What do they show?",
        choices={
            "four houses, all different": "The noise decides nothing here: what could make the four "
            "pictures differ?",
            "four times the same house": "How likely is it that a house begins at one given pixel?",
            "only sky": None,
        },
        why="At each pixel, sky is likelier than the first pixel of a sun, of a house or of the ground, "
        "even in column 13, the last in which a sun can begin. So the likeliest level is sky every "
        "time, and a sun, a house or the ground never begins.",
        gives_away=("only sky", "same sky"),
    ),
    Prediction(
        id="7.q3",
        asks="With the same noise but with random values on the canvas, do you get the same picture or "
        "another one?",
        choices={
            "the same": None,
            "another one": "Which prediction would see a value that has not been drawn yet?",
        },
        why="The network was given the random values of the canvas, but the masks hid them. A "
        "prediction sees only its past. When a value is predicted, its whole past has been drawn, "
        "so no random value is left in it. If a picture depends on the canvas, the network has a "
        "leak, or the sampler draws in the wrong order.",
        gives_away=("the same picture", "72 of 72"),
    ),
    Prediction(
        id="7.q4",
        asks="Which values can come out differently if this one is changed?",
        choices={
            "only this value": "Later predictions see the changed value, so their distributions change.",
            "this value, and those later values whose receptive field contains it": "These values "
            "can change first. But other later values see them, so those can change too.",
            "this value, and any later one": None,
            "any value": "The earlier values were drawn without it, from the same noise, so they stay the same.",
        },
        why="All values before the new pixel stay the same. Often there is now a house under the new "
        "pixel: the model takes the pixel for the tip of a roof, and draws the rest of the house.\n\n"
        "The receptive fields of 113 of the 140 later values contain the new pixel. The other 27, in "
        "the three columns at the right edge, see other values that have changed. So they can change "
        "too, and in the pictures 1, 2 and 4 some of them did. In the row above, a prediction also sees "
        "three columns to the right. So a change can move to the left, by at most three columns for each "
        "row down. This pixel is in column 3, so in the next row the change can just reach column 0, the "
        "left edge. So it can reach every later value.\n\n"
        "Some later values stay the same. If a distribution changes only a little, the noise "
        "often falls on the piece of the same level.",
        gives_away=("any later", "every later"),
    ),
]
