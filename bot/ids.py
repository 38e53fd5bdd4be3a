"""Ids of entries and dialogues that code outside the hearing names; `bot.fit` checks that they exist."""

from __future__ import annotations

HUMAN = "human"
"""The entry that asks for a person, and the choice that hands over."""
LOGIN = "login"
"""The dialogue on signing in."""
STEPS = "steps"
"""The entry that holds the nine steps."""
ADDRESS = "system-address"
"""The entry that says where to sign in."""
AFTER = ("collect-certificate", "processing-time")
"""What a plan says of the time after."""
OPENERS = ("initial", "renewal", "change", "reregister", "materials-overview", "review-body-order", "steps")
"""Where most people begin: offered to those who have not written anything yet."""
POPULAR = ("overdue-initial", "contract-pages", "change-in-last-year", "password-reset")
"""What many ask: on the first screen of the web page."""
