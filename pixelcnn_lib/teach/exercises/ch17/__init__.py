"""Chapter 17: what a likelihood does not tell."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="17.q1",
        asks="The model has learnt from photographs, and never from digits. The same digits come in "
        "three ways: doubled, bilinear and noisy. What do they cost, compared with the photographs?",
        choices={
            "more in all three ways": "The model has never seen a digit. But ask how well each value "
            "follows from its neighbours.",
            "less in all three ways": "A digit has much black, which costs little. But what does a little "
            "noise in each value cost?",
            "more in some ways, less in others": None,
        },
        why="The model does not ask whether a picture is a digit. It guesses each value from those "
        "before it. In a doubled or smooth digit most values follow from their neighbours; with "
        "noise in each value, none does.",
        gives_away=("cost *less*", "cheaper", "in some ways"),
    ),
    Prediction(
        id="17.q2",
        asks="The model draws 100 pictures. How many of them are at least as likely as an average flat picture?",
        choices={
            "nearly all": "Then a flat picture would be less likely than what the model draws. Is a picture "
            "without any detail hard to predict?",
            "about half": "Then a flat picture would cost as much as a typical drawing. What would each of "
            "its values cost, if all before it are the same?",
            "five or fewer": None,
        },
        why="At each value, a change of zero may be the likeliest one, but the others together are "
        "likelier. So a picture without any change is likelier than nearly every picture that the "
        "model draws, and still it is rare.",
        gives_away=("rare", "five or fewer", "3 of its"),
    ),
    Prediction(
        id="17.q3",
        asks="We spoil the book's network for faces: in four of five cases it draws noise. Another "
        "network, PixelSNAIL after 1,000 steps, draws 32 % of its faces right. Which one pays fewer "
        "bits for a new face?",
        choices={
            "the spoilt network": None,
            "PixelSNAIL after 1,000 steps": "A face that comes from the spoilt network in one case of "
            "five costs only log2(5) bits more than before.",
            "both about the same": "Compute it: in one case of five the spoilt network is the good one. "
            "What does this factor cost?",
        },
        why="The spoilt network gives each face a fifth of its former probability. This costs log2(5) = "
        "2.3 bits, for the whole face. PixelSNAIL after 1,000 steps pays over 3 bits more than the "
        "good network.",
        gives_away=("2.3 bits", "log_2 5", "fewer bits than"),
    ),
]
