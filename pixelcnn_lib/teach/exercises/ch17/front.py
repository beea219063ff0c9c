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

    bits, cost = exercise.named["five networks"]
    names = np.array(["A", "B", "C", "D", "E"])
    chosen = list(names[np.asarray(front(bits, cost), bool)])
    return contest.show_trade(dict(zip(names, cost)), dict(zip(names, bits)), chosen, xlabel="cost")


CASES = {
    "five networks": ([4.0, 3.8, 3.9, 3.6, 3.9], [1.0, 2.0, 3.0, 5.0, 2.0]),
    "the same cost, but worse": ([3.9, 3.8, 3.7], [2.0, 2.0, 4.0]),
    "as many bits, but a higher cost": ([3.7, 3.7, 3.9], [3.0, 4.0, 1.0]),
    "two equal networks": ([3.8, 3.8, 4.0], [2.0, 2.0, 1.0]),
    "two equal ones, beaten": ([3.9, 3.9, 3.8], [2.0, 2.0, 1.0]),
    "beaten by a far one": ([3.5, 4.0, 3.9, 3.8], [1.0, 2.0, 3.0, 4.0]),
    "beaten, but better than most": ([3.5, 3.6, 4.5], [1.0, 2.0, 9.0]),
    "all on the front": ([3.6, 3.7, 3.8, 3.9], [4.0, 3.0, 2.0, 1.0]),
    "one network": ([4.0], [1.0]),
    "unsorted": ([3.7, 4.1, 3.9, 3.5, 4.0, 3.8], [6.0, 1.0, 2.0, 9.0, 5.0, 3.0]),
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
    cases={name: tuple(map(np.array, pair)) for name, pair in CASES.items()},
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
    """An answer of rule(b, c) -> who is beaten; b, c: how much more each rival pays, (n, n)."""
    return lambda bits, cost: ~rule(bits - bits[:, None], cost - cost[:, None]).any(axis=1)


def beats(b, c):
    return (b <= 0) & (c <= 0) & ((b < 0) | (c < 0))


right = front  # some of them start from it

exercise.mistakes_about(
    "a rival beats a network if it is at least as good in both (<=), and better (<) in one of them.",
    {
        "A rival must be better in both. So a network stays that is as good in one and worse in the "
        "other.": unbeaten(lambda b, c: (b < 0) & (c < 0)),
        "A network is beaten already if a rival is better in one of the two.": unbeaten(
            lambda b, c: (b < 0) | (c < 0)
        ),
        "No network is left: each is at least as good as itself, and so it beats itself.": unbeaten(
            lambda b, c: (b <= 0) & (c <= 0)
        ),
        "A network is beaten by another one with equal bits and equal cost.": unbeaten(
            lambda b, c: (b <= 0) & (c <= 0) & ~np.eye(len(b), dtype=bool)
        ),
        "Those networks are marked that beat nobody.": unbeaten(lambda b, c: beats(-b, -c)),
    },
)
exercise.mistakes_about(
    "compare each network with every other one in the list: any of them may beat it.",
    {
        "Only the last rival decides: a later turn of the loop overwrites what an earlier one found.": (
            unbeaten(lambda b, c: beats(b, c)[:, -1:])
        ),
        "Each network is compared only with those before it in the list.": unbeaten(
            lambda b, c: np.tril(beats(b, c), k=-1)  # (network, rival)
        ),
        "Each network is compared with the mean, and not with the other networks.": (
            lambda bits, cost: (bits <= bits.mean()) & (cost <= cost.mean())
        ),
    },
)
exercise.mistakes_about(
    "a network can be better in bits than the cheapest, and cheaper than the best in bits.",
    {
        "Only the network with the fewest bits and the cheapest one are marked.": (
            lambda bits, cost: (bits == bits.min()) | (cost == cost.min())
        ),
        "Only what is least in one number is marked: in bits, in cost, or in their product.": (
            lambda bits, cost: bits == bits.min(),
            lambda bits, cost: cost == cost.min(),
            lambda bits, cost: bits * cost == (bits * cost).min(),
        ),
    },
)
exercise.mistakes_about(
    "if you sort, then by cost and, if costs are equal, by bits. At the end, each mark must go back to "
    "the place of its network in the list.",
    {
        "The marks are in the order of the costs or of the bits, and not in that of the list.": (
            lambda bits, cost: right(bits, cost)[np.lexsort((bits, cost))],
            lambda bits, cost: right(bits, cost)[cost.argsort(kind="stable")],
            lambda bits, cost: right(bits, cost)[bits.argsort(kind="stable")],
        ),
        "Networks of the same cost go wrong: a worse one stays if it comes first in the list, and of "
        "two equal ones only the first stays.": unbeaten(
            lambda b, c: (b <= 0) & ((c < 0) | np.tril(c == 0, k=-1))
        ),
    },
)
exercise.caught("is on the front, but you left it out")(
    lambda bits, cost: bits.argsort().argsort() + cost.argsort().argsort() < len(bits)
)
