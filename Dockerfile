# Tongkuan for production. Without arguments a container serves the pages; the worker, the scheduler and the
# migrations are other commands of the same image (compose.yaml). For builds that stay the same when the tag moves on,
# name the base image by its digest: --build-arg PYTHON_IMAGE=python@sha256:…
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static
WORKDIR /srv/tongkuan
COPY requirements.txt ./
# Wheels alone, each with its hash: no compiler, nothing that is built on the way, and no pip in what is shipped.
RUN python -m venv --without-pip /opt/venv && \
    pip --python /opt/venv/bin/python install --require-hashes --only-binary :all: \
        --no-cache-dir --no-compile --disable-pip-version-check --root-user-action ignore -r requirements.txt
COPY . .
# Static files depend on no secret, but the settings ask for two: these end with the command. Another user is to read
# what root writes here, whatever modes the settings (uploads are private) and the builder's umask give.
RUN SECRET_KEY=only-to-collect-static-files CREDENTIAL_KEYS="$(python -m procurement.newkey)" \
        python manage.py collectstatic --no-input --verbosity 0 && \
    python -m compileall -q --invalidation-mode unchecked-hash /opt/venv /srv/tongkuan && \
    chmod -R u=rwX,go=rX /opt/venv /srv

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Tongkuan" \
      org.opencontainers.image.description="Product photos in, a comparable and decided list of suppliers out." \
      org.opencontainers.image.version="0.1.0"
# Everything it writes are pictures, and uploads until they are read; compose.yaml mounts volumes there, which take over
# this owner.
RUN groupadd --gid 10001 tongkuan && \
    useradd --uid 10001 --gid 10001 --no-log-init --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin tongkuan && \
    install --directory --owner=10001 --group=10001 --mode=0700 \
        /var/lib/tongkuan /var/lib/tongkuan/media /var/lib/tongkuan/uploads /var/lib/tongkuan/vectors
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/tongkuan \
    STATIC_ROOT=/srv/static \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=8
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
WORKDIR /srv/tongkuan
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# As a browser would ask, by a name that ALLOWED_HOSTS admits, and past any proxy of the environment.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; \
host = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')[0].strip().lstrip('.').replace('*', 'localhost'); \
web = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
web.request('GET', '/healthz', headers={'Host': host}); \
sys.exit(web.getresponse().status != 200)"]
# Unlike the Procfile: reachable from outside the container, its own processes looked after, since no supervisor does.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "30", "procurement.wsgi:application"]
