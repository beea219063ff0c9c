"""What notebooks store of questions, solutions and live figures, and the HTML that pages show.

GitHub, nbconvert and VS Code show what a notebook stores, without scripts. So it stores text for a
question or a solution, and a picture with data for a live figure. The book's build adds the HTML.
"""

import re

from pixelcnn_lib.teach import checks, exercises
from pixelcnn_lib.teach.live import base

CALL = re.compile(r'(predict|solution)\("([\w.]+)"\)')


def shown(source):
    """Return the question or the solution that a cell shows; None for all other cells.

    source: str, the cell's code, such as `predict("4.q1")`.
    Raises ValueError if there is no question or solution of this id.
    """
    call = CALL.fullmatch(source.strip())
    if not call:
        return None
    exercises.find(call[2])
    return getattr(checks, call[1])(call[2])


def html_of(source, data):
    """Return the HTML of one output of a cell, or None if the stored output says everything.

    source: str, the cell's code. data: dict, the output's stored data, {MIME type: value}.
    """
    if asked := shown(source):
        return asked._repr_html_()
    if base.STORED in data:
        return base.to_html(**data[base.STORED])
    return None
