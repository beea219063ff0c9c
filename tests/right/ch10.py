"""Right answers to chapter 10."""

import numpy as np


def by_throughput(forward, images, speed):
    images_an_hour = 3600 * speed / (6 * forward)
    return images / images_an_hour


def as_an_array(first, second):
    d = np.asarray(first) - np.asarray(second)
    return np.array([d.mean(), np.sqrt(d.var() / (len(d) - 1))])


RIGHT = {"10.1": [by_throughput], "10.2": [as_an_array]}
