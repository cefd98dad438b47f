#!/usr/bin/env bash
# dkimpy 1.1.8: what it signs by itself leaves out List-Unsubscribe-Post.
#
# RFC 8058, section 4: the DKIM signature must cover List-Unsubscribe and List-Unsubscribe-Post, or a mail
# program shows no unsubscribe button. `dkim.sign` without `include_headers` signs List-Unsubscribe alone, and a
# changed List-Unsubscribe-Post still verifies. With both named, the change is noticed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet dkimpy==1.1.8 dnspython cryptography

cat >sign.py <<'PY'
import base64

import dkim
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
public = key.public_key().public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
email = (
    b"From: a@x.example\r\nTo: b@y.example\r\nSubject: s\r\nList-Unsubscribe: <https://x.example/u>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nhello\r\n"
)
named = [b"from", b"to", b"subject", b"list-unsubscribe", b"list-unsubscribe-post"]
for headers in (None, named):
    signed = dkim.sign(email, b"sel", b"x.example", pem, include_headers=headers) + email
    changed = signed.replace(b"One-Click", b"None")
    print(*(dkim.verify(one, dnsfunc=lambda name, **_: record) for one in (signed, changed)))
PY
said=$(env/bin/python sign.py)
echo "verifies as signed, and with List-Unsubscribe-Post changed; first by dkimpy's own choice, then with both named:"
echo "$said"
[ "$said" = $'True True\nTrue False' ] || { echo "This has changed."; exit 1; }
