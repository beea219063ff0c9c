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
            "about as many": "That would be right after a training without end. Both then come to 19.06 bits.",
            "more bits": None,
        },
        why="The names of chapter 1 told the network that there are only 64 colours. This network must learn "
        "it: of the 32,768 triples that it could draw, all but 64 never occur.",
        gives_away=("more bits", "pays more"),
    ),
    Prediction(
        id="4.q3",
        asks="Which of the two orders leaks?",
        choices={
            "(3, 256)": "The mask itself has three blocks of 256 features.",
            "(256, 3)": None,
            "both": "Read in the mask's order, the features of red have not seen red.",
            "neither": "The shape is right in both cases, but it does not tell what a feature has seen.",
        },
        why="The mask assigns the features in groups: features 0 to 255 belong to red, the next 256 to "
        "green, the last 256 to blue. Someone who reads (256, 3) gives every third feature to red: 0, 3, "
        "6 and so on. Two thirds of these come from the groups of green and blue. Green's features have "
        "seen red, and blue's have seen red and green.",
        gives_away=("(256, 3) leaks", "right cut"),
    ),
]
