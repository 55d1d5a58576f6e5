"""Words that no resource with an endpoint of its own has in its name [ARM-RESERVED]."""

from __future__ import annotations

import re

from local_azure.errors import bad_request

_WORDS = (
    "ACCESS APP_CODE APP_THEMES APP_DATA APP_GLOBALRESOURCES APP_LOCALRESOURCES APP_WEBREFERENCES APP_BROWSERS AZURE BING "
    "BIZSPARK BIZTALK CORTANA DIRECTX DOTNET DYNAMICS EXCEL EXCHANGE FOREFRONT GROOVE HOLOLENS HYPERV KINECT LYNC MSDN O365 "
    "OFFICE OFFICE365 ONEDRIVE ONENOTE OUTLOOK POWERPOINT SHAREPOINT SKYPE VISIO VISUALSTUDIO WEB.CONFIG XBOX"
)
_RESERVED = re.compile(rf"{'|'.join(map(re.escape, _WORDS.split()))}|.*(MICROSOFT|WINDOWS).*|LOGIN.*", re.IGNORECASE)


def refuse(name: str) -> None:
    """Raise ArmError for a name that is reserved [ARM-RESERVED]."""
    if _RESERVED.fullmatch(name):
        message = f"The resource name '{name}' or a part of the name is a trademarked or reserved word."
        raise bad_request("ReservedResourceName", message)
