"""The tool that trains on binarised MNIST: its runs, their rates, and one score at the end."""

import json

import keras
import number
import numpy as np
import pytest
import tensorflow as tf

from pixelcnn_lib import data, model
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer

TINY = dict(filters_per_colour=2, blocks=1, head_per_colour=2, levels=2, colours=1)


class Killed(Exception):
    pass


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for runs of a tiny network on a few digits, 5x5 pixels of their middle."""
    some = {part: data.binarised_mnist(part)[:4, 10:15, 10:15] for part in ("valid", "test")}
    some["train"] = some["valid"]
    monkeypatch.setattr(data, "binarised_mnist", some.get)
    monkeypatch.setattr(PixelCNN, "presets", {"mnist": TINY})
    parts = number.Run(1e-2, False, 2, 2, 4), number.Run(1e-2, True, 2, 3, 3)
    network = number.Network("PixelCNN", 81.30, PixelCNN, parts)
    monkeypatch.setattr(number, "NETWORKS", {"pixelcnn": network})
    monkeypatch.setattr(number, "WARM", 2)
    return tmp_path / "runs"


def curve(folder, part):
    """Return the lines of a run's nats.csv, without the CPU time."""
    return [list(line.values())[:3] for line in number.curve(folder / "pixelcnn" / part)]


def test_two_runs_and_one_score(folder, capsys, monkeypatch):
    rates = []

    class Look(number.Watch):
        def on_train_batch_end(self, batch, logs=None):
            rates.append(round(float(self.model.optimizer.learning_rate), 4))

    monkeypatch.setattr(number, "Watch", Look)
    number.main(folder, "pixelcnn")
    assert rates[:4] == [0.01] * 4  # the next step's: the rate rises in two steps, and stays
    assert rates[4:] == [0.01, 0.01, 0.0075, 0.005, 0.0025, 0]
    result = json.loads((folder / "pixelcnn" / "result.json").read_text())
    assert json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""])) == result
    assert set(result) == {"valid", "test", "weights"} and result["test"]["digits"] == 4
    model = number.chosen(folder / "pixelcnn" / "2", number.NETWORKS["pixelcnn"])
    score = model.score(data.binarised_mnist("test"))
    nats = [25 * np.log(2) * one for one in (score.bits, score.error)]
    got = [result["test"][name] for name in ("nats", "standard_error")]
    np.testing.assert_allclose(got, nats, atol=1e-3)
    assert result["weights"] == model.count_params()
    assert [line[0] for line in curve(folder, "1")] == [2, 4]
    assert [line[0] for line in curve(folder, "2")] == [2, 4, 6]
    monkeypatch.setattr(number, "measure", None)  # once more scores nothing
    number.main(folder, "pixelcnn")
    assert json.loads(capsys.readouterr().out) == result


@pytest.mark.slow
def test_it_resumes_after_kills(folder, monkeypatch):
    def dies(self, epoch, logs=None):
        end(self, epoch, logs)
        if (self.folder.name, epoch + 1) in kills:
            kills.remove((self.folder.name, epoch + 1))
            raise Killed

    number.main(folder / "whole", "pixelcnn")
    kills, end = [("1", 1), ("2", 2)], number.Watch.on_epoch_end
    monkeypatch.setattr(number.Watch, "on_epoch_end", dies)
    for _ in range(2):
        with pytest.raises(Killed):
            number.main(folder / "killed", "pixelcnn")
    number.main(folder / "killed", "pixelcnn")
    for part in ("1", "2"):
        assert curve(folder / "killed", part) == curve(folder / "whole", part)
    files = [folder / name / "pixelcnn" / "result.json" for name in ("whole", "killed")]
    assert files[0].read_text() == files[1].read_text()


def test_another_schedule_is_refused(folder, monkeypatch):
    """Before the first run is over, after the last one, and when it is shipped."""
    network = number.NETWORKS["pixelcnn"]
    steady, falling = network.runs
    number.make_folder(folder / "pixelcnn", network)
    for runs in (
        (steady._replace(epochs=5), falling),
        (steady, falling._replace(rate=1e-3)),
        (steady,),
    ):
        monkeypatch.setattr(number, "NETWORKS", {"pixelcnn": network._replace(runs=runs)})
        for action in (lambda: number.main(folder, "pixelcnn"), lambda: number.ship(folder)):
            with pytest.raises(SystemExit, match="pixelcnn was not begun with the sched"):
                action()
    assert [path.name for path in (folder / "pixelcnn").iterdir()] == ["schedule.json"]


def test_the_best_epoch_is_chosen(folder, monkeypatch):
    scores, kept = iter([3.0, 1.0, 2.0]), []

    class Look(number.Watch):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            kept.append(self.average.get_weights())

    monkeypatch.setattr(number.Nats, "of", lambda self, digits: np.full(4, next(scores)))
    monkeypatch.setattr(number, "Watch", Look)
    network = number.NETWORKS["pixelcnn"]
    run, three = folder / "pixelcnn" / "1", network.runs[0]._replace(epochs=3, planned=3)
    model = number.learn(run, lambda: PixelCNN.preset("mnist"), network, three)
    for weights, best in zip(model.get_weights(), kept[1], strict=True):
        np.testing.assert_array_equal(weights, best)
    (run / "chosen.npz").unlink()
    with pytest.raises(ValueError, match="chosen.npz is missing. Resume the run until an epoch"):
        number.chosen(run, network)


def test_ships_what_there_is_before_and_after_the_score(folder, tmp_path, monkeypatch):
    (package := tmp_path / "weights").mkdir()
    for module in (number, model):
        monkeypatch.setattr(module, "WEIGHTS", package)
    run = folder / "pixelcnn" / "1"
    network = number.NETWORKS["pixelcnn"]
    with pytest.raises(SystemExit, match="pixelcnn was not begun with the schedule"):
        number.ship(folder)
    number.make_folder(folder / "pixelcnn", network)
    number.learn(run, lambda: PixelCNN.preset("mnist"), network, network.runs[0])
    (folder / "pixelcnn" / "2").mkdir()  # no epoch has ended here
    records = []
    for part in ("1", "2"):
        number.ship(folder)
        record = json.loads((package / "number.json").read_text())
        records.append(record["networks"]["PixelCNN"])
        best = number.chosen(run.parent / part, network).get_weights()
        for half, whole in zip(PixelCNN.pretrained("mnist").get_weights(), best, strict=True):
            np.testing.assert_allclose(half, whole, rtol=2**-11, atol=1e-7)
        if part == "1":
            number.main(folder, "pixelcnn")
    assert [one["steps"] for one in records] == [4, 10]
    assert [len(one["nats"]) for one in records] == [2, 5]
    assert records[1]["core_hours"] == sorted(records[1]["core_hours"])
    assert records[0]["test"] is None and records[1]["test"]["digits"] == 4
    assert list(json.loads((package / "checksums.json").read_text())) == ["mnist.weights.h5"]


def test_the_rates():
    rates = [float(number.Rate(2.0)(step)) for step in (0, 249, 499, 5000)]
    np.testing.assert_allclose(rates, [2 / 500, 1, 2, 2])
    falling = [float(number.Rate(2.0, 100)(step)) for step in (0, 500, 550, 600, 700)]
    np.testing.assert_allclose(falling, [2 / 500, 2, 1, 0, 0])


@pytest.mark.parametrize("shape", [(4, 4), (3, 6), (6, 3), (1, 5), (5, 1)])
def test_the_faster_layer_computes_the_same(shape):
    """Outputs and gradients, in float64."""
    both = []
    x = np.random.default_rng(0).normal(size=(2, *shape, 6))
    for kind in (DiagonalBiLSTMLayer, number.ByDiagonals):
        keras.utils.set_random_seed(0)
        layer = kind(3, colours=1, dtype="float64")
        layer.build(x.shape)
        with tf.GradientTape() as tape:
            y = layer(x)
            loss = tf.reduce_sum(y**2)
        both.append([y, *tape.gradient(loss, layer.trainable_variables)])
    for a, b in zip(*both, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_each_network_has_a_preset():
    for network in number.NETWORKS.values():
        model = network.member.preset("mnist")
        assert (model.levels, model.colours) == (2, 1)


def test_bad_input(tmp_path):
    message = "NAME must be one of pixelcnn, row-lstm, diagonal-bilstm; got 'resnet'"
    with pytest.raises(ValueError, match=message):
        number.main(tmp_path, "resnet")
    assert not any(tmp_path.iterdir())
