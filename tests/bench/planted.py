"""Chinese texts with planted near-copies: the same text edited, reordered, wrapped anew, in another
site's frame. All by a seed, so that a set is the same every time.

What `share` of a text's characters is changed means: edits are made until so many characters have
been replaced, put in or taken out. Each edit is, in turns at random, a word (1 to 3 characters
replaced, put in or taken out), a number or a phrase (4 to 8), or a clause (from one mark of
punctuation to the next) that another text gives, or that is lost. How many of each a document has
is drawn for each document, so some have only words changed all over, and some whole clauses.
"""
import random
import re

import corpora

CLAUSE_END = re.compile(r"(?<=[，。；！？、：\n])")
SENTENCE_END = re.compile(r"(?<=[。！？\n])")

# Other sites' frames, ours. Some of it the boilerplate plugin knows, some not.
HEADS = ["首页 > 新闻中心 > 正文", "云溪在线　首页　时政　民生　文化　专题　视频",
         "您现在的位置：首页 - 政务公开 - 工作动态", "字号：大 中 小　打印本页　分享到：微信 微博",
         "来源：松洲晚报　作者：沈砚　责任编辑：顾长林", "发布时间：2024-06-11 09:30　浏览次数：318",
         "加入收藏 | 设为首页 | 联系我们 | 网站地图"]
FOOTS = ["版权所有：云溪在线　未经许可不得转载", "相关阅读：\n· 市图书馆周末延长开放\n· 三号桥今晨恢复通车",
         "上一篇：泵站投入运行　下一篇：没有了", "主办单位：青岚县人民政府办公室　网站标识码：0000000000",
         "扫一扫在手机打开当前页", "【打印】【关闭窗口】", "分享到：\n微信\n新浪微博\nQQ空间",
         "声明：本文仅代表作者观点，与本网站无关。", "责编：林见深　校对：周砚"]

PLACES = [a + b for a in "云松青澜栖柳望鹭桐麓" for b in ("溪市", "洲县", "岭镇", "湾区", "泉乡")]
PEOPLE = [a + b for a in "沈顾林周陆许季温" for b in ("砚", "长林", "见深", "青禾", "望舒", "以宁")]
# {t} a term of ours (config/topics), {p} a place, {w} a person, {n} a number.
FRAMES = [
    "{p}{t}与{t}{t}试点启动，{n}家单位参加。", "{w}在{p}谈{t}：“{t}不只是{t}。”", "据{w}介绍，{t}比上年多{n}项，{t}则减少{n}项。",
    "{p}的{t}由{t}改为{t}，{w}负责{t}。", "一边是{t}，一边是{t}，{p}选择了{t}。", "{n}年来，{p}把{t}当作{t}来做。",
    "为何{t}难？{w}认为{t}缺{t}。", "从{t}到{t}，{p}用了{n}天。", "{t}、{t}、{t}，{w}一样样数给记者听。",
    "村里的{t}换成{t}，{t}也有了着落。", "{p}{w}家{n}亩地种上{t}，收成抵得{t}。", "这份{t}共{n}页，{t}占去一半，余下讲{t}。",
    "下月起，{p}试行{t}，凡{t}者可免{t}。", "“{t}坏了{n}回，”{w}说，“{t}救不了{t}。”", "与{t}相比，{t}更看重{t}和{t}。",
    "{w}带{n}人走遍{p}，记下{t}、{t}。", "{p}缺{t}，却不缺{t}；{p}反之。", "有人问起{t}，{w}只答{t}二字。",
    "资金{n}万元投向{t}，{t}和{t}各得一份。", "{t}之外，{t}还要看{t}，{p}的{t}便是一例。",
]


def terms():
    """The Chinese terms of the lexicons that we ship, in their order."""
    found = []
    for path in sorted((corpora.SOURCE / "config" / "topics").glob("*.yaml")):
        found += re.findall(r"([\u4e00-\u9fff]{2,8}): [0-9]", path.read_text(encoding="utf-8"))
    return list(dict.fromkeys(found))


def written(count, seed=1):
    """`count` texts made of frames and terms; no two share more than a phrase or so."""
    rng = random.Random(seed)
    words = terms()
    fill = {"t": lambda: rng.choice(words), "p": lambda: rng.choice(PLACES),
            "w": lambda: rng.choice(PEOPLE), "n": lambda: str(rng.randint(2, 9800))}

    def sentence():
        return re.sub(r"{(\w)}", lambda match: fill[match[1]](), rng.choice(FRAMES))

    return ["\n".join("".join(sentence() for _ in range(rng.randint(2, 6)))
                      for _ in range(rng.randint(3, 9))) for _ in range(count)]


def samples():
    """The Chinese samples of the tests, page furniture and all."""
    texts = [path.read_bytes().decode("utf-8", "replace")
             for path in sorted((corpora.SOURCE / "tests" / "samples").glob("*.txt"))]
    return [text for text in texts if sum(c > "\u2fff" for c in text) > len(text) / 3]


def edit_word(rng, text, other):
    at, size = rng.randrange(len(text)), rng.randint(1, 3)
    kind = rng.choice("rrid")
    start = rng.randrange(max(1, len(other) - size))
    put = "" if kind == "d" else other[start:start + size]
    return text[:at] + put + text[at + (0 if kind == "i" else size):], size


def edit_phrase(rng, text, other):
    at, size = rng.randrange(len(text)), rng.randint(4, 8)
    start = rng.randrange(max(1, len(other) - size))
    return text[:at] + other[start:start + size] + text[at + size:], size


def edit_clause(rng, text, other):
    clauses = [clause for clause in CLAUSE_END.split(text) if clause]
    given = [clause for clause in CLAUSE_END.split(other) if clause]
    at = rng.randrange(len(clauses))
    put = rng.choice([rng.choice(given), ""])
    size = max(len(clauses[at]), len(put))
    clauses[at] = put
    return "".join(clauses), size


def change(rng, text, share, other):
    """`text` with `share` of its characters changed."""
    weights = [rng.random() for _ in range(3)]
    left = int(len(text) * share)
    while left > 0 and len(text) > 50:
        edit = rng.choices([edit_word, edit_phrase, edit_clause], weights)[0]
        changed, size = edit(rng, text, other)
        if size > left + 3:  # a clause that is too long for what is left
            continue
        text, left = changed, left - size
    return text


def reorder(rng, text):
    """Paragraphs in another order, or sentences where there is one paragraph."""
    parts = [part for part in text.split("\n") if part.strip()]
    glue = "\n"
    if len(parts) < 3:
        parts, glue = [part for part in SENTENCE_END.split(text) if part.strip()], ""
    rng.shuffle(parts)
    return glue.join(parts)


def wrap(rng, text):
    """Lines of another length, or paragraphs in one line."""
    width = rng.choice([0, 30, 40, 72])
    lines = []
    for paragraph in text.split("\n"):
        if width == 0:
            lines.append(paragraph.strip())
        else:
            lines += ["　　" + paragraph[:width - 2]] if paragraph else []
            lines += [paragraph[i:i + width] for i in range(width - 2, len(paragraph), width)]
    return rng.choice(["\n", "\r\n", "\n\n"]).join(lines)


def frame(rng, text):
    """The page furniture of one site or another around it."""
    return "\n".join(rng.sample(HEADS, rng.randint(0, 3)) + ["", text, ""]
                     + rng.sample(FOOTS, rng.randint(0, 4))) + "\n"


def plant(texts, seed=1, low=0.05, high=0.3):
    """A set out of `texts`: {name: text} in the order in which to read it, and {name: (family,
    share)}. Every second text has one or two near-copies; a text and its copies are a family."""
    rng = random.Random(seed)
    documents = []
    for number, text in enumerate(texts):
        documents.append((frame(rng, text), number, 0.0))
        for _ in range(rng.choice([1, 1, 2]) if number % 2 == 0 else 0):
            share = rng.uniform(low, high)
            other = texts[rng.randrange(len(texts))]
            copy = change(rng, text, share, other)
            if rng.random() < 0.5:
                copy = reorder(rng, copy)
            if rng.random() < 0.7:
                copy = wrap(rng, copy)
            documents.append((frame(rng, copy), number, share))
    rng.shuffle(documents)
    named = {f"d{at:05}.txt": document for at, document in enumerate(documents)}
    return ({name: text for name, (text, _, _) in named.items()},
            {name: (family, share) for name, (_, family, share) in named.items()})
