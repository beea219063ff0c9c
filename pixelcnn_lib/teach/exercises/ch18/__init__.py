"""Chapter 18: what came after PixelCNN."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="18.q1",
        asks="PixelCNN pays about 27 bits for a face, in 256 passes. What does the network pay that draws "
        "from coarse to fine, in 5 passes?",
        choices={
            "about 10 bits less": "Every pixel sees the whole coarser picture. But no pixel sees the others "
            "of its own group.",
            "about as many": "Then the independence inside a group would cost nothing.",
            "at least 10 bits more": None,
        },
        why="The pass of 48 pixels costs most: there eyes, mouth and shirt appear for the first time. The "
        "pixels of such a part belong together, but each of them has to guess, as if it were alone.",
        gives_away=("10 bits more", "costs more than"),
    ),
    Prediction(
        id="18.q2",
        asks="In one single pass, all 256 pixels are drawn at once. What do the pictures look like?",
        choices={
            "a blurred mean of many faces": "A mean of colours would be blurred. But here each pixel draws "
            "one colour, as its name.",
            "faces with wrong details": "Then the pixels would have to agree on one face. But they are drawn "
            "independently.",
            "confetti: the pixels do not fit together": None,
        },
        why="In one pass nothing is known: no pixel knows which hair or which background the others have "
        "drawn. Even a perfect network would draw confetti, of the colours that are frequent at each place.",
        gives_away=("confetti",),
    ),
    Prediction(
        id="18.q3",
        asks="The entropy of the faces is 19.06 bits. Can a network pay less than that for the codes of a face?",
        choices={
            "no, no network can pay less": "This is true for the face. But the codes are not the face: two "
            "faces can have the same codes.",
            "yes, if two different faces get the same codes": None,
            "yes, because it needs fewer passes": "The number of passes does not matter here. Chapter 5: "
            "what is the entropy of something that is computed from a face?",
        },
        why="The codes are computed from the face. So their entropy is at most 19.06 bits, and it is smaller if "
        "two different faces get the same codes. The next cell counts: few do. Such bits cannot be compared "
        "with the bits of a face: the codes give back another picture.",
        gives_away=("get the same codes", "have the same codes"),
    ),
]
