"""The base of the members with attention, whose blocks read both features and pixels."""

from pixelcnn_lib.model import AutoregressiveModel


class AttentiveModel(AutoregressiveModel):
    """A first layer, and blocks with attention, each of which sees the whole past.

    A subclass sets the layers `first` and `body`. The blocks of `body` are called with features
    (N, H, W, h) and the scaled pixels, and return features of the same shape. A class of images adds
    a bias to the input of each block. The trunk ends without a norm, which would remove the scale of
    the values that the head turns into means.

    Arguments: see AutoregressiveModel and each member.
    """

    def build_trunk(self, shape):
        self.first.build(shape)
        for block in self.body:
            block.build((*shape[:-1], self.h), shape)
        self.class_biases = self.add_class_biases(len(self.body), self.h)

    def forward(self, run, x):
        pixels, x = x, run(self.first, x)  # (N, H, W, h)
        for i, block in enumerate(self.body):
            if self.classes:
                x = x + run.of_class(self.class_biases[i])  # (N, H, W, h)
            x = run.rounded(run(block, x, pixels))  # (N, H, W, h)
        return x
