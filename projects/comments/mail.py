"""The mail to who was named in a comment."""

from urllib.parse import urljoin

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from projects.comments.inbox import entry, inbox_of
from projects.models import Mention


def mention_mail(mention_id: int, origin: str) -> EmailMessage | None:
    """Made when it is sent, not when the comment is written: what was said stands in no queue, and nothing goes to who
    has read it, lost the project or the comment meanwhile, or has no mail address. `origin` is where the product is
    reached, `https://host/`."""
    mention = Mention.objects.select_related("user").filter(pk=mention_id, read=None).first()
    if mention is None or not mention.user.email or not mention.user.is_active:
        return None
    seen = inbox_of(mention.user).filter(pk=mention_id).first()
    if seen is None:
        return None
    shown = entry(seen)
    context = {**shown, "person": mention.user, "link": urljoin(origin, str(shown["url"]))}
    subject, _, text = render_to_string("mail/mention.txt", context).strip().partition("\n")
    return EmailMessage(" ".join(subject.split())[:200], text.strip() + "\n", to=[mention.user.email])
