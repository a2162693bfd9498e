"""The programme on paper."""

from summit.core.texts import Texts
from tests.programme.factories import a_programme, a_session, at
from tests.programme.site import Site, href, text


def test_the_whole_programme_is_a_document_with_texts_only_where_wanted(prov: Site) -> None:
    page = prov.page("/prov/programme/print")
    assert [text(one, "h3") for one in page.select(".entry")] == [
        f"{name} in English" for name in ("opening", "panel", "gone", "night")
    ]
    assert text(page, ".entry .when") == "09:00 – 10:00"
    assert text(page, ".entry .about") == "Main Åsa Ek Swedish"
    assert "Cancelled" in page.select(".entry")[2].get_text()
    assert not page.select(".entry .prose")
    full = prov.page(href(page, ".to-print a.button"))
    assert text(full, ".entry .prose strong") == "meet"
    assert text(page, ".on-paper") == "http://testserver/prov"


def test_what_was_chosen_is_printed_and_said(prov: Site) -> None:
    page = prov.page("/prov/programme/print?theme=climate&q=panel&tz=Asia/Tokyo")
    assert [text(one, "h3") for one in page.select(".entry")] == ["panel in English"]
    assert "Only: Climate, “panel”" in text(page, "main")
    assert "Times in Tokyo" in text(page, "main")
    assert href(page, ".back") == "/prov/programme?theme=climate&q=panel&tz=Asia%2FTokyo"
    assert "No session fits" in text(prov.page("/prov/programme/print?q=nothing"), "main")


def test_the_programme_leads_to_its_printable_form_with_the_same_filters(prov: Site) -> None:
    page = prov.page("/prov/programme?theme=care&view=grid")
    assert [str(link["href"]) for link in page.select(".heading a")][-1] == "/prov/programme/print?theme=care"


def test_without_a_script_a_sentence_says_how_to_print(site: Site) -> None:
    site.put(a_programme(a_session(title=Texts.of("A")), a_session("b", **at(2))))
    page = site.page("/prov/programme/print")
    assert "Ctrl + P" in text(page, ".without-scripts")
    assert page.select("button[data-print].with-scripts")
