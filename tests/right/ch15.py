"""Right answers to chapter 15."""

import numpy as np

# 15.1


def by_errors_of_the_means(a, b):
    errors = [np.std(one, ddof=1) / len(one) ** 0.5 for one in (a, b)]
    return np.array([np.average(a) - np.average(b), np.hypot(*errors)])


def by_plain_python(a, b):
    squared = 0
    for one in (a, b):
        mean = sum(one) / len(one)
        squared += sum((bits - mean) ** 2 for bits in one) / (len(one) - 1) / len(one)
    return [sum(a) / len(a) - sum(b) / len(b), squared**0.5]


# 15.2


def by_two_loops(bits, cost):
    result = np.ones(len(bits), bool)
    for i in range(len(bits)):
        for j in range(len(bits)):
            as_good = bits[j] <= bits[i] and cost[j] <= cost[i]
            if as_good and (bits[j] < bits[i] or cost[j] < cost[i]):
                result[i] = False
    return result


def by_sorting_the_costs(bits, cost):
    result, least = np.zeros(len(bits), bool), np.inf
    for price in np.unique(cost):
        same = cost == price
        best = bits[same].min()
        if best < least:
            result |= same & (bits == best)
            least = best
    return result


RIGHT = {
    "15.1": [by_errors_of_the_means, by_plain_python],
    "15.2": [by_two_loops, by_sorting_the_costs],
}
