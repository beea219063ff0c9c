"""Small changes of an answer's own code: if one of them makes it right, the mistake is at its place.

`<=` becomes `<`, a minus is left out, two values are swapped, a function that the solution calls is
put around a value.
"""

import ast
import textwrap
from itertools import combinations

SIGNS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.And: "and",
    ast.Or: "or",
}
OF_SIGN = {sign: kind for kind, sign in SIGNS.items()}
GROUPS = [  # what is easily taken for another of its group
    *("< <= > >= ==", "+ - *", "* / // %", "& |", "and or", "A B", "same valid"),
    *("tanh sigmoid relu softmax", "max min mean median sum", "maximum minimum", "any all"),
    *("var std", "log log2", "exp exp2", "argmax argmin", "zeros ones", "zeros_like ones_like"),
]
LONGEST = 30  # characters of code that are quoted
MISSING = "…"  # stands for a value at which something is missing


def slips(code, around):
    """Yield the small changes of a program: (old, new, line, program).

    code: str, of a function or a class. around: names of functions, such as ops.relu, that may be
    missing around a value.
    Gives what stands there, what takes its place ("" for nothing), the number of the line, or None
    if all such places are changed, and the changed program.
    """
    nodes = [node for node in ast.walk(ast.parse(code)) if hasattr(node, "lineno")]
    names = [node.arg for node in nodes if isinstance(node, ast.arg) and node.arg != "self"]
    names += [one.id for one in nodes if isinstance(one, ast.Name) and not is_read(one)]
    groups = [*map(str.split, GROUPS), list(dict.fromkeys(names))]
    places = {}
    for found in (changes, insertions):  # what is missing is looked for last
        for node in nodes:
            for old, new, other in found(node, groups if found is changes else around):
                places.setdefault((old, new), []).append((node, other))
    for (old, new), pairs in places.items():
        for pair in pairs:
            yield old, new, pair[0].lineno, edited(code, [pair])
        if len(pairs) > 1 and new and MISSING not in new:
            yield old, new, None, edited(code, pairs)


def edited(code, pairs):
    """Replace nodes of a program, (old, new) each; of those that overlap, only the last one."""
    text, starts = code.encode(), [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    before = len(text)
    for old, new in sorted(pairs, key=lambda pair: (-pair[0].lineno, -pair[0].col_offset)):
        start = starts[old.lineno - 1] + old.col_offset
        end = starts[old.end_lineno - 1] + old.end_col_offset
        written = ast.unparse(ast.fix_missing_locations(new))
        indented = textwrap.indent(written, " " * old.col_offset).lstrip()
        written = indented if isinstance(old, ast.stmt) else f"({written})"
        if end <= before:
            text, before = text[:start] + written.encode() + text[end:], start
    return text.decode()


def is_read(node):
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def changes(node, groups):
    """Yield (old, new, the new node) for each thing that may have been taken for another.

    groups: lists of texts; each can be taken for another of its list.
    """

    def exchanged(one):
        return [(one, two) for group in groups if one in group for two in group if two != one]

    match node:
        case ast.Compare(left, [op], [right]):
            for old, new in exchanged(SIGNS.get(type(op))):
                yield old, new, ast.Compare(left, [OF_SIGN[new]()], [right])
        case ast.BoolOp(op, values):
            for old, new in exchanged(SIGNS[type(op)]):
                yield old, new, ast.BoolOp(OF_SIGN[new](), values)
            for one in values:
                rest = [other for other in values if other is not one]
                yield quoted(one), "", ast.BoolOp(op, [*rest, rest[0]])
        case ast.BinOp(left, op, right) if type(op) in SIGNS:
            sign = SIGNS[type(op)]
            for old, new in exchanged(sign):
                yield old, new, ast.BinOp(left, OF_SIGN[new](), right)
            yield f"{sign} {quoted(right)}", "", left
            if sign not in ("/", "//", "%", "**"):
                yield f"{quoted(left)} {sign}", "", right
            yield quoted(node), f"{quoted(right)} {sign} {quoted(left)}", ast.BinOp(right, op, left)
        case ast.UnaryOp(_, operand):
            yield quoted(node), quoted(operand), operand
            yield quoted(node), "0", ast.Constant(0)
        case ast.Constant(int(number)) if not isinstance(number, bool):
            for other in (number - 1, number + 1):
                yield str(number), str(other), ast.Constant(other)
        case ast.Constant(str(word)):
            for old, new in exchanged(word):
                yield old, new, ast.Constant(new)
        case ast.Name(name, ast.Load()):
            for old, new in exchanged(name):
                yield old, new, ast.Name(new)
        case ast.Attribute(value, name, ast.Load()):
            for old, new in exchanged(name):
                yield old, new, ast.Attribute(value, new)
        case ast.Call(function, values, options):
            name = getattr(function, "attr", getattr(function, "id", ""))
            if values:
                yield f"{name}(...)", "", values[0]
            elif isinstance(function, ast.Attribute):
                yield f".{name}()", "", function.value
            for old, new, other in swapped(values):
                yield old, new, ast.Call(function, other, options)
            for one in (*values[1:], *options):
                left = [[other for other in all if other is not one] for all in (values, options)]
                yield f"{quoted(one)} in {name}(...)", "", ast.Call(function, *left)
        case ast.Tuple(values, context) if not any(isinstance(one, ast.Slice) for one in values):
            for old, new, other in swapped(values):
                yield old, new, ast.Tuple(other, context)
        case ast.Subscript(value, part, context):
            if is_read(node):
                yield f"[{quoted(part)}]", "", value
            for other in others(part):
                new = ast.Subscript(value, other, context)
                yield f"[{quoted(part)}]", f"[{quoted(other)}]", new
        case ast.For(target, values, [*body, ast.Return() as end]):
            after = ast.Module([ast.For(target, values, body or [ast.Pass()], []), end], [])
            yield quoted(node), "return after the loop", after
        case ast.AugAssign(target, _, value):
            yield "+=", "=", ast.Assign([target], value)
            yield quoted(node), "", ast.Pass()
        case ast.Assign() | ast.Expr() | ast.If():
            yield quoted(node), "", ast.Pass()


def others(part):
    """Yield other indices: the other side of a slice, and two places swapped."""
    match part:
        case ast.Slice(lower, upper, None):
            yield ast.Slice(upper, lower)
        case ast.Tuple(values):
            for number, one in enumerate(values):
                for other in others(one):
                    yield ast.Tuple([*values[:number], other, *values[number + 1 :]])
            for _, _, other in swapped(values):
                yield ast.Tuple(other)


def insertions(node, around):
    """Yield (old, new, the new node) for each thing that may be missing at a value."""
    computed = ast.Name | ast.Call | ast.BinOp | ast.Subscript | ast.Compare
    if isinstance(node, computed) and is_read(node):
        for function in around:
            call = ast.Call(ast.parse(function).body[0].value, [node], [])
            yield quoted(node), f"{function}({MISSING})", call
        yield quoted(node), f"-{MISSING}", ast.UnaryOp(ast.USub(), node)
        yield quoted(node), f"~{MISSING}", ast.UnaryOp(ast.Invert(), node)
        for sign in "-+":
            new = ast.BinOp(node, OF_SIGN[sign](), ast.Constant(1))
            yield quoted(node), f"{MISSING} {sign} 1", new


def swapped(values):
    """Yield (old, new, the values) for each two of some values swapped."""
    for i, j in combinations(range(len(values)), 2):
        new = list(values)
        new[i], new[j] = values[j], values[i]
        one, two = quoted(values[i]), quoted(values[j])
        yield f"{one}, {two}", f"{two}, {one}", new


def quoted(node):
    """The code of a node, short enough for a message."""
    code = ast.unparse(node).partition("\n")[0]
    if isinstance(node, ast.Tuple):
        code = code[1:-1]
    return code if len(code) <= LONGEST else code[:LONGEST] + "..."
