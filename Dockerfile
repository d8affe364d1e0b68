# The production image: the page, the dependencies by hash, and the rooms of the house. The
# emulators are not in it, so a model must be configured (GOOGLE_CLOUD_PROJECT or GEMINI_API_KEY).
# cloudbuild.yaml gives both bases by digest.
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim
ARG NODE_IMAGE=docker.io/library/node:22-slim

# The browser's page. Install scripts of npm packages are not run.
FROM ${NODE_IMAGE} AS page
WORKDIR /page
COPY web_demo/app/package.json web_demo/app/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web_demo/app/ ./
RUN npm run build

# The dependencies: wheels only, each with its hash, none of the emulators' or the tests'.
FROM ${PYTHON_IMAGE} AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/base.txt /tmp/base.txt
RUN /venv/bin/pip install --require-hashes --only-binary=:all: -r /tmp/base.txt \
    && /venv/bin/pip uninstall --yes pip \
    && printf '#!/venv/bin/python\nfrom hotline.cli import main\n\nmain()\n' >/venv/bin/hotline \
    && chmod 0755 /venv/bin/hotline

# The rooms, compiled here because the root is read-only where they run.
FROM ${PYTHON_IMAGE} AS rooms
WORKDIR /app
COPY media media
COPY tools tools
COPY conversation conversation
COPY telephony telephony
COPY web_demo/__init__.py web_demo/__init__.py
COPY web_demo/server web_demo/server
COPY hotline hotline
RUN python -m compileall -q --invalidation-mode unchecked-hash /app

FROM ${PYTHON_IMAGE} AS runtime
ARG VERSION=dev
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOTLINE_DATA_FOLDER=/data \
    HOTLINE_LOG_STYLE=json \
    HOTLINE_VERSION=${VERSION}
RUN groupadd --gid 10001 hotline \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp \
        --shell /usr/sbin/nologin hotline \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=dependencies /venv /venv
COPY --from=rooms /app /app
COPY --from=page /page/dist /app/web_demo/app/dist
WORKDIR /app
USER 10001:10001
# All that is ever written, besides /tmp.
VOLUME ["/data"]
# 8080 for Twilio and browsers, 9090 for metrics; the latter is not for a load balancer.
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
# For Docker; Kubernetes has probes of its own.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + (os.environ.get('HOTLINE_PORT') or '8080') + '/healthz', timeout=2)"]
CMD ["hotline", "serve"]
