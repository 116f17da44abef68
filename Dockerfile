# Two stages: the first builds a virtual environment, the second holds it and nothing to build with.
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /app
COPY requirements.lock ./
RUN /app/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY eventsvc eventsvc
COPY workers workers
COPY seeds seeds
RUN /app/bin/pip install --no-build-isolation --no-deps .

FROM ${PYTHON_IMAGE} AS runtime
RUN groupadd --gid 10001 eventsvc \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/eventsvc \
            --shell /usr/sbin/nologin eventsvc \
 && install --directory --owner 10001 --group 10001 --mode 0750 /var/lib/eventsvc
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    EVENTSVC_DATA_DIR=/var/lib/eventsvc \
    EVENTSVC_BIND=0.0.0.0:8000
WORKDIR /var/lib/eventsvc
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["eventsvc", "web"]
