from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "senet.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from senet.audiences.usage import register_finder
        from senet.integrations.usage import register_finder as register_integration_finder
        from senet.journeys.ab_draws import StoredAbTests
        from senet.journeys.ab_tests import register as register_ab_tests
        from senet.journeys.usage import find_journeys_of_audience, find_journeys_of_integration

        register_ab_tests(StoredAbTests())
        register_finder(find_journeys_of_audience)
        register_integration_finder(find_journeys_of_integration)
