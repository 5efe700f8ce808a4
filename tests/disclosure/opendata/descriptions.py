"""Published texts and answers against their JSON Schema, by a validator of other people."""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from disclosure.opendata import schemas


@cache
def _of_kind(kind: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schemas.of_kind(kind), validate_formats=True)


def differences(kind: str, text: str) -> list[str]:
    """Where a published text is not what the description of its kind says."""
    return [_said(error) for error in _of_kind(kind).iter_errors(json.loads(text))]


def faults(value: Any, schema: dict) -> list[str]:
    return [_said(error) for error in jsonschema_rs.validator_for(schema, validate_formats=True).iter_errors(value)]


def _said(error: jsonschema_rs.ValidationError) -> str:
    return f"{'/'.join(map(str, error.instance_path))}: {error.message}"
