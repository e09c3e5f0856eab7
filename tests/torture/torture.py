"""Breaks taxond at every call that changes the disk, by every error and at every allocation, and
takes its power away; then sees whether each document is filed once and whole.

    script/torture [--minutes N] [--seed S] [--jobs N] [--only KIND]
    script/torture --one VARIANT BLOW[,BLOW]     one trial again, with taxond's log

Points come in rounds: each site once, then each a second time, and so on, so that a short run has
seen all of the program and a long one all of the calls. When all are done, the second run is
struck as well, at points chosen by chance, until the time is over.
"""
import argparse
import collections
import os
import random
import sys
import threading
import time

from trial import ERRNOS, READ_ERRNOS, Blow, Ground
from workload import SANITIZED, VARIANTS, all_documents

KINDS = ("lost", "doubled", "torn", "misplaced", "stray", "row", "stuck", "hung", "crashed",
         "silent")
# How the time is shared among what there is to try.
SHARES = {"kill": 3, "fault": 4, "memory": 2, "power": 3, "second": 1}
CUTTABLE = ("write", "pwrite", "copy_file_range")


class Trial:
    """One entry of the list: what to do, and how to say it."""

    def __init__(self, sort, variant, blows):
        self.sort, self.variant, self.blows = sort, variant, blows

    def run(self, ground):
        return ground.trial(self.variant, self.blows)

    def command(self):
        return f"script/torture --one {self.variant} {','.join(map(str, self.blows))}"


def blows_of(point):
    """(sort, blow) for each thing that may happen at a point."""
    at = point.site, point.times
    if point.kind == "m":
        return [("memory", Blow("starve", *at))]
    errors = ERRNOS if point.kind == "c" else READ_ERRNOS
    blows = [("fault", Blow("errno", *at, error)) for error in errors]
    if point.kind == "c":
        blows += [("kill", Blow("before", *at)), ("kill", Blow("after", *at))]
    if point.name in CUTTABLE:
        blows.append(("fault", Blow("short", *at)))
    return blows


def in_rounds(trials, source):
    """By how often the point was passed, otherwise by chance."""
    source.shuffle(trials)
    return sorted(trials, key=lambda trial: trial.blows[0].times)


def list_trials(ground, source, variants=VARIANTS):
    lists = {"kill": [], "fault": [], "memory": []}
    points = {}
    for variant in variants:
        points[variant] = ground.record(variant)
        everything = list(points[variant])
        if not SANITIZED:  # a sanitizer has its own malloc
            everything += ground.record(variant, "memory")
        for point in everything:
            for sort, blow in blows_of(point):
                lists[sort].append(Trial(sort, variant, [blow]))
    return {sort: in_rounds(trials, source) for sort, trials in lists.items()}, points


def list_second(ground, source, kills, points, most=None):
    """For each site that only a taking up passes: a kill that leads there, and blows at it."""
    known = {(variant, point.site) for variant, them in points.items() for point in them}
    trials = []
    for kill in kills[:most]:
        for point in ground.record_restart(kill.variant, kill.blows[0]):
            if (kill.variant, point.site) in known:
                continue
            known.add((kill.variant, point.site))
            trials += [Trial("second", kill.variant, [kill.blows[0], blow])
                       for _, blow in blows_of(point)]
    source.shuffle(trials)
    return trials


class Tally:
    """What came of it, by all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.tried = collections.Counter()
        self.missed = 0
        self.documents = 0
        self.problems = collections.Counter()
        self.failures = []
        self.seconds = collections.Counter()

    def add(self, trial, outcome, seconds):
        with self.lock:
            self.tried[trial.sort] += 1
            self.missed += not outcome.struck
            self.documents += len(all_documents())
            self.seconds[trial.sort] += seconds
            if not outcome.problems:
                return
            for kind, _ in outcome.problems:
                self.problems[kind] += 1
            self.failures.append((trial, outcome))
            words = "; ".join(f"{kind}: {words}" for kind, words in outcome.problems[:4])
            print(f"FAILED {trial.command()}\n    {words}", flush=True)

    def table(self):
        kills = self.tried["kill"] + self.tried["second"]
        lines = [("kill points tried", kills), ("faults injected", self.tried["fault"]),
                 ("mallocs failed", self.tried["memory"]),
                 ("power-loss states replayed", self.tried["power"]),
                 ("points not reached again", self.missed), ("documents", self.documents),
                 *((kind, self.problems[kind]) for kind in KINDS)]
        return "\n".join(f"{words:<28}{number:>9}" for words, number in lines)

    def progress(self, left):
        tried = ", ".join(f"{number} {sort}" for sort, number in sorted(self.tried.items()))
        failed = len(self.failures)
        print(f"{int(left):5d} s left: {tried}; {self.documents} documents, {failed} failed",
              flush=True)


class Crew:
    """Threads that take trials from the lists until these are empty or the time is over."""

    def __init__(self, lists, tally, deadline, refill=None):
        self.lists = {sort: collections.deque(trials) for sort, trials in lists.items()}
        self.tally, self.deadline, self.refill = tally, deadline, refill
        self.lock = threading.Lock()
        self.errors = []

    def take(self):
        with self.lock:
            if time.monotonic() > self.deadline:
                return None
            due = [sort for sort, trials in self.lists.items() if trials]
            if not due:
                return self.refill() if self.refill else None
            sort = min(due, key=lambda sort: self.tally.seconds[sort] / SHARES[sort])
            return self.lists[sort].popleft()

    def work(self):
        try:
            with Ground() as ground:
                while (trial := self.take()) is not None:
                    began = time.monotonic()
                    outcome = trial.run(ground)
                    self.tally.add(trial, outcome, time.monotonic() - began)
        except BaseException as error:  # told by the main thread
            self.errors.append(error)
            raise

    def run(self, jobs, every_s=15):
        threads = [threading.Thread(target=self.work) for _ in range(jobs)]
        for thread in threads:
            thread.start()
        told = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            threads[0].join(0.2) if threads[0].is_alive() else time.sleep(0.2)
            if time.monotonic() - told >= every_s:
                told = time.monotonic()
                self.tally.progress(max(0.0, self.deadline - told))
        return not self.errors


def again(words):
    variant, blows = words[0], [Blow.parse(word) for word in words[1].split(",")]
    with Ground() as ground:
        outcome = ground.trial(variant, blows)
    print(outcome.log)
    print(f"statuses {outcome.statuses}, {'struck' if outcome.struck else 'not reached'}")
    for kind, text in outcome.problems:
        print(f"{kind}: {text}")
    return 1 if outcome.problems else 0


def chance(points, source):
    """A pair of blows by chance: the first kills, the second strikes the run after it."""
    variant = source.choice(list(points))
    first = source.choice([point for point in points[variant] if point.kind == "c"])
    second = source.choice(points[variant])
    kill = Blow(source.choice(("before", "after")), first.site, first.times)
    return Trial("second", variant, [kill, source.choice(blows_of(second))[1]])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--only", choices=sorted(SHARES))
    parser.add_argument("--one", nargs=2, metavar=("VARIANT", "BLOWS"))
    options = parser.parse_args()
    if options.one:
        return again(options.one)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    source = random.Random(seed)
    deadline = time.monotonic() + options.minutes * 60
    tally = Tally()
    with Ground() as ground:
        print(f"seed {seed}; in {ground.folder}; another file system: {ground.far or 'none'}")
        lists, points = list_trials(ground, source)
        if options.only in (None, "second"):
            lists["second"] = list_second(ground, source, lists["kill"], points, 400)
    if options.only:
        lists = {options.only: lists[options.only]}
    print("to be tried: " + ", ".join(f"{len(them)} {sort}" for sort, them in lists.items()),
          flush=True)
    crew = Crew(lists, tally, deadline, None if options.only else lambda: chance(points, source))
    whole = crew.run(options.jobs)
    left = {sort: len(trials) for sort, trials in crew.lists.items() if trials}
    if left:
        print("the time was over before: " + ", ".join(f"{n} {sort}" for sort, n in left.items()))
    print(tally.table())
    return 0 if whole and not tally.failures else 1


if __name__ == "__main__":
    sys.exit(main())
