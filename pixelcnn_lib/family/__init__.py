"""The members of the family: each module defines a trunk; `model` has what they share."""

from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTM
from pixelcnn_lib.family.gated import GatedPixelCNN
from pixelcnn_lib.family.pixelcnn import PixelCNN
from pixelcnn_lib.family.pixelcnn_pp import PixelCNNPP
from pixelcnn_lib.family.pixelsnail import PixelSNAIL
from pixelcnn_lib.family.row_lstm import RowLSTM
from pixelcnn_lib.family.transformer import PixelTransformer

MEMBERS = {  # by the name that the command line uses
    "pixelcnn": PixelCNN,
    "gated": GatedPixelCNN,
    "row-lstm": RowLSTM,
    "diagonal-bilstm": DiagonalBiLSTM,
    "pixelcnn-pp": PixelCNNPP,
    "transformer": PixelTransformer,
    "pixelsnail": PixelSNAIL,
}
