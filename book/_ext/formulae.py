"""Formulae without a script: LaTeX becomes MathML, in a font cut to the letters in use."""

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import latex2mathml.converter
import ziamath
from docutils import nodes
from fontTools import subset
from sphinx.util import logging

MATHML = "{http://www.w3.org/1998/Math/MathML}"
SCRIPTS = ["msub", "msup", "msubsup", "munder", "mover", "munderover"]
ITALICS = {"A": 0x1D434, "a": 0x1D44E, "α": 0x1D6FC}  # of the first letters of three alphabets
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
    for script in root.iter():  # no space around operators in sub- and superscripts, as in TeX
        if script.tag.removeprefix(MATHML) in SCRIPTS:
            for part in list(script)[1:]:
                for operator in part.iter(MATHML + "mo"):
                    operator.attrib |= {"lspace": "0", "rspace": "0"}
    return ElementTree.tostring(root, encoding="unicode")


def visit_math(self, node, display="inline"):
    try:
        formula = to_mathml(node.astext(), display)
        if (
            display == "block"
        ):  # in an element that scrolls, by keyboard too: Firefox scrolls no MathML
            formula = f'<div class="math" tabindex="0">{formula}</div>'
        self.body.append(formula)
    except Exception as error:
        logging.getLogger(__name__).warning(str(error), location=node)
    raise nodes.SkipNode


def italic(letter):
    """Return the code of a letter's italic form, which a browser uses for single letters."""
    if letter == "h":
        return 0x210E  # Planck's constant
    first = next((one for one in "αaA" if one <= letter <= chr(ord(one) + 25)), letter)
    return ITALICS.get(first, ord(first)) + ord(letter) - ord(first)


def letters_of(formulae):
    """Return the letters of formulae in HTML, with the root sign, which no text contains."""
    letters = set(re.sub("<[^>]*>", "", formulae))
    return letters | {"√"} if re.search("<m(sqrt|root)", formulae) else letters


def font_css(letters):
    """Return a style sheet that contains the STIX Two Math font, cut to these letters."""
    options = subset.Options(flavor="woff", hinting=False, layout_features=["ssty", "dtls", "flac"])
    source = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*map(ord, letters), *map(italic, letters)])
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    data = base64.b64encode(buffer.getvalue()).decode()  # inside: Firefox loads no font from file:
    return (
        f"@font-face{{font-family:'STIX Two Math';src:url(data:font/woff;base64,{data})}}"
        "math{font-family:'STIX Two Math',math}"
    )


def write_font(app, error):
    """Cut the font to the formulae of all pages, once the pages are written."""
    if not error and app.builder.format == "html":
        pages = (path.read_text(encoding="utf-8") for path in Path(app.outdir).rglob("*.html"))
        formulae = "".join("".join(re.findall("<math.*?</math>", page, re.S)) for page in pages)
        letters = sorted(letters_of(formulae))
        (Path(app.outdir) / "_static" / "math.css").write_text(font_css(letters), encoding="utf-8")


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
    app.connect("html-page-context", load_font_where_needed)
    app.connect("build-finished", write_font)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
