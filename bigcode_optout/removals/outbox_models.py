"""Mails that are to leave, or have left."""

from typing import ClassVar

from django.db import models


class OutboxMessage(models.Model):
    """A mail to send. Written with the change it tells of; sent by a task, so that a killed worker loses none.

    It is about a request, or about a statement that is not one yet. A private link in it stands as a mark, and is put
    in when the mail leaves.
    """

    request = models.ForeignKey(
        "removals.RemovalRequest", on_delete=models.CASCADE, null=True, related_name="mails"
    )
    statement = models.ForeignKey(
        "removals.Statement", on_delete=models.CASCADE, null=True, related_name="mails"
    )
    kind = models.CharField(max_length=40)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True)
    attempt_count = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["lease_until"], condition=models.Q(sent_at__isnull=True), name="outbox_unsent"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(request__isnull=False) | models.Q(statement__isnull=False),
                name="mail_is_about_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.request or self.statement}"
