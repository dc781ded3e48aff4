#!/usr/bin/env bash
# What `make test` runs once `.venv/` is ready: every check, even after one failed, and pytest last so that its closing line
# stands at the end. Exit status 0 only when all passed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
	printf '\n== %s\n' "$1"
	"${@:2}" || failed+=("$1")
}

has_browser() {
	command -v chromium chromium-browser google-chrome >/dev/null 2>&1
}

# The browser tests need Chromium and a Chinese font. Root on Debian or Ubuntu gets them here; for anybody else those tests
# are skipped, and pytest's closing summary says so.
install_browser() {
	has_browser && return
	if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
		printf '\n== Chromium\n'
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null && return
	fi
	echo '没有 Chromium，浏览器测试会跳过。要运行它们，请安装 chromium 和 fonts-noto-cjk（安装需要管理员权限）。'
}

install_browser
check 'ruff check' ruff check .
check 'ruff format' ruff format --check .
check 'mypy' mypy
check 'pytest' python -m pytest "$@"

if [ ${#failed[@]} -gt 0 ]; then
	printf '\n没有通过：%s\n' "${failed[*]}"
	exit 1
fi
