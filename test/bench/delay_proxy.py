"""A TCP proxy that makes every byte late, and counts the HTTP requests that pass: a registry far away, on one machine."""
import asyncio
import threading


class Counter:
    """Requests and their bodies' bytes, from what a client sends on one connection (HTTP/1.1, length or chunked)."""

    def __init__(self, totals):
        self.totals, self.buffer, self.left, self.chunked = totals, b"", 0, False

    def feed(self, data):
        while data:
            if self.left:
                taken = min(self.left, len(data))
                self.left -= taken
                self.totals["bytes"] += taken
                data = data[taken:]
                continue
            self.buffer += data
            data = b""
            if self.chunked:
                data = self.chunk()
            elif b"\r\n\r\n" in self.buffer:
                data = self.head()

    def head(self):
        head, rest = self.buffer.split(b"\r\n\r\n", 1)
        self.buffer = b""
        self.totals["requests"] += 1
        lines = head.decode("latin-1").split("\r\n")
        self.totals["lines"].append(lines[0])
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.chunked = "chunked" in fields.get("transfer-encoding", "")
        self.left = int(fields.get("content-length", 0))
        return rest

    def chunk(self):
        """One chunk's head; its end-of-line is taken with the next head."""
        text = self.buffer.lstrip(b"\r\n")
        if b"\r\n" not in text:
            return b""
        size, rest = text.split(b"\r\n", 1)
        self.buffer = b""
        self.left = int(size.split(b";")[0], 16)
        self.chunked = self.left > 0
        return rest if self.left else rest.removeprefix(b"\r\n")


class DelayProxy:
    """delay: seconds each way; a new connection costs one round trip more, for its handshake."""

    def __init__(self, target):
        self.target, self.delay, self.totals = target, 0.0, {}
        self.reset()
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self.run, args=(ready,), daemon=True).start()
        ready.wait()

    def reset(self):
        self.totals.update(requests=0, bytes=0, connections=0, lines=[])

    def run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.accept, "127.0.0.1", 0, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def accept(self, reader, writer):
        self.totals["connections"] += 1
        opened = self.loop.time() + 2 * self.delay
        try:
            near, far = await asyncio.open_connection("127.0.0.1", self.target, limit=1 << 20)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.pipe(reader, far, opened, Counter(self.totals)), self.pipe(near, writer, opened, None))

    async def pipe(self, source, target, opened, counter):
        late = asyncio.Queue(maxsize=4096)
        writing = asyncio.create_task(self.write(late, target))
        try:
            while data := await source.read(1 << 18):
                if counter:
                    counter.feed(data)
                await late.put((max(self.loop.time(), opened) + self.delay, data))
        except (ConnectionError, OSError):
            pass
        await late.put((self.loop.time() + self.delay, b""))
        await writing

    async def write(self, late, target):
        try:
            while True:
                due, data = await late.get()
                if (wait := due - self.loop.time()) > 0:
                    await asyncio.sleep(wait)
                if not data:
                    target.close()
                    return
                target.write(data)
                await target.drain()
        except (ConnectionError, OSError):
            while (await late.get())[1]:
                pass
