"""The web client speaks of the API in types that were generated from it."""

from tests.house.api_types import GENERATED, generate, only_shapes
from yingke.app.server import openapi_schema


def test_the_generated_types_are_those_of_the_running_code() -> None:
    assert GENERATED.read_text("utf-8") == generate(), "stale: run `make api-types` and commit it"


def test_a_field_called_title_stays_while_prose_goes() -> None:
    shapes = only_shapes(openapi_schema())
    assert "title" in shapes["components"]["schemas"]["SavedReplyView"]["properties"]
    assert "title" not in shapes["components"]["schemas"]["SavedReplyView"]
    assert set(shapes["paths"]["/v1/today"]["get"]["responses"]) == {"200"}
