"""Small changes to a Python source, one at a time, found in its syntax tree.

Each is a slip of the pen: a condition less, < for <=, + for -, a number off by one.
Not touched: annotations, decorators, f-strings, what is logged, how a table is made.
"""

import ast
from dataclasses import dataclass

SHOWN = 110  # characters of a change that are told
FILTERS = {"where", "filter", "filter_by", "having", "and_", "or_"}
WITHOUT = {"desc", "order_by", "limit", "distinct", "group_by"}
OTHER_NAME = {"min": "max", "max": "min", "all": "any", "any": "all"}
# What tells the database how to work, not what to find; and what is only told.
UNTOUCHED = {
    "mapped_column",
    "Index",
    "execution_options",
    "with_for_update",
    "field",
    "get_logger",
    "debug",
    "info",
    "warning",
    "exception",
    "flush",
    *("take", "hold", "take_turn", "await_turn"),  # SQLite has one writer anyway
}
CONDITIONS = {"is_", "is_not", "in_", "not_in", "startswith", "among"}
OTHER_SIGN: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
LEAVES_EARLY = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True)
class Change:
    """One change: these bytes of the source become others.

    where: the function, or "" for the module. told: what was and what becomes of it.
    """

    line: int
    start: int
    end: int
    text: str
    where: str
    told: str

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.end :]


def find_changes(source: bytes) -> list[Change]:
    """List the changes that leave a source readable for Python, in its order."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    return [each for each in finder.found if _compiles(each.apply(source))]


def _compiles(source: bytes) -> bool:
    try:
        compile(source, "changed", "exec")
    except SyntaxError:
        return False
    return True


class _Finder(ast.NodeVisitor):
    """Walks through a module and keeps what could be changed."""

    def __init__(self, source: bytes) -> None:
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._within: list[str] = []
        self.found: list[Change] = []

    # --- where we are

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._enter(node.name, node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        self._enter(node.name, [*defaults, *node.body])

    def _enter(self, name: str, nodes: list[ast.expr] | list[ast.stmt]) -> None:
        self._within.append(name)
        for each in nodes:
            self.visit(each)
        self._within.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value and ast.unparse(node.annotation) != "TypeAlias":
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Pass over an f-string: it has no places of its own in the source."""

    # --- what could be changed

    def visit_Call(self, node: ast.Call) -> None:
        name = _called(node)
        if name in UNTOUCHED:
            return
        if name == "limit" and _one(node):
            self.visit(node.func)
            return
        if name in FILTERS and ast.unparse(node.func) != "filter":  # that of Python
            self._drop_filters(node)
        if name in WITHOUT:
            self._leave_out(node)
        if isinstance(node.func, ast.Name) and name in OTHER_NAME:
            self._change(node.func, ast.Name(OTHER_NAME[name]))
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        """Pass over what only says that two lists are as long: they are."""
        if node.arg != "strict":
            self.generic_visit(node)

    def _drop_filters(self, node: ast.Call) -> None:
        if len(_arguments(node)) == 1:
            self._leave_out(node)
        elif len(_arguments(node)) > 1:
            for each in _arguments(node):
                args = [arg for arg in node.args if arg is not each]
                keywords = [word for word in node.keywords if word is not each]
                left = ast.Call(node.func, args, keywords)
                self._change(node, left, _less(node, each))

    def _leave_out(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            arguments = ", ".join(ast.unparse(each) for each in _arguments(node))
            told = f"without .{node.func.attr}({arguments[:SHOWN]})"
            self._change(node, node.func.value, told)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        """Drop conditions that are kept in a tuple, for a `where` to come."""
        for each in node.elts:
            if _is_condition(each) and len(node.elts) > 1:
                left = [one for one in node.elts if one is not each]
                self._change(node, ast.Tuple(left, ast.Load()), _less(node, each))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for each in node.values:
            left = [value for value in node.values if value is not each]
            rest = left[0] if len(left) == 1 else ast.BoolOp(node.op, left)
            self._change(node, rest, _less(node, each))
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.BitAnd | ast.BitOr):
            self._change(node, node.left, _less(node, node.right))
            self._change(node, node.right, _less(node, node.left))
        elif not (_is_text(node.left) or _is_text(node.right)):
            self._swap(node, node.op, ast.BinOp(node.left, node.op, node.right))
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for at, sign in enumerate(node.ops):
            signs = list(node.ops)
            other = OTHER_SIGN[type(sign)]()
            assert isinstance(other, ast.cmpop)
            signs[at] = other
            self._change(node, ast.Compare(node.left, signs, node.comparators))
        self.generic_visit(node)

    def _swap(self, node: ast.BinOp, sign: ast.operator, other: ast.BinOp) -> None:
        swapped = OTHER_SIGN.get(type(sign))
        if swapped:
            operator = swapped()
            assert isinstance(operator, ast.operator)
            other.op = operator
            self._change(node, other)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._change(node, node.operand)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._change(node, node.body)
        self._change(node, node.orelse)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._change(node, ast.Constant(not value))
        elif isinstance(value, int):
            self._change(node, ast.Constant(value + 1))
            if value > 0:
                self._change(node, ast.Constant(value - 1))

    def visit_If(self, node: ast.If) -> None:
        last = node.body[-1]
        if isinstance(last, LEAVES_EARLY) and not node.orelse:
            told = f"never: if {_short(node.test, 60)}: … {_short(last, 40)}"
            self._change(node.test, ast.Constant(value=False), told)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for each in node.ifs:
            self._change(each, ast.Constant(value=True), _less(node, each))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and _called(node.value) not in UNTOUCHED:
            self._put(node, "pass", f"no {_short(node)}")
        self.generic_visit(node)

    # --- how it is kept

    def _change(self, node: ast.expr, other: ast.expr, told: str = "") -> None:
        text = ast.unparse(other)
        told = told or f"{_short(node)} → {_short(other)}"
        self._put(node, text if text.isidentifier() else f"({text})", told)

    def _put(self, node: ast.expr | ast.stmt, text: str, told: str) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._lines[node.lineno - 1] + node.col_offset
        end = self._lines[node.end_lineno - 1] + node.end_col_offset
        where = ".".join(self._within)
        self.found.append(Change(node.lineno, start, end, text, where, told))


def _called(node: ast.Call) -> str:
    """Name what is called, without whose it is."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return str(name)
    return ""


def _arguments(node: ast.Call) -> list[ast.expr | ast.keyword]:
    return [*node.args, *node.keywords]


def _is_condition(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) or (
        isinstance(node, ast.Call) and _called(node) in CONDITIONS
    )


def _one(node: ast.Call) -> bool:
    """Tell a limit(1), whose only row is asked for: it saves work and no more."""
    return [ast.unparse(each) for each in node.args] == ["1"]


def _is_text(node: ast.expr) -> bool:
    text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return text or isinstance(node, ast.JoinedStr)


def _less(node: ast.AST, gone: ast.AST) -> str:
    return f"{_short(node, 70)}: without {_short(gone, 60)}"


def _short(node: ast.AST, most: int = SHOWN) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= most else text[: most - 1] + "…"
