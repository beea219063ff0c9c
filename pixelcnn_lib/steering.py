"""How a level is drawn from a network's logits: temperature, guidance, top-k and top-p.

Except with temperature 1 and nothing else, what is drawn has another distribution than the model's.
The model then gives no likelihood for it.
"""

import numbers
from dataclasses import dataclass

import numpy as np

from pixelcnn_lib.arguments import short, whole_number

MOST = 100  # guidance


@dataclass(frozen=True)
class Steering:
    """A way to draw. The arguments are applied in this order.

    guidance: float w, 0 to 100, for a model with several labels, of which 0 says nothing. The
        logits are `told + w * (told - untold)`: those with the labels, and those without any.
        Source: Ho and Salimans, Classifier-free diffusion guidance (2022).
    temperature: float from 1e-6 to 1e6; below 1 favours likely levels, above 1 unlikely ones.
    top_p: float above 0, at most 1; only the likeliest levels are drawn, as few of them as have
        this probability together. Source: Holtzman et al., nucleus sampling (2020).
    top_k: int, 1 or more; at most so many of the likeliest levels are drawn. None for all.
    Raises ValueError for arguments out of these bounds.
    """

    temperature: float = 1.0
    guidance: float = 0.0
    top_p: float = 1.0
    top_k: int | None = None

    def __post_init__(self):
        if not isinstance(self.temperature, numbers.Real) or not 1e-6 <= self.temperature <= 1e6:
            raise ValueError(
                "temperature must be a number from 1e-6, where nearly always the likeliest level is "
                "drawn, to 1e6, where all levels are equally likely; got "
                f"{short(self.temperature)}."
            )
        if not isinstance(self.guidance, numbers.Real) or not 0 <= self.guidance <= MOST:
            raise ValueError(
                f"guidance must be a number from 0, which does not guide, to {MOST}; got "
                f"{short(self.guidance)}."
            )
        if not isinstance(self.top_p, numbers.Real) or not 0 < self.top_p <= 1:
            raise ValueError(
                "top_p must be a number above 0 and at most 1, where all levels can be drawn; got "
                f"{short(self.top_p)}."
            )
        if self.top_k is not None:
            whole_number("top_k", self.top_k, 1, 256)

    def check(self, model):
        """Raise ValueError if this is guidance, and the model's labels cannot say nothing."""
        if self.guidance and np.ndim(model.classes) == 0:
            raise ValueError(
                "guidance needs a model with several labels, of which 0 says nothing, such as "
                f'PixelSNAIL.pretrained("faces"); this model has {model.classes or "no"} classes.'
            )

    def cumulative(self, head, parameters):
        """Return the CDF of N values, as Head.cumulative does.

        head: the model's head, which knows what the parameters mean.
        parameters: (N, P); with guidance, each told value is followed by the untold one.
        """
        if not self.guidance and self.top_p == 1 and self.top_k is None:
            return head.cumulative(parameters, self.temperature)
        sums = self.probabilities(head.log_probs(parameters, np)).cumsum(axis=-1)  # (N, levels)
        return lambda levels: np.take_along_axis(sums, levels[:, None], -1)[:, 0] / sums[:, -1]

    def probabilities(self, logits):
        """Return the probabilities to draw with, (N, levels); they need not sum to 1.

        logits: (N, levels); with guidance, each told row is followed by the untold one, and both
            get the same probabilities.
        """
        if self.guidance:
            told, untold = logits[::2], logits[1::2]  # (N / 2, levels)
            logits = np.repeat(told + self.guidance * (told - untold), 2, axis=0)
        logits = logits - logits.max(axis=-1, keepdims=True)
        p = np.exp(logits / self.temperature)
        p = p / p.sum(axis=-1, keepdims=True)
        if self.top_p == 1 and self.top_k is None:
            return p
        order = np.argsort(-p, axis=-1, kind="stable")  # the likeliest first
        ranked = np.take_along_axis(p, order, axis=-1)
        before = ranked.cumsum(axis=-1) - ranked  # what the likelier levels have together
        kept = (before < self.top_p) & (np.arange(p.shape[-1]) < (self.top_k or p.shape[-1]))
        np.put_along_axis(p, order, ranked * kept, axis=-1)
        return p


UNSTEERED = Steering()  # the model's own distribution
