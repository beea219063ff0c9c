"""The solutions of exercises that chapters call, such as solutions.blocks_needed, that of 3.2."""

from pixelcnn_lib.teach.exercises.ch02.masked_conv2d import MaskedConv2D
from pixelcnn_lib.teach.exercises.ch03.blocks_needed import blocks_needed
from pixelcnn_lib.teach.exercises.ch07.sample_naive import sample_naive
from pixelcnn_lib.teach.exercises.ch09.guided import guided
from pixelcnn_lib.teach.exercises.ch09.posterior import posterior
from pixelcnn_lib.teach.exercises.ch10.compare import compare
from pixelcnn_lib.teach.exercises.ch11.blind_spot import blind_spot
from pixelcnn_lib.teach.exercises.ch16.interval import interval
from pixelcnn_lib.teach.exercises.ch16.range_coder import RangeCoder
from pixelcnn_lib.teach.exercises.ch17.auroc import auroc
from pixelcnn_lib.teach.exercises.ch17.comparable import comparable
from pixelcnn_lib.teach.exercises.ch17.neighbour_bits import neighbour_bits
