"""What notebooks store of questions, solutions and live figures, and the HTML that pages show.

GitHub, nbconvert and VS Code show what a notebook stores, without scripts. So it stores text for a
question or a solution, and a picture for a live figure. The book's build adds the HTML: it makes the
same call as the cell. Only a figure whose call needs what other cells have computed is stored with
its data.
"""

import ast
import re

from pixelcnn_lib.teach import checks, exercises, live
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


def figure(source):
    """Return the live figure of a cell that only calls it, such as `live.Faces(seed=4)`, else None.

    source: str, the cell's code. All arguments must be literals.
    """
    try:
        call = ast.parse(source, mode="eval").body
        options = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
        module, _, name = ast.unparse(call.func).partition(".")
    except (SyntaxError, ValueError, AttributeError):  # another cell
        return None
    known = module == "live" and name in live.FIGURES and not call.args
    return getattr(live, name)(**options) if known else None


def html_of(source, data):
    """Return the HTML of one output of a cell, or None if the stored output says everything.

    source: str, the cell's code. data: dict, the output's stored data, {MIME type: value}.
    """
    if asked := shown(source):
        return asked._repr_html_()
    if base.STORED in data:
        return base.to_html(**data[base.STORED])
    if called := figure(source):
        return called.to_html()
    return None
