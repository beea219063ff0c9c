"""Chapter 16: files that shrink, and why both sides must compute the same numbers."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="16.q1",
        asks="You change one bit of the three bytes. What do you get?",
        choices={
            "the same face with one wrong pixel": "Then each bit would stand for a pixel. But there are 256 "
            "pixels, and only 24 bits.",
            "nothing: the file is broken": "The file also has checksums, which would notice. But we look at "
            "the three bytes only, and nearly all numbers mean a picture.",
            "another face or the same one, nearly always a right one": None,
        },
        why="Every number in [0, 1) is a choice of colours, pixel by pixel. The model gives nearly all its "
        "probability to right faces, so nearly every number means one.",
        gives_away=("another face", "is a face", "a right one"),
    ),
    Prediction(
        id="16.q2",
        asks="The two sides have the same network, and differ by at most 0.000001 in each probability. What "
        "does the reader of the file get?",
        choices={
            "the four faces, with a few wrong pixels": "After the first wrong pixel, the network gets another "
            "past, and the rest of the number means something else.",
            "noise": "The rest of the number is noise for the reader, but a sampler turns noise into pictures.",
            "four faces without a mistake, but not these": None,
        },
        why="At first the intervals of the two sides nearly agree, and the pixels are right. Each value makes "
        "the interval smaller, so a difference of 0.000001 becomes larger compared with it. From some "
        "pixel on, the number is in another piece. Then the reader draws from the rest of the number, as "
        "a sampler draws from noise.",
        gives_away=("not these", "other faces"),
    ),
    Prediction(
        id="16.q3",
        asks="In the reader's network, one of 138,052 weights is larger by 1/4096: its last bit differs. "
        "Nobody checks the checksum, and the change matters. What does the reader get?",
        choices={
            "the crop, with differences too small to see": "The values are coded one after another. A value "
            "that is read wrongly is the past of all later ones.",
            "the crop up to some pixel; then the reader makes up a picture, or stops": None,
            "noise": "The rest of the file is noise for the reader. But what does a sampler make of noise?",
        },
        why="At first the intervals differ little, and the values are right. The first wrong value is the past "
        "of all later ones. The rest of the file is then noise for the reader, and its network draws from it, "
        "until a number belongs to no value.",
        gives_away=("makes up", "reader stops"),
    ),
]
