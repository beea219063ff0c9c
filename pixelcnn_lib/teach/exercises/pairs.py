"""The probe of an exercise whose answer returns two results."""

from pixelcnn_lib.teach.exercises import Wrong


def both(first, second):
    """Return a probe that gives two results by their names; Wrong if the answer returns others.

    first, second: str, the names of the results.
    """

    def probe(answer, *case):
        results = answer(*case)
        several = isinstance(results, tuple | list) or getattr(results, "ndim", 0)
        if not several or len(results) != 2:
            hint = f"return the {first}, then the {second}, with a comma between them."
            raise Wrong(f"Expected two results: the {first} and the {second}.", hint)
        return {first: results[0], second: results[1]}

    return probe
