"""The range coder of chapter 16 is constriction's, byte for byte."""

import constriction
import pytest

from pixelcnn_lib import coding
from pixelcnn_lib.teach.exercises.ch16.range_coder import RangeCoder, drawn


@pytest.mark.parametrize("count, sure", [(5, 0), (40, 0.3), (2000, 0.9)])
def test_it_writes_constriction_s_bytes_and_reads_them(count, sure):
    for seed in range(20):
        sizes, values = drawn(count, 2, seed, sure)
        theirs, ours = constriction.stream.queue.RangeEncoder(), RangeCoder()
        shares = coding.halves(sizes[:, 0].astype(float))
        theirs.encode(values.astype("int32"), coding.DECISION, shares)
        for one, value in zip(sizes.tolist(), values.tolist()):
            ours.write(one, value)
        stream = coding.finished(theirs)
        assert ours.bytes() == stream
        reader = RangeCoder(stream)
        assert [reader.read(one) for one in sizes.tolist()] == values.tolist()


def test_a_number_behind_all_pieces_is_refused_in_words():
    with pytest.raises(ValueError, match="in no piece"):
        RangeCoder(b"\xff" * 8).read([2**23, 2**23])
