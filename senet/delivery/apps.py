from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "senet.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from senet.content.domains.owners import register_owner_finder
        from senet.content.domains.signing_keys import register_finder
        from senet.delivery.domains.records import find_owner, find_signing_names

        register_finder(find_signing_names)
        register_owner_finder(find_owner)
