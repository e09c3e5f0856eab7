"""MB/s of the html reader, from bytes to blocks and facts, beside the bare parse of the same pages.

    script/bench read [--rounds N]

One process does both, in turns, round by round; medians count, and the ratio of each round's two
times. Pages: our HTML samples, pages made here (a long article, a table of data, a page of links,
nested lists), and the Chinese pages of `extract` where the data lies beside the project.
"""
import argparse
import csv
import pathlib
import random
import statistics
import subprocess
import tempfile

import corpora

SENTENCES = """云溪市召开生态环境保护工作推进会,部署下半年重点任务。
会议强调,要坚持问题导向,压实工作责任,确保各项措施落到实处。
全市规模以上工业企业实现产值稳步增长,新材料产业集群加快成型。
记者从发布会上获悉,今年以来共新建高标准农田三万亩。
The council approved the plan after a short debate on Tuesday.
主队在下半场连入两球,最终以二比一战胜对手。
第十二条 有关部门应当自收到申请之日起二十日内作出决定。
""".splitlines()


def article(source):
    body = "".join(f"<p>　　<strong>{source.choice(SENTENCES)}</strong>{source.choice(SENTENCES)}"
                   f"&nbsp;<a href='/a/{n}.html'>详情</a></p>\n" for n in range(300))
    return f"<article><h1>云溪市工作推进会召开</h1>{body}</article>"


def table(source):
    rows = "".join(f"<tr><td>{n}</td><td><p>{source.choice(SENTENCES)[:12]}</p></td>"
                   f"<td align=right>{source.random():.4f}</td></tr>\n" for n in range(800))
    return f"<table border=1><tr><th>序号</th><th>名称</th><th>数值</th></tr>{rows}</table>"


def links(source):
    items = "".join(f"<li class='item odd'><a target=_blank href='/list/{n}.html' title='t'>"
                    f"{source.choice(SENTENCES)[:20]}</a><span>2024-05-{n % 28 + 1:02}</span></li>\n"
                    for n in range(800))
    return f"<div id=nav class='site-nav'><ul>{items}</ul></div>"


def lists(source):
    return "".join(f"<ul><li>{source.choice(SENTENCES)}<ol><li>{source.choice(SENTENCES)}"
                   f"<li><div><span>{source.choice(SENTENCES)}</span></div></ol></ul>"
                   for _ in range(300))


def made_pages(folder):
    source = random.Random(1)
    head = ("<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8><title>云溪市工作推进会召开_云溪"
            "在线</title><style>p{margin:0}</style><script>var page = {id: 1};</script></head><body>")
    paths = []
    for make in (article, table, links, lists):
        path = folder / f"{make.__name__}.html"
        path.write_text(head + make(source) + "</body></html>")
        paths.append(path)
    return paths


def sample_pages():
    paths = sorted((corpora.SOURCE / "tests" / "samples").glob("*.htm*"))
    return [path for path in paths if is_utf8(path)]


def is_utf8(path):
    try:
        path.read_bytes().decode()
        return True
    except UnicodeDecodeError:
        return False


def extract_pages():
    folder = corpora.unpack("extract") / "extract"
    with open(folder / "index.tsv", encoding="utf-8") as index:
        ids = [row["id"] for row in csv.DictReader(index, delimiter="\t") if row["lang"] == "zh"]
    return [folder / "html" / f"{name}.html" for name in ids]


def measure(name, paths, rounds):
    program = corpora.BUILD / "tests" / "bench" / "read_html"
    subprocess.run([program, "1", *paths], stdout=subprocess.DEVNULL, check=True)  # warm the caches
    out = subprocess.run([program, str(rounds), *paths], capture_output=True, text=True, check=True)
    first, *lines = out.stdout.splitlines()
    times = [tuple(map(float, line.split())) for line in lines]
    megabytes = int(first) / 1e6
    bare = statistics.median(megabytes / parse for parse, _ in times)
    full = statistics.median(megabytes / read for _, read in times)
    ratio = statistics.median(read / parse for parse, read in times)
    print(f"{name:<22}{len(paths):>6}{megabytes:>8.1f}{bare:>12.1f}{full:>12.1f}{ratio:>10.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{'pages':<22}{'files':>6}{'MB':>8}{'parse MB/s':>12}{'read MB/s':>12}{'times':>10}")
    with tempfile.TemporaryDirectory(prefix="taxond-bench-") as folder:
        made = made_pages(pathlib.Path(folder))
        for path in made:
            measure(f"made: {path.stem}", [path] * 20, rounds)
    if sample_pages():
        measure("our samples", sample_pages() * 20, rounds)
    if corpora.DATA.is_dir():
        measure("extract, Chinese", extract_pages(), rounds)
    else:
        print(f"no data at {corpora.DATA}: the Chinese pages of extract were not measured")


if __name__ == "__main__":
    main()
