"""What rows of curated tables may say: columns that name things of the shared tables, and closed lists of values."""

from typing import Final

ENTITIES: Final = {
    "programme": "programme",
    "programmes": "programme",
    "phase_of": "programme",
    "organization": "organization",
    "organizations": "organization",
    "cooperators": "organization",
    "counterparts": "organization",
    "tasked_by": "organization",
    "held_by": "organization",
    "post": "organization",
    "instrument": "instrument",
    "instruments": "instrument",
    "produced": "instrument",
    "states": "state",
    "regions": "region",
}
# Columns that say what kind of thing they name: kind/id.
THINGS: Final = ("about", "post_of", "entity")
DATES: Final = ("since", "ended", "date", "as_of")
# Columns in our own words, and how many they may have.
OWN_WORDS: Final = {"task": 15, "what": 15, "subject": 15, "others": 8, "served": 8, "measure": 8}
# What must be said for a row to say anything.
NEEDED: Final = {
    "mandate": ("organization", "task"),
    "programme_listing": ("programme", "name", "progress"),
    "participation": ("programme", "organization", "role", "progress"),
    "cooperation": ("pattern", "relation", "cooperators", "progress"),
    "citation": ("instrument", "organization", "use", "progress"),
    "quantity": ("about", "measure", "value", "unit", "qualifier"),
    "event": ("about", "kind_of_event", "what"),
    "post": ("post_role", "post_of"),
    "activity": ("organizations", "what", "kind_of_activity", "progress"),
    "designation": ("entity", "name"),
    "reference": ("phrase", "entity"),
}
SYMMETRIC: Final = frozenset(
    {"works-with", "partners-on", "implements-with", "co-leads", "co-organizes", "signed-with", "launched"}
)
VALUES: Final = {
    "role": (
        *("lead", "initiator", "manager", "coordinator", "secretariat", "host", "implementing_partner", "partner"),
        *("member", "contributor", "supporter", "funder", "beneficiary", "user", "planned"),
    ),
    "progress": ("done", "ongoing", "planned"),
    "pattern": ("hub", "joint", "directed"),
    "relation": (
        *("works-with", "partners-on", "implements-with", "co-leads", "leads", "chairs", "coordinates"),
        *("secretariat-of", "member-of", "governing-body-of", "hosts", "manages", "funds", "supports-or-advises"),
        *("contributes-to", "engages-with", "mandates", "requests", "reports-to", "co-organizes", "launched"),
        *("signed-with", "liaison-at", "guardian-of", "established", "uses", "monitors", "invites", "appoints"),
    ),
    "use": (
        *("cites", "published", "adopted", "drafted", "monitors", "guardian", "implements", "promotes", "uses"),
        *("requested_by", "contributed", "established_by"),
    ),
    "qualifier": (*("exactly", "over", "more_than", "nearly", "about", "at_least", "up_to", "some", "less_than"),),
    "kind_of_event": (
        *("established", "adopted", "entered_into_force", "launched", "published", "held", "opened", "decided"),
        *("ended", "appointed", "joined", "signed", "expanded", "operation", "other"),
    ),
    "post_role": (
        *("chair", "co_chair", "vice_chair", "representative", "rapporteur", "coordinator", "focal_point", "head"),
        *("expert_group", "working_group", "committee", "unit", "secretariat", "liaison", "board"),
    ),
    "kind_of_activity": (
        *("training", "technical_assistance", "research", "data_collection", "awareness_raising", "advocacy"),
        *("standard_setting", "legislative_support", "monitoring", "coordination", "direct_assistance", "operation"),
        *("information_sharing", "funding", "policy_guidance", "tool_development", "meeting", "reporting"),
        *("prevention", "prosecution_support", "protection"),
    ),
    "themes": (
        *("forced-labour", "child-trafficking", "child-sexual-abuse", "sexual-exploitation", "organ-removal"),
        *("conflict", "terrorism", "migration", "smuggling-of-migrants", "asylum-and-statelessness", "supply-chains"),
        *("recruitment", "victim-protection", "return-and-reintegration", "criminal-justice", "data-and-research"),
        *("gender-equality", "human-rights", "financial-flows", "transport", "peace-operations", "health"),
        *("development", "coordination"),
    ),
    "pillars": ("prevention", "protection", "prosecution", "partnership"),
    "certainty": ("certain", "likely"),
    "problem": ("printed_error", "conflict", "unclear"),
}
