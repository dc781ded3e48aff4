"""Makes `.venv/` from a hashed lock file, once, and again only when the lock changes.

Called by the Makefile as `python3 tools/environment.py requirements.lock`. Standard library only, and written so that an
old Python can still parse it and say that it is too old.
"""

import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
UNFINISHED = os.path.join(VENV, "unfinished")
PYTHON_MIN = (3, 11)
COMMAND = """#!/bin/sh
# -P: a file in the current folder is never taken for a module.
exec "$(dirname "$(readlink -f "$0")")/python" -P -m jiujin "$@"
"""
PYTHON_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")


class EnvironmentUnmade(Exception):
    """The environment cannot be made; the text is one Chinese sentence with the cure."""


def main(lock_name):
    """Bring `.venv/` to the state that `lock_name` asks for; a second caller waits for the first.

    Raises EnvironmentUnmade.
    """
    use_new_enough_python()
    with open(os.path.join(ROOT, lock_name), "rb") as lock, one_at_a_time():
        wanted = hashlib.sha256(lock.read()).hexdigest()
        if not is_whole():
            make_venv()
        if stamp_of(lock_name) != wanted:
            install(lock_name)
            write(stamp_path(lock_name), wanted)


def use_new_enough_python():
    """Go on under a newer Python on the PATH where `python3` itself is too old."""
    if sys.version_info >= PYTHON_MIN:
        return
    for name in PYTHON_NAMES:
        found = shutil.which(name)
        if found:
            os.execv(found, [found] + sys.argv)
    raise EnvironmentUnmade(
        "需要 Python 3.11 或更新版本，这台机器上的 python3 是 %d.%d。请先安装新版 Python，再运行一次。"
        % sys.version_info[:2]
    )


def one_at_a_time():
    """A lock on this very file, so on this very clone, held until the returned file is closed."""
    own_text = open(os.path.abspath(__file__))  # noqa: SIM115 - held open, and so locked, by the caller
    try:
        fcntl.flock(own_text, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("另一个命令正在准备运行环境，等它完成……")
        fcntl.flock(own_text, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks: two first starts at once are then the person's own care
    return own_text


def place():
    """What tells this folder from one that it was copied or moved from: scripts in `.venv/` hold the full path."""
    return hashlib.sha256(os.fsencode(ROOT)).hexdigest()


def is_whole():
    """Whether `.venv/` was made in this very folder, no installation broke off in it and its Python still runs."""
    if os.path.exists(UNFINISHED) or read(os.path.join(VENV, "made-in")) != place():
        return False
    try:
        return subprocess.call([venv_python(), "-I", "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv():
    """A fresh `.venv/`, in place of whatever a broken-off start or another Python left."""
    say("正在建立运行环境 .venv ……")
    if os.path.islink(VENV) or os.path.isfile(VENV):
        os.unlink(VENV)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-I", "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise EnvironmentUnmade(venv_failure(made.stdout.decode(errors="replace")))
    write(os.path.join(VENV, "made-in"), place())


def venv_failure(output):
    """The one sentence for a `python3 -m venv` that failed."""
    if "ensurepip" in output or "No module named venv" in output:
        package = "python%d.%d-venv" % sys.version_info[:2]
        return (
            "这台机器的 Python 缺少 venv 模块。请先安装（Debian、Ubuntu：apt-get install %s），再运行一次。" % package
        )
    if not os.access(ROOT, os.W_OK):
        return "项目文件夹 %s 不可写，运行环境没有建成。请换成文件夹的主人来运行，或把项目复制到自己的文件夹里。" % ROOT
    return "运行环境没有建成：%s" % output.strip()


def install(lock_name):
    """Install what the lock names, each file checked against its hash, then put the project itself in its place."""
    write(UNFINISHED, lock_name)
    say("正在安装程序包（%s，约半分钟，只在第一次和清单有变时）……" % lock_name)
    install_packages(lock_name)
    place_project()
    os.unlink(UNFINISHED)


def install_packages(lock_name):
    """Run the environment's pip with the person's own index settings; its errors go to the screen."""
    # A configured constraint or --user would fight with the lock; index, proxy and certificates stay the person's own.
    environment = dict(os.environ, PIP_CONSTRAINT="", PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    pip = [venv_python(), "-X", "utf8", "-I", "-m", "pip", "-qq"]
    lock = os.path.join(ROOT, lock_name)
    if subprocess.call(pip + ["install", "--require-hashes", "-r", lock], env=environment) != 0:
        raise EnvironmentUnmade(
            "程序包没有装全（原因见上）。请检查网络、镜像设置（pip config list）和磁盘空间，再运行一次；已下载的会接着用。"
        )


def place_project():
    """Let the environment find `src/`, and put the `jiujin` command into it; nothing is built or copied.

    The path is a relative one: Python reads it in the terminal's encoding, which may not know the folder's name.
    """
    for packages in glob.glob(os.path.join(glob.escape(VENV), "lib", "python3.*", "site-packages")):
        write(os.path.join(packages, "jiujin.pth"), os.path.join(*[".."] * 4, "src") + "\n")
    command = os.path.join(VENV, "bin", "jiujin")
    write(command, COMMAND)
    os.chmod(command, 0o755)


def venv_python():
    """The environment's own Python."""
    return os.path.join(VENV, "bin", "python")


def stamp_path(lock_name):
    """The file that says which lock was installed."""
    return os.path.join(VENV, "installed-" + lock_name)


def stamp_of(lock_name):
    """The digest installed for this lock, or None."""
    return read(stamp_path(lock_name))


def read(path):
    """A small file's text, or None."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def write(path, text):
    """Replace a small file's text."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def say(sentence):
    """One progress line, at once."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a terminal that has no Chinese still gets the rest
    try:
        main(sys.argv[1])
    except EnvironmentUnmade as unmade:
        sys.exit(str(unmade))
    except PermissionError as refused:
        sys.exit("没有权限写 %s。请换成这个文件夹的主人来运行。" % refused.filename)
    except KeyboardInterrupt:
        sys.exit("已中断。再运行一次会从头准备运行环境。")
