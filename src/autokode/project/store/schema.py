"""The tables of a project's file, its format number, the steps from an older format to a newer one, and conditions in SQL."""

FORMAT = 6
"""The format that autokode writes. It upgrades a file of a lower format step by step, and opens none of a higher one."""

APPLICATION = 0x61754B6F
"""SQLite's application id of a project: «auKo»."""

_CARRIED = """
-- Data of another program that autokode does not use: ids, cases, variables, sets, notes. An export gives it back as it came.
CREATE TABLE carried (kind TEXT NOT NULL, key TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
"""

CODING_ONCE = "CREATE UNIQUE INDEX IF NOT EXISTS coding_once ON coding (coder, transcript, start, end, code)"
"""A coder gives a code to a span once."""

_STEP = """
-- Imports and the like, each with the numbers around its decisions (after `first`, up to `last`) and the other rows it changed.
CREATE TABLE step (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL,
    last INTEGER NOT NULL, rows TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0) STRICT;
"""

WORDS = "fts5(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')"
"""What the index of the words is: of words and their places alone, without the texts; æ, ø and å are letters of their own."""

_SEARCH = f"""
-- The words of all utterances, for search. Only the triggers write it. A row's number is the transcript's and the utterance's;
-- `said_left` has a row while words that are gone may still be in it (`said_index.clean`).
CREATE VIRTUAL TABLE said USING {WORDS};
CREATE VIRTUAL TABLE said_term USING fts5vocab(said, row);
CREATE TABLE said_left (one INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER said_added AFTER INSERT ON utterance BEGIN
    INSERT INTO said (rowid, text) VALUES ((NEW.transcript << 32) | NEW.number, NEW.text);
END;
CREATE TRIGGER said_gone AFTER DELETE ON utterance BEGIN
    INSERT INTO said (said, rowid, text) VALUES ('delete', (OLD.transcript << 32) | OLD.number, OLD.text);
    INSERT OR IGNORE INTO said_left VALUES (1);
END;
CREATE TRIGGER said_changed AFTER UPDATE OF transcript, number, text ON utterance BEGIN
    INSERT INTO said (said, rowid, text) VALUES ('delete', (OLD.transcript << 32) | OLD.number, OLD.text);
    INSERT INTO said (rowid, text) VALUES ((NEW.transcript << 32) | NEW.number, NEW.text);
    INSERT OR IGNORE INTO said_left VALUES (1);
END;
"""  # noqa: S608 - our own words

ALL_SAID = "INSERT INTO said (rowid, text) SELECT (transcript << 32) | number, text FROM utterance ORDER BY transcript, number;"
"""Fills an empty index of the words."""

_RECORDING = """
-- The recording that an interview is linked to. It lies outside the project; nothing of its sound is kept.
CREATE TABLE recording (
    transcript INTEGER PRIMARY KEY REFERENCES transcript, path TEXT NOT NULL, size INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, kind TEXT NOT NULL, offset_s REAL NOT NULL) STRICT;
"""

_VARIABLES = """
-- Properties of interviews and of those who speak in them (age group, role, wave), and their values: an interview's, or with a
-- label one speaker's in it. `levels` is a JSON list, the order that somebody gave the values. Only decisions change these rows.
CREATE TABLE variable (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, place INTEGER NOT NULL, levels TEXT NOT NULL) STRICT;
CREATE TABLE value (
    transcript INTEGER NOT NULL REFERENCES transcript, speaker TEXT NOT NULL, variable INTEGER NOT NULL REFERENCES variable,
    value TEXT NOT NULL, PRIMARY KEY (transcript, speaker, variable)) STRICT, WITHOUT ROWID;
"""

OWN_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'said%'"
)
"""The names of all tables but those that SQLite fills from others: its own, and the index of the words."""

_TRANSCRIPT = """(
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, office TEXT NOT NULL, file TEXT NOT NULL,
    file_sha256 TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL, about TEXT NOT NULL, added TEXT NOT NULL) STRICT"""

_REFUSED = "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
STAYS = {
    "decision_stays": f"CREATE TRIGGER decision_stays BEFORE UPDATE ON decision {_REFUSED}",
    "decision_remains": f"CREATE TRIGGER decision_remains BEFORE DELETE ON decision {_REFUSED}",
}
"""The triggers that make the log append-only: name → SQL."""

TABLES = (
    f"""
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- A transcript as it was read in. Its text never changes, and every offset points into it.
CREATE TABLE transcript {_TRANSCRIPT};
CREATE TABLE utterance (
    transcript INTEGER NOT NULL REFERENCES transcript, number INTEGER NOT NULL, speaker TEXT NOT NULL, role TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, begin_s REAL, end_s REAL, question INTEGER,
    PRIMARY KEY (transcript, number)) STRICT, WITHOUT ROWID;

CREATE TABLE codebook (version INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, yaml TEXT NOT NULL, added TEXT NOT NULL) STRICT;
CREATE TABLE coder (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, blind INTEGER NOT NULL DEFAULT 0, round INTEGER) STRICT;

-- The codings, verdicts, memos and so on that hold now. Only decisions add, change and remove these rows.
CREATE TABLE coding (
    id INTEGER PRIMARY KEY AUTOINCREMENT, coder INTEGER NOT NULL REFERENCES coder,
    transcript INTEGER NOT NULL REFERENCES transcript, start INTEGER NOT NULL, end INTEGER NOT NULL,
    code TEXT NOT NULL, good INTEGER NOT NULL, suggestion INTEGER, time TEXT NOT NULL) STRICT;
CREATE INDEX coding_place ON coding (transcript, coder, start);
{CODING_ONCE};
CREATE TABLE verdict (
    coder INTEGER NOT NULL, transcript INTEGER NOT NULL, utterance INTEGER NOT NULL, code TEXT NOT NULL, said TEXT NOT NULL,
    suggestion INTEGER, probability REAL, PRIMARY KEY (coder, transcript, utterance, code)) STRICT, WITHOUT ROWID;
-- The utterances that a coder has read. The file says `done`, here and as a kind of decision; the code says `read`.
CREATE TABLE done (
    coder INTEGER NOT NULL, transcript INTEGER NOT NULL, utterance INTEGER NOT NULL,
    PRIMARY KEY (coder, transcript, utterance)) STRICT, WITHOUT ROWID;
CREATE TABLE memo (
    coder INTEGER NOT NULL, about TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (coder, about)) STRICT, WITHOUT ROWID;
CREATE TABLE resolution (
    first INTEGER NOT NULL, second INTEGER NOT NULL, transcript INTEGER NOT NULL, utterance INTEGER NOT NULL, code TEXT NOT NULL,
    given INTEGER NOT NULL, PRIMARY KEY (first, second, transcript, utterance, code)) STRICT, WITHOUT ROWID;

-- Every decision ever made, in order: the rows above before and after it, and what the coder was shown.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, coder INTEGER NOT NULL REFERENCES coder, kind TEXT NOT NULL,
    transcript INTEGER, utterance INTEGER, of INTEGER, changes TEXT NOT NULL, shown TEXT NOT NULL) STRICT;
CREATE INDEX decision_coder ON decision (coder, id);
{STAYS["decision_stays"]};
{STAYS["decision_remains"]};
CREATE TABLE undone (decision INTEGER PRIMARY KEY REFERENCES decision, lost INTEGER NOT NULL) STRICT;

-- Rounds of suggestions. A round is a training with its suggestions, or the same training with more or fewer of them (then
-- `ended` is NULL, since no training ended). A coder sees one round at a time.
CREATE TABLE round (
    id INTEGER PRIMARY KEY AUTOINCREMENT, coder INTEGER NOT NULL REFERENCES coder, model TEXT NOT NULL, codebook TEXT NOT NULL,
    began TEXT NOT NULL, ended TEXT, decision INTEGER NOT NULL, about TEXT NOT NULL) STRICT;
CREATE TABLE suggestion (
    id INTEGER PRIMARY KEY AUTOINCREMENT, round INTEGER NOT NULL REFERENCES round, transcript INTEGER NOT NULL,
    utterance INTEGER NOT NULL, code TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, part_start INTEGER NOT NULL,
    part_end INTEGER NOT NULL, probability REAL NOT NULL, evidence TEXT NOT NULL) STRICT;
CREATE INDEX suggestion_place ON suggestion (round, transcript, utterance);
CREATE TABLE likely (
    round INTEGER NOT NULL, transcript INTEGER NOT NULL, probabilities BLOB NOT NULL,
    PRIMARY KEY (round, transcript)) STRICT;
CREATE TABLE vector (transcript INTEGER PRIMARY KEY, name TEXT NOT NULL, vectors BLOB NOT NULL) STRICT;

-- The utterances given to a coder to read, and why: "teaches" or "chance".
CREATE TABLE drawn (
    coder INTEGER NOT NULL, transcript INTEGER NOT NULL, utterance INTEGER NOT NULL, why TEXT NOT NULL, time TEXT NOT NULL,
    probabilities TEXT NOT NULL, PRIMARY KEY (coder, transcript, utterance)) STRICT, WITHOUT ROWID;
"""
    + _CARRIED
    + _STEP
    + _SEARCH
    + _RECORDING
    + _VARIABLES
)

_NUMBERS_ONCE = f"""
CREATE TABLE transcript_new {_TRANSCRIPT};
INSERT INTO transcript_new SELECT * FROM transcript;
DROP TABLE transcript;
ALTER TABLE transcript_new RENAME TO transcript;
"""  # noqa: S608
"""A transcript that was removed never lends its number to another one."""

UPGRADES: dict[int, str] = {1: _CARRIED, 2: _NUMBERS_ONCE, 3: _STEP, 4: _SEARCH + ALL_SAID, 5: _RECORDING + _VARIABLES}
"""Format → the SQL that makes the next format of it; from 3 on a coder has no two codings that are the same
(`one_coding.merge_doubles`)."""


def overlap_sql(start: str, end: str, other_start: str, other_end: str) -> str:
    """The rule of `corpus.overlap` as an SQL condition; the arguments are SQL expressions."""
    return f"max({start}, {other_start}) < min({end}, {other_end})"


IN_STEP = "decision.id > step.first AND decision.id <= step.last"
"""Condition: a decision belongs to a step."""


def not_said_sql(coder: str) -> str:
    """Condition on a suggestion: a coder (an SQL expression) has given no verdict on its code there."""
    return (
        f"NOT EXISTS (SELECT 1 FROM verdict WHERE verdict.coder = {coder} AND verdict.transcript = suggestion.transcript AND "  # noqa: S608
        "verdict.utterance = suggestion.utterance AND verdict.code = suggestion.code)"
    )


def not_given_sql(coder: str) -> str:
    """Condition on a suggestion: a coder (an SQL expression) has not given its code there."""
    within = overlap_sql("coding.start", "coding.end", "suggestion.start", "suggestion.end")
    return (
        f"NOT EXISTS (SELECT 1 FROM coding WHERE coding.coder = {coder} AND coding.transcript = suggestion.transcript AND "  # noqa: S608
        f"coding.code = suggestion.code AND {within})"
    )


NOT_SAID, NOT_GIVEN = not_said_sql(":coder"), not_given_sql(":coder")
"""The conditions for the coder who is given as `:coder`."""

UNDECIDED = (
    "FROM suggestion WHERE round = (SELECT round FROM coder WHERE id = :coder) AND "  # noqa: S608 - ours
    f"suggestion.code IN (SELECT value FROM json_each(:codable)) AND {NOT_SAID}"
)
"""The suggestions, of the round that a coder sees, on which the coder has given no verdict.

Those of codes that are none of `:codable`, the codebook's, are not shown: they were merged or deleted, perhaps to come back.
"""

DESCRIPTION = "description "
"""What the id of a described selection or text gets in front of it, as a key of `carried` and among the notes of a memo."""
