# syntax=docker/dockerfile:1.7
# One image for web, worker, relay and the release step; which of them it is says the command.
# Deployments name the base by digest:  --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:…
# Its Python is of the minor version that the tests run.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CACHE_DIR=/var/cache/pip
WORKDIR /app
COPY requirements/production.txt requirements/production.txt
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r requirements/production.txt
# Nobody reads other languages than the shop's, tests the libraries here or talks to other services of the cloud than its
# storage. pip and setuptools have done their work.
RUN find /opt/venv -path '*/locale/*' -mindepth 1 -type d -name '[a-z]*' \
        ! -name 'en*' ! -name 'ko*' ! -name LC_MESSAGES -prune -exec rm -rf {} + \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} + \
    && find /opt/venv -name '*.po' -delete \
    && find /opt/venv/lib/python3*/site-packages/botocore/data -mindepth 1 -maxdepth 1 -type d \
        ! -name s3 ! -name sts ! -name 'sso*' -exec rm -rf {} + \
    && find /opt/venv/lib/python3*/site-packages -mindepth 1 -maxdepth 1 \( -name 'pip*' -o -name 'setuptools*' \
        -o -name pkg_resources -o -name _distutils_hack -o -name distutils-precedence.pth \) -exec rm -rf {} + \
    && rm -f /opt/venv/bin/pip*
COPY . .
# Compiled before the code becomes read-only: a start does not compile again.
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib site commerce cms workers \
    && DJANGO_BUILD=1 SECRET_KEY=build-only DJANGO_SETTINGS_MODULE=config.settings.production \
       PYTHONPATH=/app/site:/app /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0

# A developer's container: docker-compose.yml builds this stage and lays the folder with the code over /app.
FROM ${PYTHON_IMAGE} AS development
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app/site:/app \
    DJANGO_SETTINGS_MODULE=config.settings.development PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CACHE_DIR=/var/cache/pip
WORKDIR /app
COPY requirements/development.txt requirements/development.txt
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements/development.txt
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]

FROM ${PYTHON_IMAGE} AS runtime
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app/site:/app \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    HOME=/tmp
# Backups are made with pg_dump; its version is that of the distribution and must not be older than the server's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --no-create-home --home-dir /tmp --shell /usr/sbin/nologin app \
    && install -d -o app -g app -m 0750 /app/media /app/private /backups
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ARG GIT_SHA=unknown
ENV SENTRY_RELEASE=${GIT_SHA}
LABEL org.opencontainers.image.title="Maru" \
      org.opencontainers.image.licenses="BSD-3-Clause" \
      org.opencontainers.image.revision="${GIT_SHA}"
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live/', timeout=2)"]
# No entrypoint: it would run before every worker, relay and release command too.
CMD ["gunicorn", "-c", "deploy/gunicorn/gunicorn.conf.py"]
