"""Chapter 7: drawing a picture, one value after another."""

from pixelcnn_lib.teach.exercises import Prediction

PREDICTIONS = []
