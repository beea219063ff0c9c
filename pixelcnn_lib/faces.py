"""Faces: small pictures in few colours, drawn by chance, of a known probability.

A face is the outcome of random choices: the hair and its colour, the mouth, perhaps a hat. Parts are
laid over each other, so choices that cannot be seen make no difference: a hat hides the hair. There
are two sets of faces: "plain", of few options, and "all", the whole style.

Design: DiceBear, "Pixel Art", CC0 1.0; details in data/ATTRIBUTION.md.
"""

from functools import cache
from pathlib import Path

import numpy as np

from pixelcnn_lib.arguments import one_of, short, whole_number
from pixelcnn_lib.face_parts import (
    CHANCES,
    CHOICES,
    EYES_END,
    FACE_COLOURS,
    LAYERS,
    OPTIONS,
    SETS,
    SHAPES,
    in_colour,  # noqa: F401 - for those who use this module, like the two below
    lay,
)
from pixelcnn_lib.face_reading import face_bits, read_face  # noqa: F401

ENTROPY = {
    "plain": 19.0586222715,
    "all": 36.4914844845,
}  # bits; counted by book/tools/count_faces.py
LIMITS = Path(__file__).parent / "data" / "limits.npz"  # made by book/tools/field_limits.py
FORMS = ("3", "5", "7", "two stacks")  # of networks whose limits are known; see `limit`

# What can be said of a face, by what is seen. A label is 0 if nothing is said, otherwise the
# place of its word here, counted from 1.
ATTRIBUTES = {
    "hat": ("no", "yes"),
    "glasses": ("no", "yes"),
    "long hair": ("no", "yes"),
    "mood": ("happy", "sad"),
    "hair colour": ("black", "brown", "blonde", "red", "blue", "green"),
    "skin": ("light", "tan", "brown", "dark"),
    "clothes colour": ("blue", "green", "pink", "red", "yellow"),
    "background": ("blue", "purple", "pink", "orange"),
}
ASKED = {  # what a face can be asked for: the attribute, and its word
    "no hat": ("hat", "no"),
    "hat": ("hat", "yes"),
    "no glasses": ("glasses", "no"),
    "glasses": ("glasses", "yes"),
    "short hair": ("long hair", "no"),
    "long hair": ("long hair", "yes"),
    "happy": ("mood", "happy"),
    "sad": ("mood", "sad"),
    "black hair": ("hair colour", "black"),
    "brown hair": ("hair colour", "brown"),
    "blonde hair": ("hair colour", "blonde"),
    "red hair": ("hair colour", "red"),
    "blue hair": ("hair colour", "blue"),
    "green hair": ("hair colour", "green"),
    "light skin": ("skin", "light"),
    "tan skin": ("skin", "tan"),
    "brown skin": ("skin", "brown"),
    "dark skin": ("skin", "dark"),
    "blue clothes": ("clothes colour", "blue"),
    "green clothes": ("clothes colour", "green"),
    "pink clothes": ("clothes colour", "pink"),
    "red clothes": ("clothes colour", "red"),
    "yellow clothes": ("clothes colour", "yellow"),
    "blue background": ("background", "blue"),
    "purple background": ("background", "purple"),
    "pink background": ("background", "pink"),
    "orange background": ("background", "orange"),
}
LABELS = tuple(1 + len(words) for words in ATTRIBUTES.values())  # values of each label
SIZES = dict(levels=len(FACE_COLOURS), colours=1, embed=32)  # of networks that draw faces
_WORDS = {  # for each colour of OPTIONS its word in ATTRIBUTES
    "hair colour": {
        "28150a": "black",
        "603015": "brown",
        "603a14": "brown",
        "611c17": "brown",
        "612616": "brown",
        "83623b": "brown",
        "a78961": "blonde",
        "cab188": "blonde",
        "bd1700": "red",
        "009bbd": "blue",
        "91cb15": "green",
    },
    "skin": {
        "ffdbac": "light",
        "f5cfa0": "light",
        "eac393": "tan",
        "e0b687": "tan",
        "cb9e6e": "brown",
        "b68655": "brown",
        "a26d3d": "dark",
        "8d5524": "dark",
    },
    "clothes colour": {
        "03396c": "blue",
        "428bca": "blue",
        "5bc0de": "blue",
        "00b159": "green",
        "44c585": "green",
        "88d8b0": "green",
        "ff6f69": "pink",
        "d11141": "red",
        "ae0001": "red",
        "ffc425": "yellow",
        "ffd969": "yellow",
        "ffeead": "yellow",
    },
    "background": {
        "b6e3f4": "blue",
        "c0aede": "purple",
        "d1d4f9": "purple",
        "ffd5dc": "pink",
        "ffdfbf": "orange",
    },
}


def faces(n, seed=0, which="plain"):
    """Draw faces.

    n: int, how many faces.
    seed: int; the same seed draws the same faces.
    which: "plain" for faces of few options, "all" for the whole style.
    Returns uint8 (n, 16, 16, 1), the number of each pixel's colour in FACE_COLOURS.
    Raises ValueError for another set, and if n or the seed is not a whole number.
    """
    return face_pictures(face_choices(n, seed, which))


def face_choices(n, seed=0, which="plain"):
    """Draw the choices behind faces, each independent of the others.

    n: int, how many faces.
    seed: int; the same seed draws the same choices.
    which: "plain" for few options, all equally likely, a hat in 10 % of the faces and glasses in
        20 %; "all" for all options, all equally likely, glasses in 20 %, earrings in 10 %, a hat and
        a beard in 5 % each.
    Returns int (n, 17): a column for each name in CHOICES, its values numbers in OPTIONS. The colour
    of a part that is not there is 0.
    Raises ValueError for another set, and if n or the seed is not a whole number.
    """
    n, seed = whole_number("n", n, 0, 10**7), whole_number("seed", seed, 0, 2**32 - 1)
    chances = CHANCES[one_of("which", which, SETS)]
    rng = np.random.default_rng(seed)
    drawn = {name: rng.choice(len(p), n, p=p) for name, p in chances.items()}
    for part in ("earrings", "glasses", "hat"):
        drawn[LAYERS[part]][drawn[part] == 0] = 0
    return np.stack(list(drawn.values()), axis=1)


def face_pictures(choices):
    """Draw the faces of given choices.

    choices: int (n, 17), as `face_choices` returns them.
    Returns uint8 (n, 16, 16, 1), numbers of colours in FACE_COLOURS.
    Raises ValueError for choices of another shape, or a number that OPTIONS does not have.
    """
    choices = check_choices(choices)
    pictures = np.empty((len(choices), 16, 16, 1), np.uint8)
    for start in range(0, len(choices), 1000):  # a few at a time stay in the processor's cache
        some = choices[start : start + 1000]
        pictures[start : start + 1000] = lay(dict(zip(CHOICES, some.T))).reshape(-1, 16, 16, 1)
    return pictures


def check_choices(choices):
    """Return choices as an int array. Raises ValueError unless they are (n, 17) and in range."""
    choices = np.asarray(choices)
    if choices.dtype.kind not in "iu" or choices.shape[1:] != (len(CHOICES),):
        raise ValueError(
            f"choices must be int (n, {len(CHOICES)}); got {choices.dtype} {choices.shape}."
        )
    for name, column in zip(CHOICES, choices.T):
        wrong = column[(column < 0) | (column >= len(OPTIONS[name]))]
        if wrong.size:
            raise ValueError(
                f"{name} must be from 0 to {len(OPTIONS[name]) - 1}; got {wrong[0]}: see OPTIONS."
            )
    return choices


def ask(words):
    """Turn words into the labels of the faces that are asked for.

    words: str, such as "sad, glasses, red hair". A word is one of ATTRIBUTES, with the attribute's
        last word after it if it is a colour or the like: "no hat", "long hair", "short hair",
        "dark skin", "blue clothes", "pink background".
    Returns int (L,), a label for each attribute; 0 for those that are not asked for.
    Raises ValueError for other words, and for two words of one attribute.
    """
    labels = np.zeros(len(ATTRIBUTES), int)
    for word in str(words).split(","):
        word = " ".join(word.lower().split())
        if word not in ASKED:
            raise ValueError(f"A face can be {', '.join(ASKED)}; got {short(word)}.")
        attribute, value = ASKED[word]
        number = list(ATTRIBUTES).index(attribute)
        if labels[number]:
            raise ValueError(f"A face has one {attribute}; got {short(words)}.")
        labels[number] = 1 + ATTRIBUTES[attribute].index(value)
    return labels


def attributes(choices):
    """Say in words, as labels, what the faces of given choices look like.

    Only what is seen is said. Hair is long if it reaches below the eyes. The colour of hair is left
    unsaid where a hat hides all of it.

    choices: int (n, 17), as `face_choices` returns them.
    Returns a dict, name in ATTRIBUTES: int (n,). 0 says nothing, k is the word ATTRIBUTES[name][k - 1].
    Raises ValueError for choices that `face_pictures` cannot draw.
    """
    chosen = dict(zip(CHOICES, check_choices(choices).T))
    long = SHAPES["hair"][:, 16 * EYES_END :].any(axis=1)
    sad = np.array([name.startswith("sad") for name in OPTIONS["mouth"]])
    labels = {
        "hat": 1 + (chosen["hat"] > 0),
        "glasses": 1 + (chosen["glasses"] > 0),
        "long hair": 1 + long[chosen["hair"]],
        "mood": 1 + sad[chosen["mouth"]],
    }
    for name, words in _WORDS.items():
        label = [1 + ATTRIBUTES[name].index(words[colour]) for colour in OPTIONS[name]]
        labels[name] = np.array(label)[chosen[name]]
    hair_seen = (SHAPES["hair"][:, None] & ~SHAPES["hat"]).any(axis=2)  # (hairs, hats)
    labels["hair colour"] *= hair_seen[chosen["hair"], chosen["hat"]]
    return labels


def faces_entropy(which="plain"):
    """Return the exact entropy of a set of faces: of pictures, not of the choices behind them.

    which: "plain" or "all". Returns a float, in bits per face. Raises ValueError for another set.
    """
    return ENTROPY[one_of("which", which, SETS)]


def floor():
    """Return what each pixel of a plain face costs at least, on average: exact, with no error.

    This is its entropy, given all earlier pixels. The sum is `faces_entropy()`.
    Returns float (16, 16), in bits.
    """
    return limit(None, stacks=2)


def limit(blocks, first=7, stacks=1):
    """Return what each pixel of a plain face costs at least if a network does not see all of them.

    This is its entropy, given the earlier pixels in the network's receptive field. It is exact. The
    sum over the pixels is the least number of bits that a face costs, on average.

    blocks: int, the number of blocks after the first layer, each with one masked convolution of 3x3;
        None for so many that only the blind spot is not seen.
    first: int, 3, 5 or 7: the first layer is a masked convolution of first x first.
    stacks: int, 1 for PixelCNN, 2 for Gated PixelCNN, which has no blind spot; its first is 7.
    Returns float (16, 16), in bits. Raises ValueError for a network of another form.
    """
    known = first in (3, 5, 7) if stacks == 1 else stacks == 2 and first == 7
    if not known:
        raise ValueError(
            "The limit is known for a first layer of 3x3, 5x5 or 7x7 with one stack, and of 7x7 "
            f"with two; got first={short(first)}, stacks={short(stacks)}."
        )
    tables = limits()["two stacks" if stacks == 2 else str(int(first))]
    blocks = 1000 if blocks is None else whole_number("blocks", blocks, 0, 1000)
    return tables[min(blocks, len(tables) - 1)].copy()


@cache
def limits():
    """Return the tables of all limits: a dict, name of FORMS: float (blocks, 16, 16), in bits."""
    with np.load(LIMITS) as arrays:
        return {form: arrays[form] for form in FORMS}
