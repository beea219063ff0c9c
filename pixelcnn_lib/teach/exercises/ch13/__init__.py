"""Chapter 13: PixelCNN++, its mixture for each pixel, and maps that shrink and grow."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="13.q1",
        asks="Each component has one red curve and one green curve, and both stay where they are. The red of "
        "a pixel is now known. Does the distribution of its green depend on this red?",
        choices={
            "no: the green curves stay where they are": "Which component made this pixel? Does red say nothing "
            "about that?",
            "yes: the weights of the components change": None,
            "yes: the green curves move towards the level of red": "The green curves stay at the levels 128 and "
            "90. What else can change?",
        },
        why="Red tells which component is likely: after a red of 210, this is the petal. Then the green curve of "
        "the petal counts for almost everything. The curves stay where they are, and only their weights change.",
        gives_away=("weights change", "weights of the components"),
    ),
    Prediction(
        id="13.q2",
        asks="With `LateShrink`, a small pixel reads all four pixels that it stands for. Later, it grows into four "
        "pixels again. Which of these four are predicted without a leak?",
        choices={
            "all four": "The first of the four gets features that know the second. May it see the second?",
            "only the first, at the upper left": "The first of the four comes first, so it may know the least. "
            "Which of the four comes last?",
            "only the last, at the lower right": None,
            "none": "The small pixel reads the features of the four pixels. What do the features of the last "
            "one know? Is that too much for the last one itself?",
        },
        why="A small pixel now knows what the last of the four pixels knows: everything before this last "
        "pixel, the three others included. For the last pixel, all of that is past. The three others see themselves, "
        "and the two upper ones even see pixels to their right.",
        gives_away=("only the last",),
    ),
    Prediction(
        id="13.q3",
        asks="Two networks learn the same pictures, one with dropout and one without. Each sees each picture 100 "
        "times. What does the network without dropout pay, compared with the other one?",
        choices={
            "less on both": "The training pictures can be learnt by heart. Does that help on other pictures?",
            "more on both": "Nothing keeps a network without dropout from learning its pictures by heart. What do "
            "these pictures cost then?",
            "less on the training pictures, more on new ones": None,
            "more on the training pictures, less on new ones": "Dropout disturbs the training. So which "
            "network fits its training pictures better?",
        },
        why="Without dropout, the network learns the pictures by heart. On new pictures it is then often sure of "
        "a wrong level, and that costs many bits. With dropout, the network cannot rely on any single feature, "
        "so learning by heart is harder.",
        gives_away=("by heart",),
    ),
]
