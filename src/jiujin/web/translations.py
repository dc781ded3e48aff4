"""The English of the pages: sentences gathered from the source, the catalogue kept in step, and compiled.

Chinese is what the source says; `locale/en/LC_MESSAGES/django.po` says the same in English. Compiled catalogues (.mo) are
made where the program is installed and are not kept in version control. No GNU gettext is needed: Babel does it.

`python -m jiujin.web.translations` brings the catalogue up to date with the source.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = Path(__file__).resolve().parent / "locale"
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"))
LINE_LENGTH = 120
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
# What `templatize` makes of {% translate %} and {% blocktranslate %}.
IN_TEMPLATE = re.compile(
    r"\bgettext\(u?(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\"\"\".*?\"\"\")\)|_\((?P<short>\"(?:[^\"\\]|\\.)*\")\)",
    re.DOTALL,
)


def messages_in_source() -> Iterator[tuple[str, str, int]]:
    """Every sentence to be translated: the sentence, the file that says it (from the package's root), and its line."""
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as source:
            for line, message, _comments, _context in extract("python", source, KEYWORDS):
                yield str(message), str(path.relative_to(PACKAGE)), line
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        source_text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for line, message in _in_template(source_text):
            yield message, str(path.relative_to(PACKAGE)), line


def _in_template(source: str) -> Iterator[tuple[int, str]]:
    for match in IN_TEMPLATE.finditer(source):
        text = match["text"] or match["short"]
        yield source.count("\n", 0, match.start()) + 1, str(ast.literal_eval(text))


def read_catalogue() -> Catalog:
    """The English catalogue as it stands."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="en")


def update_catalogue() -> None:
    """Bring the catalogue in step with the source: new sentences come without a translation, unused ones go."""
    kept = read_catalogue() if CATALOGUE.is_file() else Catalog(locale="en")
    wanted = Catalog(locale="en")
    for message, file, _line in messages_in_source():
        known = kept.get(message)
        wanted.add(message, known.string if known else "", locations=[(file, 0)])
    write_catalogue(wanted)


def write_catalogue(catalogue: Catalog) -> None:
    """Write the catalogue with a header that says nothing of when and by whom, so that it changes with its sentences."""
    out = io.BytesIO()
    write_po(out, catalogue, width=LINE_LENGTH, include_lineno=False, omit_header=True)
    CATALOGUE.write_bytes(HEADER.encode() + out.getvalue())


def compile_all() -> None:
    """Compile each catalogue whose source is newer than what was compiled of it."""
    for source in LOCALE.rglob("*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        out = io.BytesIO()
        with source.open("rb") as text:
            write_mo(out, read_po(text))
        part = compiled.with_suffix(".part")
        part.write_bytes(out.getvalue())
        part.replace(compiled)


if __name__ == "__main__":
    update_catalogue()
