"""What the image benchmark runs on: a base registry, the sandbox's ECR, the reference app, and the programs that are compared."""
import base64
import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import tarfile
import threading
import time
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, REGION = "111111111111", "eu-west-1"
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAREGISTRYADMIN".ljust(20, "X"), "AWS_SECRET_ACCESS_KEY": "registry+sandbox+secret+".ljust(40, "x")}
# The flags that the pipe publishes with: one node, nothing kept alive, nothing of the commit in the assemblies.
FLAGS = ["-c", "Release", "-v:minimal", "-clp:NoSummary", "-tl:off", "-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false",
         "-p:IncludeSourceRevisionInInformationalVersion=false", "-p:EnableSourceLink=false", "-p:ContinuousIntegrationBuild=true"]
DOTNET = {"DOTNET_NOLOGO": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_gcServer": "0", "DOTNET_CLI_USE_MSBUILD_SERVER": "0",
          "MSBUILDDISABLENODEREUSE": "1", "DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK": "1", "DOTNET_GENERATE_ASPNET_CERTIFICATE": "false",
          "DOTNET_GCHeapHardLimit": "0x18000000"}


def environment(**more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DOTNET_ROOT", "NUGET_PACKAGES", "SSL_CERT_FILE") if name in os.environ}
    return {**kept, **more}


def run(command, env=None, cwd=None):
    """Seconds, and the program's own peak of memory in MB."""
    started = time.monotonic()
    process = subprocess.Popen(command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak, over = [0.0], threading.Event()

    def watch():
        while not over.wait(0.01):
            try:
                with open(f"/proc/{process.pid}/status", encoding="utf-8") as lines:
                    peak[0] = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), peak[0])
            except OSError:
                return

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        output = process.communicate()[0]
    finally:
        seconds = time.monotonic() - started
        process.kill()
        over.set()
        watching.join()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output}")
    return seconds, peak[0]


def noise(size, seed):
    return random.Random(seed).randbytes(size)


def layout(folder, sizes):
    """An OCI layout whose layers have about these compressed sizes: noise does not compress."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def add(content, kind):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(content)}

    layers, diff_ids = [], []
    for index, size in enumerate(sizes):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            entry = tarfile.TarInfo(f"opt/layer{index}")
            entry.size = size
            archive.addfile(entry, io.BytesIO(noise(size, index)))
        diff_ids.append("sha256:" + hashlib.sha256(tar.getvalue()).hexdigest())
        layers.append(add(gzip.compress(tar.getvalue(), 1, mtime=0), "layer.v1.tar+gzip"))
    config = {"architecture": {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine], "os": "linux",
              "config": {"Env": ["PATH=/usr/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080"]}, "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": add(json.dumps(config).encode(), "config.v1+json"), "layers": layers}
    index = {"schemaVersion": 2, "manifests": [{**add(json.dumps(manifest).encode(), "manifest.v1+json"), "annotations": {"org.opencontainers.image.ref.name": "10.0"}}]}
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}', encoding="utf-8")
    return folder


class App:
    """The reference app in a folder of its own; each edit is what a commit would change."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run(["bash", ROOT / "test/bench/reference-app/create.sh", folder], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["dotnet", "restore", folder / "Web", "-v:q"], check=True, env=environment(**DOTNET), stdout=subprocess.DEVNULL)

    def change_line(self, number):
        (self.folder / "Web" / "Edit.cs").write_text(f"internal static class Edit {{ public const string Version = \"{number}\"; }}\n", encoding="utf-8")

    def use_serilog(self, version):
        for project in self.folder.rglob("*.csproj"):
            text = project.read_text(encoding="utf-8")
            for known in ("4.3.0", "4.4.0"):
                text = text.replace(f'"Serilog" Version="{known}"', f'"Serilog" Version="{version}"')
            project.write_text(text, encoding="utf-8")


class Ecr:
    """The sandbox's ECR, asked without delay."""

    def __init__(self, port):
        self.client = boto3.client("ecr", endpoint_url=f"http://127.0.0.1:{port}", region_name=REGION, config=Config(retries={"max_attempts": 1}),
                                   aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"], aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"])

    def create(self, name):
        self.client.create_repository(repositoryName=name)
        return name

    def password(self):
        token = self.client.get_authorization_token()["authorizationData"][0]["authorizationToken"]
        return base64.b64decode(token).decode().split(":", 1)[1]
