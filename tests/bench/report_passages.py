"""How well ecology and industry are told from what only sounds like them: precision and recall on the
project's own passages (tests/passages), beside what a list of the obvious words would have reached.
Prints a report; exits 1 when a promised figure is missed, on the held half or on the passages that were
written after the lexicons, which alone are blind.

    report_passages.py [--tuning-only] [--errors]    --errors: what went wrong on the tuning half
"""
import argparse
import re
import sys

import corpora
import own_sets

# (precision, recall) that are promised of each topic.
PROMISED = (0.95, 0.90)

# The words that someone would list without a second thought.
OBVIOUS = {
    "ecology": re.compile("生态|生態|环境|環境|环保|環保|污染|绿色|綠色|"
                          r"\b(?:ecolog\w*|ecosystems?|environment\w*|pollut\w*|green)\b", re.I),
    "industry": re.compile("工业|工業|产业|產業|制造|製造|工厂|工廠|企业|企業|"
                           r"\b(?:industr\w*|factor(?:y|ies)|manufactur\w*|plants?)\b", re.I),
}


def counts(passages, topic, said):
    """(right, wrong, missed) of a topic; what may be said or not counts neither way."""
    judged = [passage for passage in passages if topic not in passage.open]
    right = sum(topic in passage.right and said(passage) for passage in judged)
    wrong = sum(topic not in passage.right and said(passage) for passage in judged)
    missed = sum(topic in passage.right and not said(passage) for passage in judged)
    return right, wrong, missed


def precision_recall(passages, topic, said):
    right, wrong, missed = counts(passages, topic, said)
    return right / max(1, right + wrong), right / max(1, right + missed)


def classify(passages, config=corpora.CONFIG):
    """{id: topics that hold, by root}"""
    records = corpora.classify({f"{passage.id}.txt": passage.text for passage in passages}, config)
    return {name[:-len(".txt")]: corpora.roots(record, "topic")
            for name, record in records.items()}


def measure(passages, config=corpora.CONFIG):
    """{topic: {who: (precision, recall)}} of taxond and of the obvious words."""
    found = classify(passages, config)
    return {topic: {"taxond": precision_recall(passages, topic, lambda p: topic in found[p.id]),
                    "obvious words": precision_recall(
                        passages, topic, lambda p: OBVIOUS[topic].search(p.text) is not None)}
            for topic in own_sets.TOPICS}


def print_part(part, name):
    passages = own_sets.passages(part)
    measured = measure(passages)
    print(f"\n{name}: {len(passages)} passages")
    print(f"  {'':24}{'precision':>10}{'recall':>10}")
    for topic, by in measured.items():
        for who, (precision, recall) in by.items():
            print(f"  {topic:10}{who:14}{100 * precision:8.1f} %{100 * recall:8.1f} %")
    for language in ("zh", "en"):
        own = [passage for passage in passages if passage.language == language]
        print(f"  {language} ({len(own)}): " + "; ".join(
            "{} {:.1f} %, {:.1f} %".format(topic, *(100 * value for value in by["taxond"]))
            for topic, by in measure(own).items()))
    return measured


def judge(measured):
    """Prints each promised figure; returns how many are missed."""
    missed = 0
    for topic in own_sets.TOPICS:
        for name, value, bound in zip(("precision", "recall"), measured[topic]["taxond"], PROMISED):
            missed += value < bound
            print(f"  {'met   ' if value >= bound else 'MISSED'} {topic} {name} "
                  f"{100 * value:.1f} % (promised {100 * bound:.0f} %)")
    return missed


def print_errors():
    passages = own_sets.passages(corpora.TUNING)
    found = classify(passages)
    for topic in own_sets.TOPICS:
        for passage in passages:
            if topic not in passage.open and (topic in found[passage.id]) != (topic in passage.right):
                kind = "missed" if topic in passage.right else "wrong "
                print(f"  {kind} {topic} {passage.id} {passage.genre}: {passage.text.strip()}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tuning-only", action="store_true", help="do not look at the held half")
    parser.add_argument("--errors", action="store_true", help="show those of the tuning half")
    arguments = parser.parse_args()
    if arguments.errors:
        print_errors()
    print_part(corpora.TUNING, "tuning half")
    if arguments.tuning_only:
        return
    missed = judge(print_part(corpora.HELD, "held half"))
    missed += judge(print_part(own_sets.LATER, "written after the lexicons"))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
