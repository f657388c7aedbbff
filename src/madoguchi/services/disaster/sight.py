"""Who may see a photo of a report: its sender's own device."""

from django.http import HttpRequest

from madoguchi.channels.web import device
from madoguchi.kernel.files.data import FileRef
from madoguchi.services.disaster.models import Photo


def may_see(request: HttpRequest, file: FileRef) -> bool | None:
    """True for the device that sent the photo; a photo may show faces and is never made public."""
    key = device.known(request)
    if key is None:
        return None
    own = Photo.objects.filter(
        file_id=file.id, report__contact__channel="web", report__contact__address=key
    )
    return True if own.exists() else None
