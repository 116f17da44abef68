#!/bin/sh
# Makes the secret files that docker-compose.yml hands to the containers; keeps those that exist.
# Usage: deploy/make-secrets.sh [smtp://user:password@mail.example.org:587]
set -eu
folder=${SECRETS_DIR:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # name, content: readable inside a container, while the folder shuts out everybody here
  [ -e "$folder/$1" ] || { printf '%s' "$2" > "$folder/$1"; chmod 444 "$folder/$1"; }
}

keep secret_key "$(random 48)"
keep postgres_password "$(random 24)"
keep owner_database_url "postgresql+psycopg://eventsvc_owner:$(random 24)@postgres:5432/eventsvc"
keep database_url "postgresql+psycopg://eventsvc:$(random 24)@postgres:5432/eventsvc"
keep mail_url "${1:-smtp://mail-catcher:1025}"

for name in tls.crt tls.key; do
  [ -e "$folder/$name" ] || echo "Put the certificate file $name into $folder (readable by all there)."
done
