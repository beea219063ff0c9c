"""12.4: which of six numbers, published or made up, can be compared with PixelCNN's 3.14."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def comparable():
    """Judge six numbers: what has to be done before each can be compared with 3.14?"""
    return {
        "a": "as it is",  # the same test images, all levels, in bits
        "b": "other images",  # the held-out ones belong to the training files
        "c": "convert",  # 2.18 nats are 2.18 / ln 2 = 3.15 bits
        "d": "other levels",
        "e": "at most",  # a density after added noise bounds the bits from above
        "f": "other images",
    }


RIGHT = comparable()
WORDS = ("as it is", "convert", "at most", "other images", "other levels")
CLUES = {
    "a": "which of the images, the levels and the unit differ?",
    "b": 'what does "test set" mean in the paper, and what here?',
    "c": "which unit is it in?",
    "d": "how many levels can a value have?",
    "e": "was the model asked for the probability of a level, or for a density?",
    "f": "which pictures were scored?",
}
SAID = {  # what is wrong with a number's verdict
    "a": {
        "convert": "Its unit is bits per dimension already.",
        "at most": "Its distribution is over the same whole levels, so its score is exact.",
        "other images": "Both are taken on CIFAR-10's test images.",
        "other levels": "Both have all 256 levels.",
    },
    "b": {
        "as it is": "It was scored on images from the training files.",
        "convert": "Its unit is bits per dimension already.",
        "at most": "It is exact, for the images that were scored.",
        "other levels": "It has all 256 levels.",
    },
    "c": {
        "as it is": "A nat is not a bit.",
        "at most": "A change of the unit is exact.",
        "other images": "It was taken on the test set.",
        "other levels": "It has all 256 levels.",
    },
    "d": {
        "as it is": "It predicts one level of 32, which is easier than one of 256.",
        "convert": "The bits that were removed were never predicted: no factor brings them back.",
        "at most": "The bits that were removed would cost more: the score would go up, not down.",
        "other images": "The images are the same, only with fewer levels.",
    },
    "e": {
        "as it is": "It is a density, after noise was added to the values.",
        "convert": "Its unit is bits per dimension already.",
        "other images": "It was taken on the same test set.",
        "other levels": "The images have all 256 levels before the noise is added.",
    },
    "f": {
        "as it is": "ImageNet is another set of pictures, and of another size.",
        "convert": "No factor leads from one set of pictures to another.",
        "at most": "A bound on other pictures bounds nothing here.",
        "other levels": "It has all 256 levels.",
    },
}


def verdicts(comparable):
    said = comparable()
    if said is None or said is ...:
        return said
    if not isinstance(said, dict):
        hint = '{"a": …, "b": …} is a dict: a key, a colon, a value.'
        raise Wrong(f"Expected a dict, got {type(said).__name__}.", hint)
    words = {
        str(key).strip().lower(): " ".join(str(one).lower().split()) for key, one in said.items()
    }
    return np.array([words.get(number, "") for number in CLUES])


exercise = Exercise(
    id="12.4",
    title="Is this number comparable?",
    minutes=5,
    difficulty=1,
    solution=comparable,
    hints=(
        "Ask of each: which images, how many levels, which unit, and is it exact?",
        "One is comparable as it is, one after a conversion, and one is only an upper bound.",
        "Two were scored on other images, and one on images with fewer levels.",
    ),
    cases={"the six numbers": ()},
    probe=verdicts,
)


def judged(number):
    """Declare a condition: one of the six numbers is judged right."""

    def condition(answer):
        said = str(answer()[list(CLUES).index(number)])
        if not said:
            keys = f"your dict needs the key {number!r}, and all of {', '.join(CLUES)}."
            return Wrong(f"The dict says nothing about number {number}.", keys)
        if said not in WORDS:
            words = f"choose among {', '.join(WORDS)}."
            return Wrong(f"Number {number}: {said!r} is none of the five verdicts.", words)
        if said != RIGHT[number]:
            return Wrong(f"Number {number}, {said}? {SAID[number][said]}", CLUES[number])

    condition.__name__ = f"number {number}"
    exercise.condition(condition)


for number in CLUES:
    judged(number)


def other(**verdicts):
    """An answer that is right but for some verdicts."""
    return lambda: {**RIGHT, **verdicts}


for number, replies in SAID.items():
    for word, reply in replies.items():
        exercise.caught(reply)(other(**{number: word}))
exercise.all_caught(
    {
        "none of the five verdicts": other(e="a bound"),
        "says nothing about number b": lambda: {"a": "as it is"},
        "Expected a dict": lambda: list(RIGHT.values()),
    }
)
