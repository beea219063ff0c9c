"""The members of the family: each says only how its trunk looks; `model` has what they share."""

from pixelcnn_lib.family.gated import GatedPixelCNN
from pixelcnn_lib.family.pixelcnn import SHIPPED, PixelCNN

__all__ = ["MEMBERS", "SHIPPED", "GatedPixelCNN", "PixelCNN"]

MEMBERS = {"pixelcnn": PixelCNN, "gated": GatedPixelCNN}  # by the name that the command knows
