"""The command. Its modules, in reading order:

arguments  what it takes, and its help: the standard library only
sources    which images --data means
start      Keras, devices and the model, before any work
actions    train, resume, score, sample and complete
"""
