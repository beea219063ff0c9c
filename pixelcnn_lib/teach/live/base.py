"""A figure to play with, in three renderings: live in Jupyter, by itself in a page, and still.

Python computes every state; the ES module beside it only picks and draws.
"""

import base64
import html
import io
import json
from pathlib import Path

import anywidget
import traitlets

FOLDER = Path(__file__).parent
EXPORT = "export default { render };\n"


def read(name):
    """Return the text of a file beside this one."""
    return (FOLDER / name).read_text(encoding="utf-8")


def module(name, shared, worker=()):
    """Return the ES module of a figure as text: what all figures share, then its own part.

    worker: the files of the program that the figure runs in a worker, as the constant WORKER.
    Raises ValueError unless it ends with `export default { render };`, which is all it exports.
    """
    text = read(f"{name}.js")
    if not text.endswith(EXPORT) or text.count("export ") > 1:
        raise ValueError(f"{name}.js must end with {EXPORT!r} and export nothing else; add it.")
    beside = f"const WORKER = {to_json(''.join(map(read, worker)))};\n" if worker else ""
    return "".join(map(read, shared)) + beside + text


def to_json(value):
    """Return JSON that is safe inside a page's script: the same bytes for the same value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def to_base64(array):
    """Return a uint8 or boolean array as text for `bytes` and `bits`; booleans become bits."""
    import numpy as np

    packed = np.packbits(array) if array.dtype == bool else array.astype(np.uint8)
    return base64.b64encode(packed.tobytes()).decode()


def style(name):
    """Return a figure's style sheet: what all figures share, then its own, if it has one."""
    return read("live.css") + (read(f"{name}.css") if (FOLDER / f"{name}.css").exists() else "")


class Live(anywidget.AnyWidget):
    """The base of every figure: traits tagged `sync=True` hold its state, which is only JSON.

    A figure sets `title`, `hint` (one line that says what to do) and `heights` (pixels to reserve
    in a wide page and on a phone), and gives `still`, a Matplotlib figure, and `fallback`, plain
    HTML for readers without scripts. Its module, and its style if it has one, have the name of its
    Python file.
    """

    title, hint, heights = "", "", (480, 640)
    shared = ("parts.js",)  # what comes before the figure's own module
    worker = ()  # the files of what runs in a worker
    frame = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "_esm" in vars(cls):  # anywidget has made its own class for one object
            return
        cls.name = cls.__module__.rpartition(".")[2]
        cls._esm = module(cls.name, cls.shared, cls.worker)
        cls._css = style(cls.name)

    @traitlets.default("frame")
    def _frame(self):
        return {"title": self.title, "hint": self.hint, "heights": list(self.heights)}

    def still(self):
        """Return the figure as a still picture."""
        raise NotImplementedError

    def fallback(self):
        """Return the figure as HTML without script and style, such as a table."""
        raise NotImplementedError

    def state(self):
        """Return all that the module may read: {name: JSON}."""
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {name: getattr(self, name) for name in sorted(own) if not name.startswith("_")}

    def to_html(self):
        """Return the whole figure as HTML that needs no other file; the same on every machine."""
        wide, narrow = self.heights
        script = module(self.name, self.shared, self.worker).removesuffix(EXPORT) + read("boot.js")
        return (
            f"<style>{style(self.name)}</style>\n"
            f'<div class="opat" data-live="{self.name}" style="--wide:{wide}px;'
            f'--narrow:{narrow}px">\n<p><strong>{html.escape(self.title)}</strong></p>\n'
            f"{self.fallback()}\n</div>\n"
            f'<script type="module">\n{script}'
            f"bring({to_json(self.name)}, {to_json(self.state())});\n</script>"
        )

    def to_png(self):
        """Return the still picture as base64 text."""
        import matplotlib.pyplot as plt

        figure, buffer = self.still(), io.BytesIO()
        figure.savefig(buffer, format="png")
        plt.close(figure)
        return base64.b64encode(buffer.getvalue()).decode()

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)  # metadata: Colab's widget manager
        data |= {
            "text/html": self.to_html(),
            "image/png": self.to_png(),
            "text/plain": f"{type(self).__name__}: {self.title}",
        }
        return data, metadata

    def _ipython_display_(self, **options):
        """Leave the display to `_repr_mimebundle_`, which ipywidgets 7 would bypass."""
        raise NotImplementedError
