"""Components that tell people."""

from modules.notify.email import Email
from modules.notify.slack_webhook import SlackWebhook
from weirflow import Module

module = Module("notify-v1", "0.1.0", [Email, SlackWebhook])
