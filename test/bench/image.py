"""First push, one-line change, no change, package upgrade: wall, wall beyond a bare publish, requests, bytes, memory; at 0 and 80 ms."""
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import image_layers
import report
from delay_proxy import DelayProxy
from image_parts import ACCOUNT, App, DOTNET, Ecr, FLAGS, HOST, KEYS, REGION, ROOT, environment, layout, run

RUNS = int(os.environ.get("RUNS", "5"))
ROUND_TRIPS = [int(text) for text in os.environ.get("ROUND_TRIPS", "0 80").split()]
SCENARIOS = ["first push", "one-line change", "no change", "package upgrade"]
NATIVE = ROOT / "artifacts/native/dotnet-ecs-deploy"
SANDBOX = ROOT / "artifacts/bin/Sandbox/release/Sandbox"
NUMBERS = itertools.count()


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def serve(command, port, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    for _ in range(200):
        if answers(port):
            return process
        time.sleep(0.05)
    raise SystemExit(f"{command[0]} does not answer on port {port}.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    def __init__(self, work):
        self.work, self.children = work, []
        base_port, sandbox_port = free_port(), free_port()
        settings = work / "registry.yml"
        settings.write_text(f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {work}/registry\nhttp:\n  addr: 127.0.0.1:{base_port}\n", encoding="utf-8")
        self.children.append(serve(["docker-registry", "serve", str(settings)], base_port))
        self.children.append(serve([str(SANDBOX), "--port", str(sandbox_port)], sandbox_port))
        self.base_port, self.sandbox_port, self.target, self.bases = base_port, sandbox_port, DelayProxy(sandbox_port), DelayProxy(base_port)
        # The SDK takes ECR's answers only from hosts named like ECR: its other branch is measured against the plain registry.
        self.plain = DelayProxy(base_port)
        self.ecr = Ecr(sandbox_port)
        base = layout(work / "base", [40_000_000, 35_000_000, 12_000_000])
        run(["skopeo", "copy", "--dest-tls-verify=false", f"oci:{base}:10.0", f"docker://127.0.0.1:{base_port}/dotnet/aspnet:10.0"])

    def close(self):
        for child in self.children:
            child.terminate()
            child.wait()

    @property
    def base(self):
        return f"127.0.0.1:{self.bases.port}/dotnet/aspnet:10.0"

    def bare(self, app, repository, number):
        return run(["dotnet", "publish", app.folder / "Web", "-o", app.folder / "out", *FLAGS], environment(**DOTNET))

    def pipe(self, app, repository, number):
        return run([NATIVE], self.pipe_environment(app.folder, repository, number, PROJECT="Web", BASE_IMAGE=self.base), cwd=app.folder)

    def pipe_environment(self, folder, repository, number, **more):
        values = {"ACTION": "push", "ECR_REPOSITORY": f"{HOST}/{repository}", "AWS_DEFAULT_REGION": REGION, "TAGS": f"build-{number}\nlatest", "REPORT": "false",
                  "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.target.port}", "BITBUCKET_CLONE_DIR": str(folder), "AWS_ALLOWED_ACCOUNT_IDS": ACCOUNT}
        return environment(**DOTNET, **KEYS, **{**values, **more})

    def sdk(self, host, proxy):
        def publish(app, repository, number):
            registry = f"{host}:{proxy.port}"
            login = {"DOTNET_CONTAINER_PUSH_REGISTRY_UNAME": "AWS", "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD": self.ecr.password(),
                     "DOTNET_CONTAINER_INSECURE_REGISTRIES": f"{registry};127.0.0.1:{self.bases.port}"}
            return run(["dotnet", "publish", app.folder / "Web", *FLAGS, "-t:PublishContainer", f"-p:ContainerBaseImage={self.base}", f"-p:ContainerRegistry={registry}",
                        f"-p:ContainerRepository={repository}", f"-p:ContainerImageTag=build-{number}"], environment(**DOTNET, **login))
        return publish

    def skopeo(self, app, repository, number):
        """An image that the SDK built and kept near, without delay: only its way into the registry is measured."""
        near = f"127.0.0.1:{self.base_port}"
        run(["dotnet", "publish", app.folder / "Web", *FLAGS, "-t:PublishContainer", f"-p:ContainerBaseImage={near}/dotnet/aspnet:10.0", f"-p:ContainerRegistry={near}",
             "-p:ContainerRepository=near", f"-p:ContainerImageTag=build-{number}"], environment(**DOTNET, DOTNET_CONTAINER_INSECURE_REGISTRIES=near))
        self.target.reset()
        return run(["skopeo", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", f"--dest-creds=AWS:{self.ecr.password()}",
                    f"docker://{near}/near:build-{number}", f"docker://127.0.0.1:{self.target.port}/{repository}:build-{number}"])

    def measure(self, ways, round_trip):
        """Round after round, each way after the bare publish of the same change: what disturbs the machine disturbs all of them."""
        self.target.delay = self.bases.delay = self.plain.delay = round_trip / 2000
        apps = {name: App(self.work / f"{name}-{round_trip}".replace(" ", "-").replace(",", "")) for name in ways}
        figures = {name: {scenario: [] for scenario in SCENARIOS} for name in ways}
        for turn in range(RUNS):
            repositories = {name: self.ecr.create(f"bench-{next(NUMBERS)}") for name in ways}
            for scenario in SCENARIOS:
                print(f"{round_trip} ms, round {turn + 1} of {RUNS}, {scenario}", file=sys.stderr)
                number = next(NUMBERS)
                for name, way in ways.items():
                    figures[name][scenario].append(self.once(way, apps[name], repositories[name], scenario, number))
        return figures

    def once(self, way, app, repository, scenario, number):
        if scenario in ("first push", "one-line change"):
            app.change_line(number)
        app.use_serilog("4.3.0" if scenario == "package upgrade" else "4.4.0")
        proxies = (self.target, self.plain)
        for proxy in proxies:
            proxy.reset()
        seconds, memory = way(app, repository, number)
        return seconds, *(sum(proxy.totals[what] for proxy in proxies) for what in ("requests", "bytes")), memory

    def throughput(self):
        """The same OCI layout of one layer of 100 MB, into empty repositories, without delay."""
        self.target.delay = 0
        source, figures = layout(self.work / "large", [100_000_000]), {}
        for number in range(RUNS):
            repository = self.ecr.create(f"large-{number}-a")
            command = self.pipe_environment(source, repository, number, IMAGE_ARCHIVE=str(source))
            command["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{self.sandbox_port}"
            figures.setdefault("pipe", []).append(run([NATIVE], command, cwd=self.work))
            repository = self.ecr.create(f"large-{number}-b")
            figures.setdefault("skopeo", []).append(run(["skopeo", "copy", "--dest-tls-verify=false", f"--dest-creds=AWS:{self.ecr.password()}", f"oci:{source}:10.0",
                                                         f"docker://127.0.0.1:{self.sandbox_port}/{repository}:1"]))
        return figures


def table(figures, round_trip):
    rows = [["scenario", "way", "wall s", "beyond bare s", "requests", "kB sent", "peak MB"]]
    written = []
    for scenario in SCENARIOS:
        bare = [figure[0] for figure in figures["bare publish"][scenario]]
        for name in figures:
            wall, requests, sent, memory = (report.spread([figure[index] for figure in figures[name][scenario]]) for index in range(4))
            # skopeo copies an image that was built before: all that it does comes after the compiler.
            seconds = [figure[0] for figure in figures[name][scenario]]
            beyond = report.spread(seconds if name == "skopeo copy" else [one - other for one, other in zip(seconds, bare)])
            rows.append([scenario, name, f"{wall['median']:.2f}", f"{beyond['median']:.2f}", round(requests["median"]), f"{sent['median'] / 1000:.1f}", f"{memory['median']:.0f}"])
            written.append({"roundTripMs": round_trip, "scenario": scenario, "way": name, "wall": wall, "beyondBare": beyond,
                            "requests": requests["median"], "bytes": sent["median"], "peakMegabytes": memory["median"]})
    print(f"\nRound trip of {round_trip} ms, medians of {RUNS}:")
    report.table(rows)
    return written


def budgets(scenarios, rates, memory):
    """What was promised, what came out. A busy machine misses what a quiet one keeps: this is told, not failed."""
    def ours(scenario, figure):
        return next((figure(row) for row in scenarios if (row["scenario"], row["way"], row["roundTripMs"]) == (scenario, "pipe", 80)), None)

    limits = [("one-line change at 80 ms, seconds beyond a bare publish", ours("one-line change", lambda row: row["beyondBare"]["median"]), 0.35),
              ("one-line change, bytes sent", ours("one-line change", lambda row: row["bytes"]), 64_000),
              ("no change at 80 ms, seconds beyond a bare publish", ours("no change", lambda row: row["beyondBare"]["median"]), 0.25),
              ("100 MB layer, skopeo's throughput by ours", rates["skopeo"]["median"] / rates["pipe"]["median"], 1.0),
              ("2 GB folder, MB of memory", max(memory[name]["peakMegabytes"] for name in ("gzip", "zstd")), 80)]
    rows = [{"budget": name, "measured": round(value, 3), "limit": limit, "met": value <= limit} for name, value, limit in limits if value is not None]
    print("\nBudgets:")
    report.table([["budget", "measured", "limit", "met"], *[[row["budget"], row["measured"], row["limit"], "yes" if row["met"] else "no"] for row in rows]])
    return rows


def main():
    # So that what was started and changed is undone when the benchmark is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = Path(tempfile.mkdtemp(prefix="bench-image-"))
    hosts, line = Path("/etc/hosts"), f"127.0.0.1 {HOST}\n"
    named = os.access("/etc/hosts", os.W_OK)
    if named:
        hosts.write_text(hosts.read_text(encoding="utf-8") + line, encoding="utf-8")
    bench = None
    try:
        bench = Bench(work)
        ways = {"bare publish": bench.bare, "pipe": bench.pipe, "SDK, plain host": bench.sdk("127.0.0.1", bench.plain), "skopeo copy": bench.skopeo}
        if named:
            ways["SDK, ECR host"] = bench.sdk(HOST, bench.target)
        written = [row for round_trip in ROUND_TRIPS for row in table(bench.measure(ways, round_trip), round_trip)]
        large = bench.throughput()
        rates = {name: {**report.spread([100 / seconds for seconds, _ in figures]), "peakMegabytes": round(max(memory for _, memory in figures), 1)} for name, figures in large.items()}
        bench.target.delay = bench.bases.delay = 0
        compression = image_layers.compression(bench, NATIVE, RUNS)
        memory = image_layers.memory(bench, NATIVE)
        print("\nA layer of 100 MB, loopback:")
        report.table([["way", "MB/s", "peak MB"], *[[name, f"{rate['median']:.0f}", f"{rate['peakMegabytes']:.0f}"] for name, rate in rates.items()]])
        met = budgets(written, rates, memory)
        report.write("image", {"runs": RUNS, "scenarios": written, "throughputMegabytesPerSecond": rates, "compression": compression, "memory": memory, "budgets": met})
    finally:
        if bench:
            bench.close()
        if named:
            hosts.write_text(hosts.read_text(encoding="utf-8").replace(line, ""), encoding="utf-8")
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
