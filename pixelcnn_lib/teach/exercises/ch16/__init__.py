"""Chapter 16: files that shrink, and why both sides must compute the same numbers."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="16.q1",
        asks="You change one bit of the three bytes. What do you mostly get?",
        choices={
            "the same face with one wrong pixel": "Then each bit would stand for a pixel. But there are 256 "
            "pixels, and only 24 bits.",
            "a picture that is no face": "Nearly all numbers mean a picture. But to which pictures does the "
            "model give its probability?",
            "a face without a mistake": None,
        },
        why="Every number in [0, 1) is a choice of colours, pixel by pixel. The model gives nearly all its "
        "probability to right faces, so most numbers mean one.",
        gives_away=("another face", "is a face", "a right one", "without a mistake"),
    ),
    Prediction(
        id="16.q2",
        asks="Both sides have the same network and the same file. What does the reader of the file get?",
        choices={
            "the four faces": "For that, every piece must hold the number on both sides. But rounding changes "
            "the pieces by up to 0.000001, and the intervals get narrower than this.",
            "the four faces, with a few wrong pixels": "After the first wrong pixel, the network gets another "
            "past, and the rest of the number means something else.",
            "four other faces": None,
            "noise": "The rest of the number is noise for the reader, but a sampler turns noise into pictures.",
        },
        why="The probabilities of both sides differ by less than 0.000001, or 2^-20. After about 20 bits of the file, the interval is as narrow as this difference, "
        "and soon the number is in another piece. From there on, the reader draws as a sampler draws "
        "from noise.",
        gives_away=("four other", "other faces", "another one"),
    ),
    Prediction(
        id="16.q3",
        asks="The sign of one of the 173,439 weights is wrong, and nobody looks at the checksum. How many of "
        "60 such readers still get the written face?",
        choices={
            "nearly none": "One weight moves most edges of the pieces only a little, and most pixels are "
            "nearly sure: one piece is nearly the whole stick.",
            "about a quarter": None,
            "nearly all": "For that, the number must stay in its piece at all 256 pixels. Where the face has a "
            "choice, such as that of the mouth, several pieces are wide.",
        },
        why="The edges of the pieces move a little. Where the network is nearly sure of a colour, the number "
        "stays in its piece. Where the face has a choice, several pieces are wide, and the number can be in "
        "another one. Then the rest of the number gives another face.",
        gives_away=("a quarter",),
    ),
]
