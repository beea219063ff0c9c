"""Chapter 9: drawing a picture, one value after another."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch09 import at_temperature, draw, sample_naive

ASKED = [
    draw.exercise,
    sample_naive.exercise,
    Prediction(
        id="9.q1",
        right="nearly all sky",
        why="The network treats the canvas as the past, and after sky comes mostly sky. Some pixels "
        "get another paint, but their neighbours do not see them: a value must be on the canvas "
        "before the next one is predicted.",
        replies={
            "houses": "No value can fit its neighbours if all are drawn in the same pass.",
            "noise": "That would be so if the network did not look at the canvas. But it does.",
        },
    ),
    Prediction(
        id="9.q2",
        right="only sky",
        why="At each pixel, sky is likelier than the first pixel of a sun or of a house. So the "
        "likeliest level is sky every time, and a sun or a house never begins.",
        replies={
            "four houses": "The noise decides nothing here: what could make the four pictures differ?",
            "one house": "How likely is it that a house begins at one given pixel?",
        },
    ),
    at_temperature.exercise,
    Prediction(
        id="9.q3",
        right="same",
        why="A prediction sees only finished values. The values that stood on the canvas at the start "
        "are replaced before any prediction depends on them.",
        replies={"other": "Which prediction would see a value that has not been drawn yet?"},
    ),
    Prediction(
        id="9.q4",
        right="later",
        why="A changed value changes those that see it, and these change others in turn. No value "
        "before it sees it, not even through others.",
        replies={
            "one": "Later predictions see the changed value, so their distributions change.",
            "near": "That is where it begins. But values that changed are seen by others in turn.",
            "all": "The values before it were decided without it, by the same noise.",
        },
    ),
]
