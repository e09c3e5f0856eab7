"""What a plugin that crashes on every tenth document costs the others.

    script/bench crashing [--documents N] [--rounds N] [--light]

N plain-text documents of 10 KB lie in the inbox; taxond (2 workers) takes them all, with the plugins
that are shipped (--light: the text reader alone) and one more that is harmless but for its word. In one round no document has that
word, in the next every tenth has: each such document ends two workers (it is tried once more, alone
in a fresh one) before it is quarantined. Rounds alternate, and the medians count. Printed are
documents a second, filed and quarantined, of both, and the ratio, which should be above 0.5; and the
processor time that a document took, of taxond and its workers, which others on the machine disturb
less.
"""
import argparse
import datetime
import pathlib
import resource
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from bench_durable import harness, make_document  # noqa: E402

EVERY = 10
SHIPPED = (
    f"  boilerplate: {{options: {{definitions: {harness.SOURCE / 'config' / 'boilerplate'}}}}}\n"
    f"  genre: {{options: {{definitions: {harness.SOURCE / 'config' / 'genres'}, "
    f"unusable: {harness.SOURCE / 'config' / 'unusable'}}}}}\n"
    f"  topics: {{options: {{definitions: {harness.SOURCE / 'config' / 'topics'}}}}}\n")


def times(log):
    """When taxond began to watch, and when each document had its verdict, by its own log."""
    stamps = [line.split(" ", 1)[0] for line in log.splitlines()
              if "watching;" in line or " filed " in line or " quarantined " in line]
    return [datetime.datetime.fromisoformat(stamp.rstrip("Z")).timestamp() for stamp in stamps]


def processor_s():
    """Of the children that were waited for, and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def one_round(root, documents, crashing, plugins):
    """Documents a second, and milliseconds of processor a document."""
    daemon = harness.Daemon(root, workers=2, plugins=f"  text: {{}}\n{plugins}  segv: {{}}\n")
    for number in range(documents):
        word = b" poison-segv\n" if crashing and number % EVERY == 0 else b"\n"
        (daemon.inbox / f"{number}.txt").write_bytes(make_document(number) + word)
    before = processor_s()
    status = daemon.run_once()
    spent = processor_s() - before
    stamps = times(daemon.log())
    quarantined = len(daemon.quarantined())
    if (status != 0 or len(stamps) != documents + 1
            or quarantined != (documents // EVERY if crashing else 0)):
        raise SystemExit(f"status {status}, {len(stamps) - 1} of {documents} have a verdict, "
                         f"{quarantined} in quarantine\n{daemon.log()[-2000:]}")
    return documents / (stamps[-1] - stamps[0]), 1000 * spent / documents


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--light", action="store_true")
    options = parser.parse_args()
    plugins = "" if options.light else SHIPPED
    options.documents -= options.documents % EVERY
    rates = {False: [], True: []}
    for _ in range(options.rounds):
        for crashing in (False, True):
            with tempfile.TemporaryDirectory(prefix="taxond-bench-") as root:
                rates[crashing].append(one_round(root, options.documents, crashing,
                                                 plugins))
    healthy, crashing = ([statistics.median(values) for values in zip(*rates[kind])]
                         for kind in (False, True))
    print(f"{options.documents} documents, {options.rounds} rounds, 2 workers:")
    print(f"{'':28}documents/s   processor ms/document")
    for name, (rate, spent) in (("healthy", healthy), ("a crash on every tenth", crashing)):
        print(f"  {name:26}{rate:11.0f}{spent:24.2f}")
    print(f"  {'ratio':26}{crashing[0] / healthy[0]:11.2f}{healthy[1] / crashing[1]:24.2f}")


if __name__ == "__main__":
    main()
