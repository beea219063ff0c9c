"""Chapter 4: three values for each pixel, and the whole network."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="4.q1",
        asks="A network that was trained on other photographs predicts the pixel in the red ring. For red, 50 "
        "levels have 90 % of the probability. For green, 55 levels have it if the network does not know the "
        "red. How many have it once the red is known?",
        choices={
            "still about 55": "Then the three values could be predicted at the same time, without the chain rule.",
            "about 35": "You were right that it becomes narrower. Red tells even more.",
            "about 17": None,
            "1 or 2": "Then red would nearly decide green, and all photographs would be in shades of one colour.",
        },
        why="Light and shadow change all three channels together. So a red that is brighter than expected tells "
        "that green is probably brighter, too. The true green costs 5.2 bits if red is not known, and 3.6 bits "
        "if it is. (It is the same network in both cases, at this one pixel.)",
        gives_away=("about 17", "17 levels"),
    ),
    Prediction(
        id="4.q2",
        asks="On the faces of chapter 1, a PixelCNN of six blocks with an embedding pays 26.7 bits for a new "
        "face after 1,000 steps. The same network, trained in the same way, reads the number of each palette "
        "entry instead, scaled to the range from -1 to 1. What does it pay?",
        choices={
            "about 20 bits": "The least possible is 19.06 bits, and 1,000 steps are a short training. A worse "
            "input does not bring a network closer to it.",
            "about 27 bits, as before": "The numbers hold the same information as the names. But the network must "
            "first learn to tell 64 names apart by the size of one number.",
            "about 40 bits": "It becomes worse, but by much more than this.",
            "about 230 bits": None,
        },
        why="From numbers, the network draws faces under confetti. As a number, entry 12 lies between the "
        "entries 11 and 13. But the number of an entry is only a name, as the number of a word is in a "
        "vocabulary. With an embedding, no entry lies between two others, unless the network learns that it "
        "does. The level of a channel is an amount: there, 12 does lie between 11 and 13.",
        gives_away=("230 bits", "229.9", "confetti"),
    ),
]
