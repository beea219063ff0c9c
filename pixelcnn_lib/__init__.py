"""The library behind *One Pixel at a Time*. Its modules, in reading order:

masks      which weight may see which colour: NumPy only
layers     MaskedConv2D and ResidualBlock
heads      what the last layer means: 256 classes, or a mixture of logistics, tied or not
losses     bits per dimension, and scores
model      PixelCNN and its presets
leaks      who sees whom, by experiment and by computation
files      images of your own: folders, image files, .npz
data       photographs, digits, a toy source of known entropy, CIFAR-10
caching    each layer at one pixel, computing nothing twice
sampling   drawing images, one value at a time
pictures   what is written as a picture: sheets of images, the loss as a curve
native     what a library's C++ prints, and how it ends the process
cluster    several processes, on one machine or on several, that share each batch
batches    what a training step learns from: crops, and how they are varied
devices    devices that share each batch
folders    whose files a folder holds; locks; no file ever half-written
runs       what a run keeps: configuration, images, checkpoints, log
training   long runs: logs, samples, checkpoints, resume
command    the command's arguments, and what each does
__main__   the command: python -m pixelcnn_lib --help
teach      figures, exercises and historical bugs; the core never imports it
"""

import os
import sys
from contextlib import suppress

__version__ = "0.1.0"

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what fails raises in Python too
if "ipykernel" in sys.modules:  # a notebook would show what TensorFlow prints when it is imported
    from pixelcnn_lib.native import silent

    with silent(2), suppress(ImportError, ValueError):
        import keras

        keras.distribution.list_devices()
