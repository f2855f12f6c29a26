"""OpenAPI knows a schema by its bare name: two rooms that use one name for two shapes would overwrite each other."""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

from ninja import Schema

import senet


def test_no_two_shapes_share_a_name() -> None:
    shapes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for path in Path(senet.__file__).parent.glob("*/schemas.py"):
        room = path.parent.name
        for found in vars(import_module(f"senet.{room}.schemas")).values():
            if isinstance(found, type) and issubclass(found, Schema) and found.__module__.startswith(f"senet.{room}."):
                shapes[found.__name__][room] = found.model_json_schema().get("properties")
    clashes = {name: sorted(rooms) for name, rooms in shapes.items() if len({str(each) for each in rooms.values()}) > 1}
    assert clashes == {}
