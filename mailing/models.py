"""Every message the shop owes somebody, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One mail. Written in the transaction that causes it; a worker sends it.

    It holds all that the mail says as plain data, so nothing is looked up when it is sent.
    """

    class State(models.TextChoices):
        DUE = "due", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    key = models.CharField(max_length=80, unique=True, help_text=_("What caused it: invoice:1234"))
    kind = models.CharField(_("kind"), max_length=40)  # templates/mailing/<kind>.{txt,html}
    recipient = models.EmailField(_("recipient"))
    language = models.CharField(_("language"), max_length=12, default="en")
    context = models.JSONField(default=dict)
    # [{"path": in private storage, "filename": …, "content_type": …}]
    attachments = models.JSONField(default=list)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    created_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"), null=True)
    # A worker that holds the lease is sending; when it dies the lease runs out and another may.
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    # What was sent, word for word; written at the first attempt and repeated by the others.
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        permissions = [("resend_message", _("Can send a message again"))]
        indexes = [
            models.Index(
                fields=["due_at"], name="messages_waiting", condition=models.Q(state="due")
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"
