"""Make the list of all figures from the chapters, and make the live figures work in pages."""

import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from stills import Picture


class FigureList(nodes.General, nodes.Element):
    """The place of the list, which is filled once all pages are read."""


class Figures(SphinxDirective):
    def run(self):
        return [FigureList()]


def complete(app, docname, source):
    """Add the HTML of a chapter's questions, solutions and figures, which notebooks do not store."""
    if not docname.startswith("chapters/"):
        return
    from pixelcnn_lib.teach import stored

    note_library(app.env)
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        for data in (output["data"] for output in cell.get("outputs", []) if "data" in output):
            if html := stored.html_of("".join(cell["source"]), data):
                data["text/html"] = html
            data.pop(stored.base.STORED, None)
    source[0] = json.dumps(notebook)


def note_library(env):
    """Rebuild a page that shows parts of the library whenever a file of the library changes."""
    import pixelcnn_lib

    for path in Path(pixelcnn_lib.__file__).parent.rglob("*.*"):
        if path.suffix in (".py", ".js", ".css", ".json"):
            env.note_dependency(str(path))


class Faces(SphinxDirective):
    """Show the model drawing faces; without JavaScript, the page shows a picture instead."""

    option_spec = {"seed": directives.nonnegative_int}

    def run(self):
        from pixelcnn_lib.teach import live

        note_library(self.env)
        faces = live.Faces(compact=True, autoplay=True, **self.options)
        return [nodes.raw("", faces.to_html(), format="html")]


def collect(app, doctree):
    """Give every cell with a picture an address, and store what the picture shows."""
    found = []
    for cell in doctree.findall(nodes.container):
        images = list(cell.findall(nodes.image)) if cell.get("nb_element") == "cell_code" else []
        if images:
            live = any('class="opat' in raw.astext() for raw in cell.findall(nodes.raw))
            both = [image.attributes for image in images[:2]]  # light and dark
            found.append((f"figure-{len(found) + 1}", live, both))
            cell["ids"].append(found[-1][0])
    app.env.metadata[app.env.docname]["figures"] = found


def list_figures(app, doctree, docname):
    """Write a section for each chapter, with small figures and a sentence on what each shows."""
    for place in list(doctree.findall(FigureList)):
        sections = []
        for chapter in app.env.toctree_includes[app.config.root_doc]:
            if figures := app.env.metadata[chapter].get("figures"):
                text = app.env.titles[chapter].astext()
                page = app.builder.get_relative_uri(docname, chapter)
                number = text.split()[0]
                entries = [nodes.list_item("", entry(page, number, *one)) for one in figures]
                parts = (
                    nodes.title(text, text),
                    nodes.bullet_list("", *entries, classes=["thumbnails"]),
                )
                sections.append(nodes.section("", *parts, ids=[nodes.make_id(text)]))
        place.replace_self(sections)


def entry(page, chapter, name, live, pictures):
    """Return a figure's small picture and the first sentence of its description, with a link."""
    number = f"{chapter}.{name.removeprefix('figure-')}"
    first = re.split(r"(?<=[.?]) (?=[A-Z])", pictures[0]["alt"])[0]
    text = nodes.inline("", f"{number} · {first}")
    small = [Picture(**{**picture, "alt": f"Figure {number}"}) for picture in pictures]
    link = nodes.reference("", "", *small, text, refuri=f"{page}#{name}", internal=True)
    play = [nodes.Text(" "), nodes.strong("", "▸\N{NO-BREAK SPACE}play")] if live else []
    return nodes.paragraph("", "", link, *play)


def setup(app):
    app.add_node(FigureList)
    app.add_directive("figures", Figures)
    app.add_directive("faces", Faces)
    app.connect("source-read", complete)
    app.connect("doctree-read", collect, priority=700)  # after stills.py
    app.connect("env-updated", lambda app, env: ["book/figures"])  # rewritten with every chapter
    app.connect("doctree-resolved", list_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
