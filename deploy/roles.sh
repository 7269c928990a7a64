#!/bin/sh
# Run by the image of PostgreSQL on an empty server: deploy/roles.sql with the three passwords from their files.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
  -v coordinator_password="$(cat /run/secrets/coordinator-password)" \
  -v submitter_password="$(cat /run/secrets/submitter-password)" -v worker_password="$(cat /run/secrets/worker-password)" -f /opt/roles.sql
