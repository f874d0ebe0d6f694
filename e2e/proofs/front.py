"""nginx with our configuration before two web processes, blue and green, of a shop that runs already."""

import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from e2e.proofs.load import Door
from tools.local.paths import ROOT
from tools.local.ports import free_port
from tools.local.stack import Stack

HOST = "shop.test"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin") or ""
COLOURS = ("blue", "green")
READY = (
    'import sys, urllib.request as u; u.urlopen(f"http://127.0.0.1:{sys.argv[1]}/health/ready/", timeout=1)'
)


class Front:
    """Starts blue and nginx, and switches with deploy/bluegreen.sh; stops everything in the end."""

    def __init__(self, *, stack: Stack, home: Path) -> None:
        self.home, self._stack = home, stack
        self.media = home / "media"
        self.ports = {colour: free_port() for colour in COLOURS}
        self.http, self.https = free_port(), free_port()
        self.url = f"https://{HOST}:{self.https}"
        self._nginx: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        assert NGINX, "nginx is missing: apt-get install nginx-light"
        try:
            self._make_certificate()
            self._write_configuration()
            self.start("blue")
            self._start_nginx()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        for name in COLOURS:
            self.stop(name)
        if self._nginx is not None:
            self._nginx.terminate()
            self._nginx.wait(10)

    @property
    def door(self) -> Door:
        """Return the way in: the TLS port, and what makes its certificate good."""
        context = ssl.create_default_context(cafile=str(self.home / "certs" / "fullchain.pem"))
        return Door(port=self.https, host=HOST, tls=context)

    def switch(self, *, migrate: bool = False) -> None:
        """Deploy the colour that does not serve. Raises AssertionError with what the script said when it fails."""
        own = {"MARU_MIGRATE": f"{sys.executable} manage.py migrate_safely"} if migrate else {}
        done = subprocess.run(
            [ROOT / "deploy" / "bluegreen.sh"],
            env=self.env | own,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def try_to_switch(self, **changes: str) -> str:
        """Run the script with other commands, which must make it give up; return what it said."""
        done = subprocess.run(
            [ROOT / "deploy" / "bluegreen.sh"],
            env=self.env | changes,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, done.stdout
        return done.stdout + done.stderr

    def start(self, colour: str) -> None:
        """Start a web process and wait until it is ready."""
        self._hook(self._start_command(), colour)
        self._until_ready(colour)

    def handshake(self, context: ssl.SSLContext, *, name: str) -> tuple[str | None, str | None]:
        """Open a TLS connection; return its version and the protocol that was agreed on. Raises ssl.SSLError."""
        with (
            socket.create_connection(("127.0.0.1", self.https), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=name) as agreed,
        ):
            return agreed.version(), agreed.selected_alpn_protocol()

    def serving(self) -> str:
        """Return the colour that nginx sends everybody to."""
        text = (self.home / "upstream" / "app.conf").read_text()
        return next(colour for colour, port in self.ports.items() if f":{port} " in text)

    def stop(self, colour: str) -> None:
        """Send SIGTERM to a web process and wait for its end; who is not there has ended."""
        try:
            pid = int((self.home / f"{colour}.pid").read_text())
            os.kill(pid, signal.SIGTERM)
        except (FileNotFoundError, ProcessLookupError):
            return
        ends = time.monotonic() + 30
        while _alive(pid):
            if time.monotonic() > ends:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def said(self, colour: str) -> str:
        """Return what a web process wrote, its access log above all."""
        return (self.home / f"{colour}.log").read_text()

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of the script and of the web processes."""
        python, home = sys.executable, self.home
        port = "port_$1; port=${!port}"
        wait = f"while [[ -e {home}/$1.pid ]]; do sleep 0.05; done"
        return {
            **self._stack.env,
            "DJANGO_SETTINGS_MODULE": "e2e.proofs.behind_nginx",
            "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
            "SECRET_KEY": self._secret,
            "ALLOWED_HOSTS": HOST,
            "SHOP_BASE_URL": self.url,
            "CLIENT_ADDRESS_HEADER": "X-Real-IP",
            "SOCIAL_STANDIN_URL": "",  # a deployed shop knows none
            "DEBUG": "0",
            "WEB_CONCURRENCY": "1",
            "GUNICORN_THREADS": "12",
            "DB_POOL_SIZE": "12",
            "DRAIN_FILE": str(home / "draining"),
            "port_blue": str(self.ports["blue"]),
            "port_green": str(self.ports["green"]),
            "MARU_BLUE": f"127.0.0.1:{self.ports['blue']}",
            "MARU_GREEN": f"127.0.0.1:{self.ports['green']}",
            "MARU_UPSTREAM_DIR": str(home / "upstream"),
            "MARU_MIGRATE": "true",
            "MARU_START": self._start_command(),
            "MARU_READY": f"port={port}; {python} -c '{READY}' $port",
            "MARU_STOP": f"kill -TERM $(cat {home}/$1.pid); {wait}",
            "MARU_TEST": f"{self._nginx_command} -t -q",
            "MARU_RELOAD": f"kill -HUP $(cat {home}/nginx.pid)",
            "MARU_REST": "true",
        }

    @property
    def _secret(self) -> str:
        path = self.home / "secret"
        if not path.exists():
            path.write_text(secrets.token_urlsafe(64))
        return path.read_text()

    def _start_command(self) -> str:
        return (
            f"port=port_$1; {sys.executable} -m gunicorn -c deploy/gunicorn/gunicorn.conf.py"
            f" --bind 127.0.0.1:${{!port}} --daemon --enable-stdio-inheritance --pid {self.home}/$1.pid"
            f" >>{self.home}/$1.log 2>&1;"
            f" until [[ -s {self.home}/$1.pid ]]; do sleep 0.05; done"
        )

    def _hook(self, command: str, colour: str) -> None:
        subprocess.run(["bash", "-euc", command, "front", colour], env=self.env, cwd=ROOT, check=True)

    def _until_ready(self, colour: str) -> None:
        ends = time.monotonic() + 60
        probe = [sys.executable, "-c", READY, str(self.ports[colour])]
        while subprocess.run(probe, capture_output=True, check=False).returncode:
            assert time.monotonic() < ends, (self.home / f"{colour}.log").read_text()[-3000:]
            time.sleep(0.1)

    def _make_certificate(self) -> None:
        certs = self.home / "certs"
        certs.mkdir()
        subprocess.run(
            [
                *(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                ),
                *("-days", "30", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
                *("-keyout", str(certs / "privkey.pem"), "-out", str(certs / "fullchain.pem")),
            ],
            check=True,
            capture_output=True,
        )

    def _write_configuration(self) -> None:
        """Lay our files out as in the image of nginx, with this place's values filled in as it does."""
        source, target = ROOT / "deploy" / "nginx", self.home / "nginx"
        for folder in ("nginx/conf.d", "nginx/site.d", "upstream", "cache", "acme", "media"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "nginx.conf", target)
        shutil.copy("/etc/nginx/mime.types", target)
        values = {
            "MARU_URL": self.url,
            "MARU_HOST": HOST,
            "MARU_HTTP_PORT": f"127.0.0.1:{self.http}",
            "MARU_HTTPS_PORT": f"127.0.0.1:{self.https}",
            "MARU_CERTS": str(self.home / "certs"),
            "MARU_UPSTREAM": str(self.home / "upstream"),
            "MARU_CACHE": str(self.home / "cache"),
            "MARU_MEDIA": str(self.media),
            "MARU_ACME": str(self.home / "acme"),
        }
        text = (source / "templates" / "shop.conf.template").read_text()
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", value)
        (target / "conf.d" / "shop.conf").write_text(text)
        first = f"server 127.0.0.1:{self.ports['blue']} max_fails=0;\n"
        (self.home / "upstream" / "app.conf").write_text(first)

    @property
    def _nginx_command(self) -> str:
        user = " user root;" if os.geteuid() == 0 else ""  # the folders are its own
        return f"{NGINX} -p {self.home}/nginx -c nginx.conf -e stderr -g 'daemon off; pid {self.home}/nginx.pid;{user}'"

    def _start_nginx(self) -> None:
        with (self.home / "nginx.log").open("wb") as log:
            self._nginx = subprocess.Popen(
                ["bash", "-c", f"exec {self._nginx_command}"], env=self._stack.env, stdout=log, stderr=log
            )
        ends = time.monotonic() + 10
        while not (self.home / "nginx.pid").exists():
            assert self._nginx.poll() is None and time.monotonic() < ends, (
                self.home / "nginx.log"
            ).read_text()
            time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
