"""What the sources must not do: run text as code, start a shell, unpack objects, guess secrets."""

import ast

CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen"),
    *("pickle.load", "pickle.loads", "marshal.load", "marshal.loads", "shelve.open"),
    *("yaml.load", "tempfile.mktemp", "mark_safe"),
    *("hashlib.md5", "hashlib.sha1", "hashlib.new"),
}
ALLOWED = {
    ("src/madoguchi/ui/words.py", "mark_safe"),  # escapes first
    ("src/madoguchi/ui/templatetags/ui.py", "mark_safe"),  # escapes first
}


def name_of(node: ast.expr) -> str:
    """``a.b`` of a call to ``a.b(...)``."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def sources(texts: dict[str, str]) -> dict[str, ast.Module]:
    """The package's modules."""
    return {
        name: ast.parse(text)
        for name, text in texts.items()
        if name.startswith("src/") and name.endswith(".py")
    }


def test_no_text_becomes_code_and_no_object_comes_from_outside(texts: dict[str, str]) -> None:
    found = {
        (name, name_of(node.func))
        for name, tree in sources(texts).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) in CALLS
    }
    assert found <= ALLOWED


def test_other_programs_are_started_without_a_shell(texts: dict[str, str]) -> None:
    shells = [
        f"{name}:{node.lineno}"
        for name, tree in sources(texts).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(
            word.arg == "shell"
            and not (isinstance(word.value, ast.Constant) and not word.value.value)
            for word in node.keywords
        )
    ]
    assert not shells


def test_sql_is_never_put_together_from_words(texts: dict[str, str]) -> None:
    """``raw`` and ``extra`` are not used; ``execute`` takes a constant, or stands in the guards."""
    loose = [
        f"{name}:{node.lineno}"
        for name, tree in sources(texts).items()
        if "/kernel/store/" not in name and "/operation/" not in name
        if "/migrations/" not in name and not name.endswith("kernel/towns/guards.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in {"raw", "extra"}
            or (
                node.func.attr in {"execute", "executemany"}
                and node.args
                and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            )
        )
    ]
    assert not loose


def test_what_must_not_be_guessed_is_not_made_by_random(texts: dict[str, str]) -> None:
    """``random`` serves jitter alone, where it is handed in."""
    users = {
        name
        for name, tree in sources(texts).items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(a.name == "random" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "random")
    }
    secret = {name for name in users if "token" in texts[name] or "secrets" in texts[name]}
    assert not secret


def test_scripts_write_text_and_never_markup(texts: dict[str, str]) -> None:
    """The one exception draws a part of a page that this server made."""
    writers = {
        name
        for name, text in texts.items()
        if name.startswith("src/") and name.endswith((".js", ".mjs"))
        if any(word in text for word in ("eval(", "new Function", "document.write", "outerHTML ="))
    }
    assert not writers


def test_patterns_are_not_made_of_words(texts: dict[str, str]) -> None:
    """A pattern that a function puts together escapes its parts, or takes constants alone.

    The table of English cues is written through a function, with constants of its own file.
    """
    loose = [
        f"{name}:{node.lineno}"
        for name, tree in sources(texts).items()
        if not name.endswith("engine/english/cues.py")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and name_of(node.func) in {"re.compile", "re.search", "re.match", "re.sub", "re.findall"}
        and isinstance(node.args[0], ast.JoinedStr)
        for part in node.args[0].values
        if isinstance(part, ast.FormattedValue)
        and not (isinstance(part.value, ast.Name) and part.value.id.strip("_").isupper())
        and "escape" not in ast.unparse(part.value)
    ]
    assert not loose
