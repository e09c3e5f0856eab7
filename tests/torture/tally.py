"""What came of the trials, counted by all threads together."""
import collections
import threading

from workload import all_documents

KINDS = ("lost", "doubled", "torn", "misplaced", "stray", "row", "stuck", "hung", "crashed",
         "silent")


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.tried = collections.Counter()
        self.missed = 0
        self.documents = 0
        self.problems = collections.Counter()
        self.failures = 0
        self.seconds = collections.Counter()

    def add(self, trial, outcome, seconds):
        with self.lock:
            self.tried[trial.sort] += outcome.states
            self.missed += not outcome.struck
            self.documents += outcome.states * len(all_documents())
            self.seconds[trial.sort] += seconds
            if not outcome.problems:
                return
            self.failures += 1
            for kind, _ in outcome.problems:
                self.problems[kind] += 1
            words = "; ".join(f"{kind}: {words}" for kind, words in outcome.problems[:4])
            print(f"FAILED {trial.command()}\n    {words}", flush=True)

    def table(self):
        lines = [("kill points tried", self.tried["kill"]),
                 ("struck while taking up", self.tried["second"]),
                 ("faults injected", self.tried["fault"]),
                 ("mallocs failed", self.tried["memory"]),
                 ("power-loss states replayed", self.tried["power"]),
                 ("points not reached again", self.missed), ("documents", self.documents),
                 *((kind, self.problems[kind]) for kind in KINDS)]
        return "\n".join(f"{words:<28}{number:>9}" for words, number in lines)

    def progress(self, left):
        tried = ", ".join(f"{number} {sort}" for sort, number in sorted(self.tried.items()))
        print(f"{int(left):5d} s left: {tried}; {self.documents} documents, "
              f"{self.failures} failed", flush=True)
