import pytest
from flask import Flask, g, render_template_string, url_for
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from chassis.runtime import Runtime
from chassis.web import create_app, current_runtime
from chassis.web.context import NavLink
from tests.chassis.web.conftest import SignedIn
from tests.chassis.web.tiny import doors


def test_a_page_shows_its_office(browser: FlaskClient) -> None:
    page = browser.get("/douliu/notes/").get_data(as_text=True)
    assert "斗六市公所" in page
    assert "05-532-2000" in page
    assert 'href="/tiny/office/douliu.css?v=14304a"' in page


@pytest.mark.parametrize("path", ["/nowhere/notes/", "/DOULIU/notes/", "/x/notes/", "/*/notes/"])
def test_an_unknown_office_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_the_office_of_the_path_is_in_g_and_fills_links(app: Flask) -> None:
    with app.test_request_context("/anping/notes/"):
        app.preprocess_request()
        assert g.tenant == "anping"
        assert g.office.name("en") == "Anping"
        assert url_for("notes.index") == "/anping/notes/"
        assert url_for("notes.index", tenant="douliu") == "/douliu/notes/"


def test_the_runtime_is_found_from_a_view(app: Flask, runtime: Runtime) -> None:
    with app.app_context():
        assert current_runtime() is runtime


def test_residents_and_staff_have_their_own_menus(browser: FlaskClient, signed_in: SignedIn) -> None:
    resident = browser.get("/douliu/notes/").get_data(as_text=True)
    clerk = signed_in("douliu", "clerk").get("/douliu/notes/").get_data(as_text=True)
    chief = signed_in("douliu", "chief").get("/douliu/notes/").get_data(as_text=True)
    assert 'href="/douliu/services"' in resident
    assert 'href="/douliu/desk/"' not in resident
    assert 'href="/douliu/desk/"' in clerk
    assert 'href="/douliu/desk/head"' not in clerk
    assert 'href="/douliu/desk/head"' in chief


def test_a_service_may_bring_its_own_menu(runtime: Runtime) -> None:
    app = create_app(runtime, [doors.pages], package=doors.__package__, nav=lambda: [NavLink("筆記本", "/here", True)])
    page = app.test_client().get("/douliu/notes/").get_data(as_text=True)
    assert '<a class="header__link" href="/here" aria-current="page">筆記本</a>' in page


def test_the_menu_marks_where_we_are(signed_in: SignedIn, app: Flask) -> None:
    with app.test_request_context("/douliu/services/streetlight"):
        g.tenant, g.office = "douliu", current_runtime().tenants["douliu"]
        context: dict[str, object] = {}
        app.update_template_context(context)
        assert [link.current for link in context["nav"]] == [True, False, False]  # type: ignore[attr-defined]


def test_a_name_that_templates_do_not_have_is_an_error(app: Flask) -> None:
    with app.test_request_context("/"):
        for wrong in ("{{ offce }}", "{% if offce %}{% endif %}", "{{ staff.nme }}", "{{ lang.nme.more }}"):
            with pytest.raises(UndefinedError):
                render_template_string(wrong)


def test_a_key_that_a_mapping_does_not_have_is_empty(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string("{% if item.tag %}no{% endif %}{{ item.tag.text }}", item={}) == ""


def test_text_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string("{{ text }}", text="<script>") == "&lt;script&gt;"


def test_plain_blueprints_are_pages(browser: FlaskClient) -> None:
    assert browser.post("/plain").status_code == 400
    assert browser.get("/plain").get_data(as_text=True) == "plain"
