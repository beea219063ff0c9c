"""How fast the members of the family train and draw. Run by `make bench`.

A member's training step is compared with that of `small`; the limit is the ratio of multiply-adds
in the forward passes, with living weights only. A drawing is compared with a forward pass of the
same model. Everything at 16x16, with the presets for pages. The two sides of a ratio take turns,
and the shortest time of each counts.
"""

from bench_sampling import line, machine, over_a_forward_pass, seconds
from bench_training import bare_step, learner, noise, settings

from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.teach.cost import multiply_adds

PAGES = {name: "small" if name == "pixelcnn" else name for name in MEMBERS}
GOALS = {  # at most so many forward passes, for 64 pictures and for one
    "pixelcnn": (1.5, 10),
    "gated": (1.5, 10),
    "row-lstm": (3, 20),
    "diagonal-bilstm": (3, 20),
    "pixelcnn-pp": (1.5, 10),
    "transformer": (3, 20),
    "pixelsnail": (3, 20),
}


def steps():
    options = settings(16, 16)
    models = [learner(PAGES[name], options, member) for name, member in MEMBERS.items()]
    base, *others = seconds(*[bare_step(model, noise(16, 16)) for model in models], times=10)
    line("  seconds for a step of small, 16x16, N=16", f"{base:.4f}")
    work = [multiply_adds(model, 16, 16, alive=True) for model in models]
    for model, name, took, sums in zip(models[1:], list(MEMBERS)[1:], others, work[1:]):
        limit = sums / work[0]
        what = f"training step / small's, {name}, {model.count_params():,} weights"
        line(what, f"{took / base:.2f}", f"{limit:.2f}", f"<= {3 * limit:.1f}")


def drawings():
    for name, goals in GOALS.items():
        model = MEMBERS[name].preset(PAGES[name])
        for n, goal in zip((64, 1), goals):
            over_a_forward_pass(model, PAGES[name], 16, n, f"<= {goal:g}")


def main():
    print(machine())
    line("", "measured", "limit", "goal")
    steps()
    drawings()


if __name__ == "__main__":
    main()
