# SPDX-License-Identifier: MIT
"""A Debian 12 that has just been installed, with nothing but cco (or its sources) and a key: `cco -p hi` answers. The
vendor's Claude Code comes from a registry on this machine, and talks to a stand-in.
"""

import io
import os
import pathlib
import shutil
import subprocess
import tarfile

import pytest

from conftest import CCO, PASSED, ROOT, native_only
from npm_registry import Registry
from standin import ANSWER, StandIn

pytestmark = [
    native_only("with an engine, claude is in the image"),
    pytest.mark.skipif(os.environ.get("CCO_LONG") != "1", reason="test-long: makes a Debian"),
    pytest.mark.skipif(os.getuid() != 0 or shutil.which("debootstrap") is None, reason="needs root and debootstrap"),
]

# Makes the tree the root of a mount namespace of its own. In a chroot no namespaces can be made.
ENTER = """
mount --make-rprivate / && mount --rbind "$1" "$1" && cd "$1" && mkdir -p old && pivot_root . old &&
cd / && export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin && mount -t proc proc /proc && mount --rbind /old/dev /dev &&
mount -t tmpfs tmp /tmp && umount -l /old && rmdir /old && cd /root/project && shift && exec "$@"
"""


class Bare:
    def __init__(self, root, registry, standin):
        self.root, self.registry, self.standin = root, registry, standin

    def run(self, *args, timeout, env=None):
        shutil.rmtree(self.root / "root", ignore_errors=True)
        (self.root / "root/project").mkdir(parents=True)
        shutil.copy(self.registry.pki.pem("ca"), self.root / "root/ca.pem")
        return subprocess.run(
            ["unshare", "-m", "sh", "-c", ENTER, "sh", self.root, *args], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=timeout, check=False,
            env={"PATH": os.environ["PATH"], "HOME": "/root", "ANTHROPIC_API_KEY": "sk-ant-e2e-secret",
                 "ANTHROPIC_BASE_URL": self.standin.url, "npm_config_registry": self.registry.address,
                 "npm_config_cafile": "/root/ca.pem", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", **(env or {})})


def vendors_package(program):
    """Returns the vendor's program as the package in which the registry has it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1, format=tarfile.USTAR_FORMAT) as tar:
        tar.add(program, "package/claude")
    return out.getvalue()


@pytest.fixture(scope="module")
def debian(tmp_path_factory):
    root = tmp_path_factory.mktemp("debian")
    root.chmod(0o755)
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root, "http://deb.debian.org/debian"], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True, timeout=900)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    return root


@pytest.fixture
def bare(real, debian, pki):
    program = shutil.which("claude", path=real.env["PATH"])
    if program is None:
        pytest.skip("this machine has no claude that the registry could offer")
    registry = Registry(pki, {"2.1.0": vendors_package(pathlib.Path(program).resolve())})
    standin = StandIn()
    yield Bare(debian, registry, standin)
    standin.close()
    registry.close()


def test_cco_and_a_key_are_enough(bare):
    shutil.copy(CCO, bare.root / "usr/local/bin/cco")
    result = bare.run("cco", "-p", "hi", timeout=300)
    assert result.returncode == 0 and result.stdout == f"{ANSWER}\n", result.stderr
    assert "could not" not in result.stderr and "no namespaces" not in result.stderr


def test_the_sources_and_a_key_are_enough(bare):
    sources = bare.root / "srv/cco"
    files = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True).stdout
    for name in files.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, sources / name)
    if (ROOT / "vendor/cache").is_dir():
        shutil.copytree(ROOT / "vendor/cache", sources / "vendor/cache", dirs_exist_ok=True)
    proxies = {name: os.environ[name] for name in PASSED if "roxy" in name.lower() and name in os.environ}
    result = bare.run("sh", "-c", "/srv/cco/build.sh run -p 'say hi' 2>/root/log || { tail /root/log >&2; exit 1; }",
                      timeout=1800, env={"DEBIAN_FRONTEND": "noninteractive", "NO_PROXY": "localhost,127.0.0.1", **proxies})
    assert result.returncode == 0 and result.stdout.endswith(f"{ANSWER}\n"), result.stderr
