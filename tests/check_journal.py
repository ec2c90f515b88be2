"""Makes the chain of a journal again and checks its notes, apart from the program that wrote it.

    python3 check_journal.py EXPORT [--key HEX] [--redacted] [--checkpoint FILE]...

EXPORT is from `caiying journal --export`, HEX the station's public key (else no signature is checked; openssl does it),
FILE a checkpoint that was kept elsewhere. Prints the first bad line and exits 1, or exits 0.
"""
import argparse, base64, hashlib, json, pathlib, subprocess, sys, tempfile

def bad(line, why):
    sys.exit(print(f"{line}: {why}") or 1)

def chained(before, seq, at, *texts):
    numbers = [n.to_bytes(8, "little", signed=True) for n in (seq, at)]
    fields = [before, *numbers, *(text.encode() for text in texts)]
    return hashlib.sha256(b"".join(len(f).to_bytes(8, "little") + f for f in fields)).digest()

def is_signed(signed, signatures, key):
    name, mine = signed.split("\n")[0], []
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    for line in signatures.splitlines():
        dash, whose, code = line.split(" ")
        if (dash, whose, base64.b64decode(code)[:4]) == ("\u2014", name, key_id):
            mine.append(base64.b64decode(code)[4:])
    return bool(mine) and all(verifies(signed, signature, key) for signature in mine)

def verifies(signed, signature, key):
    der = bytes.fromhex("302a300506032b6570032100") + key  # RFC 8410: an Ed25519 public key
    with tempfile.TemporaryDirectory() as place:
        key, text, code = (pathlib.Path(place, name) for name in ("key", "text", "code"))
        key.write_bytes(der), text.write_bytes(signed.encode()), code.write_bytes(signature)
        verify = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", key]
        return subprocess.run([*verify, "-in", text, "-sigfile", code], capture_output=True).returncode == 0

arguments = argparse.ArgumentParser()
arguments.add_argument("--key", type=bytes.fromhex)
arguments.add_argument("export", type=pathlib.Path), arguments.add_argument("--redacted", action="store_true")
arguments.add_argument("--checkpoint", type=pathlib.Path, action="append", default=[])
asked = arguments.parse_args()
records, heads = [json.loads(line) for line in asked.export.read_text("utf-8").splitlines()], {0: bytes(32)}
for line in (record for record in records if "words" in record):
    seq, last = line["seq"], max(heads)
    if seq != last + 1:
        bad(min(seq, last + 1), "missing, or slipped in")
    heads[seq] = chained(heads[last], seq, line["at"], line["station"], line["who"], line["words"])
    if asked.redacted and line.get("redacted"): heads[seq] = bytes.fromhex(line["hash"])  # the next line proves it
    if heads[seq].hex() != line["hash"]:
        bad(seq, "changed, or does not follow")
notes = [(record["note"], record["seq"]) for record in records if "note" in record]
notes, agreed = [*notes, *((file.read_text("utf-8"), 0) for file in asked.checkpoint)], 0
for note, seq in notes:
    signed, signatures = note.rsplit("\n\n", 1)
    if asked.key and not is_signed(signed + "\n", signatures, asked.key):
        bad(seq, "not signed by this key")
for size, head in sorted((int(note.split("\n")[1]), note.split("\n")[2]) for note, _ in notes):
    if size > max(heads):
        bad(max(heads) + 1, "cut off")
    if base64.b64decode(head) != heads[size]:
        bad(agreed + 1, "written anew from here or later")
    agreed = size
