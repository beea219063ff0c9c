"""What a page says of itself, and the buttons that depend on the repository's address."""

import os
import re

from docutils import nodes

CARD = "Small faces that a network has drawn, below the words One Pixel at a Time"
UNUSED = ["thebe", "togglebutton", "toggleHint", "toggleOpen", "sphinx-design", "design-tabs"]
FIGURE_SCRIPT = re.compile(r'(?s)<script type="module">.*?</script>')


def drop_buttons(app, config):
    """Without the repository's address, no button leads there."""
    options = config.html_theme_options
    for button in ("use_repository_button", "use_issues_button", "use_edit_page_button"):
        options[button] = bool(options["repository_url"])
    if not options["repository_url"]:
        options["launch_buttons"] = {}


def describe(doctree):
    """Return at most 160 characters: the page's own description, or its first words."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return meta["content"]
    text = " ".join(next(doctree.findall(nodes.paragraph)).astext().split())
    return text if len(text) <= 160 else text[:159].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def add_to_context(app, pagename, templatename, context, doctree):
    """Give the templates what they show, without what no page uses (Thebe's scripts even fail).

    The scripts of figures come last, so that the text does not wait for them.
    """
    for kind in ("css_files", "script_files"):
        context[kind] = [one for one in context[kind] if not any(u in str(one) for u in UNUSED)]
    context["default_mode"] = "light"  # without scripts; with scripts, layout.html sets "auto"
    context["base"], context["card"] = app.config.html_baseurl, CARD
    context["whole_book"] = app.config.whole_book
    if doctree:
        context["description"] = describe(doctree)
        context["metatags"] = re.sub('<meta[^>]*"description"[^>]*>', "", context["metatags"])
        # a fold's own words say more than its label
        body = context["body"].replace(' aria-label="Toggle hidden content"', "")
        scripts = FIGURE_SCRIPT.findall(body)
        context["body"] = FIGURE_SCRIPT.sub("", body) + "\n".join(scripts)


def setup(app):
    # `make pdf` sets the variable, so that all pages link to the file that it makes
    app.add_config_value("whole_book", os.environ.get("WHOLE_BOOK", ""), "html")
    app.connect("config-inited", drop_buttons, priority=900)
    app.connect("html-page-context", add_to_context, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
