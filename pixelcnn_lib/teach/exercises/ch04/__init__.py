"""Chapter 4: three values for each pixel, and the whole network."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="4.q1",
        asks="Somebody swaps the rows and the columns of the colour rule, so that the ones above the "
        "diagonal now lie below it. What does green now see of the present pixel?",
        choices={
            "nothing": "There are still ones, below the diagonal: they lead from later colours to earlier ones.",
            "its red and its blue": "The entry from red to green is now 0.",
            "its blue and not its red": None,
        },
        why="The blue of the present pixel comes later, so this is a leak. And green misses the red of the "
        "present pixel, which it may use. The other pixels are seen as before.",
    ),
    Prediction(
        id="4.q2",
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
    ),
    Prediction(
        id="4.q3",
        asks="In this other head, what does the prediction of red see of its own pixel?",
        choices={
            "nothing: the mask holds": "The mask holds for the features. But red's logits are now made of "
            "other features.",
            "only its red": "It comes with the features of green, which now make some of red's logits. But "
            "features of blue make others, and these have seen green too.",
            "its red and its green": None,
            "its red, its green and its blue": "No feature of the head has seen the blue of its own pixel.",
        },
        why="The mask assigns the features in groups: the first third belongs to red, the second to green, the "
        "last to blue. The other head gives every third feature to red: 0, 3, 6 and so on. Two thirds of "
        "these come from the groups of green and blue. Green's features have seen red, and blue's have seen "
        "red and green. Both are leaks.",
        gives_away=("red and green", "red and its green", "see red"),
    ),
]
