"""What a layer costs: compression of .NET assemblies beside gzip and zstd, and the memory of a folder of 2 GB."""
import json
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import report
from image_parts import noise, run

SHARED = "Microsoft.AspNetCore.App"


def published(folder):
    """The least that starts: an app as `dotnet publish` leaves it."""
    folder.mkdir(parents=True)
    (folder / "App.dll").write_text("an app", encoding="utf-8")
    frameworks = [{"name": name, "version": "10.0.0"} for name in ("Microsoft.NETCore.App", SHARED)]
    (folder / "App.runtimeconfig.json").write_text(json.dumps({"runtimeOptions": {"tfm": "net10.0", "frameworks": frameworks}}), encoding="utf-8")
    dependencies = {"runtimeTarget": {"name": ".NETCoreApp,Version=v10.0"}, "targets": {".NETCoreApp,Version=v10.0": {"App/1.0.0": {"runtime": {"App.dll": {}}}}},
                    "libraries": {"App/1.0.0": {"type": "project", "serviceable": False, "sha512": ""}}}
    (folder / "App.deps.json").write_text(json.dumps(dependencies), encoding="utf-8")
    return folder


def assemblies():
    runtimes = subprocess.run(["dotnet", "--list-runtimes"], check=True, capture_output=True, text=True).stdout
    name, version, place = next(line.split(" ", 2) for line in runtimes.splitlines() if line.startswith(SHARED + " 10."))
    return sorted((Path(place.strip("[]")) / version).glob("*.dll"))


def timed(command):
    begun = time.monotonic()
    size = len(subprocess.run(command, check=True, capture_output=True).stdout)
    return time.monotonic() - begun, size


def pushed(bench, native, folder, compression, number):
    """Seconds that the pipe hashed and compressed, and the size of the app's layer."""
    repository = bench.ecr.create(f"compression-{compression}-{number}")
    environment = bench.pipe_environment(folder.parent, repository, number, PUBLISH_DIR=folder.name, BASE_IMAGE=bench.base, LAYER_COMPRESSION=compression, DEBUG="true")
    process = subprocess.run([native], env=environment, cwd=folder.parent, check=True, capture_output=True, text=True)
    begun, ended = re.search(r'Timeline: "?hash and compress"? from (\d+) to (\d+) ms', process.stdout).groups()
    record = json.loads((folder.parent / ".dotnet-ecs-deploy" / "image.json").read_text(encoding="utf-8"))
    return (int(ended) - int(begun)) / 1000, next(layer["size"] for layer in record["layers"] if layer["holds"] == "app")


def compression(bench, native, runs):
    """MB/s of the tar, and the size; ours hashes the layer twice on the way, the two programs do not."""
    folder = published(bench.work / "compression" / "app")
    tar = bench.work / "compression" / "app.tar"
    for file in assemblies():
        shutil.copy(file, folder)
    with tarfile.open(tar, "w") as archive:
        archive.add(folder, "app")
    raw, samples = tar.stat().st_size, {}
    for number in range(runs):
        for name in ("gzip", "zstd"):
            samples.setdefault(f"pipe, {name}", []).append(pushed(bench, native, folder, name, number))
        samples.setdefault("gzip -6", []).append(timed(["gzip", "-6", "-n", "-c", tar]))
        samples.setdefault("zstd -3", []).append(timed(["zstd", "-3", "-q", "-c", tar]))
    figures = {name: {"megabytesPerSecond": report.spread([raw / 1e6 / seconds for seconds, _ in pairs]), "bytes": pairs[0][1]} for name, pairs in samples.items()}
    print(f"\nCompressing a tar of {raw / 1e6:.1f} MB of assemblies:")
    report.table([["way", "MB/s", "MB"], *[[name, f"{figure['megabytesPerSecond']['median']:.0f}", f"{figure['bytes'] / 1e6:.2f}"] for name, figure in figures.items()]])
    return {"tarBytes": raw, **figures}


def memory(bench, native, megabytes=2048):
    """The program's peak while a static folder of noise goes into an empty repository, without delay."""
    folder = published(bench.work / "large-folder" / "app")
    (folder / "wwwroot").mkdir()
    with open(folder / "wwwroot" / "video.mp4", "wb") as file:
        for seed in range(megabytes):
            file.write(noise(1 << 20, seed))
    figures = {}
    for name in ("gzip", "zstd"):
        environment = bench.pipe_environment(folder.parent, bench.ecr.create(f"memory-{name}"), 1, PUBLISH_DIR=folder.name, BASE_IMAGE=bench.base, LAYER_COMPRESSION=name)
        seconds, peak = run([native], environment, cwd=folder.parent)
        figures[name] = {"seconds": round(seconds, 1), "peakMegabytes": round(peak, 1)}
    shutil.rmtree(folder.parent)
    print(f"\nA static folder of {megabytes} MB:")
    report.table([["compression", "s", "peak MB"], *[[name, figure["seconds"], figure["peakMegabytes"]] for name, figure in figures.items()]])
    return {"folderMegabytes": megabytes, **figures}
