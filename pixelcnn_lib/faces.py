"""Faces: small pictures in few colours, drawn by chance, of a known probability.

A face is the outcome of random choices: the hair and its colour, the mouth, perhaps a hat. Parts are
laid over each other, so choices that cannot be seen make no difference: a hat hides the hair. There
are two sets of faces: "plain", of few options, and "all", the whole style.

Design: DiceBear, "Pixel Art", CC0 1.0; details in data/ATTRIBUTION.md.
"""

from pathlib import Path

import numpy as np

from pixelcnn_lib.arguments import one_of, short, whole_number

SETS = ("plain", "all")
# The layers of a face, from the bottom: the part, and the choice that colours it. Background and
# skin come in one shape.
LAYERS = {
    "background": "background",
    "skin": "skin",
    "earrings": "earring colour",
    "clothes": "clothes colour",
    "eyes": "eye colour",
    "glasses": "glasses colour",
    "beard": "hair colour",
    "mouth": "mouth colour",
    "hair": "hair colour",
    "hat": "hat colour",
}
EYES_END = 8  # the first row below the eyes
CHOICES = tuple(dict.fromkeys(name for layer in LAYERS.items() for name in layer))

with np.load(Path(__file__).parent / "data" / "faces.npz") as _arrays:
    OPTIONS = {name: tuple(_arrays[f"options {name}"].tolist()) for name in CHOICES}
    CHANCES = {which: {name: _arrays[f"{which} {name}"] for name in CHOICES} for which in SETS}
    # 64 colours change 0.9 % of the pixels of plain faces, 4.6 % of all; 48: 2 and 9; 32: 4 and 19
    FACE_COLOURS = _arrays["palette"]
    _NEAREST = _arrays["nearest"]  # for each of 1065 exact colours its number in FACE_COLOURS
    _OVER = _arrays[
        "over"
    ]  # [paint, exact colour below]: the exact colour seen; paint 0 is nothing
    _PAINTS = {part: _arrays[f"picture {part}"] for part in LAYERS}  # [option, colour, row, column]
_SHAPES = {part: paints[:, 0] > 0 for part, paints in _PAINTS.items()}  # bool, without the colour

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
ASKED = {  # what a face can be asked for: the number of the attribute, and its label
    word.replace("no long", "short").removeprefix("yes "): (number, label)
    for number, (name, words) in enumerate(ATTRIBUTES.items())
    for label, one in enumerate(words, 1)
    for word in [one if name == "mood" else f"{one} {name}".removesuffix(" colour")]
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
        chosen = dict(zip(CHOICES, choices[start : start + 1000].T))
        seen = np.zeros((1, 16, 16), np.uint16)
        for part, colour in LAYERS.items():
            option = 0 if part == colour else chosen[part]
            seen = _OVER[_PAINTS[part][option, chosen[colour]], seen]
        pictures[start : start + 1000, ..., 0] = _NEAREST[seen]
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
        attribute, label = ASKED[word]
        if labels[attribute]:
            raise ValueError(f"A face has one {list(ATTRIBUTES)[attribute]}; got {short(words)}.")
        labels[attribute] = label
    return labels


def in_colour(images):
    """Return faces in red, green and blue.

    images: uint8 (..., 1), numbers of colours in FACE_COLOURS, such as (n, 16, 16, 1).
    Returns uint8 (..., 3). Raises ValueError for other arrays and for numbers of no colour.
    """
    images = np.asarray(images)
    if images.dtype.kind not in "iu" or images.shape[-1:] != (1,):
        raise ValueError(f"images must be int (n, 16, 16, 1); got {images.dtype} {images.shape}.")
    wrong = images[(images < 0) | (images >= len(FACE_COLOURS))]
    if wrong.size:
        raise ValueError(f"A colour must be from 0 to {len(FACE_COLOURS) - 1}; got {wrong[0]}.")
    return FACE_COLOURS[images[..., 0]]


def attributes(choices):
    """Say in words, as labels, what the faces of given choices look like.

    Only what is seen is said. Hair is long if it reaches below the eyes. The colour of hair is left
    unsaid where a hat hides all of it.

    choices: int (n, 17), as `face_choices` returns them.
    Returns a dict, name in ATTRIBUTES: int (n,). 0 says nothing, k is the word ATTRIBUTES[name][k - 1].
    Raises ValueError for choices that `face_pictures` cannot draw.
    """
    chosen = dict(zip(CHOICES, check_choices(choices).T))
    long = _SHAPES["hair"][:, EYES_END:].any(axis=(1, 2))
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
    hair_seen = (_SHAPES["hair"][:, None] & ~_SHAPES["hat"]).any(axis=(2, 3))  # (hairs, hats)
    labels["hair colour"] *= hair_seen[chosen["hair"], chosen["hat"]]
    return labels
