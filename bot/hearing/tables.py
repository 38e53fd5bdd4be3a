"""What a concept named, or a fact known, implies for what is asked; ids of vocabulary, entries and dialogues."""

from __future__ import annotations

SURE = 0.9
"""From here on a reading of the words alone is not doubted."""
LIKELY = 0.15
"""From here on an entry that stands next to the one just said is taken, in few words that are not clear."""
LEANING = 40
"""Units up to which a message may lean on the turn before."""
PLACE = "review-body"
ALL_PLACES = "review-body-order"
PLACE_OF = {
    ("business", "construction"): "review-body-construction",
    ("business", "transport"): "review-body-transport",
    ("employer", "central"): "review-body-group",
    ("employer", "ministry"): "review-body-institution",
    ("business", "coal"): "review-body-coal",
    ("employer", "other"): "review-body-province",
}
"""Fact known -> the entry on the review body it leads to, in the published order of precedence (notes, 3)."""
PLACES = frozenset({"construction", "transport", "coal", "central-enterprise", "institution"})
IMPLIED = {
    "employer-change": "变更",
    "new-employer": "变更",
    "rename": "变更",
    "same-employer": "延续",
    "soon-expiring": "延续",
}
"""Concept named -> the registration it implies where none is named, in a word on what was asked before."""
INSTEAD = {entry: (fact, ALL_PLACES) for fact, entry in PLACE_OF.items()} | {
    "login-before-2012": (("registered", "before"), "first-login"),
}
"""The entry for those of whom a fact holds -> the fact, and what is said to those of whom something else is known."""
TOPICS = frozenset(
    (
        *("materials", "review-body", "review-list", "form", "seal", "contract-pages", "holding-photo", "portrait"),
        *("photo-tool", "performance-statement", "deadline", "processing-time", "progress", "address", "manual"),
        *("steps", "begin-button", "password", "collect-certificate", "conditions"),
        *("education", "education-hours", "education-proof"),
    )
)
"""Concepts that one names to ask about them."""
OVERDUE = "逾期初始"
FIRST = ("初始", OVERDUE)
AFTER_EXPIRY = "重新"
COMBINED = "变更并同时延续"
"""The change that carries the renewal along: of what is not said of it, what is said of a change holds."""
LAPSED = dict.fromkeys(FIRST, OVERDUE) | dict.fromkeys(("延续", "变更", COMBINED, AFTER_EXPIRY), AFTER_EXPIRY)
"""Registration spoken of -> the one it becomes where its time has passed."""
PASSED = frozenset({"expired", "late"})
"""Concepts that say that its time has passed."""
EXPIRING = "ask-expiring"
"""The question back, what is to be done before the end."""
ASK_IN_FORCE = {"materials": "ask-materials"}
"""The same by matter, where it is another."""
EXPIRED = "ask-expired"
"""The question back, which of those it becomes."""
DATED_BY = {EXPIRING: "有效期到{date}", EXPIRED: "有效期到{date}", "ask-certificate": "{date}取得资格证书"}
"""What a date and nothing else says after such a question back."""
BY_TYPE = frozenset({"type", "deadline", "materials"})
"""Matters that differ with the registration."""
REORGANISED, ASK_REORGANISED = "reorganised", "ask-reorganised"
"""The concept of a merger and its like, and the question back, which change it comes to."""
CHANGES = frozenset({"employer-change", "new-employer", "rename", "category"})
"""Concepts that speak of a change."""
RENAMED = "rename"
"""The concept that tells that it is the name."""
CASE = 3
"""Facts from which on a message tells a whole case."""
CASES = PLACES.union(
    ("chemical", "smelting", "metal-mine", "province", "ministry", "validity", "early", "category", "employment")
)
"""Concepts that tell a case and ask nothing."""
OTHERS = "other-person"
"""The concept that names somebody else."""
RUMOUR = "rumour"
"""The concept that says that it is somebody's word."""
WHEN = "q-when"
"""The concept that asks for a time."""
QUIET = ("q-", "type-", "ours", "register", "negation")
"""How concepts begin that add nothing to a word on what was asked before."""
BARE = 14
"""Units up to which a message can be nothing but a case."""
LONG_CASE = 24
"""Units up to which a message can be nothing but where one works."""
OF_THE_CASE = frozenset({"type", "deadline", "validity", "category", "review-body", "rename", "materials"})
"""Matters that the words of a person's case come near to, without asking about them."""
EDUCATION = "education-required"
ASK_CHANGE = "ask-change-what"
"""The question back, which change it is."""
NO_CERTIFICATE, CONDITIONS = "no-certificate", "conditions"
TYPES = "registration-types"
OVERVIEWS = ("materials-overview", "review-body-order", TYPES)
"""Answers about every case, said of one where it is known which."""
