"""The page that describes the API: made from its OpenAPI document, without a script."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from booking.api.errors import open_to_all
from booking.api.routes import api


@open_to_all
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters and answers."""
    schema = api.get_openapi_schema()
    operations = [
        described(method, path, operation, schema["components"]["schemas"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "booking/api_docs.html", {"operations": operations, "schema": schema})


def described(method: str, path: str, operation: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """Return one operation as the page lists it."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("description") or operation.get("summary", ""),
        "parameters": operation.get("parameters", []),
        "body": fields_of(body, shapes),
        "answers": [
            {"status": status, "words": answer.get("description", "")}
            for status, answer in sorted(operation["responses"].items(), key=lambda pair: str(pair[0]))
        ],
    }


def fields_of(reference: dict[str, Any], shapes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a body: name, type, whether it is required."""
    name = reference.get("$ref", "").rsplit("/", 1)[-1]
    shape = shapes.get(name, {})
    needed = set(shape.get("required", []))
    return [
        {"name": key, "type": type_of(value), "required": key in needed}
        for key, value in shape.get("properties", {}).items()
    ]


def type_of(value: dict[str, Any]) -> str:
    """Return a field's type in a word or two."""
    if "anyOf" in value:
        return " / ".join(str(one.get("type", "")) for one in value["anyOf"])
    return str(value.get("type", ""))
