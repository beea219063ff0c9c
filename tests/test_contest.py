"""The contest of the family: the same conditions for all, and nothing is computed twice."""

import contest
import pytest
from tiny import noise_images

from pixelcnn_lib import training

SETTINGS = {"steps_per_epoch": 2, "batch_size": 2, "size": 8, "augment": False}
NAMES = ["pixelcnn-tied", "row-lstm-tied"]


class Killed(Exception):
    pass


def test_a_contest_goes_on_where_it_was_killed(tmp_path, monkeypatch):
    members = [tuple(name.rsplit("-", 1)) for name in NAMES]
    images, test = noise_images(3, (9, 8), levels=256), {"noise": noise_images(1, (8, 9))[0]}
    options = dict(epochs=2, seconds=0, seeds=2)
    args = members, (images, images[:1]), test, SETTINGS
    train, begun = training.train, []

    def dies(model, images, run, **settings):
        begun.append(run.name)
        if len(begun) == 6:  # two measure the speed
            raise Killed
        return train(model, images, run, **settings)

    monkeypatch.setattr(training, "train", dies)
    with pytest.raises(Killed):
        contest.contest(tmp_path, *args, **options)
    results = contest.contest(tmp_path, *args, **options)
    assert (
        len(begun) == len(set(begun)) + 2
    )  # the speed's two, both called "run", and the killed one
    assert list(results) == NAMES
    for name in NAMES:
        for rule, epochs in {"steps": 2, "time": 1}.items():
            runs = results[name][rule]
            assert [one["epochs"] for one in runs] == [epochs, epochs]
            assert runs[0]["noise"] != runs[1]["noise"]  # the seeds differ
        assert 120_000 < results[name]["weights"] < 140_000
    assert results == {
        name: {**known, "seconds_to_draw_16": results[name]["seconds_to_draw_16"]}
        for name, known in contest.contest(tmp_path, *args, **options).items()
    }
