"""One pixel at a time: the schedule, and the search for a level. The steps: test_family.py."""

import numpy as np
import pytest
from tiny import small

from pixelcnn_lib.caching import CachedPredictor, Schedule, search
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead
from pixelcnn_lib.sampling import draw


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (3, 4), (5, 13)])
@pytest.mark.parametrize("delay", [1, 4, 100])
def test_a_schedule_draws_each_pixel_once(size, delay):
    delay = min(delay, size[1])
    schedule = Schedule(*size, delay)
    place = np.stack(np.indices(size), -1)[None]  # (1, H, W, 2)
    spread = schedule.spread(place)  # (steps, 2, lanes, 1)
    np.testing.assert_array_equal(schedule.gather(spread), place)
    time = place[0, ..., 1] + delay * place[0, ..., 0]
    assert schedule.steps == time.max() + 1
    assert np.bincount(time.ravel()).max() <= schedule.lanes


@pytest.mark.parametrize("name, delay", [("pixelcnn", 3), ("gated", 8), ("gated", 10)])
def test_a_delay_that_the_model_cannot_have_is_refused(name, delay):
    with pytest.raises(ValueError, match=f"delay must be .* from . to 9; got {delay}"):
        CachedPredictor(small(name), 1, Schedule(9, 9, delay))


@pytest.mark.parametrize("temperature", [1e-6, 0.5, 1, 2, 1e6])
@pytest.mark.parametrize("levels", [2, 3, 7, 256])
@pytest.mark.parametrize("head", [CategoricalHead, LogisticMixtureHead])
def test_search_finds_what_draw_does(head, levels, temperature):
    """Whether or not the levels are listed, and with noise at both ends."""
    head, rng = head(), np.random.default_rng(levels)
    head.setup(levels, 3, "float64")
    parameters = rng.normal(0, 2, (500, len(head.start())))
    noise = rng.random(500)
    noise[:100], noise[100:200] = 0, np.nextafter(1, 0)
    cumulative = head.cumulative(parameters, temperature)
    found = search(cumulative, levels, noise)
    log_p = head.log_probs(parameters, np)
    assert found.dtype == "int32" and found.max() < levels
    middle = slice(200, None)  # at the very ends rounding decides, and a level may be as good
    wanted = draw(log_p / temperature, noise)
    np.testing.assert_array_equal(found[middle], wanted[middle])
    sums = np.exp(log_p / temperature - (log_p / temperature).max(-1, keepdims=True)).cumsum(-1)
    sums = np.pad(sums / sums[:, -1:], ((0, 0), (1, 0)))  # (500, levels + 1)
    row = np.arange(500)
    assert (sums[row, found] <= noise + 1e-12).all() and (
        noise <= sums[row, found + 1] + 1e-12
    ).all()
    if temperature == 1e-6:
        np.testing.assert_array_equal(found[middle], log_p.argmax(-1)[middle])
