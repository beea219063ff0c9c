"""Formulae without a script: LaTeX becomes MathML, in a font that contains the letters of formulae."""

import base64
import io
import re
import string
from pathlib import Path
from xml.etree import ElementTree

import latex2mathml.converter
import ziamath
from docutils import nodes
from fontTools import subset
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

MATHML = "{http://www.w3.org/1998/Math/MathML}"
SCRIPTS = ["msub", "msup", "msubsup", "munder", "mover", "munderover"]
LETTERS = set(string.ascii_letters + string.digits + "()+,./;=[]|<>!?:'" + "αβγδεθλμπστφΔΣ")
LETTERS |= set("\xa0¯·×…′ℓ∈∏∑−√∞∣≈≠≤≥⋅→")
# a browser sets a single letter in italics, which are letters of their own; h is Planck's constant
ITALICS = [*range(0x1D434, 0x1D468), *range(0x1D6FC, 0x1D715), 0x210E]
# log, ln or exp, its index, and then no bracket
FUNCTION = r"(\\(?:log|ln|exp)(?:_(?:\w|{[^}]*}))?)(?= *[\w\\])(?! *\\(?:left|[bB]ig))"
ElementTree.register_namespace("", MATHML[1:-1])


def to_mathml(latex, display):
    """Turn LaTeX into MathML; display: "inline" or "block". ValueError for an unknown command."""
    latex = latex.replace("{aligned}", "{align*}").replace("{align}", "{align*}")
    latex = re.sub(FUNCTION, r"\1\\,", latex)  # a thin space, as TeX sets it: log p
    root = ElementTree.fromstring(latex2mathml.converter.convert(latex, display=display))
    text = "".join(root.itertext())
    if "\\" in text or "&" in text:
        raise ValueError(f"this formula has a part that latex2mathml does not know: {latex}")
    if missing := set(text) - LETTERS - {" "}:
        raise ValueError(f"add {''.join(missing)!r} to LETTERS in formulae.py for: {latex}")
    for script in root.iter():  # no space around operators in sub- and superscripts, as in TeX
        if script.tag.removeprefix(MATHML) in SCRIPTS:
            for part in list(script)[1:]:
                for operator in part.iter(MATHML + "mo"):
                    operator.attrib |= {"lspace": "0", "rspace": "0"}
    return ElementTree.tostring(root, encoding="unicode")


def visit_math(self, node, display="inline"):
    try:
        formula = to_mathml(node.astext(), display)
        if display == "block":  # Firefox scrolls no MathML, but the element around it, by keyboard
            self.body.append(f'<div class="math" tabindex="0">{formula}</div>')
        else:
            self.body.append(formula)
    except Exception as error:
        logging.getLogger(__name__).warning(str(error), location=node)
    raise nodes.SkipNode


class Stops(SphinxPostTransform):
    """Keep a formula and the full stop after it on one line."""

    default_priority = 900

    def run(self):
        for formula in list(self.document.findall(nodes.math)):
            parent, place = formula.parent, formula.parent.index(formula)
            text = parent[place + 1] if place + 1 < len(parent) else None
            if isinstance(text, nodes.Text) and (stops := re.match("[.,;:?!)]+", text)):
                whole = nodes.inline("", "", formula, nodes.Text(stops[0]), classes=["whole"])
                parent[place : place + 2] = [whole, nodes.Text(text[stops.end() :])]


def write_font(app):
    """Write a style sheet that contains the STIX Two Math font, cut to the letters of formulae."""
    if app.builder.format != "html":
        return
    options = subset.Options(flavor="woff", hinting=False, layout_features=["ssty", "dtls", "flac"])
    source = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*map(ord, LETTERS), *ITALICS])
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    data = base64.b64encode(buffer.getvalue()).decode()  # inside: Firefox loads no font from file:
    path = Path(app.outdir) / "_static" / "math.css"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"@font-face{{font-family:'STIX Two Math';src:url(data:font/woff;base64,{data})}}"
        "math{font-family:'STIX Two Math',math}",
        encoding="utf-8",
    )


def load_font_where_needed(app, pagename, templatename, context, doctree):
    if doctree and any(
        doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))
    ):
        app.add_css_file("math.css")


def setup(app):
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_math, None),
        block_renderers=(lambda self, node: visit_math(self, node, "block"), None),
    )
    app.add_post_transform(Stops)
    app.connect("builder-inited", write_font)
    app.connect("html-page-context", load_font_where_needed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
