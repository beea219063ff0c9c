"""Chapter 12: recurrent networks, which remember the whole past."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="12.q1",
        asks="The network has one Row LSTM layer. Which pixels of its past does a target see?",
        choices={
            "all of them": "From the row above, a pixel reads three hidden states, not those of the whole row.",
            "only those straight above": "A pixel also reads the hidden states above to the left and above "
            "to the right.",
            "a triangle above it": None,
            "only the three nearest rows": "A memory can keep something for any number of rows.",
        },
        why="A pixel reads three hidden states of the row above. Each of these three pixels has read three "
        "hidden states of the row above it, and so on. So with each row upwards, the target sees one column "
        "more on the left and one more on the right. The triangle reaches to the top of the picture. The "
        "target does not see the pixels beside the triangle. Those at the upper right are the blind spot of "
        "chapter 11.",
        gives_away=("triangle", "blind spot"),
    ),
    Prediction(
        id="12.q2",
        asks="Compare the best possible Row LSTM with the best possible network that sees the whole "
        "past. How many more bits does the Row LSTM pay for a picture?",
        choices={
            "0": "At the first pixel of the jumper, the kite is outside the triangle.",
            "1": "The Row LSTM has to guess a colour. There are four colours, not two.",
            "2": None,
            "6": "Seen whole, a picture costs only 6 bits. Most of what a target needs is inside the triangle.",
        },
        why="When the Row LSTM predicts the first pixel of the jumper, it does not see the kite. So it has "
        "to guess one of four colours, and that costs log2(4) = 2 bits. For all other pixels, it sees what "
        "it needs.",
        gives_away=("2 bits", "bits are lost", "blind spot"),
    ),
    Prediction(
        id="12.q3",
        asks="In NoMove, what does a pixel see that it must not see?",
        choices={
            "nothing": "The right LSTM comes from the right. Which pixels of the row has it read before it "
            "comes to the present pixel?",
            "itself and pixels to its right": None,
            "the rows below": "Both LSTMs go from the top to the bottom.",
        },
        why="The right LSTM comes from the right. When it comes to the present pixel, it has read the "
        "features of all pixels to the right. The features of a pixel know the pixels before it. So the "
        "features of the pixel just to the right know the present pixel, and features farther to the right "
        "know more. (No features of this row know the last pixel of the row, so this pixel does not leak.) "
        "If the states of the right LSTM are moved down by one row, all these pixels lie in a finished row.",
        gives_away=("sees itself", "to its right"),
    ),
    Prediction(
        id="12.q4",
        asks="Which of our three networks needs the fewest nats for a validation digit, and how many fewer "
        "than PixelCNN?",
        choices={
            "PixelCNN itself": "It has the most layers. But it does not see what lies in its blind spot or "
            "more than 18 pixels away.",
            "the Row LSTM, by 1 to 10": "It sees up to the first row. But it has PixelCNN's blind spot.",
            "the Diagonal BiLSTM, by 1 to 10": None,
            "the Diagonal BiLSTM, by over 20": "The difference is smaller.",
        },
        why="The Diagonal BiLSTM sees the whole past, except one pixel, so it can use all of a digit. "
        "PixelCNN sees at most 18 pixels far, and it has a blind spot, as the Row LSTM has. Whether the far "
        "pixels are the cause of the difference is not shown: the networks differ in other ways too.",
        gives_away=("nats less", "is ahead"),
    ),
]
