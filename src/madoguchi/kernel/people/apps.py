"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Residents, those who act for them, and staff with their sign-in."""

    name = "madoguchi.kernel.people"
    label = "people"
    verbose_name = "住民と職員"

    def ready(self) -> None:
        """Staff of the town may see its photos; sign-in and sign-out leave their marks."""
        from madoguchi.kernel.files import api as files
        from madoguchi.kernel.people import sessions
        from madoguchi.kernel.people.access import staff_may_see

        files.register_guard(staff_may_see)
        sessions.connect()
