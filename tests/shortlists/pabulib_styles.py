"""Files in the styles in which cities publish their ballots; every name and number is invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """A file, and what must be read from it: ideas in order, rows as sets of ids, empty ballots."""

    text: str
    ideas: tuple[str, ...]
    ballots: tuple[frozenset[str], ...]
    empty: int = 0
    adapted: tuple[str, ...] = ("costs",)


def _style(text: str, ideas: str, ballots: str, **more: object) -> Style:
    rows = tuple(frozenset(row.split(",")) for row in ballots.split())
    return Style(text, tuple(ideas.split()), rows, **more)  # type: ignore[arg-type]


WARSAW = _style(
    """META
key;value
description;District PB in Warsaw | Niebyłowo
country;Poland
unit;Warszawa
subunit;Niebyłowo
instance;2023
district;Niebyłowo
num_projects;4
num_votes;6
budget;1519123
vote_type;approval
rule;greedy
date_begin;15.06.2022
date_end;30.06.2022
min_length;1
max_length;15
language;polish
edition;9
comment;#1: a project; #2: another, withdrawn
PROJECTS
project_id;cost;votes;name;category;target;selected;latitude;longitude
1289;28000;3;Zielony ZWM 2.0;urban greenery,environmental protection;children,youth;1;52.2;20.9
76;150000;3;"Ławki; kosze ""przy"" pętli";public space;;1;;
1302;64000;2;Kino "pod chmurką", czyli lato;culture;adults,seniors;0;;
9;11900;1;Psi wybieg;None;None;0;;
VOTES
voter_id;age;sex;voting_method;vote;neighborhood
0;33;F;internet;1289,76;1
1;24;M;internet;76;3
2;61;F;paper;1302,1289,76;
3;None;None;internet;9;2
4;45;M;internet;;2
5;19;F;internet;1289, 1302;1
""",
    "1289 76 1302 9",
    "1289,76 76 1302,1289,76 9 1289,1302",
    empty=1,
)
AMSTERDAM = _style(
    "\ufeff"
    + """META
key;value
description;PB in Amsterdam, Verzonnen buurt
country;Netherlands
unit;Amsterdam
instance;999
num_projects;3
num_votes;4
budget;100000,50
vote_type;Approval
rule;unknown
currency;EUR

PROJECTS

project_id;name;votes;cost;selected
 251 ;Bankjes in 't park;2; 1.000,00 ;1
7;"Moestuin
voor ouderen";1;2500;0
18;Buurtfeest;2;750;1

VOTES

vote;voter_id
"251,7";a-1
251 , 18;a-2
;a-3
18;a-4

""".replace("\n", "\r\n"),
    "251 7 18",
    "251,7 251,18 18",
    empty=1,
)
ZURICH = _style(
    """Meta;;;;
Key;Value;;;
description;PB in Zürich, Beispielkreis;;;
country;Switzerland;;;
unit;Zürich;;;
instance;2021;;;
num_projects;4;;;
num_votes;4;;;
budget;60000;;;
vote_type;cumulative;;;
rule;greedy;;;
max_sum_points;5;;;
Projects;;;;
project_id;cost;name;score;votes
P1;5000;Offene Werkstatt;5;2
P2;10000;Spielplatz für alle;4;2
P3;2000;Quartierkarte;3;2
P4;900;Baumpatenschaft;0;0
Votes;;;;
voter_id;vote;points;district;
1;P1,P2;3,2;Kreis 1;
2;P3, P1;3 ,2;Kreis 2;
3;P2,P4;2,0;;
4;P3,P2;0.5,0.0;;
""",
    "P1 P2 P3 P4",
    "P1,P2 P3,P1 P2 P3",
    adapted=("cumulative", "costs"),
)
TOULOUSE = _style(
    """META
key;value
description;Municipal PB, ville d'exemple
country;France
unit;Toulouse
instance;2019
vote_type;scoring
budget;1000000
default_score;0
PROJECTS
project_id;cost;public_id;proposer;subunit;name;votes
1;7000;12;Association A;NORD;Compostons ensemble !;3
2;35000;25;Conseil; SUD ;Panneau d’affichage;1
3;50000;19;B;NORD;Éclairage : chemin piéton-vélo;1
VOTES
voter_id;vote;points
0;1,3;2,-1
1;1;3
2;2,1;1,1
3;3;none
4;none;none
""",
    "1 2 3",
    "1 1 2,1 3",
    empty=1,
    adapted=("scoring", "costs"),
)
LODZ = _style(
    """meta
key;value
country;Poland
unit;Łódź
vote_type;ordinal
scoring_fn;Borda
vote_type;ordinal
budget;3
num_votes;3
projects
project_id;cost
W12;1
W7;1
W30;1
votes
voter_id;sex;vote
1;K;W30,W12
2;M;W7
3;;W12,W7,W30
""",
    "W12 W7 W30",
    "W30,W12 W7 W12,W7,W30",
    adapted=("ordinal",),
)
ONE_EACH = _style(
    "META\nkey;value\nvote_type;choose-1\nbudget;1\nPROJECTS\nproject_id;cost\n2;1\n1;1\n"
    "VOTES\nvoter_id;vote\n1;1\n2;2\n3;1",
    "2 1",
    "1 2 1",
    adapted=(),
)
STYLES = {
    "warsaw": WARSAW,
    "amsterdam": AMSTERDAM,
    "zurich": ZURICH,
    "toulouse": TOULOUSE,
    "lodz": LODZ,
    "one each": ONE_EACH,
}
