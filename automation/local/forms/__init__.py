"""Forms v1: a form, its items and its answers; linked to a spreadsheet, each answer is a row there.

Google's API can neither link a form nor send an answer: `link_form` and `answer_form` are what an
organiser does in the editor, and a participant on the page. Watches are not offered.
"""

from automation.local.forms.answering import answer_form, link_form

__all__ = ["answer_form", "link_form"]
