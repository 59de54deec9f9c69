"""What visitors typed into a message, page by page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_login import current_user, login_required

from anonmsg import answers
from anonmsg.db import number_in

blueprint = Blueprint("answers", __name__, url_prefix="/sites/<key>/messages/<id>/answers")


@blueprint.get("")
@login_required
def index(key: str, id: str) -> str:
    """``?question=`` is one of those that are typed into, else the first; ``?before=`` goes on."""
    site = current_user.site(key)
    message = site.message(id)
    asked = {block.id: block for block in answers.typed(message)}
    question = asked.get(request.args.get("question", ""), next(iter(asked.values()), None))
    before = number_in(request.args.get("before", ""))
    return render_template(
        "messages/answers.html",
        site=site,
        message=message,
        asked=asked.values(),
        question=question,
        page=answers.page(site, message, question.id, before) if question else None,
    )
