"""taxon train and taxon eval: from labelled documents to a plugin's labels, and what they refuse."""
import json
import os
import random
import unittest

from harness import BUILD, DaemonTest

WORDS = {
    "harbour": "quay mooring tide vessel crane pilot berth dredger lighter ferry anchor hull".split(),
    "orchard": "apple graft pruning blossom cider rootstock ladder pear harvest bough frost".split(),
    "workshop": "lathe chisel bench plane varnish dowel clamp joint rasp mallet vice glue".split(),
}
COMMON = "the a of and in was with for on they we this that from by at will had more old".split()


def text_of(label, number):
    draw = random.Random(f"{label} {number}")
    words = [draw.choice(WORDS[label] if draw.random() < 0.3 else COMMON) for _ in range(60)]
    return f"Notes, part {number}\n\n" + " ".join(words) + ".\n"


class Train(DaemonTest):
    def setUp(self):
        super().setUp()
        self.folder = self.root / "data"
        self.lines = self.root / "data.jsonl"
        rows = []
        for label in WORDS:
            (self.folder / label).mkdir(parents=True)
            for number in range(24):
                text = text_of(label, number)
                (self.folder / label / f"{number:02}.txt").write_text(text)
                rows.append({"text": text, "label": label, "url": f"http://h{number}.example/"})
        self.lines.write_text("".join(json.dumps(row) + "\n" for row in rows))

    def trained(self, model=None, folder="."):
        options = "{}" if model is None else f"{{model: {model}}}"
        return self.daemon(folder, plugin_folders=[BUILD / "plugins" / "model"],
                           plugins="  text: {}\n"
                                   f"  desk: {{file: model.so, options: {options}}}\n",
                           extra="")

    def train(self, *arguments, check=True):
        return self.trained(folder="train").taxon("train", *arguments, check=check)

    def test_a_model_is_trained_and_gives_labels(self):
        model = self.root / "use" / "desk.model"
        model.parent.mkdir()
        done = self.train("--output", str(model), "--date", "2026-11-27", "--source", "our own",
                          "--json", "desk", str(self.folder))
        found = json.loads(done.stdout)
        self.assertEqual(found["documents"], 72)
        self.assertGreater(found["accuracy"], 0.9)
        self.assertIn("cross-validation, part 5 of 5", done.stderr)
        card = json.loads(model.read_bytes().rstrip(b"\0\n").rsplit(b"\n", 1)[-1]
                          [model.read_bytes().rstrip(b"\0\n").rsplit(b"\n", 1)[-1]
                           .index(b'{"card"'):])
        self.assertEqual((card["scheme"], card["trained"], card["sources"]),
                         ("desk", "2026-11-27", ["our own"]))

        daemon = self.trained("desk.model", folder="use")
        path = self.root / "new.txt"
        path.write_text(text_of("harbour", 900))
        record = json.loads(daemon.taxon("classify", "--json", str(path)).stdout)
        label = record["labels"][0]
        self.assertEqual((label["scheme"], label["id"]), ("desk", "harbour"))
        quotes = " ".join(piece["quote"] for piece in label["evidence"])
        self.assertTrue(set(quotes.split()) & set(WORDS["harbour"]), quotes)
        self.assertEqual(label["evidence"],
                         sorted(label["evidence"], key=lambda piece: -piece["weight"]))

        picture = self.root / "desk.svg"
        shown = daemon.taxon("eval", "--svg", str(picture), "desk", str(self.lines)).stdout
        self.assertRegex(shown, r"harbour +24 ")
        self.assertRegex(shown, r"accuracy 1\.000 \(95 %: ")
        self.assertIn("<svg ", picture.read_text())
        found = json.loads(daemon.taxon("eval", "--json", "desk", str(self.folder)).stdout)
        self.assertEqual(sum(map(sum, found["confusion"])), 72)

    def test_the_same_documents_give_the_same_bytes(self):
        for name in ("one", "two"):
            self.train("--output", str(self.root / name), "--date", "2026-11-27", "desk",
                       str(self.lines))
        self.assertEqual((self.root / "one").read_bytes(), (self.root / "two").read_bytes())

    def test_a_better_model_is_not_replaced(self):
        model = self.root / "desk.model"
        self.train("--output", str(model), "desk", str(self.lines))
        good = model.read_bytes()
        rows = [json.loads(line) for line in self.lines.read_text().splitlines()]
        for number, row in enumerate(rows):
            row["label"] = sorted(WORDS)[number % 3] # nothing that could be learnt
        self.lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
        done = self.train("--output", str(model), "desk", str(self.lines), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"is better: macro F1 .*--replace")
        self.assertEqual(model.read_bytes(), good)
        self.train("--output", str(model), "--replace", "desk", str(self.lines))
        self.assertNotEqual(model.read_bytes(), good)
        model.write_bytes(good[:-9])
        done = self.train("--output", str(model), "desk", str(self.lines), check=False)
        self.assertIn("is not replaced: it is no model", done.stderr)

    def test_what_cannot_be_used_is_said(self):
        out = ["--output", str(self.root / "m")]

        def refused(words, *arguments, status=1):
            done = self.train(*arguments, check=False)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn(words, done.stderr)
            self.assertFalse((self.root / "m").exists())

        refused("no features of scheme 'other'", *out, "other", str(self.lines))
        refused("say where the model goes", "desk", str(self.lines))
        refused("No such file", *out, "desk", str(self.root / "nothing"))
        refused("--folds takes a number from 2 to 20", *out, "--folds", "1", "desk", "x", status=2)
        refused("say which scheme", "desk", status=2)
        self.lines.write_text('{"text": "a b", "label": "x"}\n{"text": "c"}\n')
        refused("data.jsonl:2: no label", *out, "desk", str(self.lines))
        self.lines.write_text('{"text": "a b", "label": "Not a label"}\n')
        refused("is not [a-z0-9-]+", *out, "desk", str(self.lines))
        self.lines.write_text("[1, 2]\n")
        refused("data.jsonl:1: no object", *out, "desk", str(self.lines))
        (self.folder / "stray.txt").write_text("x")
        refused("outside any label's folder", *out, "desk", str(self.folder))

    def test_a_file_that_is_no_model_is_refused(self):
        model = self.root / "broken" / "desk.model"
        model.parent.mkdir()
        for content, why in ((b"junk", "is no model"), (b"taxonmdl" + bytes(400), "version")):
            model.write_bytes(content)
            done = self.trained("desk.model", folder="broken").taxon("check", check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(why, done.stdout + done.stderr)
        os.unlink(model)


if __name__ == "__main__":
    unittest.main()
