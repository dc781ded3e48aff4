"""What can go wrong on residents' pages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jiujin.registry.errors import RegistryError


class IdNumberHeld(RegistryError):
    """An identity number that the registry has already; whose it is, is for an officer to find out."""

    def __init__(self) -> None:
        super().__init__(
            _("这个身份证号要请工作人员核对后才能用，没有保存。请先不填身份证号，或带身份证到社区窗口办理。")
        )
