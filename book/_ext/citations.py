"""Link each citation to its entry on the page of references.

An entry is a list item that begins with what cites it, such as "He et al., 2016a."; a citation is a
link to the page whose text contains authors and year: "(He et al., 2016a, section 3)".
"""

import re

from docutils import nodes

PAGE = "book/references"
CITATION = r"(?i)((?:van den |Le )?\w+(?: et al\.| and [\w-]+)?),? \(?(\d{4}[a-d]?)"


def name_entries(app, doctree):
    """Give each entry an address, such as "he-et-al-2016a"."""
    if app.env.docname == PAGE:
        for item in doctree.findall(nodes.list_item):
            item["ids"].append(nodes.make_id(next(item.findall(nodes.strong)).astext()))


def link_citations(app, doctree, docname):
    for link in doctree.findall(nodes.reference):
        cited = re.search(CITATION, link.astext())
        if cited and link.get("refuri", "").endswith("references.html"):
            link["refuri"] += "#" + nodes.make_id(" ".join(cited.groups()))


def setup(app):
    app.connect("doctree-read", name_entries)
    app.connect("doctree-resolved", link_citations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
