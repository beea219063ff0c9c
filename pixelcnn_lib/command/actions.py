"""What each command does: train, resume, score, sample, complete, compress and decompress.

Each takes the command's arguments, as arguments.parser returns them, and prints what it has done. It
raises ValueError for arguments and images that do not fit, and OSError for files. Importing Keras
takes seconds, so the arguments and the images are checked before that.
"""

import io
import json
import shlex
import sys
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pixelcnn_lib import data, disk, faces, folders
from pixelcnn_lib.arguments import one_of
from pixelcnn_lib.command.arguments import COOL, DATA, PRESETS, PROGRAM, SHIPPED
from pixelcnn_lib.command.output import (
    as_picture,
    check_file,
    check_output,
    counted,
    other_sizes,
    save,
    say,
)
from pixelcnn_lib.command.sources import (
    FACES,
    check_exists,
    in_patches,
    kind,
    learning,
    one_image,
    unseen,
)
from pixelcnn_lib.command.start import load_model, wake_keras

MOST = 2**30  # bytes of a file that decompress reads
MANY, SPEED = 2**20, 20_000  # pixels of a large image; pixels a second, about, of small


def train(args):
    """Train a new model on --data, and keep the run in the folder --out."""
    out = Path(args.out)
    folders.check_free(out)
    if args.minutes and args.steps:
        raise ValueError("--minutes chooses the number of steps: leave --steps out.")
    if args.preset:
        one_of("--preset", args.preset, PRESETS[args.model])
    given, name = learning(args), args.data
    if args.preset == "faces" and given.images[0].shape[2] > 1:
        others = [one for one in PRESETS[args.model] if one != "faces"]
        raise ValueError(
            "--preset faces is for images of one value in each pixel, such as --data faces; these "
            f"images are in colour. Choose {' or '.join(others)}."
        )
    wake_keras()
    import keras

    from pixelcnn_lib import training

    keras.utils.set_random_seed(args.seed)
    model = new_model(args, given)
    kept = "the last epoch"
    if given.valid is not None:
        patches = f"{counted(len(given.valid), 'patch')} of " if given.cut else ""
        kept = f"the best epoch on {patches}{counted(given.cut or len(given.valid), 'other')}"
    images = counted(len(given.images), "image")
    print(f"{model.name}: {model.count_params():,} weights, {images}; keeps {kept}.")
    for number, folder in enumerate(given.classes or ()):
        if folder != str(number):
            say(f"class {number}: {folder}")
    training.train(
        model,
        given.images,
        args.out,
        valid=given.valid,
        labels=given.labels,
        valid_labels=given.valid_labels,
        epochs=args.epochs,
        steps_per_epoch=args.steps or 100,
        minutes=args.minutes,
        batch_size=args.batch or (32 if name in FACES else 16),
        size=given.size,
        augment=name == "photos" if args.augment is None else args.augment,
        learning_rate=args.rate or (0.01 if name in FACES else 0.002),
        seed=args.seed,
        verbose=verbose(),
    )
    summarise(args.out)


def resume(args):
    """Resume the run in the folder `out`, until its last epoch or --epochs."""
    folders.check_own(Path(args.out))
    wake_keras()
    from pixelcnn_lib import training

    training.resume(args.out, epochs=args.epochs, verbose=verbose())
    summarise(args.out)


def score(args):
    """Print the bits per dimension of a model, on --data or on what its run held out."""
    if args.data:
        check_exists(args.data, args)
    model, run = load_model(args.model)
    from pixelcnn_lib import scoring

    images, labels, noun = to_score(args, model, run)
    colours = images[0].shape[2]
    if colours != model.colours:
        raise ValueError(
            f"{args.model} draws images that are {kind(model.colours)}; the images to score are "
            f"{kind(colours)}."
        )
    bits, error, per_image = scoring.score(model, images, labels=labels, progress=True)
    if not np.isfinite(bits):
        raise ValueError(
            f"The score is {bits}: {args.model} has weights that are nan or infinite. Train it "
            "again with a lower --rate."
        )
    several = len(per_image) > 1
    if args.json:
        scores = {
            "bits_per_dim": bits,
            "standard_error": error if several else None,
            "bits_per_dim_of_each_image": per_image.tolist(),
        }
        return print(json.dumps(scores))
    spread = f" ± {error:.3f}" if several else ""
    note = "± standard error, " if several else ""
    count = counted(len(per_image), noun)
    print(f"{bits:.3f}{spread} bits per dimension ({note}{count})")
    if args.data in FACES:
        entropy = faces.faces_entropy(FACES[args.data])
        print(f"{bits * images[0].size:.2f} bits per face; the faces' entropy is {entropy:.2f}")


def sample(args):
    """Draw --n images with a model, and write them where --out says."""
    check_output(args)
    asked(args)
    model, run = load_model(args.model)
    from pixelcnn_lib import sampling

    size = args.size or size_of(args.model, run, model)
    save(draw(sampling.generate_images, model, args.n, size, args), model, args)


def complete(args):
    """Keep half of --image, draw the rest --n times, and write all where --out says."""
    check_output(args)
    asked(args)
    image = one_image(args.image, background=args.background)  # (H, W, 3), or grey (H, W, 1)
    image = Image.fromarray(np.broadcast_to(image, (*image.shape[:2], 3)))
    model, run = load_model(args.model)
    from pixelcnn_lib import pictures, sampling

    height, width = args.size or size_of(args.model, run, model)
    grey = model.colours == 1 and not pictures.names_colours(model)
    image = ImageOps.fit(image.convert("L" if grey else "RGB"), (width, height))
    image = pictures.as_levels(np.array(image).reshape(height, width, -1), model)
    row, col = np.ogrid[:height, :width]
    kept = 2 * row < height if args.known == "top" else 2 * col < width
    known = np.broadcast_to(kept[..., None], image.shape)
    copies = np.stack(args.n * [image])
    drawn = draw(sampling.complete, model, copies, known, args)
    hidden = np.where(known, image, (model.levels - 1) // 2).astype("uint8")
    save(np.concatenate([[image, hidden], drawn]), model, args)


def compress(args):
    """Write the image `file` to the smaller file --out, without any loss."""
    check_file(args, ".opat")
    image = one_image(args.file, "compress")
    if (image == image[..., :1]).all():  # a grey image that was saved in colour
        image = image[..., :1]
    model, _ = load_model(args.model)
    from pixelcnn_lib import coding

    foretell(coding, model, *image.shape[:2])
    file = coding.encode(model, levels_of(image, model, args), args.labels, progress=True)
    disk.write_whole(Path(args.out), file)
    sizes = {args.out: len(file), **other_sizes(image)}
    say(", ".join(f"{name}: {size:,} bytes" for name, size in sizes.items()))


def decompress(args):
    """Read a file of `compress`, find its model, and write the image as the PNG --out."""
    check_file(args, ".png")
    wake_keras()
    from pixelcnn_lib import coding, pictures

    with folders.reading(args.file, "Name a file that compress has written."):
        file = disk.read_whole(args.file, MOST)
        header = coding.read_header(file)
    for name in [args.model] if args.model else SHIPPED:
        model, _ = load_model(name)
        if coding.checksum(model) == header.model:
            break
    else:
        fix = "Leave out --model, or give its run" if args.model else "Give its run with --model"
        raise ValueError(f"Another model has written {args.file}. {fix}.")
    foretell(coding, model, header.height, header.width)
    image = pictures.shown(coding.decode(model, file, progress=True), model)
    as_picture(image).save(picture := io.BytesIO(), "png")
    disk.write_whole(Path(args.out), picture.getvalue())
    say(f"{args.out}: {header.height} high and {header.width} wide")


# What they share


def foretell(coding, model, height, width):
    """Say how long a large image will take, and how much memory; refuse one that takes too much.

    coding: the module. model, height, width: as in coding.check_size.
    """
    coding.check_size(model, height, width)
    if height * width >= MANY:
        minutes = height * width / SPEED / 60
        warnings.warn(
            f"{height} x {width} pixels take about {coding.memory(model, height, width) / 2**30:.1f} "
            f"GiB of memory, and about {minutes:.0f} minutes with small. Ctrl-C stops it.",
            stacklevel=2,
        )


def levels_of(image, model, args):
    """Turn an image, uint8 (H, W, 1 or 3), into the levels of a model, without any loss."""
    from pixelcnn_lib import pictures

    levels = pictures.as_levels(image, model)
    if (pictures.shown(levels, model) != image).any():
        raise ValueError(
            f"{args.file} has other colours than {args.model} draws. Give another --model."
        )
    return levels


def asked(args):
    """Return the labels of the faces that --ask describes, int (n, attributes), or None.

    Raises ValueError for words that are not attributes, and for guidance without a wish.
    """
    if args.guidance and not args.ask:
        raise ValueError("--guidance presses a wish. Give one with --ask, and draw with faces.")
    return np.tile(faces.ask(args.ask), (args.n, 1)) if args.ask else None


def new_model(args, given):
    """Build the model that train's arguments describe; it is named after its preset.

    given: sources.Learning, the images.
    """
    from pixelcnn_lib import heads
    from pixelcnn_lib.family import MEMBERS

    cls, name = MEMBERS[args.model], args.data
    own = "faces" if name in FACES else name  # the preset that belongs to the images
    default = "small" if args.model == "pixelcnn" else next(iter(cls.presets))
    preset = args.preset or (own if name in DATA and own in cls.presets else default)
    options = {"colours": given.images[0].shape[2], "name": preset}
    options["classes"] = len(given.classes) if given.classes else None
    if name in FACES:
        options.update(faces.SIZES)
    else:
        options["levels"] = {"digits": data.DIGIT_LEVELS, "mnist": 2}.get(name, 256)
    if args.head:
        options["head"] = heads.HEADS[args.head]
    return cls.preset(preset, **options)


def to_score(args, model, run):
    """Return the images to score, their labels or None, and what they are: "image" or "patch".

    args: the command's arguments.
    model, run: as load_model returns them.
    """
    from pixelcnn_lib import runs

    size = args.patch
    if args.data or not run:
        shipped = args.model if args.model in DATA else "photos"
        images, labels = unseen(args.data or shipped, args, model.classes)
        if run and args.data not in DATA:
            check_unseen(run, images)
    else:
        _, images, _, labels = runs.read_images(run)
        if not len(images):
            raise ValueError(f"{run} held no images out. Name images to score it on with --data.")
        size = size or runs.read_config(run)["settings"]["size"]
    images, labels = in_patches(images, args.patch, labels)
    return images, labels, "patch" if images[0].shape[:2] == (size, size) else "image"


def check_unseen(run, images):
    """Say so if a run has learnt from some of the images, uint8 (H, W, colours), to score."""
    from pixelcnn_lib import runs

    learnt = {hash(image.tobytes()) for image in runs.read_images(run)[0]}
    seen = sum(hash(image.tobytes()) in learnt for image in images)
    if seen:
        warnings.warn(
            f"{run} has learnt from {seen} of these {counted(len(images), 'image')}, so the score is "
            "better than for new ones. Leave --data out to score what it held out.",
            stacklevel=2,
        )


def size_of(name, run, model):
    """Return the height and width of the images that a model learnt from.

    name: str, the run's folder, or the shipped model's name.
    run, model: as load_model returns them.
    """
    if not run:
        _, _, side = model.shipped[name]
        return side, side
    from pixelcnn_lib import runs

    return tuple(runs.read_config(run)["shape"][:2])


def draw(sampler, model, first, second, args):
    """Draw as the arguments say, and in turn the classes that they name."""
    temperature = args.temperature or (COOL if args.ask else 1.0)
    options = {"seed": args.seed, "temperature": temperature, "progress": True}
    options |= {"top_p": args.top_p, "guidance": args.guidance}
    if args.labels and model.classes == faces.LABELS:
        raise ValueError(f'{args.model} takes wishes, such as --ask "sad, hat", not --labels.')
    if args.labels:
        options["labels"] = np.resize(args.labels, args.n)
    elif args.ask:
        if model.classes != faces.LABELS:
            raise ValueError(
                f"{args.model} knows no attributes, so it takes no --ask. Leave it out, or draw with "
                "faces."
            )
        options["labels"] = asked(args)
    elif model.classes:
        options["labels"] = model.some_labels(args.n)
    return sampler(model, first, second, **options)


def verbose():
    """Return how Keras reports a training: a bar on a terminal, in a file a line for each epoch."""
    return 1 if sys.stdout.isatty() else 2


def summarise(run):
    """Print which epoch a run kept, and how to draw with it."""
    from pixelcnn_lib import runs

    log = runs.read_log(run)
    _, valid, *_ = runs.read_images(run)
    kept = min(log, key=lambda line: line["val_loss"]) if len(valid) else log[-1]
    say(
        f"{run}: kept epoch {kept['epoch'] + 1:.0f} of {len(log)}, {kept['val_loss']:.3f} bits per "
        f"dimension. Draw with it: {PROGRAM} sample {shlex.quote(run)} --out grid.png"
    )
