"""The samples in the how-to pages run, and their test vectors are those of the program."""

import base64
import re
import subprocess
from collections.abc import Callable
from typing import Any, cast

import pytest

from tests.house.sizes import ROOT
from yingke.contacts.signed_identity import Claims, check_signature, read_identity_token
from yingke.kit.errors import Problem
from yingke.workspaces.webhook_signature import sign_webhook

SITE_SECRET = "yss_example-site-secret-for-the-documents-0000"
SECRET = "whsec_" + base64.b64encode(b"example-secret-of-32-bytes-long!").decode()
NEW_SECRET = "whsec_" + base64.b64encode(b"the-new-secret-while-rotating-32").decode()
BODY = '{"type":"message_created","created_at":"2026-01-01T08:00:00Z","workspace_id":"1","data":{"text":"几天发货?"}}'
ID, TIMESTAMP = "evt_1001-7", 1767254400


def page(name: str) -> str:
    return (ROOT / "docs/how-to" / name).read_text("utf-8")


def sample(name: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", page(name), re.DOTALL)
    assert found is not None
    return found[1]


def python_of(name: str, function: str) -> Callable[..., Any]:
    space: dict[str, Any] = {}
    exec(sample(name, "python"), space)
    return cast(Callable[..., Any], space[function])


def node(name: str, *expressions: str) -> list[str]:
    lines = [f"console.log(String({one}));" for one in expressions]
    code = sample(name, "js") + "\n" + "\n".join(lines)
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def headers(*secrets: str) -> dict[str, str]:
    signature = sign_webhook(secrets, ID, TIMESTAMP, BODY.encode())
    return {"webhook-id": ID, "webhook-timestamp": str(TIMESTAMP), "webhook-signature": signature}


def test_the_webhook_vectors_are_what_the_program_signs() -> None:
    text = page("webhooks.md")
    for value in (SECRET, NEW_SECRET, BODY, headers(SECRET)["webhook-signature"]):
        assert f"`{value}`" in text
    assert f"`{headers(NEW_SECRET, SECRET)['webhook-signature']}`" in text


@pytest.mark.parametrize(
    ("secret", "given", "body", "late", "wanted"),
    [
        (SECRET, headers(SECRET), BODY, 0, True),
        (SECRET, headers(NEW_SECRET, SECRET), BODY, 0, True),
        (NEW_SECRET, headers(NEW_SECRET, SECRET), BODY, 299, True),
        (NEW_SECRET, headers(SECRET), BODY, 0, False),
        (SECRET, headers(SECRET), BODY + " ", 0, False),
        (SECRET, headers(SECRET), BODY, 301, False),
        (SECRET, headers(SECRET) | {"webhook-timestamp": "soon"}, BODY, 0, False),
        (SECRET, headers(SECRET) | {"webhook-signature": "v1,AAAA v2,x"}, BODY, 0, False),
    ],
)
def test_the_webhook_samples_tell_ours_from_others(
    secret: str, given: dict[str, str], body: str, late: int, wanted: bool
) -> None:
    now = TIMESTAMP + late
    assert python_of("webhooks.md", "is_from_yingke")(secret, given, body.encode(), now) is wanted
    call = f"isFromYingke({secret!r}, {given!r}, {body!r}, {now})"
    assert node("webhooks.md", call) == [str(wanted).lower()]


def test_the_identity_vectors_are_believed_by_the_program() -> None:
    rows = re.findall(r"^\| `([^`]+)`[^|]*\| `([0-9a-f]{64})` \|$", page("identify-customers.md"), re.MULTILINE)
    assert len(rows) == 2
    for external_id, signature in rows:
        assert check_signature(external_id, signature, SITE_SECRET) == Claims(external_id)
        with pytest.raises(Problem):
            check_signature(external_id + "x", signature, SITE_SECRET)


def test_the_identity_samples_make_tokens_that_are_believed() -> None:
    wanted = Claims("customer-1042", name="李雷", level="gold")
    made = python_of("identify-customers.md", "identity_token")(SITE_SECRET, "customer-1042", "李雷")
    [by_node] = node("identify-customers.md", f"identityToken({SITE_SECRET!r}, 'customer-1042', '李雷')")
    for token in (made, by_node):
        assert read_identity_token(token, SITE_SECRET) == wanted
        with pytest.raises(Problem):
            read_identity_token(token, SITE_SECRET + "x")
