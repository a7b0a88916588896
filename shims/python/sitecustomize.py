"""Sleeps by the clock of an emulator's domain: `cckm-emulator exec --sleep virtual` puts this folder on PYTHONPATH.

`time.sleep` and `asyncio.sleep` of 0.2 s and more ask the emulator (CCKM_EMULATOR_SLEEP_URL) to answer once the
domain's time has come that far. `time.time`, `time.monotonic` and `datetime` then show the domain's time. Everything
else stays real: sockets, `select`, `Event.wait`, `subprocess`. Without an emulator that answers, sleeps are real.
"""

import os
import sys


def _load_hidden():
    """Loads the sitecustomize that this file hides."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))
    spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if os.path.abspath(path) != here])
    if spec is not None and spec.loader is not None:
        sys.modules["sitecustomize"] = module = module_from_spec(spec)
        spec.loader.exec_module(module)


def _install(url):
    # These modules copy a clock for their timeouts when they are loaded, so load them before the clocks change.
    import datetime
    import queue  # noqa: F401
    import selectors  # noqa: F401
    import signal
    import socket
    import subprocess  # noqa: F401
    import threading
    import time

    shortest = 0.2
    real_sleep, real_monotonic, real_alarm = time.sleep, time.monotonic, signal.alarm
    authority, path = url.split("//", 1)[1].split("/", 1)
    host, port = authority.rsplit(":", 1)
    address = (host.strip("[]"), int(port))
    token = os.environ.get("CCKM_EMULATOR_ADMIN_TOKEN")
    # The instant of the domain minus the real monotonic clock: now, and when it was first read.
    clock = {"offset": None, "first": None, "alarm": None}

    def head(method, target, body=""):
        lines = [f"{method} /{target} HTTP/1.1", f"Host: {authority}", "Connection: close"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def sleep_request(seconds, name):
        return head("POST", path, '{"for":"%dus","sleeper":"%s"}' % (round(seconds * 1e6), name))

    def read(answer):
        """Takes the domain's instant from an answer; True if the sleep ended early."""
        status, _, rest = answer.partition(b"\r\n")
        body = rest.partition(b"\r\n\r\n")[2].decode()
        if b" 200 " not in status + b" ":
            raise OSError(f"the emulator answered {status.decode()}")
        text = body.split('"now":"', 1)[1].split('"', 1)[0].rstrip("Z")
        whole, _, fraction = text.partition(".")
        numbers = [int(part) for part in whole.replace("T", "-").replace(":", "-").split("-")]
        instant = real_datetime(*numbers, int(fraction.ljust(6, "0")) if fraction else 0, tzinfo=real_utc)
        clock["offset"] = instant.timestamp() - real_monotonic()
        if clock["first"] is None:
            clock["first"] = clock["offset"]
        return '"early":true' in body

    def ask(request):
        with socket.create_connection(address) as connection:
            connection.sendall(request)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return read(b"".join(parts))

    def offset():
        if clock["offset"] is None:
            try:
                ask(head("GET", path.rsplit("/", 1)[0]))
            except (OSError, IndexError, ValueError):
                clock["offset"] = clock["first"] = real_time() - real_monotonic()
        return clock["offset"]

    real_time, real_datetime, real_utc = time.time, datetime.datetime, datetime.timezone.utc

    def virtual_time():
        return offset() + real_monotonic()

    def virtual_monotonic():
        return real_monotonic() + offset() - clock["first"]

    def sleeper():
        return f"{socket.gethostname()}/{os.getpid()}/{threading.get_ident()}"

    def sleep_until(end):
        while (rest := end - virtual_time()) > 0:
            if rest >= shortest:
                ask(sleep_request(rest, sleeper()))
            else:
                real_sleep(rest)

    def sleep_for(seconds):
        """Sleeps once for the whole time, so that rounds are exact. After an early end, sleeps for the rest."""
        end = virtual_time() + seconds
        try:
            if ask(sleep_request(seconds, sleeper())):
                sleep_until(end)
        except (OSError, IndexError, ValueError):
            real_sleep(max(0, end - virtual_time()))

    def virtual_sleep(seconds, /):
        if not isinstance(seconds, (int, float)) or not shortest <= seconds < 1e9:
            return real_sleep(seconds)
        alarm = clock["alarm"]
        before_alarm = None if alarm is None else alarm - virtual_time()
        if before_alarm is None or before_alarm > seconds or threading.current_thread() is not threading.main_thread():
            return sleep_for(seconds)
        # An alarm interrupts the sleep, here by the domain's time.
        sleep_for(max(0.0, before_alarm))
        virtual_alarm(0)
        signal.raise_signal(signal.SIGALRM)
        return virtual_sleep(seconds - before_alarm)

    def virtual_alarm(seconds, /):
        rest = real_alarm(seconds)
        clock["alarm"] = virtual_time() + seconds if seconds > 0 else None
        return rest

    class _Instance(type):
        def __instancecheck__(cls, instance):
            return isinstance(instance, cls.__mro__[1])

        def __subclasscheck__(cls, other):
            return issubclass(other, cls.__mro__[1])

    def subclass_of(real, methods):
        return _Instance(real.__name__, (real,), {"__module__": "datetime", "__doc__": real.__doc__, **methods})

    def now(cls, tz=None):
        return cls.fromtimestamp(virtual_time(), tz)

    def utcnow(cls):
        return cls.fromtimestamp(virtual_time(), real_utc).replace(tzinfo=None)

    def today(cls):
        return cls.fromtimestamp(virtual_time())

    def forget():
        # The clock may have leapt since the parent last read it.
        clock.update(offset=None, alarm=None)

    def replace(module, functions):
        for name, function in functions.items():
            # pickle stores a function as the name of its module and its own, as for the one that it replaces.
            function.__module__, function.__name__, function.__qualname__ = module.__name__, name, name
            setattr(module, name, function)

    of_time = {
        "sleep": virtual_sleep,
        "time": virtual_time,
        "time_ns": lambda: round(virtual_time() * 1e9),
        "monotonic": virtual_monotonic,
        "monotonic_ns": lambda: round(virtual_monotonic() * 1e9),
    }
    replace(time, of_time)
    replace(signal, {"alarm": virtual_alarm})
    real_date = datetime.date
    datetime.datetime = subclass_of(
        real_datetime, {"now": classmethod(now), "utcnow": classmethod(utcnow), "today": classmethod(today)}
    )
    datetime.date = subclass_of(real_date, {"today": classmethod(today)})
    os.register_at_fork(after_in_child=forget)
    parts = (shortest, address, real_monotonic, virtual_time, sleep_request, read, sleeper)
    _on_import("asyncio.tasks", lambda tasks: _install_async(tasks, parts))


def _on_import(name, patch):
    """Calls `patch` with a module once it is loaded."""
    from importlib.machinery import PathFinder

    class Finder:
        @staticmethod
        def find_spec(fullname, path, target=None):
            if fullname != name:
                return None
            sys.meta_path.remove(Finder)
            spec = PathFinder.find_spec(fullname, path, target)
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                patch(module)

            spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Finder)


def _install_async(tasks, parts):
    """Patches asyncio.sleep. An event loop is one sleeper. Once every task that has slept before is asleep or done,
    the loop sleeps until the earliest end of its tasks' sleeps."""
    import weakref

    shortest, address, real_monotonic, virtual_time, sleep_request, read, sleeper = parts
    # How long a loop waits for a task that has slept and is awake, in seconds of real time.
    patience = 5.0
    real_sleep = tasks.sleep
    loops = weakref.WeakKeyDictionary()

    class Loop:
        def __init__(self):
            self.ends = {}
            self.awake = weakref.WeakKeyDictionary()
            self.runner = None

        def is_busy(self):
            now = real_monotonic()
            return any(not task.done() and now - since < patience for task, since in self.awake.items())

        async def run(self):
            while self.ends:
                if self.is_busy():
                    await real_sleep(0.005)
                    continue
                end, exact = min(self.ends.values())
                rest = end - virtual_time()
                if rest < shortest:
                    await real_sleep(max(0, rest))
                else:
                    await self.ask(exact if exact - rest < 0.05 else rest, end)
                self.wake()

        def wake(self):
            now = virtual_time()
            for future, (end, _) in list(self.ends.items()):
                if end <= now + 0.002 and not future.done():
                    future.set_result(None)

        async def ask(self, seconds, end):
            import asyncio

            try:
                reader, writer = await asyncio.open_connection(*address)
                try:
                    writer.write(sleep_request(seconds, sleeper()))
                    read(await reader.read())
                finally:
                    writer.close()
            except (OSError, IndexError, ValueError):
                await real_sleep(max(0, end - virtual_time()))

    async def sleep(delay, result=None):
        import asyncio

        if not isinstance(delay, (int, float)) or not shortest <= delay < 1e9:
            return await real_sleep(delay, result)
        running = asyncio.get_running_loop()
        loop = loops.setdefault(running, Loop())
        task, future = asyncio.current_task(), running.create_future()
        entry = (virtual_time() + delay, delay)
        loop.awake.pop(task, None)
        earliest = min(loop.ends.values(), default=None)
        loop.ends[future] = entry
        if loop.runner is None or loop.runner.done() or (earliest is not None and entry < earliest):
            if loop.runner is not None:
                loop.runner.cancel()
            loop.runner = running.create_task(loop.run())
        try:
            await future
        finally:
            del loop.ends[future]
            loop.awake[task] = real_monotonic()
            if not loop.ends and loop.runner is not None:
                loop.runner.cancel()
        return result

    tasks.sleep = sleep


_url = os.environ.get("CCKM_EMULATOR_SLEEP_URL")
if _url:
    _install(_url)
_load_hidden()
