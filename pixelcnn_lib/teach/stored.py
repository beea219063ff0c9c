"""What notebooks store of questions, solutions and live figures, and the HTML that pages show.

GitHub, nbconvert and VS Code show what a notebook stores, without scripts. So it stores text for a
question or a solution, and a picture for a live figure. The book's build adds the HTML: it makes the
same call as the cell.
"""

import ast
import re

from pixelcnn_lib.teach import checks, exercises, live

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
    """Return the live figure that a cell ends with, such as `live.Faces(seed=4)`, else None.

    A page runs no other cell. So an argument without a name, such as the prices in
    `live.Bits(prices, blocks=6)`, is left out, and the figure shows the book's network.

    source: str, the cell's code.
    Raises ValueError if an argument with a name is not a literal.
    """
    try:
        lines = ast.parse(source).body
    except SyntaxError:  # such as %timeit
        return None
    match lines[-1:]:
        case [ast.Expr(ast.Call(ast.Attribute(ast.Name("live"), name), _, keywords))]:
            options = {one.arg: ast.literal_eval(one.value) for one in keywords}
            return getattr(live, name)(**options)
    return None


def html_of(source):
    """Return the HTML of what a cell's last line shows, or None if the stored output is enough.

    source: str, the cell's code.
    """
    if asked := shown(source):
        return asked._repr_html_()
    if called := figure(source):
        return called.to_html()
    return None
