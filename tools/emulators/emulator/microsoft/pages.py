"""The pages on which a person signs in, agrees, or enters the code of a device."""

from __future__ import annotations

import json
from html import escape
from typing import Iterable

ENTER_CODE = """<form method="post"><p><label>Code <input name="code"></label></p>
<button name="decision" value="approved">Continue</button>
<button name="decision" value="declined">Cancel</button></form>"""


def page(title: str, body: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'


def sorry(why: str) -> str:
    return page("Sorry, but we are having trouble signing you in", f"<p>{escape(why)}</p>")


def consent(asked: dict[str, str], users: Iterable[str]) -> str:
    options = "".join(f"<option>{escape(user)}</option>" for user in users)
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in asked["scope"].split())
    return page(
        "Permissions requested",
        f"""<form method="post"><ul>{scopes}</ul>
<input type="hidden" name="asked" value="{escape(json.dumps(asked))}">
<p><label>Account <select name="user">{options}</select></label></p>
<button name="decision" value="allow">Accept</button>
<button name="decision" value="deny">Cancel</button></form>""",
    )
