"""The command: train a model, go on, score it, draw with it. See python -m pixelcnn_lib --help."""

import argparse
import json
import os
import sys
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from pixelcnn_lib import data

PROGRAM = "python -m pixelcnn_lib"
PRESETS = ("tiny", "small", "paper", "wide")
SHIPPED = ("small", "small-categorical")
NAMED = ("photos", "toy", "cifar10")
SIZE = 32  # the side of what the shipped models learnt from
DESCRIPTION = "Train a PixelCNN, score it, and draw with it. COMMAND --help lists its arguments."
EXAMPLES = f"""\
a first run, some minutes on a laptop:
  {PROGRAM} train --data photos --out runs/first
  {PROGRAM} score runs/first --data photos
  {PROGRAM} sample runs/first --n 64 --out grid.png

without a run, from a shipped model:
  {PROGRAM} sample small --out grid.png
  {PROGRAM} complete small --image cat.jpg --known top --out cats.png

Stop a run with Ctrl-C, or kill it: {PROGRAM} resume runs/first
goes on where it stood. `tensorboard --logdir runs` shows the curves.

status: 0 all went well, 2 a bad argument or image, 1 a full disk and the like, 130 Ctrl-C
"""
TRAIN = """
A folder's images may lie in folders of it; mixed sizes, or a side above 128 pixels, need --patch.
A tenth of the images, 1000 at most, is held out to choose the best epoch. RUN gets the
configuration, a log (CSV and TensorBoard), samples of each epoch, and checkpoints to resume from.
"""
COMPLETE = """
The picture shows the image, what is kept of it, and the completions. A model draws row by row, and
is steered by what lies above and to the left alone: so the top or the left can be kept.
"""


# What a model learns from, is chosen by, and is scored on


def learning(name, patch):
    """Return what to train on, what to choose the best epoch by or None, and the crops' side."""
    if name == "toy":
        return data.toy(10_000, patch or 16, seed=1), data.toy(500, patch or 16, seed=2), None
    if name == "photos":
        train, valid = ([p.image for p in data.photographs(s)] for s in ("train", "valid"))
        fits(train, patch)
        return train, valid, patch or SIZE
    images = data.cifar10() if name == "cifar10" else read(name, patch)
    height, width = images[0].shape[:2]
    if patch is None and max(height, width) > 128:
        raise ValueError(
            f"Images of {width} x {height} are too large to learn from whole. Give --patch {SIZE}."
        )
    held_out = min(-(-len(images) // 10), 1000) if len(images) > 1 else 0
    order = np.random.default_rng(0).permutation(len(images))
    train = data.stacked([images[i] for i in order[held_out:]])
    valid = data.stacked([images[i] for i in order[:held_out]]) if held_out else None
    return train, data.cut(valid, patch) if patch and held_out else valid, patch


def unseen(name, patch):
    """Return the images to score on: of photos and CIFAR-10 the test set, of toy fresh draws."""
    if name == "toy":
        return data.toy(1000, patch or 16, seed=3)
    if name == "photos":
        images = [photograph.image for photograph in data.photographs("test")]
    else:
        images = data.cifar10("test") if name == "cifar10" else read(name, patch or 1)
    fits(images, patch)
    return data.cut(images, patch) if patch else images


def fits(images, patch):
    """Raise ValueError unless patches of this side can be cut from all of the images."""
    smallest = min(min(image.shape[:2]) for image in images)
    if patch and patch > smallest:
        raise ValueError(
            f"--patch must be {smallest} or less, the smallest image's side; got {patch}."
        )


def read(name, patch):
    """Read the images of a folder or a file."""
    if not Path(name).exists():
        known = ", ".join(NAMED)
        raise ValueError(f"{name} is none of {known}, and no folder or file that exists.")
    return data.load(name, patch)


# The five commands. Keras takes seconds to import: first come the arguments and the images.


def train(args):
    if (Path(args.out) / "config.json").exists():
        raise ValueError(
            f"{args.out} holds a run. Go on with it: {PROGRAM} resume {args.out}. Or choose "
            "another --out."
        )
    images, valid, size = learning(args.data, args.patch)
    wake_keras()
    import keras

    from pixelcnn_lib import training
    from pixelcnn_lib.model import PixelCNN

    keras.utils.set_random_seed(args.seed)
    model = PixelCNN.preset(args.preset, colours=images[0].shape[2], dtype=args.precision)
    kept = "last epoch" if valid is None else f"best epoch by {len(valid)} held out"
    print(f"{args.preset}: {model.count_params():,} weights, {len(images)} images; {kept} is kept.")
    with bar() as callback:
        training.train(
            model,
            images,
            args.out,
            valid=valid,
            epochs=args.epochs,
            steps_per_epoch=args.steps,
            batch_size=args.batch,
            size=size,
            augment=args.data == "photos" if args.augment is None else args.augment,
            learning_rate=args.rate,
            seed=args.seed,
            verbose=0,
            callbacks=[callback],
        )
    summarise(args.out)


def resume(args):
    if not (Path(args.out) / "config.json").exists():
        raise ValueError(
            f"{args.out} holds no run. Start one: {PROGRAM} train --data photos --out {args.out}"
        )
    wake_keras()
    from pixelcnn_lib import training

    with bar() as callback:
        training.resume(args.out, verbose=0, callbacks=[callback])
    summarise(args.out)


def score(args):
    images = args.data and unseen(args.data, args.patch)
    model, is_run = find(args.model), Path(args.model).is_dir()
    from pixelcnn_lib import losses, runs

    if images is None:
        images = runs.read_images(args.model)[1] if is_run else unseen("photos", args.patch)
    if not len(images):
        raise ValueError(f"{args.model} held nothing out. Name images to score it on with --data.")
    if images[0].shape[2] != model.colours:
        kinds = {1: "grey", 3: "in colour"}
        raise ValueError(
            f"{args.model} draws images that are {kinds[model.colours]}; those to score on are "
            f"{kinds[images[0].shape[2]]}."
        )
    if is_run and args.data not in (None, *NAMED):
        learnt, _ = runs.read_images(args.model)
        learnt = {one.tobytes() for one in (data.cut(learnt, args.patch) if args.patch else learnt)}
        count = sum(image.tobytes() in learnt for image in images)
        if count:
            warnings.warn(
                f"{args.model} learnt from {count} of these {len(images)} images: this is no score "
                "on unseen ones.",
                stacklevel=2,
            )
    bits, error, per_image = losses.score(model, images)
    if len(per_image) == 1:
        return print(f"{bits:.3f} bits per dimension (1 image)")
    print(f"{bits:.3f} ± {error:.3f} bits per dimension (± standard error, {len(images)} images)")
    if args.data == "toy":
        print(f"{data.toy_entropy(len(images[0])):.3f}, the entropy of the toy source")


def sample(args):
    check_output(args)
    model = find(args.model)
    from pixelcnn_lib import runs, sampling

    size = args.size or SIZE
    if Path(args.model).is_dir() and not args.size:
        settings = json.loads((Path(args.model) / "config.json").read_text())["settings"]
        size = settings["size"] or runs.read_images(args.model)[0][0].shape[:2]
    options = {"temperature": args.temperature}
    save(sampling.generate_images(model, args.n, size, args.seed, **options), args)


def complete(args):
    check_output(args)
    image = data.load(args.image)[0]  # (H, W, 3), or grey (H, W, 1)
    image = Image.fromarray(np.broadcast_to(image, (*image.shape[:2], 3)))
    model = find(args.model)
    from pixelcnn_lib import sampling

    image = ImageOps.fit(image.convert("L" if model.colours == 1 else "RGB"), 2 * [args.size])
    image = np.array(image).reshape(args.size, args.size, -1)
    rows = np.arange(args.size)[:, None, None] < args.share * args.size
    known = np.broadcast_to(rows if args.known == "top" else rows.swapaxes(0, 1), image.shape)
    copies = np.stack(args.n * [image])
    drawn = sampling.complete(model, copies, known, args.seed, temperature=args.temperature)
    hidden = np.where(known, image, 127).astype("uint8")
    save(np.concatenate([[image, hidden], drawn]), args)


# What they share


def wake_keras():
    """Import Keras and find the devices, with what the backend prints at that kept back.

    It is written to file descriptor 2 by C++, past sys.stderr.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what fails raises in Python too
    kept = os.dup(2)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), 2)
        try:
            import keras

            keras.distribution.list_devices()
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def find(name):
    """Load the best model of a run's folder, or a shipped one, to compute in float32."""
    if not Path(name).is_dir() and name not in SHIPPED:
        raise ValueError(f"{name} is no run's folder, and no shipped model: {', '.join(SHIPPED)}.")
    wake_keras()
    from pixelcnn_lib import training
    from pixelcnn_lib.model import PixelCNN

    is_run = Path(name).is_dir()
    return training.trained(name, dtype="float32") if is_run else PixelCNN.pretrained(name)


@contextmanager
def bar():
    """Give a Keras callback that shows one bar for the whole run, with the time that is left."""
    import keras

    class Bar(keras.callbacks.Callback):
        bar = None

        def on_epoch_begin(self, epoch, logs=None):
            steps = self.params["steps"]
            self.bar = self.bar or tqdm(
                total=self.params["epochs"] * steps,
                initial=epoch * steps,
                mininterval=0.1 if sys.stderr.isatty() else 60,
                bar_format="{percentage:3.0f} % |{bar}| step {n_fmt} of {total_fmt}, "
                "{remaining} left{postfix}",
            )

        def on_train_batch_end(self, batch, logs=None):
            self.bar.update()

        def on_epoch_end(self, epoch, logs=None):
            bits, held_out = logs["loss"], logs["val_loss"]
            held_out = f", held out: {held_out:.3f}" if held_out != bits else ""
            self.bar.set_postfix_str(f"{bits:.3f} bits{held_out}")

    callback = Bar()
    try:
        yield callback
    finally:
        if callback.bar:
            callback.bar.close()


def summarise(run):
    from pixelcnn_lib import training

    log = training.read_log(run)
    chosen = any(line["val_loss"] != line["loss"] for line in log)
    kept = min(log, key=lambda line: line["val_loss"]) if chosen else log[-1]
    print(
        f"{run}: kept epoch {kept['epoch'] + 1:.0f} of {len(log)}, {kept['val_loss']:.3f} bits per "
        f"dimension. Draw with it: {PROGRAM} sample {run} --out grid.png"
    )


def check_output(args):
    out = Path(args.out)
    if out.suffix.lower() != ".png" or not out.parent.is_dir():
        raise ValueError(f"--out must be a .png in a folder that exists; got {out}.")
    if out.exists() and not args.force:
        raise ValueError(f"{out} exists. Choose another name, or give --force to replace it.")


def save(images, args):
    """Write images side by side, each pixel enlarged, to a picture that is whole or not there."""
    from pixelcnn_lib import folders, pictures

    sheet = pictures.tile(images).repeat(args.zoom, 0).repeat(args.zoom, 1)
    folders.write_whole(Path(args.out), pictures.png(sheet))
    count, height, width = images.shape[:3]
    print(f"{args.out}: {count} image{'s' if count > 1 else ''} of {width} x {height}")


# Arguments


class Parser(argparse.ArgumentParser):
    def __init__(self, **options):
        options["formatter_class"] = argparse.RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, **options)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message} (--help lists the arguments)\n")


def whole(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number above 0, got {text!r}")
    return int(text)


def seed(text):
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 0 to 2**32 - 1, got {text!r}"
        )
    return int(text)


def number(text, below=float("inf")):
    try:
        if 0 < float(text) < below:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"must be a number above 0 and below {below}, got {text!r}")


def parser():
    top = Parser(prog=PROGRAM, description=DESCRIPTION, epilog=EXAMPLES)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(function, summary, more=""):
        summary, name = f"{summary}.", function.__name__
        one = commands.add_parser(name, help=summary, description=f"{summary}\n{more}")
        one.set_defaults(function=function)
        return one

    one = command(train, "Train a model, and keep all of the run in a new folder", TRAIN)
    one.add_argument(
        "--data",
        required=True,
        help="photos, toy, cifar10 (downloaded once), a folder of images, or an .npz file",
    )
    one.add_argument("--out", metavar="RUN", required=True, help="the run's folder: new, or empty")
    one.add_argument(
        "--preset",
        choices=PRESETS,
        default="small",
        help="tiny and small for a CPU, paper and wide for a GPU (small)",
    )
    one.add_argument(
        "--patch", type=whole, metavar="N", help=f"learn from N x N crops (photos: {SIZE}, toy: 16)"
    )
    one.add_argument(
        "--augment",
        action=argparse.BooleanOptionalAction,
        help="flip, turn and recolour the images at random (photos: yes, others: no)",
    )
    one.add_argument("--epochs", type=whole, default=10, help="a checkpoint ends each (10)")
    one.add_argument("--steps", type=whole, default=100, help="steps of an epoch (100)")
    one.add_argument("--batch", type=whole, default=16, help="images of a step (16)")
    one.add_argument("--rate", type=number, default=2e-3, help="learning rate at first (0.002)")
    one.add_argument("--seed", type=seed, default=0, help="of weights and batches (0)")
    one.add_argument(
        "--precision",
        choices=["float32", "mixed_bfloat16", "mixed_float16"],
        default="float32",
        help="on a GPU: mixed_bfloat16 from A100 and L4 on, mixed_float16 on a T4 (float32)",
    )

    one = command(resume, "Go on with a run that was stopped")
    one.add_argument("out", metavar="RUN", help="the run's folder")

    shipped = f"a run's folder, or a shipped model: {' or '.join(SHIPPED)}"
    one = command(score, "Print a model's bits per dimension, with its standard error")
    one.add_argument("model", metavar="RUN", help=shipped)
    one.add_argument(
        "--data",
        help="as in train; photos and cifar10 are their test sets, toy is drawn anew. Without it: "
        "what the run held out to choose its best epoch",
    )
    one.add_argument("--patch", type=whole, metavar="N", help="score N x N patches of the images")

    draw = command(sample, "Draw images into one picture")
    draw.add_argument("model", metavar="RUN", help=shipped)
    draw.add_argument("--n", type=whole, default=16, help="how many (16)")
    draw.add_argument("--size", type=whole, metavar="N", help="N x N pixels each (as in training)")

    fill = command(complete, "Draw the missing part of an image, several times", COMPLETE)
    fill.add_argument("model", metavar="RUN", help=shipped)
    fill.add_argument("--image", required=True, metavar="FILE", help="the image")
    fill.add_argument("--known", choices=["top", "left"], default="top", help="what is kept (top)")
    share = lambda text: number(text, below=1)
    fill.add_argument("--share", type=share, default=0.5, help="how much of it is kept (0.5)")
    fill.add_argument("--n", type=whole, default=7, help="how many completions (7)")
    fill.add_argument(
        "--size",
        type=whole,
        default=SIZE,
        metavar="N",
        help=f"scale the image's middle to N x N pixels first ({SIZE})",
    )
    for one in (draw, fill):
        one.add_argument("--out", metavar="PNG", required=True, help="the picture to write")
        one.add_argument("--force", action="store_true", help="replace PNG if it exists")
        one.add_argument("--zoom", type=whole, default=4, help="show each pixel Z x Z large (4)")
        one.add_argument("--seed", type=seed, default=0, help="another seed, other images (0)")
        one.add_argument(
            "--temperature", type=number, default=1.0, help="below 1 favours the likely (1)"
        )
    return top


def main(arguments=None):
    """Run one command; returns its exit status."""
    args = parser().parse_args(arguments)

    def tell(message):
        print(f"{PROGRAM} {args.command}: {' '.join(str(message).split())}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda message, *_: tell(message)
        try:
            args.function(args)
        except ValueError as error:
            tell(error)
            return 2
        except (OSError, MemoryError) as error:
            tell(error)
            return 1
        except KeyboardInterrupt:
            begun = (
                args.command in ("train", "resume") and (Path(args.out) / "config.json").exists()
            )
            tell(f"stopped.{f' Go on with: {PROGRAM} resume {args.out}' if begun else ''}")
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
