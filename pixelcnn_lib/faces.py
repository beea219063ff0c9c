"""Faces: small pictures in few colours, drawn by chance, of a known probability.

A face is the outcome of random choices: the hair and its colour, the mouth, perhaps a hat. Parts are
laid over each other, so choices that cannot be seen make no difference: a hat hides the hair. There
are two sets of faces: "plain", of few options, and "all", the whole style.

Design: DiceBear, "Pixel Art", CC0 1.0; details in data/ATTRIBUTION.md.
"""

from functools import cache, lru_cache
from math import log2
from pathlib import Path

import numpy as np

from pixelcnn_lib.arguments import one_of, short, whole_number

SETS = ("plain", "all")
ENTROPY = {
    "plain": 19.0586222715,
    "all": 36.4914844845,
}  # bits; counted by book/tools/count_faces.py
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
LIMITS = Path(__file__).parent / "data" / "limits.npz"  # made by book/tools/field_limits.py
FORMS = ("3", "5", "7", "two stacks")  # of networks whose limits are known; see `limit`
EYES_END, HAIR_END = 8, 12  # long hair reaches below the eyes; clothes begin in row 12
CHOICES = tuple(dict.fromkeys(name for layer in LAYERS.items() for name in layer))

with np.load(Path(__file__).parent / "data" / "faces.npz") as _arrays:
    OPTIONS = {name: tuple(_arrays[f"options {name}"].tolist()) for name in CHOICES}
    CHANCES = {which: {name: _arrays[f"{which} {name}"] for name in CHOICES} for which in SETS}
    # 64 colours change 1 % of the pixels of plain faces and 5 % of all; 48: 2 and 9; 32: 4 and 19
    FACE_COLOURS = _arrays["palette"]
    _NEAREST = _arrays["nearest"]  # for each of 1065 exact colours its number in FACE_COLOURS
    # [paint, exact colour below]: the exact colour that is seen; paint 0 is none at all
    _OVER = _arrays["over"]
    _PAINTS = {  # [option, colour, pixel]
        part: _arrays[f"picture {part}"].reshape(-1, len(OPTIONS[colour]), 256)
        for part, colour in LAYERS.items()
    }
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


def lay(chosen, pixels=slice(None)):
    """Lay parts over each other.

    chosen: dict, name of CHOICES: int (n,), the option. A part that is not named is left out.
    pixels: int (k,), the pixels to draw, counted row by row; all 256 without it.
    Returns uint8 (n, k), numbers of colours.
    """
    seen = np.uint16(0)
    for part, colour in LAYERS.items():
        if part in chosen:
            option = 0 if part == colour else chosen[part]
            seen = _OVER[_PAINTS[part][option, chosen[colour]][:, pixels], seen]
    return _NEAREST[seen]


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
    long = _SHAPES["hair"][:, 16 * EYES_END :].any(axis=1)
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
    hair_seen = (_SHAPES["hair"][:, None] & ~_SHAPES["hat"]).any(axis=2)  # (hairs, hats)
    labels["hair colour"] *= hair_seen[chosen["hair"], chosen["hat"]]
    return labels


# Reading. Hat and hair hide what is below them, so they are read first; then the ground, where no
# other part can be; then, one by one, the regions of the other parts, which do not overlap.
NOTHING = 255  # in place of a colour: the part is not here
GROUND = ("background", "skin", "beard")  # these have no colour of their own to choose
REGIONS = {
    "earrings": ("earrings",),
    "clothes": ("clothes",),
    "eyes": ("eyes", "glasses"),
    "mouth": ("mouth",),
}
_PIXELS = {
    region: np.flatnonzero(np.any([_SHAPES[part].any(axis=0) for part in parts], axis=0))
    for region, parts in REGIONS.items()
}
_OUTLINE = np.setdiff1d(np.arange(256), np.concatenate(list(_PIXELS.values())))


def face_bits(images, which="plain"):
    """Say how rare faces are: -log2 of the exact probability of each picture.

    images: uint8 (n, 16, 16, 1), numbers of colours in FACE_COLOURS.
    which: "plain" or "all", the set that they are drawn from.
    Returns float (n,), in bits; infinity for a picture that the set cannot draw.
    Raises ValueError for another set, and for images of another shape or dtype.
    """
    one_of("which", which, SETS)
    chances = [sum(p for p, _ in readings(image, which)) for image in check_images(images)]
    return np.array([-log2(p) if p else np.inf for p in chances])


def read_face(images, which="plain"):
    """Find choices that give exactly these faces, or say what is wrong with them.

    Two mistakes are looked for first, whatever else is wrong: "the clothes have two colours" and
    "the hair is on one side only". A picture with both gets both, joined by "; ". Any other picture
    that is no face is compared with a face like it: the part in which most pixels differ is wrong.

    images: uint8 (n, 16, 16, 1), numbers of colours in FACE_COLOURS.
    which: "plain" or "all", the set that the faces must be from.
    Returns choices, int (n, 17), the likeliest where several give the same face, -1 for a picture
    that is no face; and a list of n str, what is wrong with each picture, "" if nothing is.
    Raises ValueError for another set, and for images of another shape or dtype.
    """
    one_of("which", which, SETS)
    images = check_images(images)
    choices, wrong = np.full((len(images), len(CHOICES)), -1), [""] * len(images)
    for i, image in enumerate(images):
        _, found = max(readings(image, which), key=lambda found: found[0], default=(0, None))
        if found:
            choices[i] = [found[name] for name in CHOICES]
        else:
            wrong[i] = blame(image, nearest(image, which), which)
    return choices, wrong


def check_images(images):
    """Return faces as uint8 (n, 256). Raises ValueError unless they are (n, 16, 16, 1)."""
    images = np.asarray(images)
    if images.dtype.kind not in "iu" or images.shape[1:] != (16, 16, 1):
        raise ValueError(f"images must be int (n, 16, 16, 1); got {images.dtype} {images.shape}.")
    in_colour(images)
    return images.reshape(len(images), 256).astype(np.uint8)


def readings(image, which):
    """Find all that can be behind a face.

    image: uint8 (256,), numbers of colours.
    which: str, the set.
    Yields, for each hat, hair and ground that fit: the probability of the image with them, a float,
    and the likeliest choices, a dict, name of CHOICES: int.
    """
    for hat in fitting(covers(which, "hat"), image):
        no_hat = covers(which, "hat")[hat] == NOTHING
        for hair in fitting(covers(which, "hair"), image, no_hat):
            cover, above, p_above = top(which, hat, hair)
            bare = cover == NOTHING
            table = outlines(which, above["hair colour"])
            for ground in fitting(table, image[_OUTLINE], bare[_OUTLINE]):
                below, p = pick(which, GROUND, ground)
                chosen, p = above | below, p_above * p
                for region, pixels in _PIXELS.items():
                    table = shown(which, region, *ground_of(region, chosen))
                    fits = fitting(table, image[pixels], bare[pixels])
                    chances = options_of(which, REGIONS[region])[1][fits]
                    p *= chances.sum()
                    if not p:
                        break
                    chosen |= pick(which, REGIONS[region], fits[chances.argmax()])[0]
                else:
                    yield float(p), chosen


def fitting(table, image, where=True):
    """Return the rows of a table that agree with an image, int (n,).

    table: uint8 (rows, pixels), NOTHING where a row says nothing.
    image: uint8 (pixels,).
    where: bool (pixels,), the pixels that count.
    """
    return np.flatnonzero(((table == image) | (table == NOTHING) | ~np.array(where)).all(axis=1))


@cache
def options_of(which, parts):
    """Return all that some parts of a set can be, each with its colour if it has one of its own.

    which: str, the set.
    parts: tuple of str.
    Returns a dict, name of CHOICES: int (n,), and the probability of each, float (n,).
    """
    columns, chances = {}, np.ones(1)
    for part in parts:
        names = (part,) if part in GROUND else (part, LAYERS[part])
        of_colour = CHANCES[which][LAYERS[part]] if len(names) == 2 else [1]
        table = np.outer(CHANCES[which][part], of_colour)
        if OPTIONS[part][0] == "none":  # its colour is 0
            table[0, 0], table[0, 1:] = table[0].sum(), 0
        places = np.nonzero(table)
        old, new = np.indices((len(chances), len(places[0]))).reshape(2, -1)
        columns = {name: values[old] for name, values in columns.items()}
        columns |= {name: values[new] for name, values in zip(names, places)}
        chances = chances[old] * table[places][new]
    return columns, chances


def pick(which, parts, row):
    """Return one row of `options_of`: a dict, name of CHOICES: int, and its probability."""
    columns, chances = options_of(which, parts)
    return {name: int(values[row]) for name, values in columns.items()}, chances[row]


@cache
def covers(which, part):
    """Return what all hats or hairs of a set show: uint8 (n, 256), NOTHING where they are not."""
    columns, _ = options_of(which, (part,))
    ground = {"background": np.zeros(1, int), "skin": np.zeros(1, int)}  # any: they are opaque
    return np.where(_SHAPES[part][columns[part]], lay(ground | columns), np.uint8(NOTHING))


def top(which, hat, hair):
    """Return what a hat above a hair shows, uint8 (256,), and as `pick`, what they are."""
    above, below = covers(which, "hat")[hat], covers(which, "hair")[hair]
    (hat, p_hat), (hair, p_hair) = pick(which, ("hat",), hat), pick(which, ("hair",), hair)
    return np.where(above == NOTHING, below, above), hat | hair, p_hat * p_hair


@cache
def outlines(which, hair_colour):
    """Return what the outline shows with all grounds, in the order of `options_of`: uint8 (n, k)."""
    columns, chances = options_of(which, GROUND)
    return lay(columns | {"hair colour": np.full(len(chances), hair_colour)}, _OUTLINE)


@lru_cache(maxsize=500)
def shown(which, region, *ground):
    """Return what a region shows with all options of its parts, in the order of `options_of`.

    which: str, the set.
    region: str, a name of REGIONS.
    ground: ints, as `ground_of` returns them.
    Returns uint8 (n, k).
    """
    columns, chances = options_of(which, REGIONS[region])
    ground = dict(zip((*GROUND, "hair colour"), ground))
    ground = {name: np.full(len(chances), value) for name, value in ground.items()}
    return lay(ground | columns, _PIXELS[region])


def ground_of(region, chosen):
    """Return background, skin, beard and its colour in a region: ints, no beard if none is there."""
    beard = chosen["beard"], chosen["hair colour"]
    if not _SHAPES["beard"][beard[0], _PIXELS[region]].any():
        beard = 0, 0
    return chosen["background"], chosen["skin"], *beard


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


def nearest(image, which):
    """Find a face that differs from an image in few pixels.

    image: uint8 (256,), numbers of colours.
    which: str, the set. Of "plain", all faces are compared; of "all", hats, hairs and grounds that
        show least of the image are left out.
    Returns its choices, a dict, name of CHOICES: int.
    """
    hats, hairs, grounds = {"plain": (5, 40, 16), "all": (3, 20, 4)}[which]
    tops = [
        top(which, hat, hair)
        for hat in (0, *likest(covers(which, "hat"), image)[:hats])  # 0 is none
        for hair in likest(covers(which, "hair"), image)[:hairs]
    ]
    cover = np.array([cover for cover, _, _ in tops])
    bare = (cover == NOTHING).astype(np.float32)
    wrong = ((cover != image) & (cover != NOTHING)).sum(axis=1)

    shaven = np.flatnonzero(options_of(which, GROUND)[0]["beard"] == 0)
    differs = outlines(which, 0)[shaven] != image[_OUTLINE]
    wrong = wrong + differs @ bare[:, _OUTLINE].T  # (grounds, tops)
    some = wrong.min(axis=1).argsort(kind="stable")[:grounds]
    counts = np.array(
        [wrong[i] + fill(image, which, pick(which, GROUND, shaven[i])[0], bare)[0] for i in some]
    )
    i, best = np.unravel_index(counts.argmin(), counts.shape)
    chosen = tops[best][1] | pick(which, GROUND, shaven[some[i]])[0]

    columns, _ = options_of(which, GROUND)  # now the beard
    like = (columns["background"] == chosen["background"]) & (columns["skin"] == chosen["skin"])
    differs = outlines(which, chosen["hair colour"]) != image[_OUTLINE]
    wrong = np.where(like, differs @ bare[best, _OUTLINE], np.inf)
    chosen["beard"] = int(columns["beard"][wrong.argmin()])
    _, rows = fill(image, which, chosen, bare[[best]])
    for region, row in rows.items():
        chosen |= pick(which, REGIONS[region], row[0])[0]
    return chosen


def likest(table, image):
    """Return the rows of a table, those that show most of an image first: int (n,).

    table: uint8 (n, 256), NOTHING where a row says nothing.
    image: uint8 (256,).
    """
    right = (table == image).sum(axis=1)
    wrong = (table != NOTHING).sum(axis=1) - right
    return (wrong - right).argsort(kind="stable")


def fill(image, which, ground, bare):
    """Find, for each region, what differs least from an image.

    image: uint8 (256,), numbers of colours.
    which: str, the set.
    ground: dict, background, skin and beard, and the hair's colour if there is a beard.
    bare: float32 (n, 256), 1 where there is neither hat nor hair, else 0.
    Returns how many pixels of the regions still differ, float (n,), and a dict, region: the rows of
    `shown`, int (n,).
    """
    counts, rows = np.zeros(len(bare)), {}
    for region, pixels in _PIXELS.items():
        table = shown(which, region, *ground_of(region, {"hair colour": 0} | ground))
        differs = bare[:, pixels] @ (table != image[pixels]).T.astype(np.float32)
        counts += differs.min(axis=1)
        rows[region] = differs.argmin(axis=1)
    return counts, rows


@cache
def own_colours(which, part):
    """Return what each colour of clothes or hair shows, without what the ground shows there.

    which: str, the set.
    part: "clothes" or "hair".
    Returns bool (colours, 64): for each colour of the set, the numbers in FACE_COLOURS.
    """
    columns, chances = options_of(which, (part,))
    colours, row = np.unique(columns[LAYERS[part]], return_inverse=True)
    own = np.zeros((len(colours), len(FACE_COLOURS)), bool)
    ground = np.zeros(len(FACE_COLOURS), bool)
    for pair in zip(*options_of(which, ("background", "skin"))[0].values()):
        below = {name: np.full(len(chances), value) for name, value in zip(GROUND, pair)}
        ground[lay(below)[0, _SHAPES[part].any(axis=0)]] = True
        option, pixel = np.nonzero(_SHAPES[part][columns[part]])
        own[row[option], lay(below | columns)[option, pixel]] = True
    return own & ~ground


def one_sided(hair):
    """Say whether long hair, of two pixels or more, is on one side only; hair: bool (256,)."""
    beside = hair.reshape(16, 16)[EYES_END:HAIR_END]  # (4, 16)
    counts = beside[:, :3].sum(), beside[:, 13:].sum()
    return min(counts) == 0 and max(counts) > 1


def blame(image, chosen, which):
    """Say what is wrong with an image: one of two mistakes that are seen at once, or both.

    Otherwise, say in which part most pixels differ from a face.

    image: uint8 (256,), numbers of colours.
    chosen: dict, name of CHOICES: int, the face.
    which: str, the set.
    Returns a str, such as "the mouth is wrong".
    """
    seen, hair = [], own_colours(which, "hair").any(axis=0)  # (64,)
    clothes = image[_PIXELS["clothes"]]
    shows = own_colours(which, "clothes")[:, clothes[~hair[clothes]]]  # (colours, pixels)
    if shows.any(axis=0).sum() > shows.sum(axis=1).max():  # no colour shows them all
        seen.append("the clothes have two colours")
    if one_sided(hair[image]) and not one_sided(_SHAPES["hair"][chosen["hair"]]):
        seen.append("the hair is on one side only")
    if seen:
        return "; ".join(seen)

    face = {name: np.array([value]) for name, value in chosen.items()}
    differs = lay(face)[0] != image
    part_of = np.full(256, "background")  # the part that is seen, or that ought to be
    for part, colour in LAYERS.items():
        shape = _SHAPES[part][0 if part == colour else chosen[part]]
        part_of = np.where(shape, part, part_of)
    hatless = lay(face | {"hat": np.zeros(1, int)})[0]
    hair_colour = hatless[_SHAPES["hair"][chosen["hair"]]][0]
    bald = np.isin(part_of, ("background", "skin"))
    part_of = np.where(bald & (image == hair_colour), "hair", part_of)
    parts, counts = np.unique(part_of[differs], return_counts=True)
    part = str(parts[counts.argmax()])
    here = differs & (part_of == part)

    colours = np.flatnonzero(CHANCES[which][LAYERS[part]])
    others = {name: value.repeat(len(colours)) for name, value in face.items()}
    repainted = lay(others | {LAYERS[part]: colours})
    plural = part in ("earrings", "clothes", "eyes", "glasses")
    if (repainted == image)[:, here].any(axis=0).all():
        return f"the {part} {'have' if plural else 'has'} two colours"
    return f"the {part} {'are' if plural else 'is'} wrong"
