#!/usr/bin/env bash
# Every benchmark, each beside its peer. openfisca-core has an environment of its own, so that its needs are not ours.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
peer=var/bench/openfisca
if [ ! -f "$peer/whole" ]; then
	rm -rf "$peer"
	.venv/bin/python -m venv "$peer"
	"$peer/bin/pip" install --quiet --require-hashes -r benchmarks/requirements.lock
	touch "$peer/whole"
fi
.venv/bin/python -m benchmarks.judge_rows
.venv/bin/python -m benchmarks.check_workbook
.venv/bin/python -m benchmarks.near
.venv/bin/python -m benchmarks.search_page --people 200000 --vacancies 200000
.venv/bin/python -m benchmarks.list_pages
.venv/bin/python -m benchmarks.likely_same
.venv/bin/python -m benchmarks.simulate
.venv/bin/python -m benchmarks.decide_lines
.venv/bin/python -m benchmarks.pay_batch
