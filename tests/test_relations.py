"""What a message says about all values of a wrong answer is true."""

import dataclasses

import numpy as np
import pytest

from pixelcnn_lib.teach import judge
from pixelcnn_lib.teach.exercises import Exercise, Wrong, agreement


def scores(x, scale=1.0):
    """Return a matrix of different numbers."""
    return np.cumsum(np.asarray(x, "float64") * scale, axis=1) / 7


def counts(n):
    return np.arange(n) * 100


def even(n):
    return np.arange(n) % 2 == 0


def powers(base, count=2):
    return np.arange(count) ** base


EXERCISE = Exercise(
    id="0.1",
    title="Scores",
    minutes=1,
    difficulty=1,
    solution=scores,
    hints=("a", "b", "c"),
    cases=lambda: {
        "wide": (np.arange(1.0, 13).reshape(3, 4),),
        "high": (np.arange(2.0, 17).reshape(5, 3) ** 2, 2.0),
    },
    tolerance=1e-6,
    conditions=[agreement("all", hint="look again.")],
)
SAID = {
    "The sign of every value is wrong.": lambda y: -y,
    "Every value is 0.6931 times what is expected. Hint: natural and binary": lambda y: (
        y * np.log(2)
    ),
    "Every value is -0.6931 times what is expected. Hint: which sign": lambda y: -y * np.log(2),
    "Every value is 3 times what is expected. Hint: there are three": lambda y: y * 3,
    "Every value is 1.7 times what is expected.": lambda y: y * 1.7,
    "Every value is 0.4805 times what is expected. Hint: log 2 is on the wrong side": lambda y: (
        y * np.log(2) ** 2
    ),
    "Every value is multiplied by the size of argument 1. Hint: is it a mean": lambda y: y * y.size,
    "Every value is divided by the size of axis 0 of argument number 1.": lambda y: y / len(y),
    "Every value is the exponential of what is expected.": np.exp,
    "Every value is the logarithm of what is expected.": np.log,
    "Every value is the square of what is expected.": np.square,
    "Every value is 1 divided by what is expected.": np.reciprocal,
    "Every value is rounded to a whole number.": np.round,
    "Every value is rounded up to a whole number.": np.ceil,
    "The fraction of every value is cut off.": np.floor,
    "12 of 12 values are nan. Hint: look for 0 / 0": lambda y: y * np.nan,
    "Every value is 2 above what is expected.": lambda y: y + 2,
    "Every value is 0.5 below what is expected.": lambda y: y - 0.5,
    "The axes have another order: (1, 0).": lambda y: y.T,
    "Axis 0 is reversed.": lambda y: y[::-1],
    "Along axis 1 every value comes one place too late.": lambda y: np.roll(y, 1, axis=1),
    "Along axis 0 every value comes one place too early.": lambda y: np.roll(y, -1, axis=0),
    "expected 0.1429 at index [0, 0], got 0.2041. Right for: high. Hint: look again.": lambda y: (
        y**1.0 + 3 / 49 * (y < 0.2)
    ),
}


@pytest.mark.parametrize("said", SAID)
def test_a_relation_is_named_where_it_holds(said):
    change = SAID[said]
    line = judge.judge(EXERCISE, lambda x, scale=1.0: change(np.cumsum(x * scale, 1) / 7)).line
    assert line.startswith("✗ 0.1 ") and said in line, line


def test_a_relation_of_all_wrong_cases_is_named():
    cases = {name: (np.arange(2.0, 2 + 3 * n).reshape(3, n),) for n, name in enumerate("abcd", 1)}
    exercise = dataclasses.replace(EXERCISE, cases=cases, known={})
    answer = lambda x, scale=1.0: tripled(x) / (1 if x.size > 6 else 3)
    line = judge.judge(exercise, answer).line
    assert "In all cases that are wrong: Every value is 3 times what is expected." in line


def test_an_input_that_comes_back_is_named():
    line = judge.judge(EXERCISE, lambda x, scale=1.0: x).line
    assert "It returns the values of its argument number 1." in line


def test_the_same_on_every_case_is_named():
    cases = {"one": (np.ones((2, 2)),), "two": (np.eye(2),)}
    exercise = dataclasses.replace(EXERCISE, cases=cases)
    assert (
        "It gives the same result on every case."
        in judge.judge(exercise, lambda x, scale=1.0: np.ones((2, 2))).line
    )


def test_values_that_went_around_in_a_byte_are_named():
    exercise = dataclasses.replace(
        EXERCISE, solution=counts, cases={"few": (3,), "many": (6,)}, known={}
    )
    line = judge.judge(exercise, lambda n: (np.arange(n) * 100).astype("uint8")).line
    assert "modulo 256" in line


def test_swapped_truth_values_are_named():
    exercise = dataclasses.replace(
        EXERCISE, solution=even, cases={"few": (3,), "many": (6,)}, known={}
    )
    assert (
        "True and False are swapped everywhere."
        in judge.judge(exercise, lambda n: np.arange(n) % 2).line
    )


def test_an_argument_without_effect_is_named():
    cases = {"squares": (2, 4), "cubes": (3, 4)}
    exercise = dataclasses.replace(EXERCISE, solution=powers, cases=cases, known={})
    line = judge.judge(exercise, lambda base, count=2: np.arange(count) ** 2).line
    assert "`base` changes nothing in your answer." in line


def tripled(x, scale=1.0):
    return 3 * np.cumsum(x * scale, 1) / 7


def test_a_part_of_a_dict_is_named():
    exercise = dataclasses.replace(
        EXERCISE,
        probe=lambda answer, *case: {"loss": answer(*case), "shape": np.array(case[0].shape)},
        conditions=[agreement("loss", part="loss")],
        known={},
    )
    assert "0.1 Loss: Every value is 3 times" in judge.judge(exercise, tripled).line


def test_numbers_are_told_with_the_digits_that_differ():
    almost = lambda x, scale=1.0: tripled(x, scale) / 3 + (x > 3) * 1e-5
    said = "expected 1.42857 at index [0, 3], got 1.42858."
    assert said in judge.judge(EXERCISE, almost).line


@pytest.mark.parametrize("factor, said", [(-1, "a minus too many"), (np.log(2), "ln 2 = 0.693")])
def test_a_factor_of_one_case_is_a_hint(factor, said):
    def first_of_two(x, scale=1.0):
        return tripled(x, scale) / 3 * (factor if scale == 1 else 5)

    hint = f"Hint: in this case every value is {factor:.4g} times what is expected"
    line = judge.judge(EXERCISE, first_of_two).line
    assert hint in line and said in line


def shares(n):
    return np.ones(n) / n


def mean_of_rows(x):
    return np.asarray(x).mean(axis=0)


def in_a_network(answer):
    if answer.value is not nothing:
        return Wrong("No network can be trained with it.", "use ops.")


def nothing(x, scale=1.0):
    return np.zeros(np.shape(x))


def test_a_difference_of_rounding_is_not_named():
    """A condition may fail where all numbers are right."""
    exercise = dataclasses.replace(EXERCISE, solution=nothing, conditions=[in_a_network], known={})
    verdict = judge.judge(exercise, lambda x, scale=1.0: np.full(np.shape(x), 1e-20))
    assert verdict.line == "✗ 0.1 No network can be trained with it. Hint: use ops."


def test_an_end_that_is_not_used_is_named():
    cases = {"low": (np.arange(6.0).reshape(3, 2) ** 2,), "high": (np.eye(4) + 2,)}
    exercise = dataclasses.replace(EXERCISE, solution=mean_of_rows, cases=cases, known={})
    line = judge.judge(exercise, lambda x: x[:-1].sum(0) / len(x)).line
    assert "The last values along axis 0 of `x` change nothing in your answer." in line
    line = judge.judge(exercise, lambda x: np.sin(x).mean(axis=0)).line
    assert "change nothing" not in line


def test_one_case_of_zeros_and_ones_does_not_make_truth_values():
    exercise = dataclasses.replace(
        EXERCISE, solution=shares, cases={"one": (1,), "three": (3,)}, known={}
    )
    line = judge.judge(exercise, lambda n: np.ones(n) / n if n > 1 else np.zeros(1)).line
    assert "True and False" not in line
