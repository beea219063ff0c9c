"""The command. Its modules, in reading order:

arguments  its arguments and help texts: the standard library only
sources    the images that the arguments name
start      import Keras, find devices, and load the model
output     the files that sample, complete, compress and decompress write
actions    train, resume, score, sample, complete, compress and decompress
"""
