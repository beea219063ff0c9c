"""The library behind *One Pixel at a Time*. Its modules, in reading order:

arguments  checks of arguments
masks      which weights of a convolution are kept; NumPy only
operations what blocks are made of, and how Keras computes it at all pixels
layers     MaskedConv2D and ResidualBlock
fields     what a network can see, from its layers
heads      output heads: 256 classes, or a mixture of logistics, with colours tied or not
losses     bits per dimension, the loss
scoring    bits per dimension of images of any size, with the standard error
registry   names under which Keras knows classes, for files
leaks      which value each prediction depends on, measured; and what a stack of masks lets through
steering   how a level is drawn from logits: temperature, guidance, top-p, top-k
caching    runs each layer at one pixel, and computes nothing twice
sampling   drawing images, one value at a time
model      what all models share: scaling, checks, the head, saving
family     the models: PixelCNN, Gated PixelCNN, Row LSTM, Diagonal BiLSTM, PixelCNN++,
           transformer, PixelSNAIL
face_parts the parts of faces: options, chances, and how parts are laid over each other
face_reading the choices behind a drawn face, its exact probability, or what is wrong with it
faces      faces put together by chance, what they cost at least, and words for them
account    why a network pays more for each pixel of a face than it must, exactly
disk       files: only regular ones, read within bounds, written whole
files      images of your own: folders, image files, .npz
data       photographs, digits, the faces, CIFAR-10, and your own images
exact      arithmetic that gives the same numbers everywhere, to the last bit
coding     files that shrink: images to bytes and back, with a model
pictures   pictures to write to files: sheets of images
native     control over what a library's C++ prints
batches    batches of crops, and how the crops are varied
folders    a run's folder: empty at its start, locked, and all that is written is in it
runs       what a run keeps: configuration, images, checkpoints, log
keeper     what a run does after each epoch: score, samples, log, checkpoint
training   long runs: begin, resume, load
command    the command's arguments, and what each does
__main__   the command: python -m pixelcnn_lib --help
teach      figures, exercises and historical bugs; the core never imports it
"""

import os
import sys
from contextlib import suppress

__version__ = "0.1.0"

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow raises its errors in Python too
_ipython = sys.modules.get("IPython") if "ipykernel" in sys.modules else None
if _ipython and _ipython.get_ipython():  # a notebook would show what TensorFlow prints on import
    from pixelcnn_lib.native import silent

    with silent(), suppress(ImportError, ValueError):
        import keras

        keras.distribution.list_devices()
