"""Processes and what they take: wall time, processor time, peak memory."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Taken:
    """What one process took, with all the processes that it waited for."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    rss: float  # MiB, the largest of its processes
    output: str


class Failed(Exception):
    """A command that ended in an error; one that finds nothing ends in none."""


def run(command, env=None, ok=(0,), keep=True):
    """Runs `command` and says what it took. Its output is dropped unless `keep`."""
    # Files, not pipes: nobody has to read while it runs.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out if keep else subprocess.DEVNULL,
            stderr=err,
            env={**os.environ, **(env or {})},
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in ok:
            err.seek(0)
            said = err.read().decode(errors="replace").strip()[-500:]
            raise Failed(f"{command[0]} ended with {child.returncode}: {said}")
        out.seek(0)
        text = out.read().decode(errors="replace") if keep else ""
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def best(command, rounds, **options):
    """The run with the least processor time of several."""
    return min((run(command, **options) for _ in range(rounds)), key=lambda taken: taken.cpu)


def in_turn(commands, rounds, **options):
    """The medians of several commands that run in turn, so that all meet the same machine."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command, ok=(0, 1), keep=False, **options))
    median = statistics.median
    return {
        name: Taken(
            median(taken.wall for taken in all),
            median(taken.cpu for taken in all),
            max(taken.rss for taken in all),
            "",
        )
        for name, all in runs.items()
    }


def size(folder):
    """Bytes of all files in a folder, or of one file."""
    if os.path.isfile(folder):
        return os.path.getsize(folder)
    return sum(
        os.path.getsize(os.path.join(place, name))
        for place, _, names in os.walk(folder)
        for name in names
    )


def share(values, at):
    """The value at a share of the sorted values, as 0.9 for p90."""
    values = sorted(values)
    return values[round((len(values) - 1) * at)]
