# SPDX-License-Identifier: MIT
"""--image with images like those that people have: Alpine, distroless, from scratch, with users, entry points, volumes
and labels of their own.
"""

import hashlib
import io
import json
import os
import pathlib
import tarfile
import urllib.parse

import pytest

from conftest import CCO, ENGINE, docker_only, until
from terminal import Terminal

pytestmark = docker_only("no images without an engine")

BUSYBOX = pathlib.Path("/bin/busybox")
APPLETS = ("sh", "ls", "cat", "id", "echo", "env", "pwd", "touch", "stat", "test", "true", "grep", "head", "sleep", "kill")


class Image:
    """A root file system as a tar archive."""

    def __init__(self):
        self.bytes = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.bytes, mode="w")

    def add(self, name, kind=tarfile.REGTYPE, data=b"", mode=0o755, link=""):
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.size, info.linkname = kind, mode, len(data), link
        self.tar.addfile(info, io.BytesIO(data))
        return self

    def close(self):
        self.tar.close()
        return self.bytes.getvalue()

    def dir(self, name, mode=0o755):
        return self.add(name, tarfile.DIRTYPE, mode=mode)

    def link(self, name, to):
        return self.add(name, tarfile.SYMTYPE, link=to)

    def file(self, name, text, mode=0o644):
        return self.add(name, data=text.encode(), mode=mode)

    def busybox(self):
        self.dir("bin").add("bin/busybox", data=BUSYBOX.read_bytes())
        for applet in APPLETS:
            self.link(f"bin/{applet}", "busybox")
        return self


def alpine(accounts="root:x:0:0:root:/root:/bin/ash\nguest:x:405:100:guest:/dev/null:/sbin/nologin\n"):
    image = Image().busybox().dir("etc").dir("tmp", 0o1777).dir("root", 0o700).dir("usr").dir("home").dir("lib")
    image.file("etc/passwd", accounts)
    image.file("etc/group", "root:x:0:root\nusers:x:100:games\n").file("etc/os-release", "ID=alpine\n")
    return image


@pytest.fixture
def make(real, api):
    """Loads images and removes them afterwards."""
    if not BUSYBOX.exists():
        pytest.skip("no /bin/busybox: apt-get install busybox-static")
    made = []

    def load(image, name, architecture=None, **config):
        """Loads the image as `docker save` would have written it, with this configuration."""
        layer = image.close()
        layer_id = hashlib.sha256(layer).hexdigest()
        text = json.dumps({
            "architecture": architecture or {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine], "os": "linux",
            "config": config, "rootfs": {"type": "layers", "diff_ids": ["sha256:" + layer_id]}}).encode()
        config_name = hashlib.sha256(text).hexdigest() + ".json"
        ref = f"cco-test/{name}:1"
        manifest = [{"Config": config_name, "RepoTags": [ref], "Layers": ["layer.tar"]}]
        outer = Image().add("layer.tar", data=layer).add(config_name, data=text)
        outer.add("manifest.json", data=json.dumps(manifest).encode())
        status, reply = api("POST", "/v1.41/images/load?quiet=1", outer.close(), kind="application/x-tar")
        assert status == 200 and b"error" not in reply, reply
        made.append(ref)
        return ref
    yield load
    for name in made:
        api("DELETE", f"/v1.41/images/{urllib.parse.quote(name, safe='')}?force=1")
    assert real.leftovers() == []


WHO = "id -u; id -g; echo $HOME; pwd; test -w . && echo writable; touch $HOME/x && echo home"


def check_who(real, image, script=WHO):
    result = real.cco("--image", image, "shell", script)
    assert result.out.splitlines() == [str(ENGINE.uid), str(ENGINE.gid), str(real.home), str(real.project),
                                       "writable", "home"], result.err
    assert result.err == ""


def test_alpine_image_runs(real, make):
    image = make(alpine(), "alpine")
    check_who(real, image)
    assert real.cco("--image", image, "shell", "exit 7").returncode == 7
    assert real.cco("--image", image, "shell", "cat", stdin=b"in").out == "in"
    assert real.cco("--image", image, "shell", "nothing-like-this", "-x").returncode == 127


def test_the_users_name_is_known(real, make):
    result = real.cco("--image", make(alpine(), "names"), "shell", "id -un; grep -c . /etc/passwd")
    assert result.out.splitlines()[0] == ("root" if os.getuid() == 0 else os.environ.get("USER", result.out.split()[0]))


def test_image_with_one_static_program_runs(real, make):
    """The image has one static program and nothing else: no shell, no /etc, no /tmp."""
    image = make(Image().add("busybox", data=BUSYBOX.read_bytes()), "distroless")
    result = real.cco("--image", image, "shell", "/busybox", "echo", "a b", "c")
    assert (result.returncode, result.out, result.err) == (0, "a b c\n", "")
    result = real.cco("--image", image, "shell", "/busybox", "sh", "-c", "/busybox id -u; /busybox pwd; exit 3")
    assert result.returncode == 3 and result.out == f"{ENGINE.uid}\n{real.project}\n"
    result = real.cco("--image", image, "shell", "echo hi")
    assert result.returncode == 127 and "sh" in result.err


def test_prompt_of_a_shell_that_is_not_bash_says_that_it_is_in_a_sandbox(real, make):
    image = alpine().file("etc/profile", "PS1='\\w\\$ '\n")
    terminal = Terminal([CCO, "--image", make(image, "prompt"), "shell"], real.env, real.project, 30, 120)
    terminal.wait_for("(cco) ").type("echo E=[$ENV]; sh\r")
    terminal.wait_for("E=[]").type("exit\rexit\r")
    assert terminal.wait() == 0 and "(cco) (cco)" not in terminal.text()


def test_default_user_of_the_image_is_ignored(real, make):
    check_who(real, make(alpine(), "user", User="1234:5678"))


def test_entry_point_of_the_image_is_not_run(real, make):
    image = make(alpine(), "entry", Entrypoint=["/bin/echo", "from the entry point"], Cmd=["x"])
    check_who(real, image)


def test_working_directory_and_variables_of_the_image(real, make):
    image = make(alpine(), "workdir", WorkingDir="/nowhere/at/all", Env=["FROM_IMAGE=1", "PATH=/bin:/opt/own"])
    check_who(real, image)
    assert real.cco("--image", image, "shell", "echo $PATH").out == "/bin:/opt/own\n"


@pytest.mark.parametrize("accounts", [
    "root:x:0:0:root:/root:/bin/sh\nsomebody:x:{uid}:{gid}:other:/elsewhere:/bin/false\n",
    "root:x:0:0:root:/root:/bin/sh\n{user}:x:4711:4711:same name:/elsewhere:/bin/false\n",
    "{user}:x:4711:4711::/a:/b\nsomebody:x:{uid}:{gid}::/a:/b\n{user}:x:4712:1::/a:/b\n",
    "", "no colons at all\n", ":::::::\n", "root:x:0:0:root:/root:/bin/sh",
])
def test_accounts_of_the_image_with_the_users_ids(real, make, accounts):
    user = json.loads(real.cco("--image", "x", "--dry-run", "shell", "true").out)["user"]["name"]
    image = make(alpine(accounts.format(uid=os.getuid(), gid=os.getgid(), user=user)), "clash")
    check_who(real, image)
    assert real.cco("--image", image, "shell", "id -un; echo ~").out == f"{user}\n{real.home}\n"


def test_etc_passwd_behind_a_link(real, make):
    """In some images, /etc consists of links into a store."""
    image = Image().busybox().dir("etc").dir("store").file("store/passwd", "root:x:0:0::/root:/bin/sh\n")
    check_who(real, make(image.link("etc/passwd", "/store/passwd"), "store"))
    image = Image().busybox().dir("usr").dir("usr/etc").link("etc", "usr/etc").file("usr/etc/passwd", "root:x:0:0::/:/bin/sh\n")
    check_who(real, make(image, "etc-link"))


def test_etc_passwd_is_a_directory(real, make):
    image = make(Image().busybox().dir("etc").dir("etc/passwd"), "odd")
    result = real.cco("--image", image, "shell", "true")
    assert result.returncode == 125 and "/etc/passwd" in result.err


def test_image_declares_a_volume_at_the_home(real, make, api):
    image = make(alpine(), "volume", Volumes={str(real.home): {}, "/data": {}})
    check_who(real, image)
    _, text = api("GET", "/v1.41/volumes")
    known = {v["Name"] for v in json.loads(text)["Volumes"] or []}
    real.cco("--image", image, "shell", "true")

    def gone():
        _, now = api("GET", "/v1.41/volumes")
        return {v["Name"] for v in json.loads(now)["Volumes"] or []} <= known
    assert until(gone)


def test_labels_of_an_image_are_not_trusted(real, make, own_image, api):
    """If cco trusted an image that claims to contain this very cco, the image's program would run as PID 1 with root's
    privileges.
    """
    plan = json.loads(own_image.cco("--dry-run").out)["image"]
    if plan["send_init"]:
        pytest.skip("cco's image was built by another cco: remove it")
    ours = plan["ref"]
    digest = json.loads(api("GET", f"/v1.41/images/{ours}/json")[1])["Config"]["Labels"]["cco.init"]
    image = alpine().file("cco-init", "#!/bin/sh\necho adopted >/evil; exit 0\n", 0o755)
    image = make(image, "labels", Labels={"cco": "1", "cco.init": digest, "cco.digest": "1", "cco.uid": "0"})
    check_who(real, image)
    assert real.cco("--image", image, "shell", "test -e /evil").returncode == 1


def test_stop_signal_and_onbuild_triggers_of_the_image(real, make):
    check_who(real, make(alpine(), "stop", StopSignal="SIGKILL", OnBuild=["RUN false"], ExposedPorts={"80/tcp": {}},
                         Healthcheck={"Test": ["CMD", "/bin/false"], "Interval": 1000000}, Shell=["/nothing"]))


def test_image_without_claude(real, make):
    image = make(alpine(), "landlock-only")
    result = real.cco("--image", image, "-p", "hi")
    assert result.returncode == 127 and result.out == ""
    assert "has no Claude Code" in result.err and "npm install -g" in result.err


def test_claude_that_cannot_be_executed(real, make):
    """For example a program for glibc in an image with musl: the file exists, so "not found" would mislead."""
    image = make(alpine().file("bin/claude", "#!/lib64/ld-linux-of-others.so.2\n", 0o755), "other-libc")
    result = real.cco("--image", image, "-p", "hi")
    assert result.returncode == 126 and "interpreter" in result.err and "has no Claude Code" not in result.err
    image = make(alpine().file("bin/claude", "#!/bin/sh\necho mine >&2\nexit 127\n", 0o755), "own-127")
    result = real.cco("--image", image, "-p", "hi")
    assert (result.returncode, result.err) == (127, "mine\n")


def test_a_program_for_another_processor(real, make):
    """The program is for another processor, although the image claims another one."""
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + (3).to_bytes(2, "little") + (243).to_bytes(2, "little") + bytes(200)
    result = real.cco("--image", make(alpine().add("bin/claude", data=header), "riscv"), "-p", "hi")
    assert result.returncode == 126 and "claude: Exec format error" in result.err


def test_image_whose_directories_are_links(real, make):
    """As on systems that keep all changeable directories below /var."""
    home, top = str(real.home).lstrip("/"), str(real.home).lstrip("/").split("/")[0]
    image = make(Image().busybox().dir("var").dir("var/top", 0o1777).link(top, "var/top"), "top-link")
    result = real.cco("--image", image, "shell", "cd .; touch $HOME/x made && test -w .; echo $? $HOME; ls")
    assert result.out == f"0 {real.home}\nmade\n", result.err
    (real.project / "made").unlink()
    if ENGINE.podman:
        pytest.skip("crun makes no mount point behind a link that leads nowhere")
    for number, target in enumerate(("other", "/var/other")):
        image = Image().busybox().dir("var").dir("etc")
        for n in range(1, home.count("/") + 1):
            image.dir("/".join(home.split("/")[:n]))
        image = make(image.link(home, target), f"home-link-{number}")
        check_who(real, image, WHO.replace("pwd", f"echo '{real.project}'"))


def test_image_for_another_processor_is_reported(real, make):
    other = {"x86_64": "arm64", "aarch64": "amd64"}[os.uname().machine]
    result = real.cco("--image", make(alpine(), "other", architecture=other), "shell", "true")
    assert f"for {other}" in result.err


def test_image_that_no_registry_has(real):
    result = real.cco("--image", "localhost:1/nobody/has:this", "shell", "true")
    assert result.returncode == 125 and "localhost:1/nobody/has:this" in result.err
    assert "docker load" in result.err
    result = real.cco("--image", "Not A Reference", "shell", "true")
    assert result.returncode == 125 and "Not A Reference" in result.err and "registry/name:tag" in result.err
