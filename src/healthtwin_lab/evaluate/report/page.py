"""A report as one HTML file that needs nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from healthtwin_lab.evaluate.report.document import Document

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ document.title }} · healthtwin</title>
<style>
:root { color-scheme: light dark; --line: #8884; --quiet: #666; }
@media (prefers-color-scheme: dark) { :root { --quiet: #aaa; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
dl { display: grid; grid-template-columns: fit-content(45%) 1fr; gap: .1rem 1rem; color: var(--quiet);
  font-size: .85rem; }
dt, dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin-bottom: 1.5rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
figure { margin: 1.5rem 0; }
figure svg { max-width: 100%; height: auto; background: #fff; }
figcaption { color: var(--quiet); font-size: .9rem; }
</style>
</head>
<body>
<h1>{{ document.title }}</h1>
<dl>{% for name, value in document.made_by %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{% for section in document.sections %}
<h2>{{ section.title }}</h2>
{% for sentence in section.sentences %}<p>{{ sentence }}</p>
{% endfor %}
{% for table in section.tables %}
<div class="wide"><table>
<thead><tr>{% for cell in table.head %}<th scope="col">{{ cell }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table></div>
{% endfor %}
{% for picture in section.pictures %}
<figure role="group">{{ picture.svg | safe }}<figcaption>{{ picture.caption }}</figcaption></figure>
{% endfor %}
{% endfor %}
<p>Research and wellness software, not a medical device. These figures hold for the data named above.</p>
</body>
</html>
"""


def as_html(document: Document) -> str:
    """The report as HTML, its pictures inside it."""
    from jinja2 import Environment

    # The text comes from our own reports; it is escaped all the same, only the drawings are not.
    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)
    return page.render(document=document) + "\n"
