"""What we use of Flask-Login, which carries no types; `current_user` is our User."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Flask

from anonmsg.models import User

P = ParamSpec("P")
R = TypeVar("R")
Loader = TypeVar("Loader", bound=Callable[[str], Any])

current_user: User

class UserMixin:
    @property
    def is_authenticated(self) -> bool: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_anonymous(self) -> bool: ...
    def get_id(self) -> str: ...

class LoginManager:
    login_view: str | None
    login_message: str | None
    login_message_category: str
    session_protection: str | None
    def __init__(self, app: Flask | None = None) -> None: ...
    def init_app(self, app: Flask, add_context_processor: bool = True) -> None: ...
    def user_loader(self, callback: Loader) -> Loader: ...
    def unauthorized_handler(self, callback: Callable[P, R]) -> Callable[P, R]: ...

def login_required(func: Callable[P, R]) -> Callable[P, R]: ...
def login_user(user: UserMixin, remember: bool = False) -> bool: ...
def logout_user() -> bool: ...
