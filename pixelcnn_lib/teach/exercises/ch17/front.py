"""17.2: the networks that nobody beats in both bits and cost."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def front(bits, cost):
    """Mark the networks of the Pareto front.

    bits, cost: float (n,), of each network; less is better.
    Returns bool (n,): True where no other network is at least as good in both, and better in one.
    """
    as_good = (bits <= bits[:, None]) & (cost <= cost[:, None])  # (network, rival)
    better = (bits < bits[:, None]) | (cost < cost[:, None])  # (network, rival)
    return ~(as_good & better).any(axis=1)


def show_front(front):
    from pixelcnn_lib.teach import contest

    bits, cost = CASES["five networks"]
    names = np.array(["A", "B", "C", "D", "E"])
    chosen = list(names[np.asarray(front(bits, cost), bool)])
    given = dict(zip(names, cost)), dict(zip(names, bits)), chosen
    return contest.show_trade(*given, xlabel="cost")


CASES = {
    "five networks": (np.array([4.0, 3.8, 3.9, 3.6, 3.9]), np.array([1.0, 2.0, 3.0, 5.0, 2.0])),
    "the same cost, but worse": (np.array([3.9, 3.8, 3.7]), np.array([2.0, 2.0, 4.0])),
    "as many bits, but a higher cost": (np.array([3.7, 3.7, 3.9]), np.array([3.0, 4.0, 1.0])),
    "two equal networks": (np.array([3.8, 3.8, 4.0]), np.array([2.0, 2.0, 1.0])),
    "two equal ones, beaten": (np.array([3.9, 3.9, 3.8]), np.array([2.0, 2.0, 1.0])),
    "beaten by a far one": (np.array([3.5, 4.0, 3.9, 3.8]), np.array([1.0, 2.0, 3.0, 4.0])),
    "beaten, but better than most": (np.array([3.5, 3.6, 4.5]), np.array([1.0, 2.0, 9.0])),
    "all on the front": (np.array([3.6, 3.7, 3.8, 3.9]), np.array([4.0, 3.0, 2.0, 1.0])),
    "one network": (np.array([4.0]), np.array([1.0])),
    "unsorted": (
        np.array([3.7, 4.1, 3.9, 3.5, 4.0, 3.8]),
        np.array([6.0, 1.0, 2.0, 9.0, 5.0, 3.0]),
    ),
}

exercise = Exercise(
    id="17.2",
    title="The networks that nobody beats",
    minutes=10,
    difficulty=2,
    solution=front,
    hints=(
        "When would you never take a network, whatever matters more to you, bits or cost?",
        "A network is beaten if some other one has at most its bits, at most its cost, and is "
        "better in one of the two. A loop over all networks, with a loop over all rivals, is fine.",
        "For network i: as_good = (bits <= bits[i]) & (cost <= cost[i]), better = (bits < bits[i]) "
        "| (cost < cost[i]). It is on the front if not (as_good & better).any().",
    ),
    cases=CASES,
    shown=lambda bits, cost: f"front({bits.tolist()}, {cost.tolist()})",
    axes=("network",),
    after=show_front,
    seen="Five networks, and the front that you found.",
)


exercise.agrees(
    "the front",
    "{call}: {place} is on the front, but you left it out.",
    hint="is there a rival that is at least as good in both, and better in one? A network is no "
    "rival of itself.",
    where=front,
)
exercise.agrees(
    "the others",
    "{call}: {place} is beaten, but it is on your front.",
    hint="look for a rival that is at least as good in both, and better in one.",
)


# Mistakes: another rule of who is beaten


def unbeaten(rule):
    """An answer of rule(bits, cost, rival's bits, rival's cost) -> whether it is beaten."""
    return lambda bits, cost: ~rule(bits[:, None], cost[:, None], bits, cost).any(axis=1)


def sweep(order, fewest):
    """An answer that goes through order(bits, cost), with fewest(bits so far, bits of this one)."""

    def answer(bits, cost):
        marks, so_far = np.zeros(len(bits), bool), np.inf
        for i in order(bits, cost):
            marks[i] = bits[i] < so_far
            so_far = fewest(so_far, bits[i])
        return marks

    return answer


exercise.mistake(
    "A rival must be better in both. So a network stays that is as good in one and worse in the other.",
    "at least as good in both (<=), and better (<) in one of them.",
    unbeaten(lambda b, c, rival_b, rival_c: (rival_b < b) & (rival_c < c)),
)
exercise.mistake(
    "A network is beaten already if a rival is better in one of the two.",
    "at least as good in both, and better in one: and, not or.",
    unbeaten(lambda b, c, rival_b, rival_c: (rival_b < b) | (rival_c < c)),
)
exercise.mistakes_about(
    "a rival must also be better in one of the two.",
    {
        "No network is left: each is at least as good as itself, and so it beats itself.": unbeaten(
            lambda b, c, rival_b, rival_c: (rival_b <= b) & (rival_c <= c)
        ),
        "A network is beaten by another one with equal bits and equal cost.": lambda bits, cost: [
            ((bits <= b) & (cost <= c)).sum() == 1 for b, c in zip(bits, cost)
        ],
    },
)
exercise.mistake(
    "Only the last rival decides: a later turn of the loop overwrites what an earlier one found.",
    "begin with True, and set False if a rival beats the network. Never set it back to True.",
    lambda bits, cost: (
        ~((bits[-1] <= bits) & (cost[-1] <= cost) & ((bits[-1] < bits) | (cost[-1] < cost)))
    ),
)
exercise.mistake(
    "The front of the worst: those networks are marked that beat nobody.",
    "fewer bits and a lower cost are better.",
    lambda bits, cost: exercise.solution(-bits, -cost),
)
exercise.mistake(
    "Only the network with the fewest bits and the cheapest one are marked.",
    "between the two, a network can be better in bits than one and cheaper than the other.",
    lambda bits, cost: (bits == bits.min()) | (cost == cost.min()),
)
exercise.mistake(
    "Only one of the two is used: the fewest bits, or the lowest cost.",
    "a network stays if no other one is as good in both and better in one.",
    lambda bits, cost: bits == bits.min(),
    lambda bits, cost: cost == cost.min(),
)
exercise.mistake(
    "Each network is compared with the mean, and not with the other networks.",
    "a network is beaten by one rival that is at least as good in both, and better in one.",
    lambda bits, cost: (bits <= bits.mean()) & (cost <= cost.mean()),
)
exercise.mistake(
    "Bits and cost are multiplied, and the smallest product is marked.",
    "bits and costs have no common unit: compare each with that of the other networks.",
    lambda bits, cost: bits * cost == (bits * cost).min(),
)
exercise.mistake(
    "Each network is compared only with those before it in the list.",
    "a later one in the list may beat it too.",
    lambda bits, cost: [
        exercise.solution(bits[: i + 1], cost[: i + 1])[i] for i in range(len(bits))
    ],
)
exercise.mistakes_about(
    "after sorting, each mark must go back to the place of its network in the list.",
    {
        "The marks are in the order of the costs, and not in that of the list.": (
            lambda bits, cost: exercise.solution(bits, cost)[np.lexsort((bits, cost))],
            lambda bits, cost: exercise.solution(bits, cost)[cost.argsort(kind="stable")],
        ),
        "The marks are in the order of the bits, and not in that of the list.": (
            lambda bits, cost: exercise.solution(bits, cost)[bits.argsort(kind="stable")]
        ),
    },
)
exercise.mistake(
    "Networks of the same cost go wrong: a worse one stays if it comes first in the list, and of two "
    "equal ones only the first stays.",
    "sort by cost and, if costs are equal, by bits. Two equal networks do not beat each other.",
    sweep(lambda bits, cost: cost.argsort(kind="stable"), fewest=min),
)
exercise.mistake(
    "Each network is compared only with the next cheaper one.",
    "a network that is cheaper by far may beat it too: remember the fewest bits so far.",
    sweep(lambda bits, cost: np.lexsort((bits, cost)), fewest=lambda so_far, bits: bits),
)
exercise.all_caught(
    {
        "is on the front, but you left it out": lambda bits, cost: (
            # the places in both rankings, added
            bits.argsort().argsort() + cost.argsort().argsort() < len(bits)
        ),
        "is beaten, but it is on your front. Wrong only for: as many bits": unbeaten(
            lambda b, c, rival_b, rival_c: (rival_b < b) & (rival_c <= c)
        ),
    }
)
