"""What Jupyter Book's pages need besides: formulae without a script, and no console error."""

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
# Latin, Greek, punctuation, letterlike, arrows, operators, brackets, mathematical letters
GLYPHS = [(0x20, 0xFF), (0x391, 0x3F5), (0x2010, 0x203F), (0x2100, 0x213F), (0x2190, 0x22FF)]
GLYPHS += [(0x2308, 0x230B), (0x23DC, 0x23E1), (0x27E6, 0x27EB), (0x1D400, 0x1D467)]
GLYPHS += [(0x1D538, 0x1D56B), (0x1D6A4, 0x1D71B)]
# log, ln or exp, its index, and then no bracket
FUNCTION = r"(\\(?:log|ln|exp)(?:_(?:\w|{[^}]*}))?)(?= *[\w\\])(?! *\\(?:left|[bB]ig))"
ElementTree.register_namespace("", MATHML[1:-1])


def to_mathml(latex, display):
    """LaTeX to a MathML string; display is "inline" or "block". ValueError: an unknown command."""
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
        self.body.append(to_mathml(node.astext(), display))
    except Exception as error:
        logging.getLogger(__name__).warning(str(error), location=node)
    raise nodes.SkipNode


def font_css():
    """The STIX Two Math font, cut to GLYPHS, as a style sheet that holds it."""
    options = subset.Options(flavor="woff", hinting=False, layout_features=["ssty", "dtls", "flac"])
    source = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in GLYPHS for c in range(first, last + 1)])
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        f"@font-face{{font-family:'STIX Two Math';src:url(data:font/woff;base64,{data})}}"
        "math{font-family:'STIX Two Math',math}"
    )


def add_font(app):
    folder = Path(app.doctreedir) / "static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "math.css").write_text(font_css())
    app.config.html_static_path.append(str(folder))
    app.add_css_file("math.css")


def mend_page(app, pagename, templatename, context, doctree):
    """No Thebe, whose script is written twice and fails; and a theme mode that is valid."""
    context["script_files"] = [s for s in context["script_files"] if "thebe" not in str(s).lower()]
    context["default_mode"] = "auto"


def setup(app):
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_math, None),
        block_renderers=(lambda self, node: visit_math(self, node, "block"), None),
    )
    app.connect("builder-inited", add_font)
    app.connect("html-page-context", mend_page, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
