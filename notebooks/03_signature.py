# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3. Is this notification genuine?
#
# "Voucher paid" is a request to hand over goods, sent by whoever knows the address of your webhook. This notebook verifies a notification,
# shows what a forged, a replayed and a re-serialised one come to, finds out why a genuine one is refused, and ends with the
# table of what every gateway's signature is worth.
#
# It needs cuadre, Polars and matplotlib.

# %%
import json
from datetime import UTC, datetime, timedelta

import matplotlib.pyplot as plt
import polars as pl

from cuadre import CuadreError, Money, signature

# %% [markdown]
# ## Five lines
#
# The body is what arrived, byte for byte. PagoEfectivo signs it with HMAC-SHA256; the signature stands in a header.

# %%
body = (
    b'{"eventType":"cip.paid","operationNumber":"8842713","data":{"cip":"2671123","currency":"PEN","amount":118.00,'
    b'"paymentDate":"2026-03-02T10:15:00-05:00","transactionCode":"A-1001"}}'
)
headers = {"PE-Signature": "808e50a44aab085d9b385fd36ecb2e77c97826beb70c08e5e1e11ca29d0ebb94"}
key = "q8Yw2fM4vX7nT1kR9cB5dZ3h"

verifier = signature.Verifier("pagoefectivo", secrets={"2026-03": key}, duplicates=signature.MemoryDuplicates())
verified = verifier.verify(body, headers)
event = verified.notification()
event, verified.key_id, sorted(verified.covered)

# %% [markdown]
# The key is named, never shown. `covered` is what the signature vouches for; what is not in it, a thief may have written.
#
# ## What is refused
#
# Whatever a sender does, it is one exception, `SignatureError`, with a `reason`.


# %%
def reason(verifier, *message, **more):
    """Why a message is refused; "genuine" where it is not."""
    try:
        verifier.verify(*message, **more)
    except signature.SignatureError as error:
        return error.reason
    return "genuine"


attempts = {
    "the same once more": (body, headers),
    "ten times the money": (body.replace(b"118.00", b"1180.00"), headers),
    "another order": (body.replace(b"A-1001", b"A-9999"), headers),
    "read and written again": (json.dumps(json.loads(body)).encode(), headers),
    "no signature": (body, {}),
    "half a signature": (body, {"PE-Signature": headers["PE-Signature"][:32]}),
    "signed twice": (body, [*headers.items(), *headers.items()]),
    "nothing at all": (b"", headers),
}
reasons = {what: reason(verifier, *message) for what, message in attempts.items()}
assert "genuine" not in reasons.values()
reasons

# %% [markdown]
# *Replayed* is the one that is no attack as a rule: gateways send again when they saw no answer. Answer it as received, and do nothing. Where your own handler
# fails, the claim must be given back, or the gateway's next try would be lost; a `with` block does that:

# %%
fresh = signature.Verifier("pagoefectivo", secrets={"2026-03": key}, duplicates=signature.MemoryDuplicates())
try:
    with fresh.verify(body, headers):
        raise RuntimeError("the database is away")
except RuntimeError as error:
    print(error)
again = reason(fresh, body, headers)
assert again == "genuine"
again

# %% [markdown]
# ## Three in the morning: it is genuine, and refused
#
# The most common cause is a framework that parsed the body and wrote it again: `118.00` became `118.0`, and other bytes have another
# signature. `diagnose` tries the usual mistakes, one and two at a time, and says which would make it fit. It never shows a secret, and
# verification never calls it. In the shell it is `cuadre verify ... --explain`.

# %%
written_again = json.dumps(json.loads(body)).encode()
for finding in signature.diagnose(written_again, headers, gateway="pagoefectivo", secret=key):
    print(finding, "\n")
for finding in signature.diagnose(body, headers, gateway="pagoefectivo", secret=key + "\n"):
    print(finding)

# %% [markdown]
# ## Genuine is not yet right
#
# A payment of one sol for another order is signed just as well. `expect` compares what was verified with what you know of the order, and
# answers with names, in English and Spanish, not with true or false.

# %%
print(event.expect(gateway="pagoefectivo", reference="A-1001", amount=Money("118.00", "PEN")))
for mismatch in event.expect(gateway="pagoefectivo", reference="A-1002", amount=Money("180.00", "PEN")).quarantine:
    print(mismatch.sentence_en, "|", mismatch.sentence_es)

# %% [markdown]
# ## A gateway that signs the time
#
# dLocal signs its own login, the time and the body. A message of last week is genuine and no longer worth anything; a message from the
# future was made by somebody who saves it for later. dLocal sends a message again for days under its first time, so in production cuadre
# asks for a store of seen messages here too; this is a test. The clock is a parameter, so this cell says the same in ten years. `signature.sign` is the other
# direction, from the same scheme; here it plays the gateway.

# %%
now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
settings = {"login": "merchant-1"}
paid = b'{"id":"D-4-1","amount":50000,"currency":"COP","status":"PAID","order_id":"A-1001"}'
sent = signature.sign("dlocal", "notification", key, body=paid, settings=settings, now=now)
dlocal = signature.Verifier("dlocal", secrets={"2026": key}, settings=settings, tolerance_s=300, environment="test")
{
    f"{minutes:+} minutes": reason(dlocal, paid, sent, now=now + timedelta(minutes=minutes))
    for minutes in (-10, -5, 0, 5, 10, 10_080)
}

# %% [markdown]
# ## Keys change
#
# For a while two keys are good. Each has the time it holds for, and the result says which one it was.

# %%
change = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
new_key = "Zr7uPk2mWq9sLx4vHn6tBd1c"
secrets = {
    "old": signature.Key(key, not_after=change + timedelta(days=1)),
    "new": signature.Key(new_key, not_before=change),
}
rolling = signature.Verifier("dlocal", secrets=secrets, settings=settings, environment="test")
for secret in (key, new_key):
    for at in (change - timedelta(hours=1), change + timedelta(hours=1), change + timedelta(days=2)):
        sent = signature.sign("dlocal", "notification", secret, body=paid, settings=settings, now=at)
        try:
            answer = rolling.verify(paid, sent, now=at).key_id
        except signature.SignatureError as error:
            answer = error.reason
        print(f"{at:%d %B %H:%M}  signed with the {'old' if secret == key else 'new'} key: {answer}")

# %% [markdown]
# What cannot protect anything is refused when the verifier is made, not when the first forgery arrives:

# %%
for useless in ("", "   ", "short", "whsec_", "-----BEGIN PUBLIC KEY-----"):
    try:
        signature.Verifier("stripe", secrets={"k": useless})
        raise AssertionError("accepted")
    except CuadreError as error:
        print(f"{useless!r:30} {error.code}: {error.message[:90]}")

# %% [markdown]
# ## Every gateway
#
# The table comes from the data that the verifier runs on; `cuadre gateways` shows it in the shell, `cuadre gateways show payu` one gateway with its traps and
# sources. *Official* follows the gateway's own documents, *community* other people's code, *unverified* nothing public: Efecty publishes
# no specification, so that scheme follows this project's notes and every part of it can be configured.

# %%
schemes = pl.DataFrame(
    [
        {name: scheme[name] for name in ("gateway", "message", "version", "incoming", "algorithm", "signed_text")}
        | {"covered": ", ".join(sorted(scheme["covered"])), "vectors": scheme["vectors"], "status": scheme["status"]}
        for scheme in signature.schemes()
    ]
)
with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=60, tbl_width_chars=260):
    print(schemes)

# %% [markdown]
# What is an accepted notification worth? A dark square is signed; a light one has to be asked for or compared before anybody acts on it. A gateway without
# "time" needs a store of seen messages, and cuadre refuses to be set up for production without one.

# %%
parts = ["body", "id", "time", "status", "amount", "reference"]
incoming = [scheme for scheme in signature.schemes() if scheme["incoming"]]
names = [f"{s['gateway']} {s['message']}" + (f" ({s['version']})" if s["version"] else "") for s in incoming]
figure, axes = plt.subplots(figsize=(7, 0.27 * len(names) + 0.8))
axes.imshow(
    [[part in scheme["covered"] for part in parts] for scheme in incoming], aspect="auto", cmap="Blues", vmin=0, vmax=1.3
)
axes.set_xticks(range(len(parts)), parts)
axes.xaxis.tick_top()
axes.set_yticks(range(len(names)), names, fontsize=8)
axes.set_xticks([x - 0.5 for x in range(1, len(parts))], minor=True)
axes.set_yticks([y - 0.5 for y in range(1, len(names))], minor=True)
axes.grid(which="minor", color="white", linewidth=2)
axes.tick_params(which="both", length=0)
for side in axes.spines.values():
    side.set_visible(False)
figure.tight_layout()
plt.show()
