"""A question of the kind "what will happen?": the reader predicts, then the answer unfolds.

Its HTML contains every word once, so a page without scripts shows all of it. The module lets the
reader answer, and needs nothing of what the other figures share. A notebook stores its text, which
is the question without the answer; see teach/stored.py.
"""

import html
import re
import textwrap

import anywidget
import traitlets

from pixelcnn_lib.teach.live.base import EXPORT, module, read

WIDTH = 76  # characters of a line of text


class Predict(anywidget.AnyWidget):
    """One question of the chapters.

    question: a `Prediction`. answer: {} or what the reader has predicted: {"choice": a key of
    `question.choices`, "sure": 50, 70 or 90 per cent, "right": bool}. In a page the browser stores
    the answer.
    """

    _esm, _css = module("predict", ()), read("predict.css")

    answer = traitlets.Dict().tag(sync=True)
    page = traitlets.Unicode().tag(sync=True)  # its HTML

    def __init__(self, question, answer):
        self.question = question
        super().__init__(answer=answer, page=self.write(question))

    def __repr__(self):
        """The question and its choices as plain text, for readers of the notebook."""
        asks = textwrap.wrap(f"Predict. {self.question.asks}", WIDTH)
        choices = [
            textwrap.fill(choice, WIDTH, initial_indent="  - ", subsequent_indent="    ")
            for choice in self.question.choices
        ]
        return "\n".join([*asks, *choices, "(Run this cell to answer.)"])

    @staticmethod
    def write(asked):
        """Return the question, its choices and, folded, the answer, as HTML."""
        right = list(asked.choices).index(asked.right)
        replies = [
            f"<strong>{marked(choice)}:</strong> {marked(reply)}"
            for choice, reply in asked.choices.items()
            if reply
        ]
        return (
            f'<div class="opat-predict" data-predict="{asked.id}" data-right="{right}">\n'
            f"<p><strong>Predict.</strong> {marked(asked.asks)}</p>\n"
            f"{listed(map(marked, asked.choices))}\n"
            "<details>\n<summary>Show the answer</summary>\n"
            f"{paragraphs(f'<strong>{marked(asked.right)}.</strong> {marked(asked.why)}')}\n"
            f"{listed(replies)}\n</details>\n</div>"
        )

    def to_html(self):
        """Return the question as HTML that needs no other file; the same bytes on every machine."""
        script = self._esm.removesuffix(EXPORT)
        return (
            f"<style>\n{self._css}</style>\n{self.page}\n"
            f'<script type="module">\n{script}wakeAll();\n</script>'
        )

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)  # metadata: Colab's widget manager
        return data | {"text/html": self.to_html(), "text/plain": repr(self)}, metadata

    _repr_html_ = to_html

    def _ipython_display_(self, **options):
        """Leave the display to `_repr_mimebundle_`, as `base.Live` does."""
        raise NotImplementedError


def marked(text):
    """Return plain text as HTML; text between backticks is code."""
    return re.sub("`(.+?)`", r"<code>\1</code>", html.escape(text, quote=False))


def listed(items):
    """Return texts, HTML, as a list."""
    return "<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>"


def paragraphs(text):
    """Return a text, HTML, in paragraphs: an empty line starts one."""
    return "\n".join(f"<p>{one}</p>" for one in text.split("\n\n"))
