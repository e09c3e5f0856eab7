"""What script/torture has found, each at its place: a blow, and all is filed as it should be."""
import re
import shutil
import subprocess
import unittest

from trial import TAXOND, Blow, Ground

IN_WORK = r"/work/[0-9a-f-]{36}$"


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
        restart = self.ground.record_restart("one-by-one", kill)
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

    def test_no_memory_for_a_ready_files_path(self):
        """The file was ready, and nobody was told."""
        if shutil.which("addr2line") is None:
            self.skipTest("no addr2line")
        points = self.ground.record("together", "memory")
        offsets = sorted({point.offsets.split(",")[0] for point in points if point.offsets})
        told = subprocess.run(["addr2line", "-afi", "-e", TAXOND, *offsets], capture_output=True,
                              text=True, check=True).stdout
        blocks = re.split(r"^(0x[0-9a-f]+)\n", told, flags=re.MULTILINE)[1:]
        there = {int(offset, 16) for offset, names in zip(blocks[::2], blocks[1::2])
                 if re.search(r"^give_out$", names, re.MULTILINE)}
        struck = [point for point in points
                  if point.offsets and int(point.offsets.split(",")[0], 16) in there]
        self.assertTrue(struck)
        self.strike("together", Blow("starve", struck[0].site, 1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
