"""Small changes of an answer's own code: if one of them makes it right, the mistake is near its line.

`<=` becomes `<`, two arguments are swapped, a term is left out, a function that the solution calls is
put around a value.
"""

import ast
from itertools import combinations

WORDS = [  # what is easily taken for another of its group
    *("A B", "same valid", "tanh sigmoid relu softmax", "max min mean median sum", "any all"),
    *("maximum minimum", "var std", "log log2", "exp exp2", "argmax argmin", "zeros ones"),
]
GROUPS = [
    [ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq],
    [ast.Add, ast.Sub, ast.Mult],
    [ast.Mult, ast.Div, ast.FloorDiv],
    [ast.FloorDiv, ast.Mod],
    [ast.BitAnd, ast.BitOr],
    [ast.And, ast.Or],
    *map(str.split, WORDS),
]


def changed_programs(code, model):
    """Yield, for each kind of change, the programs that differ by one: the number of its line, its code.

    The likeliest kind comes first. No change is made in the head of a function or a class.

    code: str, of a function or a class. model: str, a right one: what it calls may be missing here.
    """
    tree, calls = ast.parse(code), calls_of_one(model)
    groups = [*GROUPS, variables(tree)]
    rules = [
        lambda old: exchanged(old, groups),
        rearranged,
        parts,
        lambda old: completed(old, calls),
    ]
    for rule in rules:
        yield programs(tree, rule)


def programs(tree, rule):
    """Yield each program that a rule makes of a tree: the number of the changed line, and its code."""
    for parent in list(nodes(tree)):
        for field, old in fields(parent):
            for new in applied(rule, old):
                setattr(parent, field, new)
                ast.fix_missing_locations(tree)
                try:
                    yield line_of(parent, old, new), compile(tree, "<change>", "exec")
                except Exception:
                    pass  # compile refuses what is no program, by errors of many kinds
                setattr(parent, field, old)


def nodes(tree):
    """Yield the nodes of a tree level by level, without the heads of functions and classes."""
    level = [tree]
    while level:
        yield from level
        values = [value for node in level for _, value in fields(node)]
        parts = [one for value in values for one in (value if isinstance(value, list) else [value])]
        level = [one for one in parts if isinstance(one, ast.AST)]


def fields(node):
    """List what may be changed of a node: its fields; of a function or a class, only the body."""
    headed = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
    return [("body", node.body)] if headed else list(ast.iter_fields(node))


def applied(rule, old):
    """Yield what a rule makes of a node's field: of its value, and of its elements if it is a list."""
    yield from rule(old)
    if isinstance(old, list):
        for place, one in enumerate(old):
            for new in rule(one):
                yield [*old[:place], new, *old[place + 1 :]]


def line_of(parent, old, new):
    """Return the number of the line in which a field of a node is changed."""
    if isinstance(old, list):
        unlike = [one for one, other in zip(old, new) if one is not other]
        old = (unlike or old[-1:])[0]
    return getattr(old, "lineno", getattr(parent, "lineno", 1))


def exchanged(old, groups):
    """Yield what an operator, a name, a word or a whole number may have been taken for."""
    for group in groups:
        if type(old) in group:
            yield from (kind() for kind in group if kind is not type(old))
        if isinstance(old, str) and old in group:
            yield from (word for word in group if word != old)
    match old:
        case ast.Constant(int(number)):
            yield from (ast.Constant(number - 1), ast.Constant(number + 1))


def rearranged(old):
    """Yield a list without one of its elements, or with two of them swapped, and the like."""
    match old:
        case [*_]:
            for place, one in enumerate(old):
                before, after = old[:place], old[place + 1 :]
                yield [*before, *after]
                if isinstance(one, ast.For) and len(one.body) > 1:
                    *body, last = one.body  # the last line belongs after the loop
                    yield [*before, ast.For(one.target, one.iter, body, []), last, *after]
            for i, j in combinations(range(len(old)), 2):
                new = list(old)
                new[i], new[j] = old[j], old[i]
                yield new
        case ast.BinOp(left, op, right) if not isinstance(op, ast.Pow):  # 3**size may never end
            yield ast.BinOp(right, op, left)
        case ast.Slice(lower, upper, None):
            yield ast.Slice(upper, lower)
        case ast.AugAssign(target, _, value):
            yield ast.Assign([target], value)


def parts(old):
    """Yield each part of an expression, which may have been meant alone."""
    if isinstance(old, ast.expr):
        _, *inner = ast.walk(old)
        yield from (part for part in inner if isinstance(part, ast.expr))


def completed(old, calls):
    """Yield an expression with a call or a sign around it, or with 1 more or 1 less."""
    computed = ast.Name | ast.Call | ast.BinOp | ast.Subscript | ast.Compare
    if isinstance(old, computed) and not isinstance(getattr(old, "ctx", None), ast.Store):
        for function in calls:
            yield ast.Call(function, [old], [])
        yield from (ast.UnaryOp(ast.USub(), old), ast.UnaryOp(ast.Invert(), old))
        yield from (ast.BinOp(old, sign(), ast.Constant(1)) for sign in (ast.Sub, ast.Add))


def variables(tree):
    """List the names of a program's arguments and variables."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.arg(name) | ast.Name(name, ast.Store()):
                names.add(name)
    return sorted(names - {"self"})


def calls_of_one(code):
    """List the functions that a program calls with one argument, such as ops.relu."""
    found = {}
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(function, [_]):
                found[ast.unparse(function)] = function
    return list(found.values())
