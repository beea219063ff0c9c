"""17.3: the best network that one can afford."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def choose(bits, costs, budget):
    """Choose the network with the fewest bits among those that fit a budget.

    bits: float (n,), of each network. costs: float (n, k), k costs of each network.
    budget: float (k,), the most that each cost may be.
    Returns int, the number of the network, or -1 if no network fits.
    """
    fits = (costs <= budget).all(axis=1)  # (n,)
    if not fits.any():
        return -1
    return int(np.argmin(np.where(fits, bits, np.inf)))


BITS = np.array([4.0, 3.8, 3.7, 3.9, 3.6])
COSTS = np.array([[1.0, 5.0], [3.0, 4.0], [2.0, 9.0], [2.0, 2.0], [9.0, 8.0]])


def case(*budget, order=range(5)):
    order = list(order)
    return BITS[order], COSTS[order], np.array(budget)


exercise = Exercise(
    id="17.3",
    title="The best that fits",
    minutes=6,
    difficulty=1,
    solution=choose,
    hints=(
        "Which networks are allowed at all? Which of these pays the least?",
        "Make a bool array (n,): True where every cost of the network is at most its budget. Then "
        "give the networks that do not fit infinitely many bits.",
        "fits = (costs <= budget).all(axis=1), then np.argmin(np.where(fits, bits, np.inf)). Return "
        "-1 first if not fits.any().",
    ),
    cases={
        "the best fits": case(10.0, 10.0),
        "the best costs too much": case(5.0, 10.0),
        "one cost decides": case(5.0, 6.0),
        "the other cost decides": case(1.5, 10.0),
        "exactly the budget": case(2.0, 2.0),
        "none fits": case(0.5, 20.0),
        "none fits in both": case(1.5, 3.0),
        "another order": case(5.0, 6.0, order=[4, 2, 1, 0, 3]),
        "one cost": (BITS, COSTS[:, :1], np.array([2.0])),
        "three costs": (BITS, np.column_stack([COSTS, [0, 1, 0, 1, 2]]), np.array([5.0, 9.0, 0.0])),
        "the cheapest is the best": (
            np.array([3.9, 3.7, 3.8]),
            np.array([[2.0, 2.0], [1.0, 1.0], [3.0, 3.0]]),
            np.array([2.0, 3.0]),
        ),
        "one network": (BITS[:1], COSTS[:1], np.array([1.0, 5.0])),
    },
    shown=lambda bits, costs, budget: (
        f"choose({bits.tolist()}, costs {costs.shape}, budget {budget.tolist()})"
    ),
)
exercise.agrees(
    "a network",
    "{call}: expected number {expected}, got {got}.",
    hint="print which networks fit. Among these, which has the fewest bits?",
    where=lambda bits, costs, budget: (costs <= budget).all(axis=1).any(),
)
exercise.agrees(
    "none",
    "{call}: here no network fits, so expected {expected}, got {got}.",
    hint="ask for this before np.argmin: fits.any().",
)


# Mistakes: another rule of what fits, or another choice


def all_fit(costs, budget):
    return (costs <= budget).all(axis=1)


def best(bits, fits):
    return np.argmin(np.where(fits, bits, np.inf))


def by(fits=all_fit, pick=best, none=-1):
    """An answer of fits(costs, budget) -> bool (n,), and pick(bits, fitting) -> a number."""

    def answer(bits, costs, budget):
        fitting = fits(costs, budget)
        return pick(bits, fitting) if fitting.any() else none

    return answer


def search(first):
    """A loop that begins with network `first` as the best so far."""
    better = lambda bits: by(lambda *case: all_fit(*case) & (bits < bits[first]), none=first)
    return lambda bits, *case: better(bits)(bits, *case)


exercise.mistakes_about(
    "a network fits if each of its costs is at most its own budget: (costs <= budget).all(axis=1).",
    {
        "A network that costs exactly the budget is refused.": by(lambda c, b: (c < b).all(axis=1)),
        "One cost within its budget is enough.": by(lambda c, b: (c <= b).any(axis=1)),
        "The costs of a network are added, and their sum is compared with the sum of the budgets.": (
            by(lambda costs, budget: costs.sum(axis=1) <= budget.sum())
        ),
        "A network is chosen among those that do not fit.": by(lambda c, b: ~all_fit(c, b)),
    },
)
exercise.mistakes_about(
    "first leave out all networks that do not fit, or give them np.inf bits. Then use np.argmin.",
    {
        "The budget is ignored: the fewest bits win.": lambda bits, *_: np.argmin(bits),
        "Only the network with the fewest bits is tried. If it does not fit, the answer is -1.": by(
            pick=lambda bits, fits: np.argmin(bits) if fits[np.argmin(bits)] else -1
        ),
        "The networks that do not fit get 0 bits, so one of them wins.": by(
            pick=lambda bits, fits: np.argmin(bits * fits)
        ),
        "The first network that fits is taken, and not the one with the fewest bits.": by(
            pick=lambda bits, fits: np.argmax(fits)
        ),
    },
)
exercise.mistakes_about(
    "return the number in the whole list. It may be 0, and `0 or -1` is -1 in Python. If no network "
    "fits, return -1 before np.argmin.",
    {
        "The number counts only the networks that fit.": by(
            pick=lambda bits, fits: np.argmin(bits[fits])
        ),
        "If no network fits, the answer is number 0, as if it were affordable.": by(none=0),
        "If network number 0 is the best that fits, the answer is -1.": by(
            pick=lambda bits, fits: best(bits, fits) or -1
        ),
    },
)
exercise.mistake(
    "The search begins with the bits of network 0, or of the last one, even if it does not fit.",
    "begin with number -1, and with np.inf as the fewest bits so far.",
    search(0),
    search(-1),
)
exercise.caught("expected number 4, got 3.6")(by(pick=lambda bits, fits: bits[fits].min()))
