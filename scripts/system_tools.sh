#!/bin/sh
# What `make test` needs beside Python: a browser, PostgreSQL, a reader of PDFs, a Japanese font.
# Root on Debian gets what is missing; anybody else is told.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
[ -n "$(fc-list :lang=ja 2>/dev/null | head -n 1)" ] || missing="$missing fontconfig fonts-noto-cjk"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "apt-get:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi
echo "make test に必要なものがありません:$missing" >&2
echo "管理者の権限で「apt-get install$missing」を実行してください。" >&2
exit 1
