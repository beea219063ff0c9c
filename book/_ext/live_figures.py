"""Make the live figures work in pages, and add what notebooks do not store."""

import json
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

ALONE = "alone"  # the folder of pages with one figure each
PAGE = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>TITLE</title>
<script>
if (matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.setAttribute("theme", "dark");
</script>
<style>
html { color-scheme: light dark; font-size: clamp(100%, 1.7vw, 200%); }
body { margin: 0; }
main { --opat-column: none; padding: 0.5rem; }
h1 { position: absolute; clip-path: inset(50%); }
nav { padding: 0.2rem 0.5rem; font: 0.8rem system-ui, sans-serif; }
.opat .opat-stage { width: min(75vh, 100%); }
</style>
<main><h1>TITLE</h1>
FIGURE
</main><nav><a href="../book/teaching.html">One Pixel at a Time: all figures</a></nav></html>
"""


def complete(app, docname, source):
    """Add the HTML of a chapter's questions, solutions and figures, which notebooks do not store."""
    if not docname.startswith("chapters/"):
        return
    from pixelcnn_lib.teach import stored

    note_library(app.env)
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] != "execute_result":
                continue
            if html := stored.html_of("".join(cell["source"])):
                output["data"]["text/html"] = html
    source[0] = json.dumps(notebook)


def note_library(env):
    """Rebuild a page that shows parts of the library whenever a file of the library changes."""
    import pixelcnn_lib

    for path in Path(pixelcnn_lib.__file__).parent.rglob("*.*"):
        if path.suffix in (".py", ".js", ".css", ".json"):
            env.note_dependency(str(path))


class Figure(SphinxDirective):
    """Show a live figure, by the name of its class, such as Faces."""

    required_arguments = 1
    option_spec = {
        "seed": directives.nonnegative_int,
        "compact": lambda _: True,
        "autoplay": lambda _: True,
    }

    def run(self):
        from pixelcnn_lib.teach import live

        note_library(self.env)
        figure = getattr(live, self.arguments[0])(**self.options)
        return [nodes.raw("", figure.to_html(), format="html")]


class Alone(SphinxDirective):
    """List the pages on which each live figure stands alone; see write_alone."""

    def run(self):
        from pixelcnn_lib.teach import live

        note_library(self.env)
        entries = (
            f'<li><a href="../{ALONE}/{module}.html">{getattr(live, name).title}</a></li>'
            for name, module in live.FIGURES.items()
        )
        return [nodes.raw("", f"<ul>{''.join(entries)}</ul>", format="html")]


def write_alone(app, error):
    """Write a page for each live figure, full window and in large type, for a projector."""
    if error or app.builder.name != "html":
        return
    from pixelcnn_lib.teach import live

    folder = Path(app.outdir) / ALONE
    folder.mkdir(exist_ok=True)
    for page in folder.glob("*.html"):  # of a figure that is gone
        page.unlink()
    for name, module in live.FIGURES.items():
        figure = getattr(live, name)()
        page = PAGE.replace("TITLE", figure.title).replace("FIGURE", figure.to_html())
        (folder / f"{module}.html").write_text(page, encoding="utf-8")


def setup(app):
    app.add_directive("live", Figure)
    app.add_directive("alone", Alone)
    app.connect("source-read", complete)
    app.connect("build-finished", write_alone)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
