"""Pictures that a run and the command write: sheets of drawn images."""

import io

import numpy as np
from PIL import Image

from pixelcnn_lib.faces import FACE_COLOURS, in_colour


def tile(images, levels=256):
    """Lay images out on a square sheet, from left to right and from top to bottom.

    images: uint8 (N, H, W, colours), values below `levels`. One colour is shown as grey, three as
        red, green and blue. With any other number, each colour is shown as a grey image of its own,
        side by side.
    levels: int, how many levels the images have; they are spread from black to white.
    Returns uint8 (rows * H, columns * W, 3), where W is the width at which an image is shown.
    """
    count, height, width, colours = images.shape
    if colours not in (1, 3):
        images = images.transpose(0, 1, 3, 2)  # (N, H, colours, W)
        width, colours = width * colours, 1
        images = images.reshape(count, height, width, colours)
    side = int(np.ceil(np.sqrt(count)))
    sheet = np.zeros((side * side, height, width, colours), "uint8")
    sheet[:count] = images.astype("uint16") * 255 // (levels - 1)
    sheet = sheet.reshape(side, side, height, width, -1).swapaxes(1, 2)
    sheet = sheet.reshape(side * height, side * width, -1)
    return np.broadcast_to(sheet, (*sheet.shape[:2], 3))


def names_colours(model):
    """Tell whether a model's levels are numbers of colours in faces.FACE_COLOURS."""
    return bool(model.embed) and model.levels == len(FACE_COLOURS)


def sheet(images, model):
    """Lay out images that a model has drawn, uint8 (N, H, W, colours), as `tile` does."""
    return tile(in_colour(images)) if names_colours(model) else tile(images, model.levels)


def shown(image, model):
    """Return an image of a model's levels, uint8 (H, W, colours), as it is shown: (H, W, 1 or 3)."""
    if names_colours(model):
        return in_colour(image)
    return (image.astype("uint16") * 255 // (model.levels - 1)).astype("uint8")


def as_levels(image, model):
    """Turn an image, uint8 (H, W, 1 or 3), into the levels of a model, uint8 (H, W, colours)."""
    if names_colours(model):
        gaps = image[:, :, None].astype(int) - FACE_COLOURS  # (H, W, K, 3)
        return np.square(gaps).sum(-1).argmin(-1)[..., None].astype("uint8")  # the nearest colour
    return np.round(image * ((model.levels - 1) / 255)).astype("uint8")


def png(image):
    """Return an image, uint8 (H, W, 3), as the bytes of a PNG file."""
    Image.fromarray(image).save(file := io.BytesIO(), "png")
    return file.getvalue()
