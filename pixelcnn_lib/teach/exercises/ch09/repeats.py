"""What 9.1 and 9.2 share: only the noise that is given may decide."""

from pixelcnn_lib.teach.exercises import Wrong


def repeats(answer):
    """Fail an answer that gives other levels when it is called again."""
    for case in answer.exercise.inputs:
        got = answer(*case)
        moved = got["levels"] != got["again"]
        if moved.any():
            message = f"{answer.exercise.call(case)} gave other levels when it was called again."
            hint = "only the noise that is given decides: call no random function."
            return Wrong(message, hint, got["levels"], moved)
