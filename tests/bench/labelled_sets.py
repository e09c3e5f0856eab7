"""Labelled documents of the data beside the project, as `taxon train` and `taxon eval` read them, and
which of their labels stand for which of ours.

A label of theirs that no one of ours means is left out: a document of it would teach what is not so.
Classes of one source (laws, broadcast news, a ministry's pages) are not trained on: a model would
learn the source.
"""
import re

import corpora

# WebOrganizer's formats; ours by the crosswalk of the label files, the finest that all of it is.
FORMATS = {
    "Academic Writing": "info/academic", "Content Listing": "listing/index",
    "Creative Writing": "literary/fiction", "Support": "howto/support",
    "Comment Section": "forum/comments", "FAQ": "qa/faq",
    "Knowledge Article": "info/encyclopedia", "Legal": "legal/terms",
    "Listicle": "howto/advice", "News Article": "news/report",
    "Nonfiction Writing": "opinion/essay", "About (Org.)": "info/about",
    "News (Org.)": "promo/press-release", "About (Pers.)": "info/about",
    "Personal Blog": "opinion/blog", "Product Page": "promo/product", "Q&A": "qa/forum",
    "Spam / Ads": "promo/spam", "Structured Data": "info/structured-data",
    "Docs.": "info/technical", "Audio Transcript": "transcript/interview",
    "Tutorial": "howto/tutorial", "User Review": "opinion/review",
}

# WebOrganizer's topics.
TOPICS = {
    "Art & Design": "culture", "Software Dev.": "technology-products", "Crime & Law": "law",
    "Education & Jobs": "education", "Hardware": "technology-products",
    "Entertainment": "entertainment", "Social Life": "lifestyle", "Fashion & Beauty": "lifestyle",
    "Finance & Business": "economy", "Food & Dining": "lifestyle", "Games": "entertainment",
    "Health": "health", "History": "history", "Home & Hobbies": "lifestyle",
    "Industrial": "industry", "Literature": "culture", "Politics": "governance",
    "Religion": "religion", "Science & Tech.": "innovation", "Software": "technology-products",
    "Sports & Fitness": "sport", "Transportation": "transport", "Travel": "tourism",
}

# The classes of the Fudan corpus, as its file spells them. Philosophy is no topic of ours.
FUDAN = {
    "Economy": "economy", "Sports": "sport", "Computer": "technology-products",
    "Politics": "governance", "Agriculture": "agriculture", "Enviornment": "ecology",
    "Space": "innovation", "Art": "culture", "History": "history", "Military": "military",
    "Transport": "transport", "Education": "education", "Law": "law", "Medical": "health",
    "Energy": "energy", "Communication": "technology-products", "Mine": "industry",
    "Literature": "culture", "Electronics": "technology-products",
}

# CSLDCP's disciplines that stand for one root.
DISCIPLINES = {
    "环境科学与工程": "ecology", "水利工程": "water", "石油与天然气工程": "energy",
    "电气工程": "energy", "核科学与技术": "energy", "冶金工程": "industry", "纺织科学与工程": "industry",
    "机械工程": "industry", "矿业工程": "industry", "作物学": "agriculture", "园艺学": "agriculture",
    "植物保护": "agriculture", "农业工程": "agriculture", "农林经济管理": "agriculture",
    "水产": "agriculture", "畜牧学/兽医学": "agriculture", "林学/林业工程": "agriculture",
    "公共管理": "governance", "理论经济学": "economy", "应用经济学": "economy", "教育学": "education",
    "基础医学/临床医学": "health", "口腔医学": "health", "公共卫生与预防医学": "health",
    "药学": "health", "中医学/中药学": "health", "建筑学": "urban", "交通运输工程": "transport",
    "法学": "law", "艺术学": "culture", "中国语言文学": "culture", "新闻传播学": "culture",
    "体育学": "sport", "计算机科学与技术": "technology-products", "历史学": "history",
    "军事学": "military", "大气科学": "weather", "航空宇航科学与技术": "innovation",
}

# Of class Sports, those whose own class number (Chinese Library Classification) is not one of sport
# are not about it.
CLASS_NUMBER = re.compile("【分 类 号】 *([A-Z][0-9]*)")


def contradicts(row):
    """Whether a document is of class Sports and has a class number that is not one of sport."""
    number = CLASS_NUMBER.search(row["text"])
    return (row["label"] == "Sports" and number is not None
            and not number.group(1).startswith("G8"))


def weborganizer():
    return corpora.read_jsonl(corpora.unpack("genre") / "genre" / "weborganizer.jsonl")


def of_weborganizer(key, labels):
    for row in weborganizer():
        if row[key] in labels:
            yield {"text": row["text"], "label": labels[row[key]], "url": row["url"],
                   "weight": row[f"{key}_confidence"]}


def genre_en():
    yield from of_weborganizer("format", FORMATS)


def topics_en():
    yield from of_weborganizer("topic", TOPICS)


def topics_zh():
    folder = corpora.unpack("topics") / "topics"
    for row in corpora.read_jsonl(folder / "fudan.jsonl"):
        if row["label"] in FUDAN and not contradicts(row):
            yield {"text": row["text"], "label": FUDAN[row["label"]]}
    for row in corpora.read_jsonl(folder / "csldcp.jsonl"):
        if row["label"] in DISCIPLINES:
            yield {"text": row["text"], "label": DISCIPLINES[row["label"]]}


WEBORGANIZER = ("WebOrganizer (CodeCreator/WebOrganizer, arXiv 2502.10341): English web pages, "
                "labels by a model")

# Options of taxon train. What a text is about needs words more than places; genres need both.
SHIPPED = {
    "genre/en": {"scheme": "genre", "rows": genre_en, "sources": [WEBORGANIZER],
                 "options": ["--features", "50000", "--precision", "0.6", "--folds", "3"]},
    "topics/en": {"scheme": "topic", "rows": topics_en, "sources": [WEBORGANIZER],
                  "options": ["--features", "50000", "--precision", "0.7", "--folds", "3",
                              "--weights", "1,0.6,0.2,0,0,0"]},
    "topics/zh": {"scheme": "topic", "rows": topics_zh,
                  "sources": ["Fudan corpus: Chinese journals and press of the 1990s, academic use",
                              "FewCLUE CSLDCP: Chinese abstracts by discipline"],
                  "options": ["--features", "50000", "--precision", "0.8", "--folds", "3",
                              "--weights", "1,1,0.6,0,0,0"]},
}
