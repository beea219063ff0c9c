"""Make the parts of the faces that the library ships: python book/tools/face_parts.py

Reads DiceBear's style "Pixel Art" from npm and writes its pixels as one compressed file, with its
SHA-256. Needs node and npm; the book itself does not.

Every part is drawn by paths along the edges of pixels, in one paint each. A pixel of a part is a
list of paints: opaque ones, and white ones through which the colour below is seen. What such a list
makes of each colour below it is one row of the table `over`, so a face needs no arithmetic.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import checksums
import numpy as np

FOLDER = Path(__file__).parents[2] / "pixelcnn_lib" / "data"
PACKAGES = ("@dicebear/core@9.4.3", "@dicebear/pixel-art@9.4.3")
COLOURS = 64  # of the palette
GLINTS = ("cfd8dd", "90979a")  # kept: only by them do some eyes differ, bare or behind glasses
BACKGROUNDS = ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"]

# The layers of a face, from the bottom to the top: the book's name of the part and of its colour,
# and DiceBear's names of both. Background and skin have only a colour; some faces have no hat.
LAYERS = [
    ("", "background", "background", "backgroundColor"),
    ("", "skin", "skin", "skinColor"),
    ("earrings", "earring colour", "accessories", "accessoriesColor"),
    ("clothes", "clothes colour", "clothing", "clothingColor"),
    ("eyes", "eye colour", "eyes", "eyesColor"),
    ("glasses", "glasses colour", "glasses", "glassesColor"),
    ("beard", "hair colour", "beard", "hairColor"),
    ("mouth", "mouth colour", "mouth", "mouthColor"),
    ("hair", "hair colour", "hair", "hairColor"),
    ("hat", "hat colour", "hat", "hatColor"),
]
OPTIONAL = ("earrings", "glasses", "beard", "hat")  # option 0 is "none"

# The set "plain": what may be chosen, all equally likely, and how often there is an optional part.
PLAIN = {
    "background": ["b6e3f4", "c0aede", "ffd5dc", "ffdfbf"],
    "skin": ["ffdbac", "e0b687", "b68655", "8d5524"],
    "hair": "short01 short04 short09 short16 long01 long05 long13 long21".split(),
    "hair colour": ["28150a", "603015", "cab188", "bd1700", "009bbd"],
    "eyes": ["variant01", "variant04", "variant09"],
    "eye colour": ["5b7c8b"],
    "mouth": ["happy01", "happy06", "happy11", "sad01", "sad07"],
    "mouth colour": ["de0f0d"],
    "clothes": ["variant01", "variant08", "variant12", "variant19"],
    "clothes colour": ["03396c", "00b159", "ff6f69", "d11141", "ffd969"],
    "glasses": ["dark01", "dark05"],
    "glasses colour": ["191919"],
    "hat": ["variant02", "variant06"],
    "hat colour": ["2663a3", "a62116"],
}
PLAIN_SOMETIMES = {"earrings": 0, "glasses": 0.2, "beard": 0, "hat": 0.1}


def read_style():
    """Return what face_parts.mjs prints: dicts of the parts' SVG and of the style's options."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "install", "--silent", "--ignore-scripts", *PACKAGES], cwd=folder, check=True
        )
        script = shutil.copy(Path(__file__).with_suffix(".mjs"), folder)
        return json.loads(subprocess.check_output(["node", script], text=True)).values()


def inside(path, even_odd):
    """Return the pixels inside a path of horizontal and vertical lines: bool (16, 16).

    path: str, the attribute `d` of an SVG path.
    even_odd: bool, whether a pixel is inside if lines surround it an odd number of times.
    """
    turns = np.zeros((16, 17), int)  # what a vertical line adds to all pixels at its right
    x = y = 0
    for command, text in re.findall(r"([MmHhVvZz])([^MmHhVvZz]*)", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", text)]
        old = y
        if command in "Mm":
            x, y = numbers if command == "M" else (x + numbers[0], y + numbers[1])
            start = x, y
        elif command in "Hh":
            (x,) = numbers if command == "H" else (x + numbers[0],)
        elif command in "Vv":
            (y,) = numbers if command == "V" else (y + numbers[0],)
        else:
            x, y = start
        if command in "VvZz":
            turns[min(old, y) : max(old, y), x] += 1 if y > old else -1
    turns = turns.cumsum(axis=1)[:, :16]
    return turns % 2 == 1 if even_odd else turns != 0


def read_part(svg):
    """Return the paints of a part's pixels: dict, (row, column): tuple of (colour, opacity)."""
    if svg.startswith("<mask"):  # a beard, seen through its own shape
        svg = re.search("<path .*?/>", svg)[0].replace('fill="hair"', 'fill="beard"')
    outer = re.match("<g ([^>]*)>", svg)
    pixels = {}
    for inner in re.findall("<path ([^>]*)/>", svg):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', f"{outer[1] if outer else ''} {inner}"))
        paint = given["fill"], float(given.get("fill-opacity", 1))
        see_through = paint[1] < 1 or paint[0] == "beard"
        for place in np.argwhere(inside(given["d"], given.get("fill-rule") == "evenodd")):
            place = tuple(place.tolist())
            pixels[place] = (*pixels.get(place, ()), paint) if see_through else (paint,)
    return pixels


def rgb(text):
    """Return the colour of six hexadecimal digits as int (3,)."""
    return np.array(list(bytes.fromhex(text)))


def blend(paints, colour, below):
    """Lay paints over a colour, rounding as DiceBear's own renderer does.

    paints: tuple of (colour, opacity); a colour is "#fff", "#000", "beard" or a part's own.
    colour: str, the part's own colour, six hexadecimal digits.
    below: int (3,).
    Returns int (3,).
    """
    for name, opacity in paints:
        if name == "beard":  # the lighter the hair, the less is seen through
            paint = blend([("#fff", 0.3)], colour, rgb(colour))
            alpha = round(float(rgb(colour) @ [0.2125, 0.7154, 0.0721]) * 230 / 255)
            below = np.floor((paint * alpha + 255) // 256 + below * (255 - alpha) / 255 + 0.5)
            below = below.astype(int)
        else:
            paint = rgb({"#fff": "ffffff", "#000": "000000"}.get(name, colour))
            alpha = int(255 * opacity + 0.5)
            below = (paint * alpha + 127) // 255 + (below * (255 - alpha) + 255) // 256
    return below


def chances(options, sometimes, allowed):
    """Return the probabilities of a set's options: dict, column: float array.

    options: dict, column: names.
    sometimes: dict, optional part: the probability that there is one.
    allowed: dict, column: the names that the set allows, equally likely; all, if it is not there.
    """
    result = {}
    for column, names in options.items():
        some = sometimes.get(column, 1)
        may = np.isin(names, allowed.get(column, names)) & (np.array(names) != "none")
        result[column] = some * may / may.sum()
        if column in sometimes:
            result[column][0] = 1 - some
    return result


def count_colours(pictures, chance, over):
    """Return how often each exact colour is expected: Counter, colour: its part of all pixels.

    pictures: dict, (part, colour's column): paints, int (options, colours, 16, 16), from the bottom.
    chance: dict, column: the probability of each option.
    over: function (paint, colour) that returns the colour that is seen; all of them are ints.
    """
    share = Counter()
    for row, col in np.ndindex(16, 16):
        for hair, hair_chance in enumerate(chance["hair colour"]):  # the beard has it too
            seen = {0: hair_chance / 256}
            for (part, column), paints in pictures.items():
                of_colour = chance[column]
                if column == "hair colour":
                    of_colour = np.eye(len(of_colour))[hair]
                both = np.outer(chance[part] if part else [1], of_colour).ravel()
                layer = Counter()
                for paint, p in zip(paints[:, :, row, col].ravel().tolist(), both):
                    layer[paint] += p
                below, seen = seen, Counter()
                for paint, p in layer.items():
                    for colour, q in below.items() if p else ():
                        seen[over(paint, colour)] += p * q
            share.update({colour: float(p) for colour, p in seen.items() if p})
    return share


def build():
    """Return the arrays of the file, dict, name: array. See pixelcnn_lib/face_parts.py."""
    parts, style = read_style()
    parts["background"] = {"": '<path fill="background" d="M0 0h16v16H0z"/>'}
    style["backgroundColor"] = {"default": BACKGROUNDS}
    options, usual = {}, {}
    for part, column, group, group_colour in LAYERS:
        options[column] = style[group_colour]["default"]
        if part:
            options[part] = ["none"] * (part in OPTIONAL) + list(parts[group])
        if part in OPTIONAL:
            usual[part] = style[f"{group}Probability"]["default"] / 100
    sets = {
        "plain": chances(options, PLAIN_SOMETIMES, PLAIN),
        "all": chances(options, usual, {}),
    }

    paints, colours = {((), ""): 0}, {(0, 0, 0): 0}  # both are numbered as they come
    pictures = {}
    for part, column, group, _ in LAYERS:
        maps = [{}] * (part in OPTIONAL) + [read_part(svg) for svg in parts[group].values()]
        shape = len(maps), len(options[column]), 16, 16
        pictures[part, column] = np.zeros(shape, np.uint16)
        for option, colour, row, col in np.ndindex(shape):
            pixel = maps[option].get((row, col), ())
            own = {name for name, _ in pixel} - {"#fff", "#000"}
            paint = pixel, options[column][colour] if own else ""
            number = paints.setdefault(paint, len(paints))
            pictures[part, column][option, colour, row, col] = number
    kinds = list(paints)

    known = {}  # (paint, colour below): colour seen

    def over(paint, below):
        if (paint, below) not in known:
            seen = tuple(blend(*kinds[paint], np.array(list(colours)[below])).tolist())
            known[paint, below] = colours.setdefault(seen, len(colours)) if paint else below
        return known[paint, below]

    shares = {name: count_colours(pictures, chance, over) for name, chance in sets.items()}
    table = np.zeros((len(paints), len(colours)), np.uint16)
    for place, seen in known.items():
        table[place] = seen
    palette, nearest = reduce(np.array(list(colours)), shares)
    arrays = {"over": table, "palette": palette, "nearest": nearest}
    arrays |= {f"picture {part or column}": array for (part, column), array in pictures.items()}
    arrays |= {f"options {column}": np.array(names) for column, names in options.items()}
    for name, chance in sets.items():
        arrays |= {f"{name} {column}": p for column, p in chance.items()}
    return arrays


def reduce(colours, shares):
    """Choose the palette: the commonest colours, and GLINTS. Print how many pixels change.

    colours: int (N, 3), the exact colours.
    shares: dict, "plain" and "all": how often each colour is expected, as `count_colours` returns.
    Returns the palette, uint8 (COLOURS, 3), the commonest first, and for each exact colour the
    number of the nearest in the palette, uint8 (N,).
    """
    often = {
        name: np.array([share[i] for i in range(len(colours))]) for name, share in shares.items()
    }
    both = often["plain"] + often["all"]
    glints = [np.argwhere((colours == rgb(glint)).all(axis=1)).item() for glint in GLINTS]
    common = [i for i in np.argsort(-both, kind="stable") if i not in glints]
    kept = common[: COLOURS - len(glints)] + glints
    distance = ((colours[:, None] - colours[kept]) ** 2).sum(axis=-1)
    nearest = distance.argmin(axis=1)
    for name, share in often.items():
        changed = 100 * share[distance.min(axis=1) > 0].sum()
        print(f"{name}: {(share > 0).sum()} exact colours, {changed:.2f} % of the pixels change")
    return colours[kept].astype(np.uint8), nearest.astype(np.uint8)


if __name__ == "__main__":
    path = FOLDER / "faces.npz"
    np.savez_compressed(path, **build())
    checksums.write(FOLDER)
