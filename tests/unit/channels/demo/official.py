"""LINE's published descriptions as schemas: the judge of what the stand-in takes and answers."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[3] / "fixtures" / "line"
DATA_HOST = "https://api-data.line.me"


@cache
def description(name: str) -> dict[str, Any]:
    """``messaging-api`` or ``webhook``; a ``type`` chooses the schema that it is mapped to."""
    read: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
    schemas = read["components"]["schemas"]
    for base in [name for name, schema in schemas.items() if "discriminator" in schema]:
        _choose_by_type(schemas, base)
    return read


def _choose_by_type(schemas: dict[str, Any], base: str) -> None:
    """Let ``base`` mean one of its kinds; what the kinds share moves to another name."""
    shared = f"{base}Shared"
    schemas[shared] = schemas[base]
    by = schemas[base]["discriminator"]
    for schema in schemas.values():
        for part in schema.get("allOf", ()):
            if part.get("$ref") == f"#/components/schemas/{base}":
                part["$ref"] = f"#/components/schemas/{shared}"
    schemas[base] = {
        "required": [by["propertyName"]],
        "properties": {by["propertyName"]: {"enum": list(by["mapping"])}},
        "allOf": [
            {
                "if": {"properties": {by["propertyName"]: {"const": kind}}},
                "then": {"$ref": target},
            }
            for kind, target in by["mapping"].items()
        ],
    }


def schema(name: str, *, of: str = "messaging-api") -> Draft202012Validator:
    """A validator for the schema of that name."""
    return Draft202012Validator(
        {
            "$ref": f"#/components/schemas/{name}",
            "components": description(of)["components"],
        }
    )


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The description of a call, or None when there is no such call."""
    fitting = {
        template: operations[method.lower()]
        for template, operations in description("messaging-api")["paths"].items()
        if method.lower() in operations
        and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path.partition("?")[0])
    }
    exact_first = sorted(fitting, key=lambda template: template.count("{"))
    return fitting[exact_first[0]] if fitting else None


def check_answer(method: str, path: str, status: int, answer: object) -> None:
    """Raise ``jsonschema.ValidationError`` for an answer that LINE would not give."""
    call = operation(method, path)
    told = call["responses"].get(str(status), {}) if call else {}
    if status >= 400 or "content" not in told:
        reference = {"$ref": "#/components/schemas/ErrorResponse"} if status >= 400 else {}
    else:
        reference = told["content"]["application/json"]["schema"]
    components = description("messaging-api")["components"]
    Draft202012Validator({**reference, "components": components}).validate(answer)
