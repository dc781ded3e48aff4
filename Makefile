# 就近 Jiujin: `make run` starts it here, `make test` checks all of it. Both work from any folder (make -C).

SHELL := /bin/sh
here := $(shell dirname "$(strip $(MAKEFILE_LIST))")
go := @cd "$(here)" && { command -v python3 >/dev/null || \
	{ echo '没有找到 python3。请先安装 Python 3.11 或更新版本（Debian、Ubuntu：apt-get install python3 python3-venv）。' >&2; exit 1; }; } &&

.PHONY: run test bench faults lock

run:
	$(go) python3 tools/environment.py requirements.lock && exec .venv/bin/jiujin run --stop-with-parent

test:
	$(go) python3 tools/environment.py requirements-dev.lock && exec bash tools/check.sh

# Every figure of docs/performance.md, measured again; half an hour or so, on a machine that does nothing else.
bench:
	$(go) python3 tools/environment.py requirements-dev.lock && exec bash tools/bench.sh

# The application and its database killed in the middle of their work, 50 times each kind; then sixteen clients at once on the
# same people's thousands of lines. Half an hour or so.
faults:
	$(go) python3 tools/environment.py requirements-dev.lock && .venv/bin/python tools/faults.py --kills 50 --seed 7 && \
	RACE_SCALE=40 .venv/bin/python -m pytest -q tests/claims/test_races.py && \
	RACE_SCALE=100 exec .venv/bin/python -m pytest -q tests/funds/test_races.py

# The two locks name no host: whoever installs brings his own index. Run after changing the dependencies in pyproject.toml.
lock:
	$(go) python3 tools/environment.py requirements-dev.lock && exec bash tools/lock.sh
