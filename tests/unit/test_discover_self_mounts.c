/* SPDX-License-Identifier: MIT */
#include "engine/discover_self_mounts.h"

#include "base/arena.h"
#include "base/err.h"
#include "tap.h"

#define ID "5c9a3b157ee36345fc8d8ca175849cad9aac95af83555ae7a8fafebe246e11ba"
#define POD "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIR "/var/lib/docker/containers/"

/* The mounts of a container of Docker 20.10, shortened. */
static const char mounts[] =
    "420 374 0:52 / / rw,relatime master:127 - overlay overlay rw,lowerdir=/l/A:/l/B,"
    "upperdir=/var/lib/docker/overlay2/312d/diff,workdir=/var/lib/docker/overlay2/312d/work\n"
    "421 420 0:55 / /proc rw,nosuid - proc proc rw\n"
    "438 420 254:0 /home/ann/my\\040app /ws/my\\040app rw,relatime - ext4 /dev/vda rw\n"
    "439 420 254:0 " DIR ID "/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda rw\n"
    "440 420 254:0 " DIR ID "/hostname /etc/hostname rw - ext4 /dev/vda rw\n"
    "441 420 254:0 " DIR ID "/hosts /etc/hosts rw - ext4 /dev/vda rw\n"
    "442 420 254:0 /run/docker.sock /run/docker.sock rw - ext4 /dev/vda rw\n";

static const char host[] =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "23 22 0:21 / /proc rw - proc proc rw\n"
    "24 22 0:30 / /etc/resolv.conf rw - tmpfs tmpfs rw\n"
    "25 22 0:31 / /var/lib/docker/overlay2/x/merged rw - overlay overlay "
    "rw,upperdir=/var/lib/docker/overlay2/x/diff\n";

static struct arena arena;

static void signs(void)
{
    ok(own_is_container(str_c(mounts)), "a container is recognized by its mounts");
    ok(!own_is_container(str_c(host)), "a machine with an engine is not a container");
    ok(!own_is_container(str_c("")) && !own_is_container(str_c("a b\n\n/ / / / /etc\n")),
       "unreadable lines are ignored");
    ok(own_is_container(str_c("1 2 3 / /etc/hosts")),
       "a truncated line is read as far as possible");
}

/* Compares the ids, joined by blanks. */
static void check_ids(struct own_texts t, const char *want, const char *name)
{
    struct strv ids = {0};
    char got[512] = "";

    own_ids(&t, &arena, &ids);
    for (size_t i = 0; i < ids.count; i++) {
        size_t len = strlen(got);

        (void)snprintf(got + len, sizeof(got) - len, "%s%s", i > 0 ? " " : "", ids.v[i]);
    }
    is_str(got, want, name);
}

static void ids(void)
{
    check_ids((struct own_texts){.mountinfo = str_c(mounts), .hostname = "ci"}, ID,
              "an id comes from the mounts");
    check_ids((struct own_texts){.mountinfo = str_c(host), .hostname = "ci"}, "",
              "no id comes from a machine");
    check_ids((struct own_texts){.cgroup = str_c("9:pids:/docker/" ID "\n0::/docker/" ID "\n")},
              ID, "an id comes from cgroup v1, once");
    check_ids((struct own_texts){.cgroup = str_c("0::/system.slice/docker-" ID ".scope")}, ID,
              "an id comes from a scope of systemd");
    check_ids((struct own_texts){.cgroup = str_c("0::/kubepods/besteffort/pod12/" ID),
                                 .mountinfo = str_c("1 2 3 " DIR POD "/hosts /etc/hosts rw")},
              ID " " POD, "the container of a pod comes after this one");
    check_ids((struct own_texts){.podman = str_c("engine=\"podman-4.3\"\nid=\"" ID "\"\n")}, ID,
              "an id comes from Podman's file");
    check_ids((struct own_texts){.cgroup = str_c("0::/x/" ID "0"), .hostname = "5c9a3b157ee"},
              "", "longer rows of digits and shorter host names are not ids");
    check_ids((struct own_texts){.hostname = "5c9a3b157ee3"}, "5c9a3b157ee3",
              "an id comes from the host name");
    check_ids((struct own_texts){.hostname = "5c9a3b157ee3-x"}, "",
              "a host name with other characters is not an id");
}

static bool is_this(const char *mountinfo, const char *text)
{
    struct json container;
    struct err e = {0};

    return json_parse(str_c(text), &container, &e) == 0 &&
           own_is_this(str_c(mountinfo), container, &arena);
}

#define RUNS "{\"State\":{\"Running\":true},"

static void this_one(void)
{
    static const char no_overlay[] =
        "1 2 254:0 /x / rw - btrfs /dev/vda rw\n"
        "3 1 254:0 /docker/c/" ID "/hostname /etc/hostname rw - ext4 /dev/vdb rw\n"
        "4 1 254:0 /p /ws rw - ext4 /dev/vda rw\n"
        "4 1 254:0 /s /run/docker.sock rw - ext4 /dev/vda rw\n";

    ok(is_this(mounts, RUNS "\"GraphDriver\":{\"Data\":{\"UpperDir\":"
                            "\"/var/lib/docker/overlay2/312d/diff\"}}}"),
       "a container with the same upper directory is this one");
    ok(!is_this(mounts,
                RUNS "\"HostnamePath\":\"" DIR ID "/hostname\",\"GraphDriver\":{\"Data\":{"
                     "\"UpperDir\":\"/var/lib/docker/overlay2/9/diff\"}}}"),
       "a container with another upper directory is not this one");
    ok(!is_this(mounts,
                "{\"State\":{\"Running\":false},\"GraphDriver\":{\"Data\":{\"UpperDir\":"
                "\"/var/lib/docker/overlay2/312d/diff\"}}}"),
       "a container that does not run is not this one");
    ok(is_this(no_overlay, RUNS "\"HostnamePath\":\"/var/lib/docker/c/" ID "/hostname\"}"),
       "a container with the same hostname file is this one");
    ok(!is_this(no_overlay, RUNS "\"HostnamePath\":\"/var/lib/docker/c/" POD "/hostname\"}"),
       "a container with another hostname file is not this one");
    ok(is_this(no_overlay, RUNS "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\","
                                "\"Destination\":\"/ws\"},{\"Type\":\"bind\",\"Source\":\"/s\","
                                "\"Destination\":\"/var/run/docker.sock\"}]}"),
       "a container whose mounts are all here is this one, also if a link leads to one");
    ok(!is_this(no_overlay,
                RUNS "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\","
                     "\"Destination\":\"/ws\"},{\"Type\":\"bind\",\"Source\":\"/b\","
                     "\"Destination\":\"/other\"}]}"),
       "a container with a mount that is not here is not this one");
    ok(!is_this(no_overlay, RUNS "\"Mounts\":[]}") && !is_this(no_overlay, "{}"),
       "a container about which nothing is known is not this one");
}

static void shared(void)
{
    static const char text[] =
        "{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a "
        "b\",\"Destination\":\"/x\",\"RW\":false},"
        "{\"Type\":\"volume\",\"Name\":\"v\",\"Source\":\"/v/_data\",\"Destination\":\"/"
        "y\",\"RW\":true},"
        "{\"Type\":\"tmpfs\",\"Source\":\"\",\"Destination\":\"/z\",\"RW\":true},"
        "{\"Type\":\"bind\",\"Destination\":\"/n\"},{\"Type\":\"bind\",\"Source\":\"rel\","
        "\"Destination\":\"/r\"},{}]}";
    struct own_mount *m = NULL;
    struct strv targets = {0};
    struct json container;
    struct err e = {0};
    size_t count = 0;

    (void)json_parse(str_c(text), &container, &e);
    own_shared(container, &arena, &m, &count);
    ok(count == 2 && strcmp(m[0].source, "/a b") == 0 && strcmp(m[0].target, "/x") == 0 &&
           m[0].read_only && strcmp(m[1].source, "/v/_data") == 0 && !m[1].read_only,
       "only binds and volumes with absolute paths are listed");
    own_targets(str_c(mounts), &arena, &targets);
    is_int((long long)targets.count, 7, "all mountpoints are listed");
    is_str(targets.v[6], "/ws/my app", "escaped bytes are decoded");
    targets = (struct strv){0};
    own_targets(str_c("1 2 3 / /a\\134b\\x\\04 rw\n1 2 3 / /\\777 rw\nx\n"), &arena, &targets);
    is_str(targets.v[1], "/a\\b\\x\\04", "incomplete escapes are kept");
    is_str(targets.v[0], "/\\777", "an escape above 255 is kept");
}

int main(void)
{
    signs();
    ids();
    this_one();
    shared();
    arena_release(&arena);
    return done_testing();
}
