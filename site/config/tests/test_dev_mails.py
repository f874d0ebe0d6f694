import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import Http404
from django.urls import NoReverseMatch, include, path, reverse

from config.dev import views

urlpatterns = [path("dev/", include("config.dev.urls"))]  # as config.urls has it while DEBUG is on


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def send(folder, *subjects: str) -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    messages = []
    for subject in subjects:
        message = EmailMultiAlternatives(subject, f"글 {subject}", to=["hana@example.com"])
        message.attach_alternative(f"<p style='color:red'>그림 {subject}</p>", "text/html")
        messages.append(message)
    connection.send_messages(messages)


def test_mails_are_listed_newest_first(client, folder):
    send(folder, "하나", "둘")
    send(folder, "셋")

    html = client.get("/dev/mails/").content.decode()

    assert html.index("셋") < html.index("둘") < html.index("하나")
    assert html.count("hana@example.com") == 3


def test_a_mail_is_shown_with_text_headers_and_its_html_in_a_sandbox(client, folder):
    send(folder, "하나")
    name = next(folder.glob("*.log")).stem

    html = client.get(reverse("dev-mail", args=[f"{name}-0"])).content.decode()

    assert "글 하나" in html
    assert "Message-ID" in html
    assert f'<iframe title="HTML part" sandbox="allow-popups" src="/dev/mails/{name}-0/html/">' in html
    assert "그림 하나" not in html


def test_the_html_part_may_style_itself_and_run_nothing(client, folder):
    send(folder, "하나")
    name = next(folder.glob("*.log")).stem

    answer = client.get(reverse("dev-mail-html", args=[f"{name}-0"]))

    assert "그림 하나" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src 'self';" in policy + ";"


@pytest.mark.parametrize("view", [views.mail, views.mail_html])
def test_no_other_file_can_be_read(rf, folder, view):
    (folder / "secret.txt").write_text("secret")

    with pytest.raises(Http404):
        view(rf.get("/"), "secret")
    with pytest.raises(Http404):
        view(rf.get("/"), "../secret")


def test_the_shop_itself_does_not_have_these_addresses(settings):
    settings.ROOT_URLCONF = "config.urls"

    with pytest.raises(NoReverseMatch):
        reverse("dev-mails")


def test_an_empty_folder_and_a_real_mail_server_are_told_apart(client, settings):
    assert "No mail was sent yet." in client.get("/dev/mails/").content.decode()

    settings.EMAIL_FILE_PATH = None

    assert "Mails leave this machine" in client.get("/dev/mails/").content.decode()
