"""By what somebody can be reached, as far as anybody knows: the shop, the agents, or he himself."""

from dataclasses import dataclass

from yingke.kit.db import Transaction

_CONTACT = """
select k.name, k.email, k.phone, k.no_contact_since, i.is_verified and i.external_id is not null as signed,
  (select coalesce(jsonb_agg(jsonb_build_array(d.kind, d.value) order by d.told_at desc, d.id desc), '[]')
   from identities o join told_details d on d.workspace_id = o.workspace_id and d.identity_id = o.id
   where o.workspace_id = $1 and o.contact_id = k.id) as told
from identities i join contacts k on k.workspace_id = i.workspace_id and k.id = i.contact_id
where i.workspace_id = $1 and i.id = $2
"""


@dataclass(frozen=True, slots=True)
class OnFile:
    """Kind → value, the newest of each; a value of the shop or an agent goes before one that was told."""

    values: dict[str, str]
    is_signed_in: bool
    wants_no_contact: bool

    @property
    def can_be_reached(self) -> bool:
        return any(kind in self.values for kind in ("phone", "wechat", "email"))


async def on_file(tx: Transaction, workspace_id: int, identity_id: int) -> OnFile:
    """Of the contact behind an identity, from all his identities."""
    contact = await tx.fetchrow(_CONTACT, workspace_id, identity_id)
    if contact is None:
        return OnFile({}, False, False)
    values = {kind: contact[kind] for kind in ("phone", "email", "name") if contact[kind]}
    for kind, value in contact["told"]:
        values.setdefault(kind, value)
    return OnFile(values, contact["signed"], contact["no_contact_since"] is not None)
