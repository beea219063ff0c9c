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


def by(fits, pick=None, none=-1):
    """Make an answer of fits(costs, budget) -> bool (n,), and pick(bits, fitting) -> a number."""

    def answer(bits, costs, budget):
        fitting = fits(costs, budget)
        if pick:
            return pick(bits, fitting)
        return int(np.argmin(np.where(fitting, bits, np.inf))) if fitting.any() else none

    return answer


def all_fit(costs, budget):
    return (costs <= budget).all(axis=1)


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
    "Only the first cost is compared with its budget.",
    "compare all columns: (costs <= budget).all(axis=1).",
    by(lambda costs, budget: costs[:, 0] <= budget[0]),
)
exercise.mistake(
    "Only the last cost is compared with its budget.",
    "compare all columns: (costs <= budget).all(axis=1).",
    by(lambda costs, budget: costs[:, -1] <= budget[-1]),
)
exercise.mistake(
    "The costs of a network are added, and their sum is compared with the sum of the budgets.",
    "seconds and megabytes cannot be added. Each cost has its own limit.",
    by(lambda costs, budget: costs.sum(axis=1) <= budget.sum()),
)
exercise.mistake(
    "The budget is ignored: the network with the fewest bits is chosen, whatever it costs.",
    "first find out which networks fit.",
    by(lambda costs, budget: np.ones(len(costs), bool)),
)
exercise.mistake(
    "A network is chosen among those that do not fit.",
    "costs <= budget, not the other way around.",
    by(lambda costs, budget: ~all_fit(costs, budget)),
    by(lambda costs, budget: (costs >= budget).all(axis=1)),
)
exercise.mistake(
    "The number counts only the networks that fit.",
    "return the number in the whole list: np.flatnonzero(fits)[…], or np.where with np.inf.",
    by(all_fit, lambda bits, fits: int(np.argmin(bits[fits])) if fits.any() else -1),
)
exercise.mistake(
    "The first network that fits is taken, and not the one with the fewest bits.",
    "among those that fit, np.argmin of the bits.",
    by(all_fit, lambda bits, fits: int(np.argmax(fits)) if fits.any() else -1),
)
exercise.mistake(
    "The network with the most bits is chosen among those that fit.",
    "fewer bits are better: np.argmin.",
    by(all_fit, lambda bits, fits: int(np.argmax(np.where(fits, bits, -1))) if fits.any() else -1),
)
exercise.mistake(
    "The bits of the chosen network are returned, and not its number.",
    "np.argmin gives the number, np.min the bits.",
    by(all_fit, lambda bits, fits: bits[fits].min() if fits.any() else -1),
)
exercise.mistake(
    "If no network fits, the answer is number 0, as if it were affordable.",
    "np.argmin of nothing but infinities is 0. Return -1 before.",
    by(all_fit, none=0),
)
exercise.mistake(
    "The cheapest network is chosen among those that fit.",
    "the budget only says which networks are allowed. Among these, the bits decide.",
)(
    lambda bits, costs, budget: (
        int(np.argmin(np.where(all_fit(costs, budget), costs[:, 0], np.inf)))
        if all_fit(costs, budget).any()
        else -1
    )
)
exercise.mistake(
    "The networks that do not fit get 0 bits, so one of them wins.",
    "give them np.inf, which is more than any number of bits.",
    by(all_fit, lambda bits, fits: int(np.argmin(bits * fits)) if fits.any() else -1),
)


def search(best, least):
    """Make a loop that begins with number `best`, and with least(bits) as the fewest bits so far."""

    def answer(bits, costs, budget):
        found, lowest = best, least(bits)
        for number in np.flatnonzero(all_fit(costs, budget)):
            if bits[number] < lowest:
                found, lowest = int(number), bits[number]
        return found

    return answer


exercise.mistake(
    "The search begins with bits[-1]. These are the bits of the last network, even if it does not "
    "fit.",
    "begin with number -1, and with np.inf as the fewest bits so far.",
    search(-1, lambda bits: bits[-1]),
)
exercise.mistake(
    "The search begins with the bits of network 0, even if it does not fit.",
    "begin with number -1, and with np.inf as the fewest bits so far.",
    search(0, lambda bits: bits[0]),
    search(-1, lambda bits: bits[0]),
)
exercise.mistake(
    "No network is chosen in any case: the answer is always -1.",
    "no network pays less than 0 bits: a search must begin with np.inf.",
    search(-1, lambda bits: 0),
)
exercise.mistake(
    "Only the network with the fewest bits is tried. If it does not fit, the answer is -1.",
    "leave out the networks that do not fit first. Then look for the fewest bits.",
    lambda bits, costs, budget: (
        int(np.argmin(bits)) if all_fit(costs, budget)[np.argmin(bits)] else -1
    ),
)
exercise.mistake(
    "The last network that fits is taken, and not the one with the fewest bits.",
    "among those that fit, np.argmin of the bits.",
    by(all_fit, lambda bits, fits: int(np.flatnonzero(fits)[-1]) if fits.any() else -1),
)


@exercise.caught("raised ValueError")
def nothing_to_choose_from(bits, costs, budget):
    fits = all_fit(costs, budget)
    return int(np.flatnonzero(fits)[bits[fits].argmin()])


@exercise.caught("expected number 4, got 2. Right for")
def the_second_best(bits, costs, budget):
    fits = all_fit(costs, budget)
    order = np.argsort(np.where(fits, bits, np.inf))
    return int(order[min(1, fits.sum() - 1)]) if fits.any() else -1


@exercise.caught("expected a single value, got shape (5,)")
def a_bool_for_each(bits, costs, budget):
    return all_fit(costs, budget)
