"""Chapter 14: attention, and a GPT on pixels and words."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="14.q1",
        asks="Your GPT pays `d` bits more for a new face than the least possible. Of its drawings, a share "
        "`s` is right. What does `d` tell of `s`, before anything is drawn?",
        choices={
            "nothing": "A network that pays `d` bits too many gives probability to wrong faces. How much can "
            "that be?",
            "`s` is at most 2 to the power of `-d`": "Suppose that all its drawings are right, but that some "
            "faces come too often. What are `d` and `s`?",
            "`s` is at least 2 to the power of `-d`": None,
        },
        why="Divide the probability of each right face by `s`, and give wrong faces none. The result sums to "
        "1, and it pays `-log2(s)` bits less for each face of the program. But it cannot pay less than "
        "the least possible. So `-log2(s)` is at most `d`.\n\nIf all that the network does wrong is to "
        "draw wrong faces, `s` is exactly this bound. Bits that it loses among right faces, because some "
        "come too often, make `d` larger and `s` no smaller.",
    ),
    Prediction(
        id="14.q2",
        asks="And if the words come first: what do the words and the pixels after them cost together, at "
        "least?",
        choices={
            "less than 19.06 bits": "The words say much about the pixels. But they have to be paid too.",
            "19.06 bits": None,
            "more than 19.06 bits": "The words are paid first. What do they save when the pixels are paid?",
        },
        why="By the chain rule, the probability of words and pixels together is the same product in "
        "either order. So the least cost is the same. The words cost bits, and the pixels after them cost "
        "exactly so many bits less.",
        gives_away=("the same least", "7.26"),
    ),
]
