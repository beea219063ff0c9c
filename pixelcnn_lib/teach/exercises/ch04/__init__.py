"""Chapter 4: three values for each pixel, and the whole network."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="4.q1",
        asks="Your network learns the faces of chapter 1, but as red, green and blue. It takes the same "
        "number of steps with the same number of faces. Chapter 1's network paid 24.7 bits for a new face. "
        "What will yours pay?",
        choices={
            "fewer bits": "The pictures carry the same information, so the least possible is the same, "
            "19.06 bits. And there is more to learn.",
            "about as many": "That could be right after a much longer training. But after 1,000 steps it also "
            "counts how much there is to learn.",
            "more bits": None,
        },
        why="The names of chapter 1 told the network that there are only 64 colours. This network can draw "
        "32,768 triples, and must learn from the faces which of them are colours. It also has three values "
        "of each pixel to learn. (The two networks differ in size too, so not all of the difference is the "
        "price of the colours.)",
        gives_away=("more bits", "pays more"),
    )
]
