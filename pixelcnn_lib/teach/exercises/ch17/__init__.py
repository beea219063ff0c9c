"""Chapter 17: the members of the family compared."""

from pixelcnn_lib.teach.exercises.ch17 import choose, difference, front

ASKED = [difference.exercise, choose.exercise, front.exercise]
