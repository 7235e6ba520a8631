"""The house whose tests are asked, and the functions of its modules."""

import ast
from collections.abc import Iterator

HOUSE = ("bot", "handlers", "scheduler", "server")
Function = ast.FunctionDef


def functions_of(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """Name the outermost functions of a module, those of a class with its name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield f"{within}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node, f"{within}{node.name}.")
        else:
            yield from functions_of(node, within)
