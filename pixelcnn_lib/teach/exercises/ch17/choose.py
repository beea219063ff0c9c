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


def search(found, first):
    """A loop that begins with number `found`, and with the bits of network number `first`."""

    def answer(bits, costs, budget):
        number, lowest = found, bits[first]
        for i in np.flatnonzero(all_fit(costs, budget)):
            if bits[i] < lowest:
                number, lowest = i, bits[i]
        return number

    return answer


exercise.mistake(
    "A network that costs exactly the budget is refused.",
    "at most the budget: <=.",
    by(lambda costs, budget: (costs < budget).all(axis=1)),
)
exercise.mistake(
    "One cost within its budget is enough.",
    "every cost must fit: all, not any.",
    by(lambda costs, budget: (costs <= budget).any(axis=1)),
)
exercise.mistake(
    "The costs of a network are added, and their sum is compared with the sum of the budgets.",
    "seconds and megabytes cannot be added. Each cost has its own limit.",
    by(lambda costs, budget: costs.sum(axis=1) <= budget.sum()),
)
exercise.mistake(
    "The budget is ignored: the network with the fewest bits is chosen, whatever it costs.",
    "first find out which networks fit.",
    lambda bits, costs, budget: np.argmin(bits),
)
exercise.mistake(
    "A network is chosen among those that do not fit.",
    "costs <= budget, not the other way around.",
    by(lambda costs, budget: ~all_fit(costs, budget)),
)
exercise.mistake(
    "Only the network with the fewest bits is tried. If it does not fit, the answer is -1.",
    "leave out the networks that do not fit first. Then look for the fewest bits.",
    by(pick=lambda bits, fits: np.argmin(bits) if fits[np.argmin(bits)] else -1),
)
exercise.mistake(
    "The number counts only the networks that fit.",
    "return the number in the whole list: np.flatnonzero(fits)[…], or np.where with np.inf.",
    by(pick=lambda bits, fits: np.argmin(bits[fits])),
)
exercise.mistake(
    "The networks that do not fit get 0 bits, so one of them wins.",
    "give them np.inf, which is more than any number of bits.",
    by(pick=lambda bits, fits: np.argmin(bits * fits)),
)
exercise.mistakes_about(
    "among those that fit, np.argmin of the bits.",
    {
        "The first network that fits is taken, and not the one with the fewest bits.": by(
            pick=lambda bits, fits: np.argmax(fits)
        ),
        "The last network that fits is taken, and not the one with the fewest bits.": by(
            pick=lambda bits, fits: np.flatnonzero(fits)[-1]
        ),
    },
)
exercise.mistake(
    "If no network fits, the answer is number 0, as if it were affordable.",
    "np.argmin of nothing but infinities is 0. Return -1 before.",
    by(none=0),
)
exercise.mistake(
    "If network number 0 is the best that fits, the answer is -1.",
    "is number 0 tried, and kept? In Python 0 counts as false: `0 or -1` is -1.",
    by(pick=lambda bits, fits: best(bits, fits) or -1),
)
exercise.mistakes_about(
    "begin with number -1, and with np.inf as the fewest bits so far.",
    {
        "The search begins with bits[-1]. These are the bits of the last network, even if it does not "
        "fit.": search(-1, -1),
        "The search begins with the bits of network 0, even if it does not fit.": (
            search(0, 0),
            search(-1, 0),
        ),
    },
)
exercise.all_caught(
    {
        "expected number 4, got 3.6": by(pick=lambda bits, fits: bits[fits].min()),
        "raised ValueError": lambda bits, costs, budget: min(
            np.flatnonzero(all_fit(costs, budget)), key=lambda i: bits[i]
        ),
    }
)
