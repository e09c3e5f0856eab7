"""What script/torture has found, each at its place: a blow, and all is filed as it should be."""
import contextlib
import re
import shutil
import signal
import sqlite3
import subprocess
import unittest

from trial import CALLS, TAXOND, Blow, Ground, read_points
from verify import verify

IN_WORK = r"/work/[0-9a-f-]{36}$"


def reverse_decided(path, pattern):
    """As if the two documents had been decided in the other order than they were claimed in. False
    when they are not both decided."""
    with contextlib.closing(sqlite3.connect(path)) as catalog, catalog:
        numbers = [number for (number,) in catalog.execute(
            "SELECT number FROM documents WHERE CAST(path AS TEXT) LIKE ? AND state = 2", [pattern])]
        if len(numbers) != 2:
            return False
        first, second = numbers
        for table in ("documents", "records", "labels", "also"):
            for old, new in ((first, -1), (second, first), (-1, second)):
                catalog.execute(f"UPDATE {table} SET number = ? WHERE number = ?", (new, old))
    return True


class Found(unittest.TestCase):
    def setUp(self):
        self.ground = Ground()
        self.addCleanup(self.ground.close)

    def points(self, variant, name, pattern, points=None):
        found = [point for point in points or self.ground.record(variant)
                 if point.name == name and re.search(pattern, point.path)]
        self.assertTrue(found, f"no {name} of {pattern}")
        return found

    def strike(self, variant, *blows):
        """The blows; afterwards all is as it should be."""
        outcome = self.ground.trial(variant, blows)
        self.assertEqual(outcome.problems, [], outcome.log)
        return outcome

    def test_what_cannot_be_read_now_is_tried_again(self):
        """It was quarantined at once, with a digest of zeros in its record."""
        point = self.points("together", "pread", IN_WORK)[0]
        outcome = self.strike("together", Blow("errno", point.site, 1, "EIO"))
        if outcome.struck:
            self.assertIn("it cannot be read", outcome.log)
            self.assertEqual(outcome.statuses, [1, 0])

    def test_a_copy_is_opened_before_its_source_goes(self):
        """It was left in work/ until the next start."""
        for point in self.points("together", "open", IN_WORK):
            self.strike("together", Blow("errno", point.site, point.times, "EMFILE"))

    def test_a_filed_document_whose_source_stays_is_not_quarantined(self):
        for point in self.points("bare", "unlink", IN_WORK):
            self.strike("bare", Blow("errno", point.site, point.times, "ELOOP"))

    def test_a_copy_that_is_there_is_not_quarantined_as_well(self):
        """Killed after the copy had its name; then the copy could not be synced."""
        kill = self.points("one-by-one", "rename", r"/far/archive/far-two\.txt$")[0]
        kill = Blow("after", kill.site, kill.times)
        for _ in range(8):  # the order is the workers'; others than far-two.txt pass there, too
            restart = self.ground.record_restart("one-by-one", kill)
            if any(point.name == "fdatasync" and "/far/archive/far-" in point.path
                   for point in restart):
                break
        for point in self.points("one-by-one", "fdatasync", r"/far/archive/far-...\.txt$", restart):
            self.strike("one-by-one", kill, Blow("errno", point.site, point.times, "EINVAL"))

    def test_once_tells_of_a_folder_that_it_could_not_look_into(self):
        """It ended with 0, and left the documents in there."""
        for point in self.points("together", "open", r"/inbox/folder$"):
            outcome = self.strike("together", Blow("errno", point.site, point.times, "EIO"))
            if outcome.struck and outcome.statuses[0] != 0:
                self.assertIn("cannot be filed now", outcome.log)

    def test_once_tells_of_what_it_could_not_take(self):
        point = self.points("together", "create", r"/work/.*\.part$")[0]
        outcome = self.strike("together", Blow("errno", point.site, 1, "ENOSPC"))
        if outcome.struck and "cannot be taken" in outcome.log:
            self.assertEqual(outcome.statuses, [1, 0])

    def test_an_interrupted_call_quarantines_nothing(self):
        for point in self.points("together", "fchmod", IN_WORK)[:3]:
            self.strike("together", Blow("errno", point.site, point.times, "EINTR"))

    def test_a_copied_source_is_not_taken_a_second_time(self):
        """Killed before the source went; then, once, the source could not be looked at."""
        kill = self.points("together", "rename", r"\.source$")[0]
        kill = Blow("before", kill.site, kill.times)
        restart = self.ground.record_restart("together", kill)
        for point in self.points("together", "open", r"/inbox/linked\.txt$", restart):
            for error in ("EMFILE", "EIO"):
                self.strike("together", kill, Blow("errno", point.site, point.times, error))

    def one_batch(self):
        """A scene whose documents are all decided together."""
        scene = self.ground.scene("together")
        config = self.ground.config.read_text()
        self.assertIn("wait: 2ms", config)
        self.ground.config.write_text(config.replace("wait: 2ms", "wait: 1s"))
        return scene

    def test_of_equal_documents_the_one_that_has_the_name_goes_first(self):
        """Killed between its record and itself; the other, claimed before it, took far-one-2.txt."""
        points = self.ground.folder / "points"
        self.assertEqual(self.ground.run(self.one_batch(), {
            "LD_PRELOAD": str(CALLS), "TORTURE_LOG": str(points), "TORTURE_READS": "1"}), 0)
        site = self.points("together", "rename", r"/far/archive/far-one\.txt$",
                           read_points(points))[0].site
        for times in 6 * (1, 2, 3):  # others pass there, too, and the order is the workers'
            scene = self.one_batch()
            status = self.ground.run(scene, Blow("before", site, times).environment())
            self.assertEqual(status, -signal.SIGKILL)
            there = [path.name for path in scene.far.glob("far-one*")]
            if (there == ["far-one.txt.taxon.json"]
                    and reverse_decided(scene.state / "catalog.sqlite", "%far-one.txt")):
                break
        else:
            self.fail("it was never between record and document")
        self.assertEqual(self.ground.run(scene), 0)
        self.assertEqual(verify(scene), [], self.ground.log.read_text(errors="replace"))

    def points_within(self, function):
        """Allocations of a run that are made within this function of ours."""
        if shutil.which("addr2line") is None:
            self.skipTest("no addr2line")
        points = [point for point in self.ground.record("together", "memory") if point.offsets]
        offsets = sorted({offset for point in points for offset in point.offsets.split(",")})
        told = subprocess.run(["addr2line", "-afi", "-e", TAXOND, *offsets], capture_output=True,
                              text=True, check=True).stdout
        blocks = re.split(r"^(0x[0-9a-f]+)\n", told, flags=re.MULTILINE)[1:]
        there = {int(offset, 16) for offset, names in zip(blocks[::2], blocks[1::2])
                 if re.search(rf"^{function}$", names, re.MULTILINE)}
        found = [point for point in points
                 if any(int(offset, 16) in there for offset in point.offsets.split(","))]
        self.assertTrue(found)
        return found

    def test_no_memory_for_a_ready_files_path(self):
        """The file was ready, and nobody was told."""
        self.strike("together", Blow("starve", self.points_within("give_out")[0].site, 1))

    def test_a_statement_that_could_not_be_prepared_is_not_run_without_its_values(self):
        """It could be at the second try: the checkpoint of a container went into no row, and its
        members were taken twice."""
        sites = {point.site for point in self.points_within("set_container") if point.times == 1}
        for site in sorted(sites):
            self.strike("together", Blow("starve", site, 1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
