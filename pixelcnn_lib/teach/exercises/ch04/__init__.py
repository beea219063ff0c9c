"""Chapter 4: from layers to a model whose probabilities sum to one."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
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
        "seen red, and blue's have seen red and green. The maps below show this. `find_leak` gives the "
        "target first, then the source: at row 0, column 0, red sees itself.",
        gives_away=("(256, 3) leaks", "right cut"),
    ),
    Prediction(
        id="4.q4",
        asks="Does p still sum to one? Does the sampler draw pictures with the probability p?",
        choices={
            "yes and yes": "The sampler draws red first, but this model predicts red from green and blue.",
            "yes and no": None,
            "no and no": "The sum is right: the chain rule holds in any order.",
        },
        why="The sum is right, and the drawing is wrong. Blue, green, red is an order like any other, so the "
        "chain rule holds and p sums to one. But the sampler draws red first, while green and blue are "
        "still zeros. The model takes these zeros for the real colours. So the sampler draws pictures "
        "with other probabilities than p. The leak detective names the fault: in the first pixel, red "
        "sees green.",
        gives_away=("yes and no", "other probabilities"),
    ),
]
