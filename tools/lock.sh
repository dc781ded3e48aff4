#!/usr/bin/env bash
# Writes the two lock files from pyproject.toml: every file hashed, no host named, for Python 3.11 and later on any system.
set -euo pipefail
lock() {
	.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command 'make lock' --quiet "$@"
}
lock --output-file requirements.lock
lock --group dev --constraint requirements.lock --output-file requirements-dev.lock
