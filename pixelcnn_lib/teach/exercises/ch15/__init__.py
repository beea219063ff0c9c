"""Chapter 15: the members of the family compared."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = [
    Prediction(
        id="15.q1",
        asks="At its best rate, 0.008, PixelCNN pays 28.2 bits for a validation face. What does it pay "
        "at 0.001, an eighth of that, after as many steps?",
        choices={
            "about 28 bits": "Adam makes each step about as long as the rate says. At 0.001, as many steps "
            "lead only an eighth as far.",
            "about 35 bits": "The loss of a short training is still worse: look at the list.",
            "about 65 bits": None,
        },
        why="At 0.001, as many steps lead only an eighth as far. PixelCNN has not learnt enough when the "
        "rate has fallen to zero.",
        gives_away=("65 bits", "65.7"),
    ),
    Prediction(
        id="15.q2",
        asks="The blind spot costs a perfect network 1.1 bits for a face. In equal time, what do two "
        "stacks pay, compared with PixelCNN? (Both have ReLUs.)",
        choices={
            "about as many bits": "Other things change too: there are fewer layers, and a step takes less time.",
            "about 1 bit less": "That would be the blind spot only. But there are also fewer layers, and a "
            "step takes less time.",
            "over 2 bits less": None,
        },
        why="More changes than the blind spot: the network has fewer layers, and in 90 seconds it takes "
        "1,600 steps in place of PixelCNN's 1,080.",
        gives_away=("stacks win", "3.6"),
    ),
    Prediction(
        id="15.q3",
        asks="Two stacks once more, with gates in place of the ReLUs. In equal time, what do they pay, "
        "compared with two stacks without gates?",
        choices={
            "over 2 bits less": "Gates can choose what passes. But what do they cost in features and in time?",
            "about as many bits": "That would be so if gates cost nothing. But each convolution has to make "
            "twice as many features.",
            "over 2 bits more": None,
        },
        why="A gate multiplies two halves of the features, so each convolution makes twice as many. At equal "
        "size, the network is narrower, and in 90 seconds it takes 1,300 steps in place of 1,600. The contest "
        "cannot tell whether this is the cause.",
        gives_away=("gates lose", "gates cost", "5.7"),
    ),
    Prediction(
        id="15.q4",
        asks="In 90 seconds, the transformer paid 30.4 bits. What does it pay after 1,000 steps?",
        choices={
            "about 29 bits": "The means of two stacks and of PixelCNN are there. It learns more from a step.",
            "about 26 bits": "After 90 seconds, it has taken 584 steps, and still has much to learn.",
            "about 21 bits": None,
        },
        why="Each of its steps is slow, but it learns more from a step than the others. After 584 steps it was "
        "not done: its five seeds lay between 26 and 33 bits.",
        gives_away=("20.8", "20.76", "21 bits"),
    ),
    Prediction(
        id="15.q5",
        asks="In 90 seconds, two stacks led on faces. Who leads on photographs?",
        choices={
            "two stacks, by about as much as on faces": "Their steps are fast here, too. But a photograph "
            "asks for other things than a face.",
            "PixelCNN++": None,
            "the transformer": "On faces, it needed more than 90 seconds. On photographs, too.",
        },
        why="PixelCNN++ pays 3.71 bits per dimension, and two stacks 4.03, no less than PixelCNN. So the order "
        "of one field is not that of another.",
        gives_away=("PixelCNN++ is ahead", "3.71"),
    ),
    Prediction(
        id="15.q6",
        asks="On faces, the transformer was far ahead after 1,000 steps. Who is ahead on photographs, after as "
        "many steps?",
        choices={
            "the transformer, too": "On faces, it learnt most from a step. On photographs, three others learn more.",
            "PixelCNN++": None,
            "two stacks": "They took more than 1,000 steps in 90 seconds, so now they have fewer.",
        },
        why="PixelCNN++ has the lowest mean again, though its lead has shrunk. The transformer comes only "
        "fourth.",
        gives_away=("PixelCNN++ has the lowest", "3.78"),
    ),
    Prediction(
        id="15.q7",
        asks="After 10,000 steps PixelCNN++ pays 0.08 bits less than PixelCNN. Where is it after 44,000 "
        "steps?",
        choices={
            "further ahead": "That would be so if PixelCNN++ learnt more from each step until the end. In the "
            "next chart, look at the distance between the two curves.",
            "still ahead by about 0.08 bits": "Look at the next chart: at the end, PixelCNN falls faster than "
            "PixelCNN++.",
            "less than 0.02 bits ahead": None,
        },
        why="PixelCNN++ is ahead for a long time, and then PixelCNN catches up.",
        gives_away=("so neither network", "as few bits", "3.042"),
    ),
]
