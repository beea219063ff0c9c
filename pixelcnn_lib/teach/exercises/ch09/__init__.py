"""Chapter 9: drawing a picture, slowly and then fast."""

from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.exercises.ch09 import cached_row, draw, sample_naive

ASKED = [
    draw.exercise,
    sample_naive.exercise,
    Prediction(
        id="9.q1",
        right="black",
        why="The network takes the canvas for the past, and what follows on black is black. Each "
        "value has to be on the canvas before the next is asked for.",
        replies={
            "a picture": "No value can fit its neighbours if all are drawn in the same pass.",
            "noise": "It would be so if the network did not look at the canvas. But it does.",
        },
    ),
    Prediction(
        id="9.q2",
        right="fewer",
        why="Each step takes the level that costs the fewest bits. The picture is cheap, and looks "
        "like no photograph: likely is not the same as typical.",
        replies={"more": "What costs few bits at each step?"},
    ),
    Prediction(
        id="9.q3",
        right="same",
        why="A prediction sees only finished values. What the canvas held before is drawn over "
        "before anything looks at it.",
        replies={"other": "Which prediction would see a value that has not been drawn yet?"},
    ),
    Prediction(
        id="9.q4",
        right="later",
        why="A changed value moves those that see it, and these move others. Nothing before it "
        "sees it, not even by way of others.",
        replies={
            "one": "Later predictions see the changed value, so their distributions change.",
            "near": "That is where it begins. But values that moved are seen by others in turn.",
            "all": "The values before it were decided without it, by the same noise.",
        },
    ),
    Prediction(
        id="9.q5",
        right=32 * 32 * 3,
        why="One run for each value: 32 x 32 pixels of three colours. A pixel's colours cannot share "
        "a run, as green must see the red that was drawn. One run is enough only to score a picture.",
    ),
    cached_row.exercise,
]
