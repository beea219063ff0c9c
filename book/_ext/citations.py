"""Link citations to their entries, label the entries to match, and show how to cite the book."""

import re
from collections import Counter
from pathlib import Path

import yaml
from docutils import nodes
from pybtex.database import parse_file
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

BOOK = "book/references"
CITED = """@misc{{one-pixel-at-a-time,
  title = {{{title}}},
  author = {{{{{author}}}}},
  year = {{{year}}},
  note = {{Version {version}}},
}}"""


class HowToCite(SphinxDirective):
    """Show the book's own entry for a bibliography, from CITATION.cff."""

    def run(self):
        path = Path(self.env.srcdir) / "CITATION.cff"
        self.env.note_dependency(str(path))
        book = yaml.safe_load(path.read_text(encoding="utf-8"))
        author = " and ".join(one["name"] for one in book["authors"])
        year = self.env.config.copyright
        text = CITED.format(**{**book, "author": author, "year": year})
        if base := self.env.config.html_baseurl:
            text = text[:-1] + f"  url = {{{base}}},\n}}"
        return [nodes.literal_block(text, text, language="bibtex")]


def cited_as(entries):
    """Return {key: (who, year)}, such as ("He et al.", "2016a"); a letter avoids duplicates."""
    found = {}
    for key, entry in entries.items():
        names = [" ".join(p.prelast_names + p.last_names) for p in entry.persons["author"]]
        names = [name.strip("{}") for name in names]
        who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        found[key] = who, entry.fields["year"]
    alike, given = Counter(found.values()), Counter()
    for key, pair in found.items():
        if alike[pair] > 1:
            found[key] = pair[0], pair[1] + "abcd"[given[pair]]
            given[pair] += 1
    return found


def entry_of(text, cited):
    """Return the key of the entry for a citation such as "(He et al., 2016a)", or None."""
    years = re.findall(r"\b\d{4}[a-d]?\b", text)
    keys = [
        key
        for key, (who, year) in cited.items()
        if who.lower() in text.lower() and (not years or year in years)
    ]
    return keys[0] if len(keys) == 1 else None


def letters(text):
    return re.sub("[^a-z0-9]", "", text.lower())


def link_citations(app, doctree, docname):
    """Link each citation to its entry, and begin each entry with the text of its citations."""
    entries = parse_file(Path(app.srcdir) / app.config.bibtex_bibfiles[0], "bibtex").entries
    cited = cited_as(entries)
    for link in doctree.findall(nodes.reference):
        if link.get("refuri", "").endswith("references.html"):
            if key := entry_of(link.astext(), cited):
                link["refuri"] += f"#{key}"
            elif re.search(r"\d{4}", link.astext()):
                logging.getLogger(__name__).warning(
                    "no entry, or more than one, is cited as: %s", link.astext(), location=link
                )
    if docname == BOOK:
        for item in doctree.findall(nodes.list_item):
            text = letters(item.astext())
            for key, entry in entries.items():
                if letters(entry.fields["title"]) in text:
                    item["ids"].append(key)
                    item[0].insert(0, nodes.strong("", f"{cited[key][0]}, {cited[key][1]}. "))


def setup(app):
    app.add_directive("how-to-cite", HowToCite)
    app.connect("doctree-resolved", link_citations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
