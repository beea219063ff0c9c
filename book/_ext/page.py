"""What the theme's pages lack: a description, a smaller size, and accessibility."""

import html
import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pydata_sphinx_theme
from docutils import nodes

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
UNUSED = ["thebe", "togglebutton", "toggleHint", "toggleOpen", "design-tabs", "sphinx-design"]
WHOLE = "one-pixel-at-a-time.pdf"  # tools/pdf.py makes it, and shows the link to it
CARD = "Small pictures drawn value by value, beside the words One Pixel at a Time"
HEAD = """
<meta name="description" content="{description}" />
<meta property="og:description" content="{description}" />
<meta property="og:title" content="{title}" />
<meta property="og:site_name" content="{project}" />
<meta property="og:type" content="article" />
<meta name="color-scheme" content="light dark" />
<link rel="alternate icon" type="image/png" sizes="32x32" href="{static}/icon-32.png" />
<link rel="apple-touch-icon" href="{static}/icon-180.png" />
"""
SHARED = """<meta property="og:url" content="{address}" />
<meta property="og:image" content="{base}_static/card.png" />
<meta property="og:image:width" content="1200" />
<meta property="og:image:height" content="630" />
<meta property="og:image:alt" content="{card}" />
<meta name="twitter:card" content="summary_large_image" />
"""
MENDED = [  # (what the theme writes, what a page has instead), each with its reason
    # without JavaScript "auto" is neither light nor dark; with it, the next script sets the theme
    (r'(<html[^>]*) data-theme="auto"', r'\1 data-theme="light"'),
    # 1.5 MB to draw twenty icons: `draw_icon` has drawn them
    (r"<script[^>]*fontawesome\.js[^>]*></script>", ""),
    # the index of all words, which only the page "Search" reads
    (
        r'<script src="\.\./(?:_static/)?(?:searchtools|language_data|searchindex)\.js"></script>',
        "",
    ),
    (r'<meta name="viewport" [^>]*initial-scale=1"\s*/>', ""),  # written three times
    # a bar that repeats the buttons below it; hidden, because the menus listen to its buttons
    (
        r'(?s)<header id="pst-header".*?</header>',
        '<header id="pst-header" class="bd-header" hidden></header>',
    ),
    # the logo lies outside every landmark
    (
        r'<div id="pst-primary-sidebar"',
        r'<div role="complementary" aria-label="Book" id="pst-primary-sidebar"',
    ),
    # an empty header becomes a cell
    (r'<th class="([^"]*)"><p></p></th>', r'<td class="\1"></td>'),
    # scripts of the head wait for the page's text, except the one that lines in the head use
    (r'<script src="(?![^"]*documentation_options)', r'<script defer src="'),
    # a style sheet that only imports another one delays the page
    (
        r'<link href="([^"]*)styles/theme\.css[^"]*" rel="stylesheet" />',
        r'<link href="\1basic.css" rel="stylesheet" />',
    ),
    # no line begins with the full stop after a formula
    (
        r'(?s)(?<!"whole">)(<math [^>]*display="inline"(?:(?!</math>).)*</math>[.,;:?!)]+)',
        r'<span class="whole">\1</span>',
    ),
    # the first page's title would name the book twice
    (r"<title>(.+?) &#8212; \1</title>", r"<title>\1</title>"),
    # the button "Download" opens the notebook's text
    (r'(<a href="[^"]*/_sources/[^"]*") target="_blank"', r"\1 download"),
    # a list whose items have a role that ARIA no longer has
    (r'role="doc-biblioentry"', 'role="listitem"'),
    # tables and code that scroll sideways can be reached and scrolled by keyboard
    (
        r'<div class="pst-scrollable-table-container">',
        r'<div class="pst-scrollable-table-container" tabindex="0">',
    ),
]


def find_address(app, config):
    """Set the book's name, and the pages' address, derived from the repository's address.

    Without a repository's address, pages have no buttons that lead there or to Colab.
    """
    config.project = config.html_title
    options = config.html_theme_options
    options["repository_url"] = os.environ.get("PIXELCNN_REPO", options["repository_url"])
    for button in ("use_repository_button", "use_issues_button", "use_edit_page_button"):
        options[button] = bool(options["repository_url"])
    if not options["repository_url"]:
        options["launch_buttons"] = {}
    owner = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+)/?", options["repository_url"])
    if owner and not config.html_baseurl:
        config.html_baseurl = f"https://{owner[1].lower()}.github.io/{owner[2]}/"


def describe(doctree, title):
    """Return at most 160 characters: the page's own description, or its first words."""
    if doctree is None:
        return (
            f"{title}: a page of the book that builds PixelCNN, from the mask to the drawn picture."
        )
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return meta["content"]
    text = " ".join(next(doctree.findall(nodes.paragraph)).astext().split())
    return text if len(text) <= 160 else text[:159].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def mend_head(app, pagename, templatename, context, doctree):
    """Add a description and a card; remove the styles and scripts that no page uses."""
    context["default_mode"] = "auto"
    for kind in ("css_files", "script_files"):
        context[kind] = [one for one in context[kind] if not any(u in str(one) for u in UNUSED)]
    metatags = re.sub(r'<meta[^>]*name="description"[^>]*>', "", context.get("metatags") or "")
    title = re.sub("<[^>]*>", "", context.get("title") or app.config.project)
    head = HEAD + (SHARED if app.config.html_baseurl else "")
    context["metatags"] = metatags + head.format(
        description=html.escape(describe(doctree, title)),
        title=title,
        project=html.escape(app.config.project),
        static=context["pathto"]("_static", 1),
        address=context["pageurl"],
        base=app.config.html_baseurl,
        card=CARD,
    )


def end_page(app, pagename, templatename, context, doctree):
    """Add to a page's end: its last change, how to cite the book, and a link to the PDF."""
    if doctree:
        context["last_updated"] = last_changed(app.env.doc2path(pagename))
    cite = context["pathto"]("book/references").removesuffix("#") + "#how-to-cite"
    whole = context["pathto"](WHOLE, 1)
    context["theme_extra_footer"] += (
        f' <a href="{cite}">How to cite this book</a>.'
        f'<!--whole-book  <a href="{whole}">The whole book as a PDF</a>.-->'
    )


def last_changed(path):
    """Return the date of a file's last commit, such as 26 November 2026; None if unknown."""
    command = ["git", "log", "-1", "--format=%cs", "--", path]
    try:
        run = subprocess.run(command, cwd=Path(path).parent, capture_output=True, text=True)
    except FileNotFoundError:  # no git
        return None
    if not (day := run.stdout.strip()):
        return None
    day = date.fromisoformat(day)
    return f"{day.day} {day:%B %Y}"


def write_sitemap(app, error):
    """Write the addresses of all pages, for search engines, if the book's address is known."""
    base = app.config.html_baseurl
    if error or app.builder.format != "html" or not base:
        return
    pages = sorted(app.env.found_docs)
    listed = "".join(
        f"<url><loc>{base}{app.builder.get_target_uri(one)}</loc></url>" for one in pages
    )
    kind = "http://www.sitemaps.org/schemas/sitemap/0.9"
    sitemap = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{kind}">{listed}</urlset>'
    (Path(app.outdir) / "sitemap.xml").write_text(sitemap, encoding="utf-8")


def draw_icon(match, icons):
    """Draw now an icon that Font Awesome's script would draw in the reader's browser."""
    tag, classes, rest = match.groups()
    names = [one[3:] for one in classes.split() if one.startswith("fa-") and one[3:] in icons]
    if not names:
        return match[0]
    width, height, path = icons[names[0]]
    title = re.search('title="([^"]*)"', rest)
    title = f"<title>{title[1]}</title>" if title else ""
    rest = re.sub('title="[^"]*"', "", rest)
    return (
        f'<svg class="svg-inline--fa {classes}" {rest} aria-hidden="true" '
        f'viewBox="0 0 {width} {height}">{title}<path fill="currentColor" d="{path}"/></svg>'
    )


def mend_files(app, error):
    """Fix the written files: the theme's mistakes, its icons, and its style sheet's glyphs."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    script = (THEME / "scripts" / "fontawesome.js").read_text(encoding="utf-8")
    drawn = r'[{,]"?([a-z][a-z0-9-]*)"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"\]'
    icons = {name: rest for name, *rest in re.findall(drawn, script)}
    for path in out.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        for theme, ours in MENDED:
            page = re.sub(theme, ours, page)
        page = re.sub(
            r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)>\s*</\1>',
            lambda match: draw_icon(match, icons),
            page,
        )
        path.write_text(page, encoding="utf-8")
    style = out / "_static" / "styles" / "pydata-sphinx-theme.css"
    glyphs = r"(?:\.fa-[\w-]+:before,?)+\{content:[^}]*\}|@font-face\{[^}]*fontawesome[^}]*\}"
    style.write_text(re.sub(glyphs, "", style.read_text(encoding="utf-8")), encoding="utf-8")
    home = {"project": app.config.project, "base": app.config.html_baseurl, "card": CARD}
    for name in ("index.html", "404.html"):
        page = (Path(__file__).parent / name).read_text(encoding="utf-8")
        (out / name).write_text(app.builder.templates.render_string(page, home), encoding="utf-8")


def setup(app):
    app.connect("config-inited", find_address, priority=900)
    app.connect("html-page-context", mend_head, priority=900)
    app.connect("html-page-context", end_page)
    app.connect("build-finished", mend_files)
    app.connect("build-finished", write_sitemap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
