"""Processes of ours without the second that Python needs to import us: one imports once, and forks a child for every call.

The children are real processes with their own environment, standard streams, exit code and death. Only the imports, and what is read but
once, are done before; what is about that starts `python -m ...` by itself. Run as a script it serves: a job and its answer are a line of
JSON each.
"""

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
_OPEN = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


class Nursery:
    """Calls functions, each in a process of its own. `warm_up` is called before, as `module:function`; importing its module may be all."""

    def __init__(self, warm_up: str) -> None:
        self._folder = TemporaryDirectory(prefix="peiban-nursery-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", warm_up], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._answer() == {"ready": True}

    def run(
        self, function: str, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None, said: bytes = b""
    ) -> subprocess.CompletedProcess[str]:
        """Call `module:function` with the arguments as one list; what it returns is the exit code. Fails after a minute."""
        streams = [Path(self._folder.name) / name for name in ("in", "out", "err")]
        streams[0].write_bytes(said)
        job = {"function": function, "arguments": list(arguments), "environment": dict(os.environ if environment is None else environment)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job | {"streams": [str(one) for one in streams]}) + "\n")
        self._process.stdin.flush()
        code = int(self._answer()["code"])
        return subprocess.CompletedProcess([function, *arguments], code, *(one.read_bytes().decode() for one in streams[1:]))

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(timeout=30)
        self._folder.cleanup()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        answer: dict[str, Any] = json.loads(line)
        return answer


def _become(job: dict[str, Any]) -> None:
    """The rest of the child's life."""
    for number, (path, how) in enumerate(zip(job["streams"], _OPEN, strict=True)):
        opened = os.open(path, how, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(job["environment"])
    signal.alarm(60)
    code = _code_of(_named(job["function"]), job["arguments"])
    # As Python ends, but for the last step: to take every object of the product apart again costs more than most commands.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _code_of(function: Callable[..., Any], arguments: Sequence[str]) -> int:
    """Call it, and say what Python would say of how it ended."""
    try:
        sys.exit(function(arguments))
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return (ended.code or 0) & 0xFF
        sys.stderr.write(f"{ended.code}\n")
    except BaseException:
        traceback.print_exc()
    return 1


def product() -> None:
    """Import what the commands import, and read once what each of them would read: rules, forms, words, cards."""
    from bot.__main__ import COMMANDS
    from bot.app import build
    from config.settings import Settings

    for module, _ in COMMANDS.values():
        import_module(f"bot.commands.{module}")
    with TemporaryDirectory() as folder, build(Settings(data=Path(folder))) as app:
        app.knowledge.ready()


def _named(function: str) -> Callable[..., Any]:
    module, name = function.split(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def main(warm_up: str) -> None:
    """Serve until standard input ends."""
    _named(warm_up)()
    gc.collect()
    gc.freeze()  # no child walks, and so copies, what all share
    jobs, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in jobs:
        pid = os.fork()
        if pid == 0:
            jobs.close()
            answers.close()
            _become(json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), file=answers, flush=True)
    gc.unfreeze()  # some libraries complain at exit about what was never collected


if __name__ == "__main__":
    main(sys.argv[1])
