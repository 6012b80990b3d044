"""Addresses under which the pictures and files of one workspace open."""

from yingke.conversations.shape_message import AVATAR, LinkFile
from yingke.kit.files import Files
from yingke.kit.secrets import Secrets
from yingke.workspaces.avatar import avatar_url


def link_files(files: Files, secrets: Secrets, workspace_id: int) -> LinkFile:
    """What the shaping functions need: signed links that end soon, and lasting ones for agents' pictures."""

    def link(file_id: int, name: str) -> str:
        if name == AVATAR:
            return avatar_url(secrets, workspace_id, file_id) or ""
        return files.link(workspace_id, file_id, name)

    return link
