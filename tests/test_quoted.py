"""What the book's pages quote is the library's: the numbers of the sources, and its messages.

Tests that need Keras import it themselves, so that the others take no longer than they must.
"""

import json
import re
import shlex
from pathlib import Path

import nbformat
import numpy as np

from pixelcnn_lib import account, face_parts, faces
from pixelcnn_lib.command import arguments

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "pixelcnn_lib" / "weights"
HELP = (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
PAGE = (ROOT / "book" / "sources.md").read_text(encoding="utf-8")


def test_counts_the_parameters_of_both_readings():
    import keras

    from pixelcnn_lib.family import PixelCNN

    with keras.StatelessScope():  # weights have shapes here, and no values
        paper, wide = (PixelCNN.preset(name) for name in ("paper", "wide"))
    counts = [model.count_params() for model in (paper, wide)]
    for name, count in zip(("paper", "wide"), counts):
        assert re.search(rf"\| `{name}` \|.*\| {count:,} \|", PAGE)
    assert f"{counts[1] / counts[0]:.1f} times as many" in PAGE
    assert f"the {wide.top[1].kernel.shape[-1] ** 2:,} weights" in PAGE
    widths = paper.body[0].filters_per_colour * 3, paper.top[0].filters
    assert "{} and {}".format(*widths) in PAGE


def test_names_every_wrong_mask():
    from pixelcnn_lib.teach import bugs

    assert re.findall(r"(?m)^\| `(\w+)` \|", PAGE.partition("wrong masks")[2]) == list(bugs.BUGS)


def test_what_helps_is_said_of_messages_that_there_are():
    quoted = re.findall(r'(?m)^\| "(.+?)(?: …)?"', HELP)
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "pixelcnn_lib").rglob("*.py")]
    assert quoted
    for message in quoted:
        assert message in "".join(code), f"no code says {message!r}"


def test_chapters_quote_the_exact_limits_of_the_faces():
    floor, limit = faces.floor(), faces.limit
    hidden, far = limit(None) - floor, limit(6) - limit(None)
    assert set(zip(*(hidden > 0.005).nonzero())) == {(4, 3), (7, 3), (13, 3)}
    lost = [f"{hidden[pixel]:.2f}" for pixel in ((13, 3), (4, 3), (7, 3))]
    all_lost, all_far = f"{hidden.sum():.2f}", f"{far.sum():.2f}"
    said = {
        1: [f"{all_lost} are the blind spot, {all_far} are too far away", f"another {all_lost}"],
        3: [
            f"only {all_far} bits are lost",
            f"only {far[4:13, 10:15].sum():.2f} of them at the hair on the right",
            f"{limit(2).sum():.2f}, {limit(6).sum():.2f} and {limit(13).sum():.2f}",
            f"{limit(None).sum():.2f} in place of {floor.sum():.2f}, and {lost[0]} of them",
        ],
        11: [
            f"costs {all_lost} bits",
            "{}, and the left edge of the hair, {} and {}".format(*lost),
        ],
    }
    for chapter, sentences in said.items():
        (page,) = ROOT.glob(f"chapters/{chapter:02}_*.ipynb")
        text = page.read_text(encoding="utf-8")
        assert [one for one in sentences if one not in text] == [], f"{page.name} differs"


def test_chapter_1_quotes_the_account_of_its_own_network():
    """The book's copy of the network comes from the chapter's own cells."""
    from pixelcnn_lib.teach import own

    paid = account.shares(
        account.prices(own.load(own.BOOKS[1]), faces.faces(500, seed=2)), blocks=6
    )
    least, blind, far, rest = paid.totals.values()
    (page,) = ROOT.glob("chapters/01_*.ipynb")
    text = page.read_text(encoding="utf-8")
    assert f"pays {paid.own.sum():.2f} bits: {least:.2f} are the least possible" in text
    assert f"and {rest:.2f} were in sight and not learnt" in text and f"±{paid.error:.2f}" in text
    for one in account.brightest(paid):
        assert f"(row {one.row}, column {one.col})" in text
        assert f"{one.name.capitalize()}**" in text


def test_chapter_6_quotes_what_its_training_cured():
    from pixelcnn_lib.teach import own

    new = faces.faces(500, seed=2)
    before, after = (account.shares(account.prices(own.load(own.BOOKS[n]), new), 6) for n in (1, 6))
    (page,) = ROOT.glob("chapters/06_*.ipynb")
    text = page.read_text(encoding="utf-8")
    assert f"pays {after.own.sum():.2f} bits, in place of {before.own.sum():.2f}" in text
    assert f"{after.rest.sum():.2f} bits of {before.rest.sum():.2f} are left" in text
    for place in ((13, 11), (13, 3), (1, 12)):
        was, now = (f"{(one.own - one.floor)[place]:.2f}" for one in (before, after))
        assert f"({was} and {now})" in text or f"({was} bits before, {now} after)" in text


def test_chapter_12_quotes_what_its_networks_paid():
    stored = json.loads((WEIGHTS / "number.json").read_text())
    cnn, row, diagonal = (
        stored["networks"][name] for name in ("PixelCNN", "Row LSTM", "Diagonal BiLSTM")
    )
    less = [one["valid"]["nats"] - diagonal["valid"]["nats"] for one in (cnn, row)]
    paper = [one["paper"] - diagonal["paper"] for one in (cnn, row)]
    assert 1 < less[0] < 10 and less[1] > 0  # the answer to 12.q4
    assert less[0] > less[1]  # the recap
    assert diagonal["core_hours"][-1] / diagonal["steps"] > cnn["core_hours"][-1] / cnn["steps"]
    hours = np.linspace(0, min(one["core_hours"][-1] for one in (cnn, diagonal)), 1000)
    nats = [np.interp(hours, one["core_hours"], one["nats"]) for one in (cnn, diagonal)]
    ahead = hours[nats[1] < nats[0]].min()
    (page,) = ROOT.glob("chapters/12_*.ipynb")
    text = page.read_text(encoding="utf-8")
    said = [
        f"pays {less[0]:.1f} nats less than PixelCNN and {less[1]:.1f} less than the Row LSTM",
        f"({diagonal['weights']:,}; PixelCNN has {cnn['weights']:,}, the Row LSTM {row['weights']:,})",
        f"In the paper, it pays {paper[0]:.1f} and {paper[1]:.1f} nats less",
        f"it is ahead after about {ahead:.1f} hours",
        f"has seen {16 * diagonal['steps'] / 1e6:.1f} million digits",
    ]
    assert [one for one in said if one not in text] == []


def test_chapter_14_quotes_what_its_own_network_paid():
    """The chapter trains the network, so its numbers are those of the stored training."""
    (page,) = ROOT.glob("chapters/14_*.ipynb")
    cells = nbformat.read(page, 4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    printed = "".join(output.get("text", "") for output in outputs)
    told = "".join(cell.source for cell in cells if cell.source.startswith("<details>"))
    quoted = set(re.findall(r"\b\d+\.\d\d\b", told))
    assert len(quoted) > 10 and not quoted - set(re.findall(r"\d+\.\d\d", printed))
    (right,) = re.findall(r"(\d+) nothing is wrong", printed)
    assert f"{right} of 100 drawings are right" in told


def test_what_chapter_1_says_that_its_network_could_have_seen():
    chances, hair = faces.CHANCES["plain"]["hair"], face_parts.SHAPES["hair"].reshape(-1, 16, 16)
    for row in hair[chances > 0][:, 1]:
        assert not row[12] or row.argmax() == 3  # its first column
    drawn = faces.faces(20_000, seed=9)[:, 13, :, 0]
    beside = dict(zip(zip(drawn[:, 4], drawn[:, 10]), drawn[:, 11]))
    found = [beside[left, before] for left, before in zip(drawn[:, 4], drawn[:, 10])]
    np.testing.assert_array_equal(found, drawn[:, 11])  # the left shoulder tells the right one


def of_photographs(measured):
    """Bits per dimension of two codecs and `small`: {codec or model: {photograph: bits}}."""
    bits, kept_back = (measured[f"{which}_bits_per_dim"] for which in ("held_out", "kept_back"))
    (small,) = (title for title in bits if title.startswith("small, "))
    return {
        title: {**bits[title], **kept_back[title.partition(",")[0]]}
        for title in ("PNG", "WebP", small)
    }


def test_pages_say_what_was_measured():
    from pixelcnn_lib.family import PixelCNN, PixelSNAIL

    measured = json.loads((WEIGHTS / "measured.json").read_text())
    faces, small = PixelSNAIL.pretrained("faces"), PixelCNN.pretrained("small")
    every = measured["faces-all"]
    scores, bits = of_photographs(measured), measured["faces"]["bits"]
    steps = int(list(scores)[-1].removeprefix("small, ").removesuffix(" steps"))
    titles = ("PNG", "WebP, lossless", "`small`")
    rows = [
        [title, *(f"{bit:.2f}" for bit in scores[of].values())] for title, of in zip(titles, scores)
    ]
    said = {
        "README.md": [f"a network of {faces.count_params():,} weights"],
        "book/intro.md": [f"{faces.count_params():,} weights, trained"],
        "book/gallery.md": [
            f"a PixelSNAIL of {faces.count_params():,} weights",
            f"a PixelCNN of {small.count_params():,} weights",
        ],
        "book/command.md": [
            f"{small.count_params():,} weights, trained for {steps:,} steps",
            f"`faces` needs {bits:.2f} bits",
            f"{100 * measured['faces']['are faces']:.1f} % of the pictures that it draws",
            f"`faces-all` needs {every['bits']:.2f} bits",
            f"{every['above the exact bits']:.2f} more than",
            f"{100 * every['are faces']:.1f} % of its pictures",
            f"| | {' | '.join(scores['PNG'])} |",
            *(f"| {' | '.join(row)} |" for row in rows),
        ],
    }
    for page, sentences in said.items():
        text = (ROOT / page).read_text(encoding="utf-8")
        assert [one for one in sentences if one not in text] == [], f"{page} says something else"


def test_chapter_18_quotes_what_was_counted():
    import train_any_order

    from pixelcnn_lib.teach import anyorder

    text = (ROOT / "chapters" / "18_what_came_after.ipynb").read_text(encoding="utf-8")
    asking = anyorder.counts()["shipped"][0]
    assert (
        f"{asking['right']} of {asking['drawn']} faces are right, in {asking['passes']} passes on "
        f"average and at most {asking['most']}. For {asking['scored']} new faces it pays "
        f"{asking['bits']} bits on average" in text
    )
    images = faces.faces(asking["scored"], seed=2)
    assert f"their own probabilities say {faces.face_bits(images).mean():.2f}" in text
    right = {(row["order"], row["passes"]): row["right"] for row in anyorder.counts()["shipped"]}
    surest, chance = "surest first", "random, growing parts"
    assert f"{right[surest, 64]} and {right[chance, 64]} of 600 faces are right" in text
    assert f"In 32 passes it is {right[surest, 32]} and {right[chance, 32]}" in text
    assert f"{train_any_order.STEPS:,} steps, {anyorder.SIZES['width']} features" in text
    for rows in anyorder.counts().values():
        share = {(row["order"], row["passes"]): row["right"] / row["drawn"] for row in rows}
        assert share["random, equal parts", 32] < 0.01
        for passes in (16, 32, 64):
            worst = share["surest first, no chance", passes]
            assert worst < share["surest first", passes]
            assert worst < share["random, growing parts", passes]


def test_what_the_pages_say_can_be_typed():
    pages = [ROOT / "README.md", *(ROOT / "book").glob("*.md")]
    texts = [page.read_text(encoding="utf-8").replace("\\\n", "") for page in pages]
    lines = [line for text in texts for line in text.splitlines()]
    lines = [line for line in lines if line.startswith(f"{arguments.PROGRAM} ")]
    for line in lines:
        words = shlex.split(line.removeprefix(arguments.PROGRAM), comments=True)
        arguments.parser().parse_args(words)
    assert len(lines) >= 5


def test_a_teacher_s_script_shows_where_a_class_stands(tmp_path, monkeypatch, capsys):
    page = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
    script = page.split("```python\n")[1].split("```")[0]
    one = lambda done, tries: {"done": done, "tries": tries, "hints": 1}
    said = {"choice": "no", "sure": 90, "right": True}
    for student, name, kept in [
        ("ann", "answers.json", {"2.1": one(True, 2), "10.1": one(True, 1), "4.q1": said}),
        ("ann", "answers_07.json", {"7.1": one(False, 4)}),
        ("ben", "answers_02.json", {"2.1": one(False, 3), "4.1": one(False, 0)}),
    ]:
        (tmp_path / "handed_in" / student).mkdir(parents=True, exist_ok=True)
        (tmp_path / "handed_in" / student / name).write_text(json.dumps(kept))
    monkeypatch.chdir(tmp_path)
    exec(script, {})
    assert capsys.readouterr().out.splitlines() == [
        "2.1: 1 of 2 who tried have solved it, median tries 2.5",
        "7.1: 0 of 1 who tried have solved it, median tries 4",
        "10.1: 1 of 1 who tried have solved it, median tries 1",
    ]
