"""What is found out by changing arguments, comparing shapes and cases, or adding up mistakes."""

import numpy as np
import pytest

from pixelcnn_lib.teach import diagnosis, judge
from pixelcnn_lib.teach.exercises import Exercise, Mistake, agreement


def weighted(x, power=2, kind="sum"):
    """Return for each row of x (rows, columns) its entries, weighted with powers."""
    w = np.arange(1, x.shape[1] + 1.0) ** power
    return x * (w if kind == "sum" else w / w.sum())


def mine(x, power=2, kind="sum"):
    """The same, written by a reader."""
    weights = np.arange(1, x.shape[1] + 1.0) ** power
    return x * weights / (1 if kind == "sum" else weights.sum())


def exercise(solution, cases, mistakes=(), **more):
    return Exercise(
        id="0.1",
        title="Anything",
        minutes=1,
        difficulty=1,
        solution=solution,
        hints=("a", "b", "c"),
        cases=cases,
        tolerance=1e-6,
        conditions=[agreement("all", hint="look again.")],
        mistakes=list(mistakes),
        **more,
    )


def numbers(*shape):
    return np.random.default_rng(shape).uniform(1, 4, shape)


CASES = {
    "wide": (numbers(2, 5),),
    "cubes": (numbers(3, 4), 3),
    "square": (numbers(3, 3), 1, "mean"),
    "high": (numbers(5, 2), 2, "mean"),
}
AS_IF = {
    "`power` + 1. Hint: count from 0": lambda x, power, kind: mine(x, power + 1, kind),
    "2 * `power`": lambda x, power, kind: mine(x, 2 * power, kind),
    "'mean' and 'sum' swapped": lambda x, power, kind: mine(
        x, power, {"sum": "mean", "mean": "sum"}[kind]
    ),
    "`x` with its first entry along axis 1 everywhere": lambda x, power, kind: mine(
        0 * x + x[:, :1], power, kind
    ),
    "the exponential of `x`": lambda x, power, kind: mine(np.exp(x), power, kind),
    "`x` reversed along axis 1": lambda x, power, kind: mine(x[:, ::-1], power, kind),
}


def same_default(change):
    return lambda x, power=2, kind="sum": change(x, power, kind)


@pytest.mark.parametrize("said", AS_IF)
def test_arguments_with_which_an_answer_is_right_are_named(said):
    line = judge.judge(exercise(weighted, CASES), same_default(AS_IF[said])).line
    assert f"Your answer gives the right result for {said}" in line, line


def added(height, width):
    return np.add.outer(np.arange(height) ** 2, np.arange(width))


def test_swapped_arguments_are_named():
    square = {"wide": (3, 5), "high": (4, 2), "square": (3, 3)}
    line = judge.judge(
        exercise(added, square),
        lambda height, width: np.add.outer(np.arange(width) ** 2, np.arange(height)),
    ).line
    assert "Your answer gives the right result for `height` and `width` swapped." in line


def test_no_changed_argument_is_named_if_one_case_speaks_against_it():
    almost = lambda x, power=2, kind="sum": mine(x, power + (len(x) < 5), kind)
    assert "the right result for" not in judge.judge(exercise(weighted, CASES), almost).line


def shares(x):
    return x / x.sum(axis=1, keepdims=True)


ROWS = {"two": (numbers(2, 4),), "three": (numbers(3, 5),), "one": (numbers(1, 3),)}


def test_what_is_computed_over_all_rows_is_told_from_what_is_wrong_in_each():
    rows = exercise(shares, ROWS, axes=("image", "class"))
    said = "A single image is right, but several together are wrong."
    assert said in judge.judge(rows, lambda x: x / x.sum()).line
    assert said not in judge.judge(rows, lambda x: np.sin(x) / x.sum()).line


SHAPES = {
    "got shape (2, 4, 1). The values are right, but not their shape.": lambda y: y[..., None],
    "That is the sum of the right values over axis 1.": lambda y: y.sum(axis=1),
    "That is the mean of the right values over axis 1.": lambda y: y.mean(axis=1, keepdims=True),
    "The values are right, with others at the end of axis 1.": lambda y: np.c_[y, y + 1],
    "The values are right, with others at the beginning of axis 0.": lambda y: np.r_[y + 1, y],
    "The values are right, but those at the end of axis 1 are missing.": lambda y: y[:, :-1],
}


@pytest.mark.parametrize("said", SHAPES)
def test_a_result_of_another_shape_is_traced_to_the_right_one(said):
    mine = lambda x: SHAPES[said](x / x.sum(axis=1, keepdims=True))
    line = judge.judge(exercise(shares, ROWS), mine).line
    assert said in line, line


def spread(x):
    return np.broadcast_to(np.sort(x[0]), x.shape)


def total(x):
    return np.square(x).sum()


def test_a_missing_sum_and_a_missing_repetition_are_named():
    said = "The values are right, but they are not repeated."
    assert said in judge.judge(exercise(spread, ROWS), lambda x: np.sort(x[0])).line
    line = judge.judge(exercise(total, ROWS), lambda x: x * x).line
    assert "The sum over all values is missing." in line


def test_a_number_that_is_fixed_is_named():
    cases = {"five": (numbers(3, 5),), "four": (numbers(3, 4),), "two": (numbers(5, 2),)}
    of_five = lambda x: x * (np.arange(5) + 1.0) ** 2
    line = judge.judge(exercise(weighted, cases), of_five).line
    assert "It is right only where axis 1 of `x` is 5. Hint: where is 5 fixed" in line, line


def test_a_default_that_is_not_passed_on_is_named():
    line = judge.judge(
        exercise(weighted, CASES),
        lambda x, power=2, kind="sum": mine(x + (power != 2), power, kind),
    ).line
    assert "It is right only where `power` is 2. Hint: where is 2 fixed" in line, line


ROOT = Mistake("The root is missing.", "take it.", [lambda x, *_: mine(x, *_) * x])
LATE = Mistake("It is 1 too large in column 0.", "begin at 0.", [])


@LATE
def one_more(x, *rest):
    y = mine(x, *rest)
    y[:, 0] += 1
    return y


def test_two_mistakes_at_once_are_both_named():
    both = exercise(weighted, CASES, [ROOT, LATE])
    said = "Two mistakes together explain what is wrong. One: The root is missing. The "
    said += "other: It is 1 too large in column 0. Hint: take it. And: begin at 0."

    def answer(x, *rest):
        y = mine(x, *rest) * x
        y[:, 0] += 1
        return y

    assert said in judge.judge(both, answer).line
    third = lambda x, *rest: answer(x, *rest) + 0.01 * x
    assert "two mistakes" not in judge.judge(both, third).line


def test_factors_of_nothing_are_no_two_mistakes():
    zero = {"few": (np.arange(3.0)[None],), "more": (np.arange(5.0)[None], 1)}
    doubled = Mistake("It is doubled.", "once.", [lambda x, *rest: 2 * mine(x, *rest)])
    trebled = Mistake("It is trebled.", "once.", [lambda x, *rest: 3 * mine(x, *rest)])
    both = exercise(weighted, zero, [doubled, trebled])
    line = judge.judge(both, lambda x, *rest: 6 * mine(x, *rest)).line
    assert "One: It is doubled. The other: It is trebled." in line
    line = judge.judge(both, lambda x, *rest: 6 * mine(x, *rest) + (x == 0)).line
    assert "two mistakes" not in line


def test_two_mistakes_that_would_hide_each_other_are_not_named():
    low = Mistake("It is too low.", "higher.", [lambda x, *rest: mine(x, *rest) - x])
    high = Mistake("It is too high.", "lower.", [lambda x, *rest: mine(x, *rest) + 2 * x**2])
    both = exercise(weighted, CASES, [low, high])
    answer = lambda x, *rest: mine(x, *rest) - x + 2 * x**2
    assert "two mistakes" not in judge.judge(both, answer).line


def lower(n):
    return np.tril(np.ones((n, n), bool), -1)


def test_places_that_are_wrong_in_either_of_two_masks_are_both_named():
    diagonal = Mistake("The diagonal is True.", "k=-1.", [lambda n: np.tril(np.ones((n, n)))])
    last = Mistake(
        "The last column is True.", "to n.", [lambda n: lower(n) | (np.arange(n) == n - 1)]
    )
    both = exercise(lower, {"three": (3,), "five": (5,), "four": (4,)}, [diagonal, last])
    answer = lambda n: np.tril(np.ones((n, n))) + (np.arange(n) == n - 1) > 0
    line = judge.judge(both, answer).line
    assert "One: The diagonal is True. The other: The last column is True." in line, line
    assert "two mistakes" not in judge.judge(both, lambda n: np.ones((n, n))).line


def test_a_mistake_is_named_that_an_answer_equals_wherever_it_runs():
    known = Mistake(
        "The rows are squared.", "no power.", [lambda x, *_: x**2 if len(x) < 4 else x[9]]
    )
    one = exercise(weighted, CASES, [known])
    answer = lambda x, power=2, kind="sum": (
        x * x + np.zeros(x.shape[0] and 1) if len(x) < 4 else {}[1]
    )
    line = judge.judge(one, answer).line
    assert "The rows are squared." in line, line


def test_a_case_without_entries_stops_no_diagnosis():
    one = exercise(weighted, {**CASES, "empty": (numbers(2, 0),)})
    line = judge.judge(one, lambda x, power=2, kind="sum": mine(x, power, kind) + np.sin(x)).line
    assert "Right for: empty. Hint: look again." in line, line


def test_values_that_lie_at_other_places_are_found():
    moved = lambda x: (x / x.sum(1, keepdims=True))[
        :, np.argsort(np.arange(x.shape[1]) % 2, kind="stable")
    ]
    line = judge.judge(exercise(shares, ROWS), moved).line
    assert "Along axis 1 the right values are misplaced: place 1 has what belongs at 2." in line


def test_a_fixed_number_is_found_by_putting_a_size_in_its_place():
    cases = {"five": (numbers(3, 5),), "four": (numbers(3, 4),), "two": (numbers(2, 2),)}
    of_seven = lambda x, power=2, kind="sum": x * (np.arange(7) + 1.0) ** 2
    line = judge.judge(exercise(weighted, cases), of_seven).line
    assert "It is right only where axis 1 of `x` is 7. Hint: where is 7 fixed" in line, line
    one_more = lambda x, power=2, kind="sum": x * np.arange(1, 6) ** 2.0
    line = judge.judge(exercise(weighted, cases), one_more).line
    assert "It is right only where axis 1 of `x` is 5. Hint: where is 6 fixed" in line, line


def rest(x, bits=12.0, levels=256):
    return x + np.log(1 - (levels - 1) * 2.0**-bits) + levels


def test_a_fixed_number_that_is_right_by_chance_elsewhere_is_told_so():
    cases = {"default": (1.0,), "few bits": (2.0, 5.0, 16), "two": (3.0, 3.0, 2)}
    of_256 = lambda x, bits=12.0, levels=256: x + np.log(1 - 255 * 2.0**-bits) + levels
    line = judge.judge(exercise(rest, {**cases, "many bits": (4.0, 40.0, 8)}), of_256).line
    assert "It is right in every case only where `levels` is 256. Hint: where is 255 fixed" in line


def test_no_number_is_named_if_no_size_in_its_place_makes_the_answer_right():
    cases = {"five": (numbers(3, 5),), "four": (numbers(3, 4),), "two": (numbers(2, 2),)}
    other = lambda x, power=2, kind="sum": np.sin(x) * 7 + np.arange(x.shape[1]) ** 3
    assert "fixed in your code" not in judge.judge(exercise(weighted, cases), other).line
    at_times = lambda x, power=2, kind="sum": mine(x) + (x.shape[1] in (4, 5)) * (len(x) < 9)
    assert "fixed in your code" not in judge.judge(exercise(weighted, cases), at_times).line
    cases = {"nine": (numbers(3, 9),), "two nines": (numbers(2, 9),), "four": (numbers(3, 4),)}
    at_nine = lambda x, power=2, kind="sum": mine(x) + (x.shape[1] == 9)
    line = judge.judge(exercise(weighted, {**cases, "two": (numbers(2, 2),)}), at_nine).line
    assert "fixed in your code" not in line, line  # most other numbers make it right too


def ring(x, wide):
    return (x + wide) % (wide + 1)


def test_a_number_that_may_be_one_size_or_the_one_after_another_is_tried_out():
    cases = {"six": (np.arange(7), 6), "three": (np.arange(9), 3), "nine": (np.arange(20), 9)}
    line = judge.judge(exercise(ring, cases), lambda x, wide: (x + wide) % 7).line
    assert "It is right only where `wide` is 6. Hint: where is 7 fixed" in line, line


def test_a_case_that_continues_another_s_name_is_not_listed_twice():
    names = ["plain", "plain, small", "high", "high, small", "wide"]
    assert diagnosis._listed(names[:2], names[2:]) == "plain"
    assert diagnosis._listed(names[1:3], ["plain", "high, small"]) == "plain, small; high"
    assert diagnosis._listed(["high", "wide"], []) == "high, wide"


def choices_bits(choices, size=1):
    return np.log2(choices).sum() / size


def test_an_edge_case_of_a_mistake_is_no_second_mistake():
    added = Mistake(
        "They are added.",
        "multiply.",
        [lambda choices, size=1: (np.log2(sum(choices)) if choices else 0.0) / size],
    )
    others = [
        Mistake("In nats.", "log2.", [lambda choices, size=1: np.log(choices).sum() / size]),
        Mistake("Only the first.", "all.", [lambda choices, size=1: np.log2(choices)[:1].sum()]),
    ]
    cases = {"two": ((2, 5),), "three": ((3, 4, 6), 2), "more": ((5, 5, 7, 9),), "none": ((),)}
    bits = exercise(choices_bits, cases, [added, *others])
    line = judge.judge(bits, lambda choices, size=1: np.log2(sum(choices)) / size).line
    assert "They are added. Hint" in line, line


def test_errors_that_two_mistakes_share_are_no_evidence():
    short = Mistake("It is too short.", "longer.", [lambda x, *_: x[9] if len(x) > 2 else x])
    fails = lambda x, power=2, kind="sum": x[9] if len(x) > 2 else np.sin(x)
    assert "too short" not in judge.judge(exercise(weighted, CASES, [short]), fails).line


def test_a_square_and_a_missing_factor_are_not_multiplied():
    cases = {"two": (numbers(1, 4),), "three": (numbers(2, 3), 1), "four": (numbers(3, 4), 3)}
    squared = Mistake("It is squared.", "root.", [lambda x, *rest: mine(x, *rest) ** 2])
    times_x = Mistake("It is too large.", "divide.", [lambda x, *rest: mine(x, *rest) * x])
    both = exercise(weighted, cases, [squared, times_x])
    line = judge.judge(both, lambda x, *rest: mine(x, *rest) ** 2 * x).line
    assert "two mistakes" not in line
