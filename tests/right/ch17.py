"""Right answers to chapter 17."""

import numpy as np
from keras import ops

# 17.1


def by_errors_of_the_means(a, b):
    errors = [np.std(one, ddof=1) / len(one) ** 0.5 for one in (a, b)]
    return np.array([np.average(a) - np.average(b), np.hypot(*errors)])


def by_plain_python(a, b):
    squared = 0
    for one in (a, b):
        mean = sum(one) / len(one)
        squared += sum((bits - mean) ** 2 for bits in one) / (len(one) - 1) / len(one)
    return [sum(a) / len(a) - sum(b) / len(b), squared**0.5]


def by_ops(a, b):
    def square(one):
        return ops.sum((one - ops.mean(one)) ** 2) / (len(one) - 1) / len(one)

    return ops.mean(a) - ops.mean(b), ops.sqrt(square(a) + square(b))


# 17.2


def by_two_loops(bits, cost):
    result = np.ones(len(bits), bool)
    for i in range(len(bits)):
        for j in range(len(bits)):
            as_good = bits[j] <= bits[i] and cost[j] <= cost[i]
            if as_good and (bits[j] < bits[i] or cost[j] < cost[i]):
                result[i] = False
    return result


def by_pairs(bits, cost):
    pairs = list(zip(bits, cost))
    return [
        not any(b <= bit and c <= price and (b, c) != (bit, price) for b, c in pairs)
        for bit, price in pairs
    ]


def by_sorting_the_costs(bits, cost):
    result, least = np.zeros(len(bits), bool), np.inf
    for price in np.unique(cost):
        same = cost == price
        best = bits[same].min()
        if best < least:
            result |= same & (bits == best)
            least = best
    return result


# 17.3


def by_a_loop(bits, costs, budget):
    best = -1
    for number in range(len(bits)):
        if all(costs[number, k] <= budget[k] for k in range(len(budget))):
            if best == -1 or bits[number] < bits[best]:
                best = number
    return best


def by_numbers(bits, costs, budget):
    (fitting,) = np.nonzero(~np.any(costs > budget, axis=1))
    return fitting[bits[fitting].argmin()] if fitting.size else -1


def by_min(bits, costs, budget):
    fitting = [number for number, cost in enumerate(costs) if np.all(cost <= budget)]
    return min(fitting, key=lambda number: bits[number], default=-1)


def by_sorting(bits, costs, budget):
    for number in np.argsort(bits, kind="stable"):
        if (costs[number] <= budget).all():
            return int(number)
    return -1


RIGHT = {
    "17.1": [by_errors_of_the_means, by_plain_python, by_ops],
    "17.2": [by_two_loops, by_pairs, by_sorting_the_costs],
    "17.3": [by_a_loop, by_numbers, by_min, by_sorting],
}
