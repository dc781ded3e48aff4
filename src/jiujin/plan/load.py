"""Reads a plan pack's folder into a `Plan`; what cannot be read is told with file, line and mend."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives import hashes
from pydantic import ValidationError

from jiujin.plan import models
from jiujin.plan.errors import PlanInvalid, PlanNotFound, Problem
from jiujin.plan.source import Path_, Source, YamlBroken, read_yaml

R = TypeVar("R", bound=models.Record)
N = TypeVar("N", models.Fact, models.Evidence)
MAX_FILES = 2_000
MAX_FILE_BYTES = 4 * 1024 * 1024


@dataclass
class Sources:
    """Where each record of a pack stands: (kind, id) → file and path inside it."""

    places: dict[tuple[str, str], tuple[Source, Path_]] = field(default_factory=dict)

    def locate(self, kind: str, record_id: str, *path: str | int) -> tuple[str, int]:
        """File and line of a record's part; the nearest enclosing part where that one is not written."""
        source, base = self.places.get((kind, record_id), (Source(kind), ()))
        return source.file, source.line((*base, *path))

    def problem(self, kind: str, record_id: str, path: Path_, message: str, mend: str) -> Problem:
        """A problem at a record's part."""
        file, line = self.locate(kind, record_id, *path)
        return Problem(file, line, message, mend)


@dataclass
class ReadPack:
    """A pack as read: the plan where its shape is right, where everything stands, and the faults of shape.

    `published` is the plan without the district's own `local.yaml`: what the worked cases speak of.
    """

    path: Path
    sources: Sources
    problems: list[Problem]
    plan: models.Plan | None = None
    published: models.Plan | None = None


def plans_dir() -> Path:
    """The folder of plan packs: `JIUJIN_PLANS`, else `plans/` of the source tree."""
    return Path(os.environ.get("JIUJIN_PLANS") or Path(__file__).resolve().parents[3] / "plans")


def list_plans() -> list[str]:
    """Ids (folder names) of the packs at hand, sorted."""
    folder = plans_dir()
    return sorted(p.parent.name for p in folder.glob("*/plan.yaml")) if folder.is_dir() else []


def find_plan(wanted: str | Path) -> Path:
    """The folder of a pack, by id or by path. Raises PlanNotFound."""
    for folder in (Path(wanted), plans_dir() / str(wanted)):
        if (folder / "plan.yaml").is_file():
            return folder
    raise PlanNotFound(str(wanted), list_plans())


def demo_settings(wanted: str | Path) -> models.LocalSettings:
    """What a demonstration sets for itself (`demo.yaml`), nothing where the pack has none. Raises PlanNotFound, PlanInvalid."""
    folder = find_plan(wanted)
    if not (folder / "demo.yaml").is_file():
        return models.LocalSettings()
    try:
        return models.LocalSettings.model_validate(read_yaml(folder / "demo.yaml", "demo.yaml").content)
    except (YamlBroken, ValidationError) as error:
        fault = Problem("demo.yaml", 1, "内容不合规定", f"按 local.yaml 的样子写（{error}）")
        raise PlanInvalid(folder.name, [fault]) from None


def read_pack(folder: Path) -> ReadPack:
    """Read every file of the pack and check its shape, going on after a fault so that all are told at once."""
    reader = _Reader(folder)
    return reader.read()


def load_shape(wanted: str | Path) -> ReadPack:
    """Find and read a pack; raises PlanNotFound, and PlanInvalid where the shape is wrong."""
    pack = read_pack(find_plan(wanted))
    if pack.plan is None:
        raise PlanInvalid(pack.path.name, pack.problems)
    return pack


class _Reader:
    """Reads one pack folder, collecting problems."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pack = ReadPack(folder, Sources(), [])

    def read(self) -> ReadPack:
        if not (self.folder / "plan.yaml").is_file():
            self._fault("plan.yaml", 1, "缺少这个文件，这里不是方案包", "换成方案包的文件夹，或补上 plan.yaml")
            return self.pack
        self._refuse_strays()
        header = self._one("plan.yaml", models.PlanHeader, "plan")
        book = self._one("facts.yaml", models.FactBook, None)
        parts: dict[str, Any] = {
            "clauses": self._many("clauses.yaml", models.Clause, "clauses"),
            "parameters": self._folder("parameters", models.Parameter),
            "schemes": self._folder("schemes", models.Scheme),
            "targets": self._many("targets.yaml", models.Target, "targets"),
            "readings": self._many("readings.yaml", models.Reading, "readings"),
            "duties": self._many("duties.yaml", models.Duty, "duties", optional=True),
            "scorecard": self._many("scorecard.yaml", models.ScoreItem, "scorecard", optional=True),
            "audiences": self._lists("audiences", models.Audience),
            "risks": self._lists("risks", models.Risk),
            "surveys": self._folder("surveys", models.Survey, optional=True),
            "cases": self._folder("cases", models.CaseBook, key="scheme", optional=True),
            "vacancy_wording": self._many("vacancy_wording.yaml", models.WordingRule, "vacancy_wording", optional=True),
            "firm_sizes": self._many("firm_sizes.yaml", models.FirmSize, "firm_sizes", optional=True),
            "workflows": self._many("workflows.yaml", models.Workflow, "workflows", optional=True),
            "exclusions": self._many("exclusions.yaml", models.Exclusion, "exclusions", optional=True),
            "areas": self._areas(),
            "shares": self._shares(),
        }
        facts, evidence = self._fact_book(book)
        local = self._one("local.yaml", models.LocalSettings, None, optional=True)
        if header and not self.pack.problems:
            plan = models.Plan(header=header, facts=facts, evidence=evidence, digest="", **parts)
            self.pack.published = plan.model_copy(update={"digest": digest_of(plan)})
            plan = self._with_local(plan, local)
            self.pack.plan = plan.model_copy(update={"digest": digest_of(plan)})
        return self.pack

    # --- files -----------------------------------------------------------------------------------------------------

    def _refuse_strays(self) -> None:
        """Bound what is read, and tell of a YAML file that nothing reads (a misspelt name would be silence)."""
        files = [p for p in self.folder.rglob("*") if p.is_file()]
        if len(files) > MAX_FILES:
            raise PlanInvalid(self.folder.name, [Problem(".", 1, f"文件多于 {MAX_FILES} 个", "方案包只放方案的文件")])
        known = {"plan", "facts", "clauses", "targets", "readings", "duties", "scorecard", "local"}
        known |= {"vacancy_wording", "firm_sizes", "workflows", "exclusions", "demo"}
        folders = {"parameters", "schemes", "audiences", "risks", "surveys", "cases"}
        for path in files:
            name = path.relative_to(self.folder)
            top = name.parts[0] if len(name.parts) > 1 else None
            if path.suffix in {".yaml", ".yml"} and not (top in folders or (top is None and path.stem in known)):
                self._fault(str(name), 1, "没有程序读这个文件", "检查文件名和所在文件夹")
            if path.stat().st_size > MAX_FILE_BYTES:
                self._fault(str(name), 1, "文件超过 4 MiB", "拆小或删去不需要的内容")

    def _fault(self, file: str, line: int, message: str, mend: str) -> None:
        self.pack.problems.append(Problem(file, line, message, mend))

    def _source(self, name: str, optional: bool = False) -> Source | None:
        path = self.folder / name
        if not path.is_file():
            if not optional:
                self._fault(name, 1, "缺少这个文件", "补上它（可以先放最少的内容）")
            return None
        try:
            return read_yaml(path, name)
        except YamlBroken as error:
            self._fault(name, error.line, error.message, "改正这一行的写法（缩进用空格，冒号后留空格，特殊字符加引号）")
            return None

    def _names(self, folder: str, optional: bool) -> list[str]:
        names = sorted(f"{folder}/{p.name}" for p in (self.folder / folder).glob("*.yaml"))
        if not names and not optional:
            self._fault(folder, 1, "这个文件夹里没有文件", "补上至少一个")
        return names

    # --- records -----------------------------------------------------------------------------------------------------

    def _one(self, name: str, model: type[R], kind: str | None, optional: bool = False) -> R | None:
        source = self._source(name, optional)
        if source is None or (optional and source.content is None):
            return None
        record = self._record(source, (), source.content, model)
        if record is not None and kind:
            self.pack.sources.places[(kind, kind)] = (source, ())
        return record

    def _many(self, name: str, model: type[R], kind: str, optional: bool = False) -> dict[str, R]:
        source = self._source(name, optional)
        return self._list(source, model, kind) if source else {}

    def _list(self, source: Source, model: type[R], kind: str, into: dict[str, R] | None = None) -> dict[str, R]:
        found: dict[str, R] = {} if into is None else into
        if source.content is not None and not isinstance(source.content, list):
            self._fault(source.file, 1, "这个文件应当是一个列表", "每条前面写“- ”")
            return found
        for index, raw in enumerate(source.content or []):
            self._keep(found, source, (index,), raw, model, kind, "id")
        return found

    def _folder(self, folder: str, model: type[R], key: str = "id", optional: bool = False) -> dict[str, R]:
        found: dict[str, R] = {}
        for name in self._names(folder, optional):
            source = self._source(name)
            if source:
                self._keep(found, source, (), source.content, model, folder, key)
        return found

    def _lists(self, folder: str, model: type[R]) -> dict[str, R]:
        found: dict[str, R] = {}
        for name in self._names(folder, optional=True):
            source = self._source(name)
            if source:
                self._list(source, model, folder, found)
        return found

    def _keep(
        self, found: dict[str, R], source: Source, path: Path_, raw: Any, model: type[R], kind: str, key: str
    ) -> None:
        record = self._record(source, path, raw, model)
        if record is None:
            return
        record_id = getattr(record, key)
        if record_id in found:
            self._fault(source.file, source.line((*path, key)), f"{key} {record_id} 已经用过", "换一个没有用过的")
            return
        found[record_id] = record
        self.pack.sources.places[(kind, record_id)] = (source, path)

    def _record(self, source: Source, path: Path_, raw: Any, model: type[R]) -> R | None:
        if not isinstance(raw, dict):
            self._fault(source.file, source.line(path), "这里应当是“键: 值”的一组内容", "按 docs/plan-pack.md 的样子写")
            return None
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for fault in error.errors():
                self._shape_fault(source, path, fault)
            return None

    def _shape_fault(self, source: Source, path: Path_, fault: Any) -> None:
        where = tuple(part for part in fault["loc"])
        name = ".".join(str(part) for part in where) or "这一条"
        line = source.line((*path, *where))
        given = fault.get("input")
        say: dict[str, Callable[[], tuple[str, str]]] = {
            "extra_forbidden": lambda: (f"不认识的键 {name}", "改正拼写，或删去它"),
            "missing": lambda: (f"缺少键 {name}", "补上它"),
            "value_error": lambda: (f"{name}：{fault['ctx']['error']}", "按提示改正"),
            "literal_error": lambda: (
                f"{name} 的取值 {given!r} 不在允许的范围里",
                f"改为 {fault['ctx']['expected']} 之一",
            ),
            "string_pattern_mismatch": lambda: (f"{name} 的写法 {given!r} 不合规定", "用小写字母、数字和连接符"),
        }

        def default() -> tuple[str, str]:
            return f"{name} 的取值 {given!r} 类型不对", f"应为：{fault['msg']}"

        message, mend = say.get(fault["type"], default)()
        self._fault(source.file, line, message, mend)

    def _fact_book(self, book: models.FactBook | None) -> tuple[dict[str, models.Fact], dict[str, models.Evidence]]:
        if book is None:
            return {}, {}
        source = read_yaml(self.folder / "facts.yaml", "facts.yaml")
        facts = self._unique("facts", book.facts, source)
        evidence = self._unique("evidence", book.evidence, source)
        return facts, evidence

    def _unique(self, key: str, records: list[N], source: Source) -> dict[str, N]:
        found: dict[str, N] = {}
        for index, record in enumerate(records):
            if record.id in found:
                self._fault(source.file, source.line((key, index)), f"id {record.id} 已经用过", "换一个没有用过的")
            found[record.id] = record
            self.pack.sources.places[(key, record.id)] = (source, (key, index))
        return found

    # --- tables ------------------------------------------------------------------------------------------------------

    def _rows(self, name: str, columns: list[str]) -> list[tuple[int, dict[str, str]]]:
        path = self.folder / name
        if not path.is_file():
            self._fault(name, 1, "缺少这个文件", f"补上它，首行是 {','.join(columns)}")
            return []
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if list(reader.fieldnames or []) != columns:
                self._fault(name, 1, "首行不对", f"首行应为 {','.join(columns)}")
                return []
            return [(reader.line_num, row) for row in reader]

    def _areas(self) -> dict[str, models.Area]:
        areas: dict[str, models.Area] = {}
        for line, row in self._rows("areas.csv", ["code", "name", "level", "parent_code"]):
            try:
                area = models.Area.model_validate(row)
            except ValidationError:
                self._fault(
                    "areas.csv",
                    line,
                    f"这一行不对：{','.join(str(v) for v in row.values())}",
                    "四列都要填，level 为 district、township 或 community",
                )
                continue
            if area.code in areas:
                self._fault("areas.csv", line, f"代码 {area.code} 重复", "删去重复的行")
            areas[area.code] = area
        for area in areas.values():
            if area.level != "district" and area.parent_code not in areas:
                self._fault(
                    "areas.csv", 1, f"{area.code} 的上级 {area.parent_code} 不在表里", "补上上级，或改正 parent_code"
                )
        return areas

    def _shares(self) -> list[models.Share]:
        shares = []
        for line, row in self._rows("decomposition.csv", ["target", "area", "figure"]):
            try:
                shares.append(models.Share.model_validate(row))
            except ValidationError:
                self._fault("decomposition.csv", line, "这一行不对", "三列：目标编号、区划代码、不小于 0 的整数")
        return shares

    def _with_local(self, plan: models.Plan, local: models.LocalSettings | None) -> models.Plan:
        """The plan with the values this district sets for itself in `local.yaml`."""
        if local is None:
            return plan
        parameters = dict(plan.parameters)
        for name, values in local.parameters.items():
            if name not in parameters:
                self._fault("local.yaml", 1, f"没有参数 {name}", "改正参数名")
                continue
            update = {"values": values, "status": "external"}
            parameters[name] = parameters[name].model_copy(update=update)
        return plan.model_copy(update={"parameters": parameters})


def digest_of(plan: models.Plan) -> str:
    """SM3 of the plan's canonical JSON (sorted keys, no digest), as 64 hexadecimal digits."""
    content = plan.model_dump(mode="json", exclude={"digest"}, by_alias=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(text.encode())
    return sm3.finalize().hex()
