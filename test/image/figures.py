"""Compressed sizes of the pipe's two images and the time from `docker run` to the first line of the log."""
import json
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
import report  # noqa: E402

LIMIT = 15e6  # of the small image
GZIP = b"\x1f\x8b"
docker, base, full, deploy = sys.argv[1:]


def compressed(stream):
    """What a registry would hold: an engine saves layers as they lie on its disk or as they were pulled."""
    chunk = stream.read(1 << 20)
    if chunk[:2] == GZIP:
        return len(chunk) + sum(len(rest) for rest in iter(lambda: stream.read(1 << 20), b""))
    gzip, size = zlib.compressobj(6, wbits=31), 0
    while chunk:
        size += len(gzip.compress(chunk))
        chunk = stream.read(1 << 20)
    return size + len(gzip.flush())


def sizes(image):
    with tempfile.TemporaryFile() as saved:
        subprocess.run([docker, "save", image], stdout=saved, check=True)
        saved.seek(0)
        with tarfile.open(fileobj=saved) as archive:
            layers = json.load(archive.extractfile("manifest.json"))[0]["Layers"]
            return [compressed(archive.extractfile(layer)) for layer in layers]


def first_line(image):
    began = time.monotonic()
    with subprocess.Popen([docker, "run", "--rm", "--network", "host", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        run.stdout.readline()
        took = time.monotonic() - began
        run.stdout.read()
    return took * 1000


def binary(image):
    container = subprocess.run([docker, "create", image], capture_output=True, check=True, text=True).stdout.strip()
    try:
        copy = subprocess.run([docker, "cp", f"{container}:/usr/local/bin/dotnet-ecs-deploy", "-"], capture_output=True, check=True).stdout
    finally:
        subprocess.run([docker, "rm", container], capture_output=True, check=True)
    return len(copy), len(zlib.compress(copy, 6))


def megabytes(size):
    return round(size / 1e6, 2)


rows, figures = [["image", "compressed MB", "of them ours", "docker run to first line, ms"]], {"base": base}
for name, image in (("full", full), ("deploy", deploy)):
    layers = sizes(image)
    # The full image's last three layers, Docker's command line, the binary and the texts, lie on the SDK's own.
    ours = layers if name == "deploy" else layers[-3:]
    start = report.spread([first_line(image) for _ in range(7)])
    rows.append([name, megabytes(sum(layers)), megabytes(sum(ours)), start["median"]])
    figures[name] = {"compressed_mb": megabytes(sum(layers)), "ours_mb": megabytes(sum(ours)), "first_line_ms": start}
small = sum(layers)
plain, packed = binary(deploy)
figures["binary"] = {"mb": megabytes(plain), "compressed_mb": megabytes(packed)}

report.table(rows)
print(f"The binary: {megabytes(plain)} MB, {megabytes(packed)} MB compressed")
report.write("images", figures)
if small > LIMIT:
    sys.exit("The small image is larger than its 15 MB.")
