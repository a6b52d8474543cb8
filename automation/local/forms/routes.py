"""Which path of the Forms API is answered by what."""

from __future__ import annotations

from typing import Final

from automation.local.forms import forms, responses
from automation.local.forms import shapes as s
from automation.local.messages import BOOL, INT, TEXT
from automation.local.route import make_route

FORMS: Final = "forms.googleapis.com"
_ALL: Final = "/v1/forms"
_ONE: Final = _ALL + "/(?P<form>[^/:]+)"
_PAGE: Final = {"filter": TEXT, "pageSize": INT, "pageToken": TEXT}

FORMS_ROUTES: Final = (
    make_route(
        "POST", FORMS, _ALL, forms.create, {"unpublished": BOOL}, s.FORM, s.FORM, writes=True
    ),
    make_route("GET", FORMS, _ONE, forms.get, {}, None, s.FORM),
    make_route(
        "POST", FORMS, f"{_ONE}:batchUpdate", forms.batch_update, {}, s.UPDATE, None, writes=True
    ),
    make_route(
        "POST",
        FORMS,
        f"{_ONE}:setPublishSettings",
        forms.set_publish_settings,
        {},
        s.PUBLISH,
        None,
        writes=True,
    ),
    make_route(
        "GET", FORMS, f"{_ONE}/responses", responses.list_responses, {**_PAGE}, None, s.RESPONSES
    ),
    make_route(
        "GET",
        FORMS,
        f"{_ONE}/responses/(?P<response>[^/]+)",
        responses.get,
        {},
        None,
        s.FORM_RESPONSE,
    ),
)
