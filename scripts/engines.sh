# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Sourced by prepare-engine: starts the engines besides the default one with which the same tests run. An engine has
# its sockets and its state in /tmp/cco-engine.*, and its images in a directory of this checkout. The file
# build/test/engines/NAME contains what the tests need to know about it, as NAME=VALUE. The rootless engines belong to
# cco-test, an ordinary user who is made for the tests. Their tests run as this user, in a copy of the necessary parts
# of the checkout. For native, no engine is started: Claude Code is installed from npm, as in the image. native-user is
# the same for the user cco-test.

others='podman podman-rootless docker-rootless docker-26 podman-5'
tester=cco-test
bridge=cco-docker26

# Makes the ordinary user, with a home outside of directories that only root can enter.
make_tester()
{
    id "$tester" >/dev/null 2>&1 || useradd -m -d "/var/lib/$tester" -s /bin/bash "$tester" ||
        why "cannot make the user $tester"
    home=$(getent passwd "$tester" | cut -d : -f 6)
    data=$home/$key
    install -d -m 0755 -o "$tester" -g "$(id -g "$tester")" "$home" "$data"
}

# Prepares the machine for a rootless engine, or reports why that is not possible.
make_rootless()
{
    install_packages uidmap slirp4netns fuse-overlayfs util-linux passwd
    [ "$(cat /proc/sys/user/max_user_namespaces 2>/dev/null || echo 0)" -gt 0 ] &&
        [ "$(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null || echo 1)" -eq 1 ] ||
        why "this kernel gives no user namespaces to ordinary users"
    [ -c /dev/net/tun ] || [ -e /sys/class/misc/tun ] || why "this kernel has no /dev/net/tun, which slirp4netns needs"
    make_tester
    grep -q "^$tester:" /etc/subuid 2>/dev/null || usermod --add-subuids 300000-365535 "$tester"
    grep -q "^$tester:" /etc/subgid 2>/dev/null || usermod --add-subgids 300000-365535 "$tester"
    chown "$tester:" "$dir" "$dir/run"
}

# Writes Podman's configuration for machines on which its defaults fail: root without CAP_SYS_RESOURCE cannot raise a
# limit, crun refuses cgroup v1 with controllers of v2 beside it, and systemd may be missing.
write_podman_config()
{
    nofile=$(sed -n 's/^Max open files *[0-9a-z]* *\([0-9]*\).*/\1/p' /proc/self/limits)
    nproc=$(sed -n 's/^Max processes *[0-9a-z]* *\([0-9]*\).*/\1/p' /proc/self/limits)
    pids=$(cat /proc/sys/kernel/pid_max)
    [ "${nproc:-$pids}" -lt "$pids" ] || nproc=$pids
    cat >"$dir/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=${nofile:-1024}:${nofile:-1024}", "nproc=${nproc:-$pids}:${nproc:-$pids}"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
    cat >"$dir/registries.conf" <<CONF
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "127.0.0.1"
insecure = true
CONF
    cat >"$dir/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$data/podman"
rootless_storage_path = "$data/podman"
runroot = "$dir/storage"
CONF
}

# Runs a command in the background in a mount namespace of its own, so that the machine's /dev and cgroups do not
# change. $! is the pid of the command: in_own_mounts COMMAND...
in_own_mounts()
{
    # shellcheck disable=SC2016
    (cd / && exec setsid unshare -m sh -c '
        mount --make-rshared /
        if [ -n "$(cat /sys/fs/cgroup/unified/cgroup.controllers 2>/dev/null)" ]; then
            umount /sys/fs/cgroup/unified
        fi
        if [ "$(stat -c %a /dev/net/tun 2>/dev/null)" != 666 ]; then
            mount -t tmpfs tmpfs /dev/net && mknod /dev/net/tun c 10 200 && chmod 0666 /dev/net/tun
        fi
        exec "$@"' sh "$@" >"$log" 2>&1 </dev/null) &
}

# Does the same as the ordinary user, with a new environment: as_tester COMMAND...
as_tester()
{
    in_own_mounts setpriv --reuid "$(id -u "$tester")" --regid "$(id -g "$tester")" --init-groups env -i \
        "PATH=$PATH" "HOME=$home" "XDG_RUNTIME_DIR=$dir/run" "CONTAINERS_CONF=$dir/containers.conf" \
        "CONTAINERS_STORAGE_CONF=$dir/storage.conf" "CONTAINERS_REGISTRIES_CONF=$dir/registries.conf" "$@"
}

# Makes a tree of Debian 13 with its engines in build/test/trixie, if it is not there.
make_trixie()
{
    trixie=$PWD/build/test/trixie
    [ ! -f "$trixie/made" ] || return 0
    install_packages debootstrap
    echo "making a Debian 13 with its engines" >&2
    rm -rf "$trixie"
    debootstrap --variant=minbase --include=docker.io,iptables,ca-certificates,podman,crun,runc,netavark trixie "$trixie" \
        "$(mirror)" >"$log" 2>&1 || why "debootstrap fails ($log)"
    touch "$trixie/made"
}

# Runs a command in the background in the tree of Debian 13, with this machine's processes, devices and sockets. The tree
# becomes the root of a mount namespace. In a chroot, an exec in a container would see this machine's files, because
# setns(2) goes to the root of the namespace: in_trixie COMMAND...
in_trixie()
{
    in_own_mounts env "TREE=$trixie" "CHECKOUT=$PWD" "CONTAINERS_CONF=$dir/containers.conf" \
        "CONTAINERS_STORAGE_CONF=$dir/storage.conf" "CONTAINERS_REGISTRIES_CONF=$dir/registries.conf" sh -c '
        mount --make-rprivate /
        mount --bind "$TREE" "$TREE"
        for shown in /dev /proc /sys /run /tmp /var/tmp /home /root "$CHECKOUT"; do
            mkdir -p "$TREE$shown" && mount --rbind "$shown" "$TREE$shown"
        done
        for shown in /etc/hosts /etc/hostname /etc/resolv.conf; do
            touch "$TREE$shown" && mount --bind "$shown" "$TREE$shown"
        done
        mkdir -p "$TREE/old" && cd "$TREE" && pivot_root . old && cd / && umount -l /old
        exec "$@"' sh "$@"
}

start_other()
{
    case $1 in
    podman)
        install_packages podman crun iptables
        data=$PWD/build/test
        write_podman_config
        in_own_mounts env "CONTAINERS_CONF=$dir/containers.conf" "CONTAINERS_STORAGE_CONF=$dir/storage.conf" \
            "CONTAINERS_REGISTRIES_CONF=$dir/registries.conf" podman system service --time=0 "unix://$other_socket"
        ;;
    podman-rootless)
        make_rootless
        install_packages podman crun iptables
        write_podman_config
        as_tester podman system service --time=0 "unix://$other_socket"
        ;;
    docker-rootless)
        make_rootless
        install_packages docker.io rootlesskit iptables
        rootless=/usr/share/docker.io/contrib/dockerd-rootless.sh
        [ -f "$rootless" ] || why "docker.io has no dockerd-rootless.sh"
        as_tester sh "$rootless" --data-root "$data/docker" --exec-root "$dir/exec" -p "$dir/dockerd.pid" \
            -H "unix://$other_socket"
        ;;
    docker-26)
        make_trixie
        # A dockerd without a bridge of its own would use, and finally delete, that of another dockerd.
        ip link show $bridge >/dev/null 2>&1 || ip link add $bridge type bridge || why "cannot make a network bridge"
        ip address replace 172.30.26.1/24 dev $bridge
        in_trixie dockerd --iptables=false --bridge $bridge --data-root "$PWD/build/test/docker-26" \
            --exec-root "$dir/exec" -p "$dir/dockerd.pid" -H "unix://$other_socket"
        ;;
    podman-5)
        make_trixie
        data=$PWD/build/test/podman-5
        write_podman_config
        echo 'runtime = "runc"' >>"$dir/containers.conf" # crun refuses cgroup v1 with controllers of v2 beside it
        in_trixie podman system service --time=0 "unix://$other_socket"
        ;;
    esac
    other_pid=$!
}

# Copies the base image from the default engine, so that every engine runs the same image: copy_base SOCKET
copy_base()
{
    case $(ask "$1" GET /v1.40/images/$base/json) in
    *' 200 '*) return 0 ;;
    esac
    [ -s build/test/engine ] || return 1
    /usr/bin/python3 - "$(cat build/test/engine)" "$1" $base <<'PYTHON'
import http.client
import socket
import sys


def connect(path):
    connection = http.client.HTTPConnection("d", timeout=300)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(path)
    return connection


source, target = connect(sys.argv[1]), connect(sys.argv[2])
source.request("GET", f"/v1.40/images/{sys.argv[3]}/get")
tar = source.getresponse()
assert tar.status == 200, tar.read()
target.request("POST", "/v1.40/images/load", iter(lambda: tar.read(1 << 20), b""),
               {"Content-Type": "application/x-tar"}, encode_chunked=True)
reply = target.getresponse()
text = reply.read()
print(reply.status, text)
sys.exit(reply.status != 200 or b"errorDetail" in text)
PYTHON
}

# Makes the copy of the checkout in which the ordinary user runs the tests, because only its owner may be able to
# enter the checkout: copy_checkout NAME
copy_checkout()
{
    rm -rf "${data:?}/$1"
    mkdir -p "$data/$1/build/test/engines" "$data/$1/tests"
    cp -R tests/e2e tests/fidelity "$data/$1/tests/"
    cp -R scripts image src "$data/$1/"
    [ ! -f build/cco ] || cp build/cco "$data/$1/build/"
    if [ -f build/musl/bin/escape ]; then
        mkdir -p "$data/$1/build/musl/bin"
        cp build/musl/bin/escape "$data/$1/build/musl/bin/"
    fi
    cp "build/test/engines/$1" "$data/$1/build/test/engines/"
    chown -R "$tester:" "$data/$1"
}

# Writes what the tests need to know about an engine, and gives its user a copy of the checkout: write_facts NAME LINE...
write_facts()
{
    facts=build/test/engines/$1
    shift
    printf '%s\n' "$@" >"$facts"
    if [ -n "$home" ]; then
        printf '%s\n' "tester=$tester" "checkout=$data/${facts##*/}" >>"$facts"
        copy_checkout "${facts##*/}"
    fi
}

# Installs the newest Claude Code from npm in build/test/claude, if it is not there, in the same way as the image.
install_claude()
{
    [ ! -x build/test/claude/bin/claude ] || return 0
    if ! command -v npm >/dev/null; then
        install_packages npm
    fi
    echo "installing Claude Code from npm" >&2
    rm -rf build/test/claude
    bundle=/etc/ssl/certs/ca-certificates.crt
    if [ -f "$bundle" ]; then
        export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}" npm_config_cafile="${npm_config_cafile:-$bundle}"
    fi
    npm_config_cache=$PWD/build/test/npm npm_config_update_notifier=false npm_config_fund=false \
        npm install --global --prefix "$PWD/build/test/claude" --no-audit --loglevel=error @anthropic-ai/claude-code@latest \
        >"$log" 2>&1 </dev/null || why "npm cannot install Claude Code: $(tail -n 1 "$log")"
    rm -rf build/test/npm
    find build/test/claude/lib/node_modules/@anthropic-ai -maxdepth 6 -type d -name 'claude-code-*-musl' -prune \
        -exec rm -rf {} +
    build/test/claude/bin/claude --version >"$log" 2>&1 </dev/null || {
        rm -rf build/test/claude
        why "the Claude Code that npm installed does not start: $(tail -n 1 "$log")"
    }
}

prepare_native()
{
    [ "$1" = native ] || [ "$(id -u)" -eq 0 ] || why "only root can run tests as another user"
    install_claude
    installed=$PWD/build/test/claude
    if [ "$1" = native-user ]; then
        make_tester
        installed=$home/claude
        package=lib/node_modules/@anthropic-ai/claude-code/package.json
        if ! cmp -s "build/test/claude/$package" "$installed/$package"; then
            rm -rf "$installed"
            cp -R build/test/claude "$installed"
            chown -R "$tester:" "$installed"
        fi
    fi
    write_facts "$1" CCO_ENGINE=native "PATH=$installed/bin:/usr/bin:/bin"
}

prepare_other()
{
    mkdir -p build/test/engines
    why_file=build/test/engines/$1.why
    log=$PWD/build/test/engines/$1.log
    rm -f "build/test/engines/$1" "$why_file"
    key=$(pwd | cksum | cut -d ' ' -f 1)
    home=
    case $1 in
    native*)
        prepare_native "$1"
        return
        ;;
    esac
    [ "$(id -u)" -eq 0 ] || why "only root can start it"
    stop_other "$1"
    # Podman stores the paths of its first start with its images, so that later starts must use the same paths.
    dir=/tmp/cco-engine.$(printf %s "$PWD $1" | cksum | cut -c 1-6) # short: sockets are made below it
    mkdir -m 0755 "$dir" || why "$dir is there already"
    trap 'rm -rf "$dir"' EXIT # until its state is written down
    mkdir -m 0700 "$dir/run"
    other_socket=$dir/engine.sock
    start_other "$1"
    echo "$other_pid $dir" >"build/test/engines/$1.state"
    trap - EXIT
    echo "starting $1 for the tests" >&2
    for _ in $(seq 120); do
        [ ! -S "$other_socket" ] || ! answers "$other_socket" || break
        kill -0 "$other_pid" 2>/dev/null || break
        sleep 0.5
    done
    answers "$other_socket" || {
        reason=$(tail -n 1 "$log")
        stop_other "$1"
        why "$1 does not start: $reason"
    }
    chmod 0660 "$other_socket" # as the unit of its package has it
    copy_base "$other_socket" >build/test/base.log 2>&1 || {
        cat build/test/base.log >&2
        stop_other "$1"
        why "$base does not get into $1"
    }
    write_facts "$1" "DOCKER_HOST=unix://$other_socket"
}

# Removes the engine's containers, which ends their monitor processes, and ends the engine and the processes that
# Podman leaves: stop_other NAME
stop_other()
{
    rm -f "build/test/engines/$1"
    [ -f "build/test/engines/$1.state" ] || return 0
    read -r other_pid dir <"build/test/engines/$1.state"
    /usr/bin/python3 - "$dir/engine.sock" <<'PYTHON' || :
import http.client
import json
import socket
import sys


def call(method, target):
    connection = http.client.HTTPConnection("d", timeout=60)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(sys.argv[1])
    connection.request(method, target)
    return connection.getresponse().read()


try:
    for container in json.loads(call("GET", "/v1.40/containers/json?all=1")):
        call("DELETE", f"/v1.40/containers/{container['Id']}?force=1&v=1")
except OSError:
    pass # it is down already
PYTHON
    kill "$other_pid" 2>/dev/null || :
    # A rootless engine has several processes, and a monitor process cleans up after its container. The command lines
    # of all of them contain the directory.
    for _ in $(seq 40); do
        left=$(pgrep -f "$dir/") || break
        # shellcheck disable=SC2086
        kill $left 2>/dev/null || :
        sleep 0.25
    done
    # This process holds the user namespace of a rootless Podman.
    kill "$(cat "$dir/run/libpod/tmp/pause.pid" 2>/dev/null || echo "$other_pid")" 2>/dev/null || :
    rm -rf "$dir" "build/test/engines/$1.state"
}

stop_others()
{
    for other in $others; do
        stop_other "$other"
    done
}
