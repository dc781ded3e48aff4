"""YAML with its lines kept: every value of a pack can be pointed at by file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

Path_ = tuple[str | int, ...]


@dataclass
class Source:
    """One parsed file: its content, and for each path inside it the line (from 1) where it stands."""

    file: str
    content: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """The line of `path`, or of its nearest ancestor that stands in the file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


class YamlBroken(Exception):
    """A file that does not parse, or gives one key twice."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(message)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a number with a point is an exact decimal."""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node).replace("_", ""))


def _day(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise YamlBroken(node.start_mark.line + 1, f"没有 {node.value} 这一天") from error


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def read_yaml(path: Path, name: str) -> Source:
    """Parse one file; `name` is how messages call it. Raises YamlBroken with the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlBroken(1, "文件不是 UTF-8 编码") from error
    source = Source(name)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _note_lines(node, (), source.lines)
            source.content = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlBroken(mark.line + 1 if mark else 1, f"YAML 读不通（{error.problem or error.context}）") from error
    except (yaml.YAMLError, ValueError, ArithmeticError) as error:
        raise YamlBroken(1, f"YAML 读不通（{error}）") from error
    finally:
        loader.dispose()
    return source


def _note_lines(node: yaml.Node, path: Path_, lines: dict[Path_, int], depth: int = 0) -> None:
    """Record the line of every node below `node`; refuse a key given twice and nesting past 50."""
    if depth > 50:
        raise YamlBroken(node.start_mark.line + 1, "嵌套过深（超过 50 层）")
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise YamlBroken(key.start_mark.line + 1, f"键 {name} 写了两次")
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            _note_lines(value, (*path, name), lines, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), lines, depth + 1)
