#!/bin/sh
# Start a private PostgreSQL as an unprivileged user, run a command with MADOGUCHI_PG_* pointing at
# it, stop it. Usage: scripts/test_postgres.sh .venv/bin/pytest tests/integration
# PG_FSYNC=on makes commits durable, as in service; tests do without.
set -eu

bin=${PG_BIN:-}
if [ -z "$bin" ]; then
    for dir in /usr/lib/postgresql/*/bin; do
        if [ -x "$dir/initdb" ]; then bin=$dir; fi
    done
fi
if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed: apt-get install postgresql" >&2
    exit 2
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/madoguchi-pg.XXXXXX")
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
    chown nobody "$home"
    as_owner() { setpriv --reuid nobody --regid nogroup --clear-groups env HOME="$home" "$@"; }
fi
stop() {
    as_owner "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT TERM

cd "$home"
as_owner "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
as_owner "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w \
    -o "-c listen_addresses='' -c unix_socket_directories='$home' -c fsync=${PG_FSYNC:-off} \
        -c full_page_writes=${PG_FSYNC:-off} -c max_connections=100" start >/dev/null
# The role owns its databases and is no superuser: row level security binds it.
"$bin/psql" -h "$home" -U postgres -q -c "CREATE ROLE madoguchi LOGIN CREATEDB" postgres
"$bin/createdb" -h "$home" -U postgres -O madoguchi madoguchi
chmod 755 "$home"
cd - >/dev/null

MADOGUCHI_TEST_DB=postgres MADOGUCHI_PG_HOST=$home MADOGUCHI_PG_USER=madoguchi \
    MADOGUCHI_PG_NAME=madoguchi MADOGUCHI_PG_PORT=5432 "$@"
