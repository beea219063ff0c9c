"""The contest of the family: the same conditions for all, and nothing is computed twice."""

import json

import contest
import numpy as np
import pytest
from tiny import noise_images

from pixelcnn_lib import training
from pixelcnn_lib.family import MEMBERS as FAMILY
from pixelcnn_lib.teach import contest as shown
from pixelcnn_lib.teach import exercises

SETTINGS = {"steps_per_epoch": 2, "batch_size": 2, "size": 8, "augment": False}
MEMBERS = [("pixelcnn", "tied"), ("row-lstm", "tied")]
RUNS = [
    f"{member}-{head}-{rule}-{seed}"
    for seed in range(2)
    for member, head in MEMBERS
    for rule in ("time", "steps")
]


class Killed(Exception):
    pass


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(contest, "alone", lambda function, *args: function(*args))
    return contest.Results(tmp_path / "contest.json", settings=SETTINGS, machine="here")


def compete(results):
    images, test = noise_images(3, (9, 8), levels=256), {"noise": noise_images(1, (8, 9))}
    args = MEMBERS, (images, images[:1]), test, SETTINGS
    contest.contest(results, results.file.parent / "runs", *args, epochs=2, seconds=0, seeds=2)


@pytest.mark.slow
def test_a_contest_goes_on_where_it_was_killed(results, monkeypatch):
    train, begun = training.train, []

    def dies(model, images, run, **settings):
        begun.append(run.name)
        if len(begun) == 6:  # two measure the costs
            raise Killed
        return train(model, images, run, **settings)

    monkeypatch.setattr(training, "train", dies)
    with pytest.raises(Killed):
        compete(results)
    assert list(results.read()["runs"]) == RUNS[:3]
    compete(results)
    assert begun == ["run", "run", *RUNS[:4], *RUNS[3:]]
    known = json.loads(results.file.read_text())
    assert list(known["costs"]) == ["-".join(one) for one in MEMBERS]
    assert list(known["runs"]) == RUNS
    for name, run in known["runs"].items():
        assert run["epochs"] == (2 if "steps" in name else 1)
    ours = [known["runs"][f"pixelcnn-tied-steps-{seed}"]["noise"] for seed in range(2)]
    assert ours[0] != ours[1]  # the seeds differ
    assert all(120_000 < cost["weights"] < 140_000 for cost in known["costs"].values())
    compete(results)
    assert results.read() == known and len(begun) == 2 + 4 + 5


def test_two_processes_share_the_work(results):
    locks = results.file.parent

    def compute():  # meanwhile, another process comes to the same result
        results.once("runs", "one", locks, pytest.fail, "computed twice")
        return {"noise": 8.0}

    results.once("runs", "one", locks, compute)
    assert results.read()["runs"] == {"one": {"noise": 8.0}}


def test_other_settings_do_not_mix_with_what_is_known(results):
    results.once("runs", "one", results.file.parent, dict)
    with pytest.raises(SystemExit, match="other settings"):
        contest.Results(results.file, settings={**SETTINGS, "size": 9}, machine="here")


def test_the_stored_record_is_of_the_family():
    record = shown.read()
    assert list(shown.NAMES) == list(FAMILY)
    assert set(shown.costs(record, "weights")) == set(shown.NAMES.values())
    assert all(120_000 < each["weights"] < 140_000 for each in record["costs"].values())
    for rule in ("time", "steps"):
        for head in ("tied", "mixture"):
            scores = shown.bits(record, rule, head=head)
            assert set(scores) == set(shown.NAMES.values())
            assert all(len(each) == 3 for each in scores.values())


def test_the_answers_to_the_bets_are_what_was_measured():
    """Chapter 15's cells print the numbers that its text names, but not those of its questions."""
    record, asked = shown.read(), exercises.chapter(15)
    more = {}
    for rule in ("time", "steps"):
        scores = shown.bits(record, rule)
        more[rule] = scores["Diagonal BiLSTM"].mean() - scores["PixelCNN"].mean()
    assert more["time"] > 0.2 and asked["15.q1"].right == "over 0.2 bits more"
    assert abs(more["steps"]) < 0.15 and asked["15.q2"].right.endswith("within 0.15")


def test_scores_are_dots_in_the_order_of_their_means():
    scores = {"A": np.array([4.0, 4.2, 4.4]), "B": np.array([3.9]), "C": np.array([5.0, 5.1])}
    (ax,) = shown.show_scores(scores).axes
    assert [text.get_text() for text in ax.texts] == ["B", "3.90", "A", "4.20", "C", "5.05"]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[3.9], [4.0, 4.2, 4.4], [5.0, 5.1]]
