"""Train the model of digits again: its training time and its accuracy. Run by `make bench`.

Its accuracy by Bayes's rule on the test digits is compared with logistic regression.
"""

import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path

from bench_sampling import line, machine

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "tools"))
import train_digits  # noqa: E402 - the line above tells where it is


def main():
    print(machine())
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        model = train_digits.best(Path(folder) / "run")
        took, found = time.perf_counter() - start, train_digits.measure(model)
    line("", "measured", "others'", "goal")
    line("digits: seconds to train", f"{took:.0f}")
    line("digits: bits per dimension, held out", f"{found['held_out_bits_per_dim']:.3f}")
    others = f"{found['accuracy of logistic regression']:.3f}"
    line("digits: recognised by Bayes's rule", f"{found['accuracy']:.3f}", others, ">= 0.96")


if __name__ == "__main__":
    main()
