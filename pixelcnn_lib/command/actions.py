"""What each command does: train, resume, score, sample and complete.

Importing Keras takes seconds, so the arguments and the images are checked before that.
"""

import os
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from pixelcnn_lib import cluster, data, folders
from pixelcnn_lib.command.arguments import BUILT_IN, DATA, MODELS, PROGRAM, SIDE, typed
from pixelcnn_lib.command.sources import (
    built_in,
    cut,
    fits,
    kind,
    learning,
    one_image,
    repeated,
    unseen,
)
from pixelcnn_lib.command.start import find, wake_keras

LARGEST = 10**8  # pixels of a picture


def train(args):
    out = Path(args.out)
    if (out / "config.json").exists():
        raise ValueError(
            f"{out} holds a run. Resume it: {PROGRAM} resume {typed(out)}. Or choose another --out."
        )
    there = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not there.is_dir():
        raise ValueError(
            f"--out must be a folder, new or empty; {os.path.relpath(there)} is a file."
        )
    check_writable(there)
    folders.check_free(out)
    given, name = learning(args), built_in(args.data, DATA)
    presets = MODELS[args.model]
    preset = args.preset or (name if name in presets else presets[0])
    if preset not in presets:
        raise ValueError(
            f"--model {args.model} has the presets {', '.join(presets)}; got {preset}."
        )
    wake_keras()
    import keras

    from pixelcnn_lib import training
    from pixelcnn_lib.family import MEMBERS

    keras.utils.set_random_seed(args.seed)
    model = MEMBERS[args.model].preset(
        preset,
        colours=given.images[0].shape[2],
        levels=data.DIGIT_LEVELS if name == "digits" else 256,
        classes=len(given.classes) if given.classes else None,
        dtype=args.precision,
    )
    kept = "the last epoch"
    if given.valid is not None:
        kept = f"the best epoch on {counted(len(given.valid), 'other')}"
    images = counted(len(given.images), "image")
    print(f"{preset}: {model.count_params():,} weights, {images}; keeps {kept}.")
    for number, folder in enumerate(given.classes or ()):
        if folder != str(number):
            print(f"class {number}: {folder}")
    with bar() as callback:
        training.train(
            model,
            given.images,
            args.out,
            valid=given.valid,
            labels=given.labels,
            valid_labels=given.valid_labels,
            class_names=given.classes,
            epochs=args.epochs,
            steps_per_epoch=args.steps,
            batch_size=args.batch,
            size=given.size,
            augment=name == "photos" if args.augment is None else args.augment,
            learning_rate=args.rate,
            seed=args.seed,
            verbose=0,
            callbacks=[callback],
        )
    summarise(args.out)


def resume(args):
    if not (Path(args.out) / "config.json").exists():
        start = f"{PROGRAM} train --data photos --out {typed(args.out)}"
        raise ValueError(f"{args.out} holds no run. Start one: {start}")
    wake_keras(args.imports)
    from pixelcnn_lib import training

    options = {"epochs": args.epochs} if args.epochs else {}
    if args.device:
        options["devices"] = [f"{args.device}:0"]
    with bar() as callback:
        training.resume(args.out, verbose=0, callbacks=[callback], **options)
    summarise(args.out)


def assist(args):
    """Take part in the run of process 0 of a cluster, whatever the other arguments say."""
    wake_keras(getattr(args, "imports", None))
    from pixelcnn_lib import training

    number, count = cluster.processes()
    print(f"process {number} of {count} takes part; process 0 keeps the run.", flush=True)
    training.assist()


def score(args):
    images, labels = unseen(args.data, args) if args.data else (None, None)
    model, run = find(args)
    from pixelcnn_lib import losses, runs

    own = args.data is not None and built_in(args.data, DATA) is None
    learnt, held_out = runs.read_images(run) if run and (own or not args.data) else ((), ())
    if args.data and model.classes:
        names = runs.read_config(run)["class_names"] if run else ()
        with warnings.catch_warnings(action="ignore"):  # they were told at the first reading
            images, labels = unseen(args.data, args, model.classes, names)
    elif not args.data and not run:
        test = "digits" if model.classes else "photos"
        images, labels = unseen(f"{BUILT_IN}{test}", args, model.classes)
    elif not args.data:
        if not len(held_out):
            raise ValueError(f"{run} held no images out. Name images to score it on with --data.")
        fits(held_out, args.patch)
        images, labels = cut(held_out, args.patch, runs.read_labels(run)[1])
    colours = images[0].shape[2]
    if colours != model.colours:
        raise ValueError(
            f"{args.model} draws images that are {kind(model.colours)}; the images to score are "
            f"{kind(colours)}."
        )
    if run and own:
        count = repeated(images, learnt, args.patch)
        if count:
            warnings.warn(
                f"{run} learnt from {count} of these {len(images)} images: this is not a score on "
                "unseen images.",
                stacklevel=2,
            )
    bits, error, per_image = losses.score(model, images, labels=labels)
    if len(per_image) == 1:
        return print(f"{bits:.3f} bits per dimension (1 image)")
    sign = plus_minus()
    print(
        f"{bits:.3f} {sign} {error:.3f} bits per dimension ({sign} standard error, {len(images)} images)"
    )
    if args.data and built_in(args.data, DATA) == "toy":
        print(f"{data.toy_entropy(len(images[0])):.3f}, the entropy of the toy source")


def sample(args):
    check_output(args)
    model, run = find(args)
    from pixelcnn_lib import sampling

    size = args.size or size_of(run, model)
    check_picture(args.n, size, args.zoom)
    drawn = draw(sampling.generate_images, model, args.n, size, args)
    save(drawn, model.levels, args)


def complete(args):
    check_output(args)
    image = one_image(args.image)  # (H, W, 3), or grey (H, W, 1)
    image = Image.fromarray(np.broadcast_to(image, (*image.shape[:2], 3)))
    model, run = find(args)
    from pixelcnn_lib import sampling

    if model.colours not in (1, 3):
        raise ValueError(
            f"{args.model} draws images {kind(model.colours)}; complete needs grey or three colours."
        )
    height, width = args.size or size_of(run, model)
    check_picture(args.n + 2, (height, width), args.zoom)
    image = ImageOps.fit(image.convert("L" if model.colours == 1 else "RGB"), (width, height))
    image = np.array(image).reshape(height, width, -1)
    image = np.round(image * ((model.levels - 1) / 255)).astype("uint8")
    row, col = np.ogrid[:height, :width]
    kept = row < args.share * height if args.known == "top" else col < args.share * width
    known = np.broadcast_to(kept[..., None], image.shape)
    copies = np.stack(args.n * [image])
    drawn = draw(sampling.complete, model, copies, known, args)
    hidden = np.where(known, image, (model.levels - 1) // 2).astype("uint8")
    save(np.concatenate([[image, hidden], drawn]), model.levels, args)


# What they share


def size_of(run, model):
    """Return the height and width of the images that a run, or a shipped model, learnt from."""
    if not run:
        return (8, 8) if model.classes else (SIDE, SIDE)
    from pixelcnn_lib import runs

    return tuple(runs.read_config(run)["shape"][:2])


def draw(sampler, model, first, second, args):
    """Draw by the fastest method that the model's layers allow; classes are drawn in turn."""
    options = {"seed": args.seed, "temperature": args.temperature}
    if model.classes or args.labels:
        options["labels"] = np.resize(args.labels or np.arange(model.classes), args.n)
    try:
        return sampler(model, first, second, **options)
    except ValueError:  # no cached step, or an error that the next line raises too
        return sampler(model, first, second, method="naive", **options)


def check_output(args):
    """Raise ValueError unless the picture can be written where --out says."""
    out = Path(args.out)
    if out.suffix.lower() != ".png" or not out.parent.is_dir():
        raise ValueError(f"--out must be a .png in a folder that exists; got {out}.")
    if out.is_dir():
        raise ValueError(f"--out must be a .png file; {out} is a folder. Choose another name.")
    if os.path.lexists(out) and not args.force:
        raise ValueError(f"{out} exists. Choose another name, or give --force to replace it.")
    check_writable(out.parent)


def check_writable(folder):
    """Raise ValueError if files cannot be written to a folder."""
    if not os.access(folder, os.W_OK):
        folder = os.path.relpath(folder)
        raise ValueError(f"{folder} cannot be written to. Choose another folder for --out.")


def check_picture(count, size, zoom):
    """Raise ValueError if a picture of this many images would be too large."""
    pixels = int(np.ceil(np.sqrt(count))) ** 2 * size[0] * size[1] * zoom**2
    if pixels > LARGEST:
        raise ValueError(
            f"The picture would have {pixels:,} pixels, and {LARGEST:,} is the most. Give a smaller "
            "--n, --size or --zoom."
        )


def save(images, levels, args):
    """Write images side by side, each pixel enlarged, to a file that is never half-written.

    Raises ValueError if the file has come meanwhile, and --force is not given.
    """
    from pixelcnn_lib import pictures

    sheet = pictures.tile(images, levels).repeat(args.zoom, 0).repeat(args.zoom, 1)
    try:
        folders.write_whole(Path(args.out), pictures.png(sheet), new=not args.force)
    except FileExistsError:
        check_output(args)
        raise
    count, height, width = images.shape[:3]
    print(f"{args.out}: {counted(count, 'image')}, {height} high and {width} wide")


def counted(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@contextmanager
def bar():
    """Yield a Keras callback that shows one bar for the whole run, with the time that is left."""
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
    """Print which epoch a run kept, and how to draw with it."""
    from pixelcnn_lib import training

    log = training.read_log(run)
    chosen = any(line["val_loss"] != line["loss"] for line in log)
    kept = min(log, key=lambda line: line["val_loss"]) if chosen else log[-1]
    print(
        f"{run}: kept epoch {kept['epoch'] + 1:.0f} of {len(log)}, {kept['val_loss']:.3f} bits per "
        f"dimension. Draw with it: {PROGRAM} sample {typed(run)} --out grid.png"
    )


def plus_minus():
    """Return the sign ±, or +/- where the terminal has none."""
    try:
        "±".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "+/-"
    return "±"
