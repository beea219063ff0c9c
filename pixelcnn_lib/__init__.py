"""The library behind *One Pixel at a Time*. Its modules, in reading order:

masks      which weight may see which colour: NumPy only
layers     MaskedConv2D and ResidualBlock
heads      what the last layer means: 256 classes, or a mixture of logistics
losses     bits per dimension, and scores
model      PixelCNN and its presets
leaks      who sees whom, by experiment and by computation
data       photographs, a toy source of known entropy, CIFAR-10
sampling   drawing images, one value at a time
training   long runs: logs, samples, checkpoints, resume
teach      figures, exercises and historical bugs; the core never imports it
"""

__version__ = "0.1.0"
