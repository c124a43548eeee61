FROM python:3.11.14-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin desk \
    && install --directory --owner desk --group desk /data
# pg_dump and pg_restore for backups, of the version that docker-compose.yml runs.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /desk

COPY requirements.txt .
RUN python -m pip install --no-cache-dir --disable-pip-version-check --requirement requirements.txt

COPY . .
# Production settings ask for all of these; none of them stays in the image.
RUN SECRET_KEY=unused ALLOWED_HOSTS=unused SITE_URL=https://unused GITHUB_CLIENT_ID=unused GITHUB_CLIENT_SECRET=unused \
    DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused EMAIL_URL=smtp://unused DATA_DIR=/tmp/unused \
    DJANGO_SETTINGS_MODULE=bigcode_optout.settings.production python manage.py collectstatic --noinput --verbosity 0

USER desk
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "bigcode_optout.wsgi:application", "--threads", "8", "--timeout", "30", "--no-control-socket"]
