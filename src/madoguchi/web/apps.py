"""Home pages and the URL map."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The top floor: knows every room, no room knows it."""

    name = "madoguchi.web"
    label = "web"

    def ready(self) -> None:
        """Put the pages of the house into the menus, and the reception at the door for words."""
        from madoguchi.channels import registry
        from madoguchi.kernel.messages import router
        from madoguchi.ui import menu, waiting, warnings
        from madoguchi.web import desk, entries, outage, papers, reception, recipe_parts

        for entry in entries.MENU:
            menu.register(entry)
        waiting.register(desk.waiting)
        warnings.register(outage.in_force)
        papers.register()
        recipe_parts.register()
        registry.collects("outages", outage.watch, outage.LOOK_EVERY_S)
        router.register(reception.Reception())
