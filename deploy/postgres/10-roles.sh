#!/bin/sh
# Runs once, when the database is made. Two roles: the owner migrates, the service only works.
# Their passwords come from the very URLs that the containers of the service are given.
set -eu

password() { # of the URL in a file
  sed -e 's,^[^:]*://[^:]*:,,' -e 's,@.*$,,' "$1"
}

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set owner_password="$(password "${OWNER_URL_FILE:-/run/secrets/owner_database_url}")" \
     --set password="$(password "${SERVICE_URL_FILE:-/run/secrets/database_url}")" <<'SQL'
CREATE ROLE eventsvc_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE eventsvc LOGIN PASSWORD :'password';
CREATE DATABASE eventsvc OWNER eventsvc_owner;
REVOKE ALL ON DATABASE eventsvc FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE eventsvc TO eventsvc;
\connect eventsvc
ALTER SCHEMA public OWNER TO eventsvc_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE eventsvc_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO eventsvc;
ALTER DEFAULT PRIVILEGES FOR ROLE eventsvc_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO eventsvc;
SQL
