"""Breaks taxond at every call that changes the disk, by every error and at every allocation, and
takes its power away; then sees whether each document is filed once and whole.

    script/torture [--minutes N] [--seed S] [--jobs N] [--only KIND]
    script/torture --one VARIANT BLOW[,BLOW]     one trial again, with taxond's log

Points come in rounds: each site once, then each a second time, and so on, so that a short run has
seen all of the program and a long one all of the calls. Beside them runs are struck a second time
while they take up what the first blow left. --short takes each site once and ends.
"""
import argparse
import itertools
import os
import random
import signal
import sys
import threading
import time

import power
from tally import Tally
from trial import ERRNOS, READ_ERRNOS, Blow, Ground
from workload import SANITIZED, VARIANTS

# How the time is shared among what there is to try.
SHARES = {"kill": 3, "fault": 4, "memory": 2, "power": 4, "second": 2}
CUTTABLE = ("write", "pwrite", "copy_file_range")
CROSSING = ("create", "rename", "link", "copy_file_range")  # that can say EXDEV
SHORT_MEMORY, SHORT_SECOND, SHORT_POWER, SHORT_STATES = 60, 30, 3, 8


class Struck:
    """One trial: blows, one a run."""

    def __init__(self, sort, variant, blows):
        self.sort, self.variant, self.blows = sort, variant, blows

    def run(self, grounds):
        return grounds.plain().trial(self.variant, self.blows)

    def command(self):
        return f"script/torture --one {self.variant} {','.join(map(str, self.blows))}"


class PowerLoss:
    """One run, copied at each call, and some of the copies taken up."""

    sort = "power"

    def __init__(self, variant, mode, synced, seed, most=power.STATES_MAX):
        self.variant, self.arguments = variant, (mode, synced, seed, most)

    def run(self, grounds):
        return grounds.power().trial(self.variant, *self.arguments)

    def command(self):
        mode, synced, seed, most = self.arguments
        return (f"script/torture --one {self.variant} "
                f"power:{mode}:{'synced' if synced else 'unsynced'}:{seed}:{most}")


class Grounds:
    """The places of one thread, made when they are needed."""

    def __init__(self):
        self.made = {}

    def get(self, kind):
        if kind not in self.made:
            self.made[kind] = kind()
        return self.made[kind]

    def plain(self):
        return self.get(Ground)

    def power(self):
        return self.get(power.PowerGround)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for ground in self.made.values():
            ground.close()


# --- what there is to try


def blows_of(point):
    """(sort, blow) for each thing that may happen at a point."""
    at = point.site, point.times
    if point.kind == "m":
        return [("memory", Blow("starve", *at))]
    errors = ERRNOS if point.kind == "c" else READ_ERRNOS
    if point.name not in CROSSING:
        errors = [error for error in errors if error != "EXDEV"]
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


def list_struck(ground, source):
    lists = {"kill": [], "fault": [], "memory": []}
    points = {}
    for variant in VARIANTS:
        points[variant] = ground.record(variant)
        everything = list(points[variant])
        if not SANITIZED:  # a sanitizer has its own malloc
            everything += ground.record(variant, "memory")
        for point in everything:
            for sort, blow in blows_of(point):
                lists[sort].append(Struck(sort, variant, [blow]))
    return {sort: in_rounds(trials, source) for sort, trials in lists.items()}, points


def list_second(ground, source, kills, points):
    """For each site that only a taking up passes: a kill that leads there, and blows at it."""
    known = {(variant, point.site) for variant, them in points.items() for point in them}
    trials = []
    for kill in kills:
        for point in ground.record_restart(kill.variant, kill.blows[0]):
            if (kill.variant, point.site) in known:
                continue
            known.add((kill.variant, point.site))
            trials += [Struck("second", kill.variant, [kill.blows[0], blow])
                       for _, blow in blows_of(point)]
    source.shuffle(trials)
    return trials


def chances(points, source):
    """Pairs of blows by chance: the first kills, the second strikes the run after it."""
    while True:
        variant = source.choice(list(points))
        first = source.choice([point for point in points[variant] if point.kind == "c"])
        second = source.choice(points[variant])
        kill = Blow(source.choice(("before", "after")), first.site, first.times)
        yield Struck("second", variant, [kill, source.choice(blows_of(second))[1]])


def power_losses(source, most=power.STATES_MAX):
    while True:
        everything = list(itertools.product(VARIANTS, power.MODES, (True, False)))
        source.shuffle(everything)
        for variant, mode, synced in everything:
            yield PowerLoss(variant, mode, synced, source.randrange(1 << 31), most)


def each_site_once(trials):
    seen = set()
    for trial in trials:
        if trial.blows[-1].site not in seen:
            seen.add(trial.blows[-1].site)
            yield trial


def make_lists(options, source):
    with Ground() as ground:
        print(f"seed {options.seed}; another file system: {ground.far or 'none'}", flush=True)
        lists, points = list_struck(ground, source)
        if options.only in (None, "second"):
            kills = list(each_site_once(lists["kill"]))
            lists["second"] = list_second(ground, source, kills[:40 if options.short else None],
                                          points)
    why_not = power.why_not()
    if why_not is not None:
        print(f"power is not taken away: {why_not}", flush=True)
    if options.short:
        lists = {sort: list(each_site_once(trials)) for sort, trials in lists.items()}
        lists["memory"] = lists["memory"][:SHORT_MEMORY]
        lists["second"] = lists.get("second", [])[:SHORT_SECOND]
        losses = list(itertools.islice(power_losses(source, SHORT_STATES), SHORT_POWER))
    else:
        losses = power_losses(source)
    print("to be tried: " + ", ".join(f"{len(them)} {sort}" for sort, them in lists.items()),
          flush=True)
    lists["power"] = [] if why_not is not None else losses
    if not options.short and options.only in (None, "second"):
        lists["second"] = itertools.chain(lists["second"], chances(points, source))
    return {sort: iter(trials) for sort, trials in lists.items()
            if options.only in (None, sort)}


# --- trying it


class Crew:
    """Threads that take trials from the lists until these are empty or the time is over."""

    def __init__(self, lists, tally, deadline):
        self.lists, self.tally, self.deadline = lists, tally, deadline
        self.lock = threading.Lock()
        self.errors = []

    def take(self):
        with self.lock:
            while self.lists and time.monotonic() < self.deadline:
                sort = min(self.lists, key=lambda sort: self.tally.seconds[sort] / SHARES[sort])
                trial = next(self.lists[sort], None)
                if trial is not None:
                    return trial
                del self.lists[sort]
            return None

    def work(self):
        try:
            with Grounds() as grounds:
                while (trial := self.take()) is not None:
                    began = time.monotonic()
                    outcome = trial.run(grounds)
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
            next(thread for thread in threads if thread.is_alive()).join(0.2)
            if time.monotonic() - told >= every_s:
                told = time.monotonic()
                self.tally.progress(max(0.0, self.deadline - told))
        return not self.errors


def again(variant, words):
    if words.startswith("power:"):
        _, mode, synced, seed, most = words.split(":")
        trial = PowerLoss(variant, mode, synced == "synced", int(seed), int(most))
    else:
        trial = Struck("kill", variant, [Blow.parse(word) for word in words.split(",")])
    with Grounds() as grounds:
        outcome = trial.run(grounds)
    print(outcome.log)
    print(f"statuses {outcome.statuses}, {'struck' if outcome.struck else 'not reached'}")
    for kind, text in outcome.problems:
        print(f"{kind}: {text}")
    return 1 if outcome.problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--only", choices=sorted(SHARES))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("VARIANT", "BLOWS"))
    options = parser.parse_args()
    if options.one:
        return again(*options.one)
    deadline = time.monotonic() + options.minutes * 60
    tally = Tally()
    crew = Crew(make_lists(options, random.Random(options.seed)), tally, deadline)
    for number in (signal.SIGINT, signal.SIGTERM):  # ends early, with the table and no mounts left
        signal.signal(number, lambda *_: setattr(crew, "deadline", 0))
    whole = crew.run(options.jobs)
    left = {sort: sum(1 for _ in trials) for sort, trials in crew.lists.items()
            if isinstance(trials, type(iter([])))}
    if left:
        print("the time was over before: " + ", ".join(f"{n} {sort}" for sort, n in left.items()))
    print(tally.table())
    return 0 if whole and not tally.failures else 1


if __name__ == "__main__":
    sys.exit(main())
