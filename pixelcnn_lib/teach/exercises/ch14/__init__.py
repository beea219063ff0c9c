"""Chapter 14: attention, with which each pixel looks at all earlier ones."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="14.q1",
        asks="The network has one layer of attention, with `near=3`. Which pixels of its past does a "
        "target in the last row see?",
        choices={
            "those at most 3 rows and 3 columns away": "`near` does not hide anything. Offsets "
            "beyond 3 only share a bias.",
            "only the pixels with the largest scores": "The softmax gives a weight above 0 to each "
            "pixel, except those with the score −∞.",
            "a triangle above it": "That is what a Row LSTM sees. Attention does not go from row to row.",
            "all of them": None,
        },
        why="The softmax gives each earlier pixel a weight above 0, near or far. So each of them has "
        "some influence on the target, in a single layer.",
        gives_away=("sees the whole past", "nothing is missed"),
    ),
    Prediction(
        id="14.q2",
        asks="Which of the four layers leak?",
        choices={
            "none": "One of them lets a pixel look at a key and a value that have read this pixel.",
            "only the one with the wrong mask and `own=True`": None,
            "both with the wrong mask": "If keys and values read only features, what do the key "
            "and the value of the target know? The features come from a layer with mask A.",
            "both with `own=True`": "With the right mask, only later pixels read this key and this value.",
        },
        why="A leak needs two things together: the mask lets a pixel look at itself, and its key or value "
        "has read the pixel. If only one of the two is true, nothing leaks.",
        gives_away=("look at itself", "sees itself"),
    ),
]
