#!/usr/bin/env bash
# PgBouncer 1.18.0 in transaction mode: after a `pg_dump` through it, another client may find no table any more.
#
# pg_dump empties `search_path` (and sets more) for its session before its transaction begins. In transaction mode
# each of these statements may be carried out on another connection of the pool, if other clients are active. That
# connection goes on to the next client, who is told that there is no such relation; and the dump itself was made
# without what was set. PgBouncer runs `server_reset_query` only in session mode, or with
# `server_reset_query_always = 1`, with which the next client finds its tables. Here the connections take turns
# (`server_round_robin`), so that it happens each time; otherwise it is a matter of luck.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
end() {
    tac "$folder/pids" | xargs kill -INT 2>/dev/null || true
    sleep 1
    rm -rf "$folder"
}
trap end EXIT
cd "$folder"
for bin in /usr/lib/postgresql/*/bin; do :; done
as=() # both servers refuse to run as root
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
    as=(setpriv --reuid postgres --regid "$(id -g postgres)" --clear-groups)
fi
mkdir server
[ ${#as[@]} -eq 0 ] || chown postgres server
"${as[@]}" "$bin/initdb" -D server/data -U someone --auth=trust --no-sync >/dev/null
"${as[@]}" "$bin/postgres" -D server/data -h '' -k "$folder/server" -F >/dev/null 2>&1 &
echo $! >>"$folder/pids"
until "$bin/pg_isready" -q -h "$folder/server" -U someone -d postgres; do sleep 0.1; done
psql -qX -h "$folder/server" -U someone postgres -c 'CREATE TABLE booked (number int)'

through() { # RESET: what a client is told after a dump, through a PgBouncer with server_reset_query_always
    mkdir "pool-$1"
    echo '"someone" ""' >"pool-$1/users"
    printf '%s\n' '[databases]' "* = host=$folder/server" '[pgbouncer]' "unix_socket_dir = $folder/pool-$1" \
        'listen_port = 5432' 'auth_type = trust' "auth_file = $folder/pool-$1/users" \
        'pool_mode = transaction' 'default_pool_size = 3' 'server_round_robin = 1' \
        "server_reset_query_always = $1" >"pool-$1/ini"
    [ ${#as[@]} -eq 0 ] || chown -R postgres "pool-$1"
    PATH=$PATH:/usr/sbin "${as[@]}" pgbouncer -q "pool-$1/ini" >/dev/null 2>&1 &
    echo $! >>"$folder/pids"
    until [ -S "pool-$1/.s.PGSQL.5432" ]; do sleep 0.1; done
    for _ in 1 2 3; do ask "$1" 'SELECT FROM pg_sleep(0.5)' & asked=$!; done # at once: as many connections
    sleep 1 && wait "$asked"
    pg_dump -h "$folder/pool-$1" -U someone postgres >/dev/null
    for _ in 1 2 3; do ask "$1" 'SELECT count(*) FROM booked'; done | sort -u
}
ask() { # RESET SQL: as one client
    psql -qAtX -h "$folder/pool-$1" -U someone postgres -c "$2" 2>&1 | grep -v '^LINE\|\^$\|^$' || true
}

plain=$(through 0)
reset=$(through 1)
echo "after a dump: “${plain//$'\n'/; }”; with server_reset_query_always: “$reset”"
[[ "$plain" == *"does not exist"* ]] && [ "$reset" = 0 ] || { echo "This has changed."; exit 1; }
