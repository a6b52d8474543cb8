"""Forms v1: a form, its items and its answers; linked to a spreadsheet, each answer is a row there.

Google's API can neither link a form nor send or delete an answer: `link_form` and `delete_answer` are
what an organiser does in the editor, `answer_form` what a participant does on the page. Watches are not
offered.
"""

from automation.local.forms.answering import answer_form, delete_answer, link_form

__all__ = ["answer_form", "delete_answer", "link_form"]
