"""Make the live figures work in pages, and add what notebooks do not store."""

import json
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


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


def setup(app):
    app.add_directive("faces", Faces)
    app.connect("source-read", complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
