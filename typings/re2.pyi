"""What we use of google-re2, which carries no types."""

class error(Exception): ...

class Options:
    max_mem: int
    never_nl: bool
    case_sensitive: bool
    log_errors: bool

class _Regexp:
    def search(self, text: str) -> object | None: ...

def compile(pattern: str, options: Options | None = None) -> _Regexp: ...
