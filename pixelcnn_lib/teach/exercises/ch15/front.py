"""15.2: the networks that nobody beats in both bits and cost."""

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

    bits, cost = exercise.named["five networks"]
    names = np.array(["A", "B", "C", "D", "E"])
    chosen = list(names[np.asarray(front(bits, cost), bool)])
    return contest.show_trade(dict(zip(names, cost)), dict(zip(names, bits)), chosen, xlabel="cost")


CASES = {
    "five networks": ([4.0, 3.8, 3.9, 3.6, 3.9], [1.0, 2.0, 3.0, 5.0, 2.0]),
    "the same cost, but worse": ([3.9, 3.8, 3.7], [2.0, 2.0, 4.0]),
    "as many bits, but a higher cost": ([3.7, 3.7, 3.9], [3.0, 4.0, 1.0]),
    "two equal networks": ([3.8, 3.8, 4.0], [2.0, 2.0, 1.0]),
    "beaten by a far one": ([3.5, 4.0, 3.9, 3.8], [1.0, 2.0, 3.0, 4.0]),
    "all on the front": ([3.6, 3.7, 3.8, 3.9], [4.0, 3.0, 2.0, 1.0]),
    "one network": ([4.0], [1.0]),
    "unsorted": ([3.7, 4.1, 3.9, 3.5, 4.0, 3.8], [6.0, 1.0, 2.0, 9.0, 5.0, 3.0]),
}

exercise = Exercise(
    id="15.2",
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
    cases={name: tuple(map(np.array, pair)) for name, pair in CASES.items()},
    shown=lambda bits, cost: f"front({bits.tolist()}, {cost.tolist()})",
    axes=("network",),
    after=show_front,
    seen="Five networks, and the front that you found.",
)
exercise.agrees(
    hint="a network is on the front if no other one is at least as good in both, and better in one.",
)
exercise.mistaken(
    "a rival beats a network if it is at least as good in both (<=), and better (<) in one of them.",
    {
        "A rival must be better in both. So a network stays that is as good in one and worse in the "
        "other.": ("as_good & better", "(bits < bits[:, None]) & (cost < cost[:, None])"),
        "A network is beaten already if a rival is better in one of the two.": (
            "as_good & better",
            "better",
        ),
        "No network is left: each is at least as good as itself, and so it beats itself.": (
            "as_good & better",
            "as_good",
        ),
        "A network is beaten by another one with equal bits and equal cost.": (
            "as_good & better",
            "as_good & ~np.eye(len(bits), dtype=bool)",
        ),
        "Those networks are marked that beat nobody.": ("axis=1", "axis=0"),
    },
)
exercise.mistaken(
    "compare each network with every other one in the list: any of them may beat it.",
    {
        "Each network is compared only with those before it in the list.": (
            "(as_good & better)",
            "np.tril(as_good & better)",
        ),
    },
)
exercise.mistaken(
    "a network can be better in bits than the cheapest, and cheaper than the best in bits.",
    {
        "Only the network with the fewest bits and the cheapest one are marked.": (
            "~(as_good & better).any(axis=1)",
            "(bits == bits.min()) | (cost == cost.min())",
        ),
    },
)
exercise.mistaken(
    "if you sort, then each mark must go back to the place of its network in the list.",
    {
        "The marks are in the order of the costs, and not in that of the list.": (
            "any(axis=1)",
            'any(axis=1)[cost.argsort(kind="stable")]',
        ),
    },
)
