"""Set each line of code as a block, so that on a phone a long line wraps with a hanging indent."""

import re

CODE = re.compile(r"(?s)(<pre>(?:<span></span>|<code>)*)(.*?)(?=(?:</code>)?</pre>)")
TAG = re.compile("<[^>]+>")  # the highlighter ends each tag on the line where it begins
COMMENT = re.compile("(?<=  )# .+")


def in_lines(body):
    """Return a page's HTML, each line of a `pre` in a span that knows its indent."""
    lines = lambda found: "".join(map(set_line, found[2].splitlines(keepends=True)))
    return CODE.sub(lambda found: found[1] + lines(found), body)


def set_line(line):
    text = TAG.sub("", line)
    indent = len(text) - len(text.lstrip(" "))
    style = f' style="--indent: {indent}"' if indent else ""
    if text == line:  # not highlighted, as in a solution
        line = COMMENT.sub(r'<span class="c1">\g<0></span>', line)
    return f'<span class="line"{style}>{line}</span>'


def set_lines(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = in_lines(context["body"])


def setup(app):
    app.connect("html-page-context", set_lines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
