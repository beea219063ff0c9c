"""The arguments of the command, and its help texts.

Only the standard library is imported here, so that help and errors in arguments appear at once.
"""

import argparse
import ast
import re
from functools import partial
from pathlib import Path

from pixelcnn_lib import __version__

PROGRAM = "python -m pixelcnn_lib"


def declared(module, name):
    """Return the keys of a dict in the source of a module of the family: to import it takes seconds.

    module: str, such as "row-lstm".
    name: str, to which the module, or a class in it, assigns the dict.
    Returns a tuple of str, empty if there is no such dict.
    """
    path = Path(__file__).parents[1] / "family" / f"{module.replace('-', '_')}.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return tuple(key.value for key in node.value.keys)
    return ()


PRESETS = {model: declared(model, "presets") for model in declared("__init__", "MEMBERS")}
SHIPPED = tuple(dict.fromkeys(name for model in PRESETS for name in declared(model, "shipped")))
HEADS = ("categorical", "mixture", "tied")
DATA = ("photos", "faces", "faces-all", "digits", "mnist", "cifar10")
COOL = 0.8  # the temperature at which faces with wished attributes are drawn
CROP = 32  # the side of the crops of photos
DESCRIPTION = "Train a PixelCNN, score it, and draw with it. COMMAND --help lists its arguments."
EXAMPLES = f"""\
a first run, some minutes on a laptop:
  {PROGRAM} train --data faces --out runs/first
  {PROGRAM} score runs/first --data faces
  {PROGRAM} sample runs/first --n 64 --out grid.png

without a run, with a shipped model:
  {PROGRAM} sample faces --n 400 --out wall.png
  {PROGRAM} sample faces --ask "sad, glasses, red hair" --out sad.png
  {PROGRAM} complete small --image cat.jpg --known top --out cats.png
  {PROGRAM} sample digits --labels 7 --out sevens.png
  {PROGRAM} compress photo.png --out photo.opat
  {PROGRAM} decompress photo.opat --out same.png

Stop a run with Ctrl-C, and resume it with: {PROGRAM} resume runs/first
runs/first/log.csv has the loss of each epoch, for a spreadsheet.

photos and small are what the library ships; write ./photos for a folder of such a name.

exit status: 0 success, 1 a full disk, no memory or the like, 2 a bad argument or image, 130 Ctrl-C
"""
TRAIN = """
A folder of images may have subfolders. Images of mixed sizes or above 128 pixels need --patch or
--fit. A tenth of the images, at most 1000, is held out to choose the best epoch. RUN gets the
configuration, a log (CSV), samples of each epoch, and checkpoints.

For pixel art, use --head tied: on some hundred images of 16 x 16 pixels it needed 3.13 bits per
dimension after 1000 steps, and categorical 4.01. About 2000 steps were best.

With --labels, the model learns to draw images of a given class. digits and cifar10 have
labels. An .npz file needs an array `labels`, whole numbers from 0. A folder needs a subfolder for
each class; the classes are numbered from 0 in the order of their names.

This command uses one GPU. Several can train together in Python, with KERAS_BACKEND=jax and
keras.distribution.DataParallel: see chapter 10.

The presets of each model (paper and wide need a GPU):
""" + "\n".join(f"  {name}: {', '.join(known)}" for name, known in PRESETS.items())
SAMPLE = """
--out says in which form the images are kept: NAME.png is one picture with all of them side by side,
each pixel 4 x 4 large, NAME/ is a folder with a PNG for each image, and NAME.npz has an array
`images`, uint8 (N, H, W, colours), with the model's own levels.
"""
COMPLETE = """
--out as in sample. The picture shows the image, the part of it that is kept, and the completions.
A model draws row by row, and sees only pixels above and to the left, so only the upper or the left
half can be kept.
"""
COMPRESS = """
The file has every value of the image. That of a photograph has fewer bytes than a PNG or a lossless
WebP, and takes much longer to write and to read. The same model must read it. small also takes grey
photographs.
"""


def plain(text):
    """Return a text in one line, in which each character that could control a terminal is escaped."""
    shown = (c if c.isprintable() else ascii(c)[1:-1] for c in " ".join(str(text).split()))
    return "".join(shown)


class Parser(argparse.ArgumentParser):
    """An argument parser that reports an error in one line, with exit status 2.

    options: argparse.ArgumentParser's arguments.
    """

    def __init__(self, **options):
        options["formatter_class"] = argparse.RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, **options)

    def error(self, message):
        self.exit(2, f"{self.prog}: {plain(message)} (--help lists the arguments)\n")


# The types of arguments: each takes the text, returns its value, and refuses what does not fit.


def refuse(expected, text):
    """Raise argparse's ArgumentTypeError.

    expected: str, what the text should be.
    text: str, what came.
    """
    got = text if len(text) <= 40 else f"{text[:40]}…"
    raise argparse.ArgumentTypeError(f"must be {expected}, got {got!r}")


def name_or_path(text):
    """Any text that is not empty."""
    return text if text.strip() else refuse("a name or a path", text)


def class_numbers(text):
    """Classes such as "0,1,2", a list of int."""
    numbers = text.split(",")
    if not all(one.isdecimal() and len(one) <= 4 for one in numbers):
        refuse("whole numbers with commas between them, such as 7 or 0,1,2", text)
    return [int(one) for one in numbers]


def whole(most, least=1):
    """Return the argument type of the whole numbers from least to most."""

    def read(text):
        fits = text.isdecimal() and len(text) <= 12 and least <= int(text) <= most
        return int(text) if fits else refuse(f"a whole number from {least} to {most:,}", text)

    return read


def between(least, most, text):
    """A float from least to most."""
    try:
        if least <= float(text) <= most:
            return float(text)
    except ValueError:
        pass
    return refuse(f"a number from {least:g} to {most:g}", text)


def size(text):
    """A size such as "32" or "16x32": (height, width) in pixels, int."""
    sides = text.split("x")
    whole = all(side.isdecimal() and len(side) <= 4 for side in sides)
    if not whole or len(sides) > 2 or 0 in map(int, sides):
        refuse("N or HxW, whole numbers from 1 to 9,999", text)
    return int(sides[0]), int(sides[-1])


def colour(text):
    """The name or the number of a colour, as Pillow reads it, str."""
    known = text in ("white", "black") or re.fullmatch("#[0-9a-fA-F]{6}", text)
    return text if known else refuse("white, black or #rrggbb", text)


def parser():
    """Return the Parser of all commands; what it returns has the action's name as `command`."""
    top = Parser(prog=PROGRAM, description=DESCRIPTION, epilog=EXAMPLES)
    version = f"pixelcnn_lib {__version__}"
    top.add_argument("--version", action="version", version=version, help="print the version")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name, summary, more=""):
        text = f"{summary}.\n{more}"
        add = commands.add_parser(name, help=f"{summary}.", description=text).add_argument
        return lambda flag, help, **options: add(flag, help=help, **options)

    train = command("train", "Train a model, and keep the run in a new folder", TRAIN)
    resume = command("resume", "Resume a run that was stopped, or train it for longer")
    score = command("score", "Print a model's bits per dimension, with the standard error")
    sample = command("sample", "Draw images", SAMPLE)
    complete = command("complete", "Draw the missing part of an image, several times", COMPLETE)
    compress = command("compress", "Write an image to a smaller file, without any loss", COMPRESS)
    decompress = command("decompress", "Read a file of compress, and write the image as a PNG")

    what = f"{', '.join(DATA)} (the last is downloaded once), a folder of images, or an .npz"
    train("--data", what, type=name_or_path, required=True)
    train(
        "--out", "the run's folder: new, or empty", type=name_or_path, metavar="RUN", required=True
    )
    train("--labels", "learn the classes of the images too", action="store_true")
    network = f"{', '.join(PRESETS)} (pixelcnn)"
    train("--model", network, choices=PRESETS, metavar="NAME", default="pixelcnn")
    sized = (
        "the model's size, from the list above (the preset of the data's name, if there is one; else "
        "small for pixelcnn, and for others that of their own name)"
    )
    train("--preset", sized, type=name_or_path, metavar="NAME")
    output = f"the output: {', '.join(HEADS)} (the preset's)"
    train("--head", output, choices=HEADS, metavar="NAME")
    crops = f"learn from N x N crops (photos: {CROP}, others: whole images)"
    train("--patch", crops, type=whole(4096), metavar="N")
    vary = "turn, mirror and recolour the images at random (photos: yes, others: no)"
    train("--augment", vary, action=argparse.BooleanOptionalAction)
    train("--epochs", "how many; each ends with a checkpoint (10)", type=whole(10**6), default=10)
    train("--steps", "training steps in each epoch (100)", type=whole(10**6))
    planned = (
        "in place of --steps: measure some, and plan as many as this computer takes in M minutes"
    )
    train("--minutes", planned, type=partial(between, 0.01, 10**6), metavar="M")
    train("--batch", "images in each step (16; faces: 32)", type=whole(10**5))
    rate = "learning rate of the first step, at most 1 (0.002; faces: 0.01)"
    train("--rate", rate, type=partial(between, 1e-6, 1))
    train("--seed", "seed of weights and batches (0)", type=whole(2**32 - 1, least=0), default=0)

    resume("out", "the run's folder", type=name_or_path, metavar="RUN")
    longer = "train until epoch N, more than the run was started with"
    resume("--epochs", longer, type=whole(10**6), metavar="N")

    shipped = f"a run's folder, or a shipped model: {', '.join(SHIPPED)}"
    for one in (score, sample, complete):
        one("model", shipped, type=name_or_path, metavar="RUN")
    scored = (
        "as in train; of built-in images, the test set is used, and faces are drawn anew. Without "
        "--data: the images that chose the run's best epoch"
    )
    score("--data", scored, type=name_or_path)
    score("--patch", "score N x N patches of the images", type=whole(4096), metavar="N")
    as_json = "print one JSON object, which has the bits per dimension of each image too"
    score("--json", as_json, action="store_true")
    for one in (train, score):
        skip = "leave out images that cannot be used, and list them"
        one("--skip-bad", skip, action="store_true")
        square = (
            "scale the middle of each image to N x N pixels, with repeated pixels if it grows, and "
            "smoothly if it shrinks"
        )
        one("--fit", square, type=whole(4096), metavar="N")
    for one in (train, score, complete):
        behind = "the colour behind transparent parts: white, black or #rrggbb"
        one("--background", behind, type=colour, metavar="COLOUR")

    sample("--n", "how many, at most 10,000 (16)", type=whole(10**4), default=16)
    sides = "size of each image: N x N pixels, or HxW, height and width (as in training)"
    sample("--size", sides, type=size, metavar="N")

    complete("--image", "the image to complete", type=name_or_path, required=True, metavar="FILE")
    complete("--known", "which half is kept (top)", choices=["top", "left"], default="top")
    complete("--n", "how many completions, at most 10,000 (7)", type=whole(10**4), default=7)
    scaled = "first scale the image's middle to N x N pixels, or to HxW (as in training)"
    complete("--size", scaled, type=size, metavar="N")
    for one in (sample, complete):
        what = "a .png or .npz file, or a new or empty folder, whose name ends in /"
        one("--out", what, type=name_or_path, metavar="NAME", required=True)
        one("--force", "replace the file if it exists", action="store_true")
        one("--seed", "the seed of the noise (0)", type=whole(2**32 - 1, least=0), default=0)
        by_class = "for a model with classes: draw these classes in turn, such as 7 or 0,1,2 (all)"
        one("--labels", by_class, type=class_numbers, metavar="CLASSES")
        wishes = 'draw faces with these attributes, such as "sad, glasses, red hair"'
        one("--ask", wishes, type=name_or_path, metavar="WORDS")
        cool = f"below 1 favours likely values (1; {COOL} with --ask)"
        one("--temperature", cool, type=partial(between, 1e-6, 10**6))
        nucleus = "draw only the likeliest values, whose probabilities sum to P (1: all values)"
        one("--top-p", nucleus, type=partial(between, 0.01, 1), metavar="P", default=1.0)
        guide = "with --ask: press the wish, told + W * (told - untold) in logits, 0 to 100 (0)"
        one("--guidance", guide, type=partial(between, 0, 100), metavar="W", default=0.0)

    compress("file", "the image", type=name_or_path, metavar="IMAGE")
    compress("--model", f"{shipped} (small)", type=name_or_path, metavar="RUN", default="small")
    of_image = "for a model with classes: the image's class, such as 7"
    compress("--labels", of_image, type=whole(9999, least=0), metavar="CLASS")
    decompress("file", "the file", type=name_or_path, metavar="FILE")
    which = "the folder of the run with which the file was written (a shipped model is found)"
    decompress("--model", which, type=name_or_path, metavar="RUN")
    compress("--out", "the file", type=name_or_path, metavar="NAME.opat", required=True)
    decompress("--out", "the image", type=name_or_path, metavar="NAME.png", required=True)
    for one in (compress, decompress):
        one("--force", "replace the file if it exists", action="store_true")
    return top
