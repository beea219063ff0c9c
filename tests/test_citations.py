"""What a citation says, and the entry that it names."""

from citations import cited_as, entry_of
from pybtex.database import parse_string

ENTRIES = parse_string(
    """@misc{first, author = {van den Oord, A and Kalchbrenner, N and Graves, A}, year = {2016}}
    @misc{second, author = {van den Oord, A and Vinyals, O and Graves, A}, year = {2016}}
    @misc{two, author = {Kingma, Diederik P. and Welling, Max}, year = {2014}}
    @misc{sheets, author = {{NVIDIA}}, year = {2023}}""",
    "bibtex",
).entries
CITED = cited_as(ENTRIES)


def test_papers_of_one_author_and_year_get_letters_in_their_order():
    assert CITED == {
        "first": ("van den Oord et al.", "2016a"),
        "second": ("van den Oord et al.", "2016b"),
        "two": ("Kingma and Welling", "2014"),
        "sheets": ("NVIDIA", "2023"),
    }


def test_a_citation_names_one_entry_or_none():
    assert entry_of("(Van den Oord et al., 2016b, section 2)", CITED) == "second"
    assert entry_of("Kingma and Welling (2014)", CITED) == "two"
    assert entry_of("(NVIDIA's data sheets)", CITED) == "sheets"
    assert entry_of("van den Oord et al., 2016", CITED) is None  # which of the two?
    assert entry_of("papers", CITED) is None
