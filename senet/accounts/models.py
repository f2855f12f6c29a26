"""Private to this room: the rows behind users, business units and API keys."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from senet.accounts.values import Role


class BusinessUnit(models.Model):
    """A part of the organisation that owns its own records."""

    name = models.TextField(unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        db_table = "business_unit"


class UserManager(BaseUserManager["User"]):
    """Finds users by email, whatever its letters' case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in."""

    email = models.TextField(unique=True)
    name = models.TextField(default="")
    role = models.TextField(choices=[(role.value, role.value) for role in Role], default=Role.VIEWER.value)
    business_unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    session_serial = models.IntegerField(default=0)  # a step ends every session: password, role, unit, deactivation

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        db_table = "senet_user"
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def get_session_auth_hash(self) -> str:
        """What a session must match to stay valid."""
        return salted_hmac(
            "senet.accounts.session", f"{self.password}:{self.session_serial}", algorithm="sha256"
        ).hexdigest()


class ApiKey(models.Model):
    """A program's way in: only the key's digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.TextField()
    prefix = models.TextField()
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"


class SignInAttempts(models.Model):
    """How often signing in to one account, or from one address, failed of late. Names are kept as digests."""

    subject = models.BinaryField(primary_key=True)
    attempts = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "sign_in_attempts"
