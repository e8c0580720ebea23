"""Names that exist nowhere else: organizations, documents, posts, links. Test data, and made to look like it."""

import random

NOUNS = ("Lantern", "Harbour", "Teapot", "Umbrella", "Marmalade", "Puppet", "Windmill", "Walnut", "Théière", "Bücherei")
ADJECTIVES = ("Invented", "Imaginary", "Northern", "Made-up", "Purple", "Sleepy", "Paper", "Inter-Island")
GROUPS = ("Association", "League", "Conference", "Commission", "Forum", "Dialogue", "Community")
PAPERS = ("Charter", "Action Plan", "Declaration", "Guidelines", "Handbook", "Strategy", "Memorandum", "Protocol")
POSTS = ("Coordinator", "Working Group", "Task Force", "Rapporteur", "Network", "Unit")
PEOPLE = ("Quillon", "Ottoline", "Wilmot", "Bettina", "Désirée", "Ambrose")
FAMILIES = ("Marsh", "Vance Jr.", "Trask", "Oakenfold", "Lumb-Hartley", "van der Sluice")
PATHS = ("report", "action-plan", "guide_lines", "Case_Digest", "en", "2039", "lang--en", "wp-content", "a%20b", "x.d")
HOSTS = ("action-plan", "test", "lamp", "tea-pot")
ENDS = ("index.html", "paper-final.pdf", "x_(test)", "list?a=1&b=A/9", "", "default_en.asp", "topics_503.htm", "c_-d")


def organization(rng: random.Random) -> str:
    first, second = rng.sample(NOUNS, 2)
    return f"{rng.choice(GROUPS)} of {rng.choice(ADJECTIVES)} {first} and {second} States"


def lookalike(rng: random.Random) -> str:
    """Much like one that is known, with its abbreviation; yet another one."""
    return rng.choice((
        "West African Union (AU)", "African Union of Islands (AU)", "American Union (AU)",
        "Council of Europe and Lanterns (COE)", "Economic Community of East African States (ECOWAS)",
        "League of Purple States (LAS)", "Eastern African Development Community (SADC)",
    ))  # fmt: skip


def initials(name: str) -> str:
    """The capitals of a name's words, as an abbreviation."""
    return "".join(word[0] for word in name.split() if word[0].isupper())


def document(rng: random.Random) -> str:
    by = rng.choice(("", "", "Joint ", "Second ", "Test "))
    return f"{by}{rng.choice(NOUNS)} {rng.choice(PAPERS)} on {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} Trade"


def post(rng: random.Random) -> str:
    return f"{rng.choice(ADJECTIVES)} {rng.choice(POSTS)} on {rng.choice(NOUNS)} and {rng.choice(NOUNS)} Affairs"


def link(rng: random.Random) -> str:
    host = f"{rng.choice(HOSTS)}{rng.randrange(1000)}.example.org"
    parts = [rng.choice(PATHS) for _ in range(rng.randrange(6))]
    tail = rng.choice(ENDS)
    path = "/".join(["", *parts, tail]) if parts or tail or rng.random() < 0.5 else ""
    return f"{rng.choice(('http://', 'https://', 'www.'))}{host}{path}"


def caption(rng: random.Random) -> str:
    """The caption of an instrument that no table knows; some look much like one that is known."""
    number = rng.choice((190, 290, 1050, 18, 202))
    return rng.choice((
        "ILO Convention 190, Violence and Harassment",
        f"ILO Convention {number}, {rng.choice(NOUNS)} Workers",
        f"ILO Protocol of {rng.randint(2032, 2041)} to the Forced Labour Convention",
        f"{rng.choice(ADJECTIVES)} Convention on {rng.choice(NOUNS)} Trade",
        f"Optional Protocol to the Convention on the Rights of the {rng.choice(NOUNS)}",
        f"UN Protocol to Prevent, Suppress and Punish {rng.choice(NOUNS)} Smuggling",
        f"Protocol of {rng.randint(2032, 2041)} to ILO Convention 105",
        "ILO Convention 29 Protocol of 2041",
        "ILO Convention 105, Amendment of 2041",
        f"ILO Convention 189 (Amendment of {rng.randint(2032, 2041)})",
    ))  # fmt: skip


def person(rng: random.Random) -> str:
    return f"{rng.choice(PEOPLE)} {rng.choice(('', 'P. '))}{rng.choice(FAMILIES)}"
