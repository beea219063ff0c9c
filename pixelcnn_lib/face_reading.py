"""Read drawn faces: the choices behind a face and its probability, or what is wrong with it.

Hat and hair hide what is below them, so they are read first; then the ground, where no other part
can be; then, one by one, the regions of the other parts, which do not overlap.
"""

from functools import cache, lru_cache
from math import log2

import numpy as np

from pixelcnn_lib.arguments import one_of
from pixelcnn_lib.face_parts import (
    CHANCES,
    CHOICES,
    EYES_END,
    FACE_COLOURS,
    HAIR_END,
    LAYERS,
    OPTIONS,
    SETS,
    SHAPES,
    check_images,
    lay,
)

NOTHING = 255  # in place of a colour: the part is not here
GROUND = ("background", "skin", "beard")  # these have no colour of their own to choose
REGIONS = {
    "earrings": ("earrings",),
    "clothes": ("clothes",),
    "eyes": ("eyes", "glasses"),
    "mouth": ("mouth",),
}
PIXELS = {
    region: np.flatnonzero(np.any([SHAPES[part].any(axis=0) for part in parts], axis=0))
    for region, parts in REGIONS.items()
}
OUTLINE = np.setdiff1d(np.arange(256), np.concatenate(list(PIXELS.values())))


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
            for ground in fitting(table, image[OUTLINE], bare[OUTLINE]):
                below, p = pick(which, GROUND, ground)
                chosen, p = above | below, p_above * p
                for region, pixels in PIXELS.items():
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
    return np.where(SHAPES[part][columns[part]], lay(ground | columns), np.uint8(NOTHING))


def top(which, hat, hair):
    """Return what a hat above a hair shows, uint8 (256,), and as `pick`, what they are."""
    above, below = covers(which, "hat")[hat], covers(which, "hair")[hair]
    (hat, p_hat), (hair, p_hair) = pick(which, ("hat",), hat), pick(which, ("hair",), hair)
    return np.where(above == NOTHING, below, above), hat | hair, p_hat * p_hair


@cache
def outlines(which, hair_colour):
    """Return what the outline shows with all grounds, in the order of `options_of`: uint8 (n, k)."""
    columns, chances = options_of(which, GROUND)
    return lay(columns | {"hair colour": np.full(len(chances), hair_colour)}, OUTLINE)


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
    return lay(ground | columns, PIXELS[region])


def ground_of(region, chosen):
    """Return background, skin, beard and its colour in a region: ints, no beard if none is there."""
    beard = chosen["beard"], chosen["hair colour"]
    if not SHAPES["beard"][beard[0], PIXELS[region]].any():
        beard = 0, 0
    return chosen["background"], chosen["skin"], *beard


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
    differs = outlines(which, 0)[shaven] != image[OUTLINE]
    wrong = wrong + differs @ bare[:, OUTLINE].T  # (grounds, tops)
    some = wrong.min(axis=1).argsort(kind="stable")[:grounds]
    counts = np.array(
        [wrong[i] + fill(image, which, pick(which, GROUND, shaven[i])[0], bare)[0] for i in some]
    )
    i, best = np.unravel_index(counts.argmin(), counts.shape)
    chosen = tops[best][1] | pick(which, GROUND, shaven[some[i]])[0]

    columns, _ = options_of(which, GROUND)  # now the beard
    like = (columns["background"] == chosen["background"]) & (columns["skin"] == chosen["skin"])
    differs = outlines(which, chosen["hair colour"]) != image[OUTLINE]
    wrong = np.where(like, differs @ bare[best, OUTLINE], np.inf)
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
    for region, pixels in PIXELS.items():
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
        ground[lay(below)[0, SHAPES[part].any(axis=0)]] = True
        option, pixel = np.nonzero(SHAPES[part][columns[part]])
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
    clothes = image[PIXELS["clothes"]]
    shows = own_colours(which, "clothes")[:, clothes[~hair[clothes]]]  # (colours, pixels)
    if shows.any(axis=0).sum() > shows.sum(axis=1).max():  # no colour shows them all
        seen.append("the clothes have two colours")
    if one_sided(hair[image]) and not one_sided(SHAPES["hair"][chosen["hair"]]):
        seen.append("the hair is on one side only")
    if seen:
        return "; ".join(seen)

    face = {name: np.array([value]) for name, value in chosen.items()}
    differs = lay(face)[0] != image
    part_of = np.full(256, "background")  # the part that is seen, or that ought to be
    for part, colour in LAYERS.items():
        shape = SHAPES[part][0 if part == colour else chosen[part]]
        part_of = np.where(shape, part, part_of)
    hatless = lay(face | {"hat": np.zeros(1, int)})[0]
    hair_colour = hatless[SHAPES["hair"][chosen["hair"]]][0]
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
