"""The build backend (PEP 517): packs the module and its metadata, read from pyproject.toml's few lines, into a wheel."""

import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MODULE = "pytest_cckm_emulator.py"


def _read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def _project(key):
    # tomllib is not in Python 3.9 and 3.10.
    return re.search(rf'^{key} = "(.*)"$', _read("pyproject.toml"), re.MULTILINE).group(1)


def _metadata():
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {_project('name')}",
        f"Version: {_project('version')}",
        f"Summary: {_project('description')}",
        f"Requires-Python: {_project('requires-python')}",
        "License: Apache-2.0",
        "Classifier: Framework :: Pytest",
        "Requires-Dist: pytest>=7",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + _read("README.md")


def _distribution():
    return f"{_project('name').replace('-', '_')}-{_project('version')}"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"{_distribution()}.dist-info"
    files = {
        MODULE: _read(MODULE),
        f"{info}/METADATA": _metadata(),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: build_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[pytest11]\ncckm_emulator = pytest_cckm_emulator\n",
    }
    record = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    wheel = f"{_distribution()}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # A fixed time: the same sources give the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    name = f"{_distribution()}.tar.gz"
    with tarfile.open(os.path.join(sdist_directory, name), "w:gz") as archive:
        for path in ("pyproject.toml", "README.md", MODULE, "build/build_wheel.py"):
            archive.add(os.path.join(ROOT, path), f"{_distribution()}/{path}")
        metadata = _metadata().encode()
        entry = tarfile.TarInfo(f"{_distribution()}/PKG-INFO")
        entry.size = len(metadata)
        archive.addfile(entry, io.BytesIO(metadata))
    return name
