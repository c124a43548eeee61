"""Who has a login today, as GitHub said: what tells a former login from one that changed hands."""

from django.db import models


class LoginFact(models.Model):
    """Whom GitHub last named under a login. Read again before every judgement; forgotten after 30 days."""

    login_key = models.CharField(max_length=100, unique=True, help_text="The login, folded.")
    account_id = models.BigIntegerField(null=True, help_text="Null: nobody has the login.")
    account_created_at = models.DateTimeField(null=True)
    learned_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.login_key}: {self.account_id or 'nobody'}"
