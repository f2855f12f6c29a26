from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "senet.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from senet.content.domains.sending import register_sending_domains
        from senet.delivery.domains import records

        register_sending_domains(records)
