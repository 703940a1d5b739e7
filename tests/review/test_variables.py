"""Variables on the page: a sheet looked at and stored, values typed in, and tables of codes with the quotes behind a cell."""

import io
import re
import zipfile

from flask.testing import FlaskClient

from autokode.corpus.survey import survey_of
from autokode.exchange.survey_import import planned_survey, take_survey
from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.variables import having, values_of
from autokode.review.session import Session
from review.test_search import address
from review_case import HOST, ORIGIN, TOKEN, client_of, get, post

SHEET = "intervju\ttaler\tBølge\tSted\nkontor_a\t\t1\tnord\nkontor_b\t\t2\tsør\nkontor_c\t\t2\tnord\n"
TAKEN_IN = r'name="saw" value="(\w+)"'


def taken(client: FlaskClient, text: str = SHEET) -> None:
    """Paste a sheet, and store what the page shows of it."""
    assert post(client, "variables/look", {"text": text})[0] == 200
    mark = re.search(TAKEN_IN, get(client, "variables")[1])
    assert mark
    assert post(client, "variables/take", {"saw": mark[1]})[0] == 200


def read(project: Project) -> dict[str, dict[str, str]]:
    """Variable → interview → value."""
    found, names = values_of(project), {source.id: source.name for source in project.sources}
    return {
        one.name: {names[unit[0]]: own[one.id] for unit, own in found.own.items() if one.id in own}
        for one in found.variables
    }


def test_a_pasted_sheet_is_looked_at_stored_and_undone(client: FlaskClient, project: Project) -> None:
    text = SHEET + "kontor_x\t\t3\tøst\n"
    assert post(client, "variables/look", {"text": text})[0] == 200
    _status, shown = get(client, "variables")
    assert "ingen intervju heter «kontor_x»" in shown
    assert "Bølge, Sted" in shown
    assert not values_of(project).variables
    assert post(client, "variables/take", {"saw": "0000"})[0] == 409
    mark = re.search(TAKEN_IN, shown)
    assert mark
    assert post(client, "variables/take", {"saw": mark[1]})[0] == 200
    assert read(project)["Sted"] == {"kontor_a": "nord", "kontor_b": "sør", "kontor_c": "nord"}
    assert post(client, "variables/take", {"saw": mark[1]})[0] == 400  # nothing waits
    assert post(client, "undo", {})[0] == 200
    while values_of(project).variables:
        assert post(client, "undo", {})[0] == 200
    for _again in range(9):
        post(client, "redo", {})
    assert read(project)["Bølge"] == {"kontor_a": "1", "kontor_b": "2", "kontor_c": "2"}
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


def test_a_sheet_comes_in_a_file_or_is_dropped(client: FlaskClient, project: Project) -> None:
    def brought(name: str, data: bytes) -> str:
        sign = str(post(client, "incoming", {"name": name, "size": len(data)})[1]["sign"])
        path = f"/{TOKEN}/incoming/{sign}?at=0"
        assert client.post(path, data=data, base_url=f"http://{HOST}", headers=ORIGIN).status_code == 200
        return sign

    status, answer = post(client, "variables/look", {"sign": brought("bilde.png", b"\x89PNG\r\n")})
    assert status == 409
    assert "ikke et ark" in str(answer["error"])
    sheet = "intervju;Bølge\r\nkontor_a.docx;1\r\n".encode("utf-8-sig")
    assert post(client, "variables/look", {"sign": brought("ark.csv", sheet)})[0] == 200
    assert "Nye variabler" in get(client, "variables")[1]
    assert post(client, "variables/drop", {})[0] == 200
    assert "Nye variabler" not in get(client, "variables")[1]
    form = client.get(f"/{TOKEN}/variables/form.xlsx", base_url=f"http://{HOST}").data
    assert post(client, "variables/look", {"sign": brought("skjema.xlsx", form)})[0] == 200
    assert "Ingenting å endre" in get(client, "variables")[1]
    assert not values_of(project).variables


def test_variables_are_made_named_ordered_moved_and_removed(client: FlaskClient, project: Project) -> None:
    assert post(client, "variables/make", {"name": "Alder", "levels": "50+\n18–29"})[0] == 200
    assert post(client, "variables/make", {"name": "alder", "levels": ""})[0] == 409
    assert post(client, "variables/make", {"name": "", "levels": ""})[0] == 409
    assert post(client, "variables/make", {"name": "Rolle", "levels": ""})[0] == 200
    assert post(client, "variables/2/up", {})[0] == 200
    assert post(client, "variables/1/name", {"name": "Aldersgruppe", "saw": "Alder"})[0] == 200
    assert post(client, "variables/1/name", {"name": "Noe", "saw": "Alder"})[0] == 409  # another window renamed it
    assert post(client, "variables/1/order", {"levels": "18–29\n50+"})[0] == 200
    found = values_of(project).variables
    assert [(one.name, one.levels) for one in found] == [("Rolle", ()), ("Aldersgruppe", ("18–29", "50+"))]
    assert post(client, "variables/2/remove", {})[0] == 200
    assert post(client, "variables/2/remove", {})[0] == 409
    for _step in range(2):
        post(client, "undo", {})
    assert [one.name for one in values_of(project).variables] == ["Rolle", "Aldersgruppe"]


def test_values_are_typed_in_and_nothing_is_written_over_another_windows(client: FlaskClient, project: Project) -> None:
    place = project.source("kontor_a").id
    speaker = project.transcript("kontor_a").utterances[project.transcript("kontor_a").answers[0]].speaker
    post(client, "variables/make", {"name": "Rolle", "levels": "leder"})
    assert f'value="{speaker}"' in get(client, f"variables/of/{place}")[1]

    def give(value: str, saw: str, who: str = speaker) -> tuple[int, dict[str, object]]:
        return post(
            client, f"variables/of/{place}", {"speaker": [who], "variable": ["1"], "value": [value], "saw": [saw]}
        )

    assert give(" ansatt ", "")[0] == 200
    assert give("leder", "")[0] == 409
    assert give("ansatt", "ansatt")[1]["message"] == "Det var slik fra før."
    assert give("leder", "", "Ingen med det navnet")[0] == 409
    assert values_of(project).of(place, speaker, 1) == "ansatt"
    assert give("", "ansatt")[0] == 200
    assert values_of(project).of(place, speaker, 1) == ""
    assert post(client, f"variables/of/{place}", {"speaker": [""], "variable": [], "value": [], "saw": []})[0] == 400
    assert get(client, "variables/of/99")[0] == 404


def test_a_table_shows_shares_and_leads_to_quotes_and_files(client: FlaskClient, project: Project) -> None:
    taken(client)
    number = next(one.id for one in values_of(project).variables if one.name == "Bølge")
    status, shown = get(client, f"variables/table/{number}")
    assert status == 200
    cells = re.findall(r'href="[^"]*/(variables/table/[^"#]+)#quotes"', shown)
    assert cells
    assert "makt" not in cells[0]  # no code stands in an address
    quotes = get(client, cells[0].replace("&amp;", "&"))[1]
    assert 'id="quotes"' in quotes
    assert re.search(r'<q lang="no">.{10,}</q>', quotes)
    for place in re.findall(r'<small><a href="/\w+/(interview/[^"]+)"', quotes):
        assert get(client, place.replace("&amp;", "&"))[0] in (200, 302)
    assert get(client, "variables/table/99")[0] == 404
    for ending, begins in (("xlsx", b"PK"), ("csv", b"variable,value,code"), ("parquet", b"PAR1")):
        answer = client.get(f"/{TOKEN}/variables/table/{number}.{ending}", base_url=f"http://{HOST}")
        assert answer.status_code == 200
        assert answer.data.startswith(begins), ending
        assert "attachment" in answer.headers["Content-Disposition"]
    answer = client.get(f"/{TOKEN}/variables/matrix.zip", base_url=f"http://{HOST}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        first = archive.read(archive.namelist()[0]).decode("utf-8-sig")
    answers = sum(len(project.transcript(source.name).answers) for source in project.sources)
    assert len(first.strip().splitlines()) == answers + 1


def test_whoever_codes_blind_sees_their_own_codings_alone(client: FlaskClient, project: Project) -> None:
    taken(client)
    number = values_of(project).variables[0].id
    every = get(client, f"variables/table/{number}")[1]
    assert "Alles kodinger" not in every
    assert "Bare mine kodinger" in every
    project.coder("Berit", blind=True)
    session = Session(project, project.coder("Berit"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    shown = get(client_of(session), f"variables/table/{number}")[1]
    assert "Ingenting er kodet ennå" in shown
    assert "Bare mine kodinger" not in shown


def test_lists_and_search_are_filtered_by_a_value(client: FlaskClient, project: Project) -> None:
    taken(client)
    number = next(one.id for one in values_of(project).variables if one.name == "Sted")
    veil = client.application.config["SESSION"].veil

    def listed(value: str) -> set[str]:
        status, shown = get(client, f"list?having={veil.sign(having(number, value))}" if value else "list")
        assert status == 200
        table = re.search(r"<tbody.*</tbody>", shown, re.DOTALL)
        return set(re.findall(r"kontor_\w", table[0] if table else ""))

    assert listed("sør") == {"kontor_b"}
    assert listed("nord")
    assert "kontor_b" not in listed("nord")

    def found(value: str) -> set[str]:
        given = {"having": having(number, value)}
        status, shown = get(client, address(client, "jobb", **given))
        assert status == 200
        hits = re.search(r'<ol class="hits">.*?</ol>', shown, re.DOTALL)
        return set(re.findall(r"kontor_\w", hits[0] if hits else ""))

    assert found("sør") <= {"kontor_b"}
    assert found("nord") <= {"kontor_a", "kontor_c"}
    assert found("sør") | found("nord")
    assert found("") == set()


def test_many_respondents_are_shown_a_page_at_a_time_and_in_no_choice_of_speakers(
    client: FlaskClient, project: Project
) -> None:
    rows = [["id", "Hva er bra?", "Alder"], *([f"r{n}", f"De tar seg tid dag {n}", f"{n % 2}"] for n in range(1000))]
    survey = survey_of(rows)
    take_survey(project, project.coder("Anne"), planned_survey(project, survey, survey.guess, "tilbud"))
    text = next(source.id for source in project.sources if source.office == "tilbud")
    first, last = get(client, "variables")[1], get(client, "variables?page=99")[1]
    assert first.count('<th scope="row"') == 200 and "1 / 6" in first
    assert "r999" not in first and "r999" in last and "6 / 6" in last
    page = get(client, f"variables/of/{text}?page=1")[1]
    assert page.count("<fieldset") == 11 and "r49" in page and "2 / 2" in page
    for screen in ("list", "search"):
        shown = get(client, screen)[1]
        assert "r49" not in shown and "Berit" in shown and '<optgroup label="Alder"' in shown
