/* SPDX-License-Identifier: MIT */
#include "engine/discover_self_mounts.h"

#include "base/arena.h"
#include "base/err.h"
#include "tap.h"

#define ID "5c9a3b157ee36345fc8d8ca175849cad9aac95af83555ae7a8fafebe246e11ba"
#define POD "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIR "/var/lib/docker/containers/"

/* As Docker 20.10 makes it, shortened. */
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
    ok(own_is_container(str_c(mounts)), "an engine's mounts are seen");
    ok(!own_is_container(str_c(host)), "a machine with an engine is no container");
    ok(!own_is_container(str_c("")) && !own_is_container(str_c("a b\n\n/ / / / /etc\n")),
       "neither is what cannot be read");
    ok(own_is_container(str_c("1 2 3 / /etc/hosts")), "a line that is cut short");
}

/* The ids, with blanks between. */
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
              "from what is mounted");
    check_ids((struct own_texts){.mountinfo = str_c(host), .hostname = "ci"}, "",
              "from nothing");
    check_ids((struct own_texts){.cgroup = str_c("9:pids:/docker/" ID "\n0::/docker/" ID "\n")},
              ID, "from the control groups of the first kind, once");
    check_ids((struct own_texts){.cgroup = str_c("0::/system.slice/docker-" ID ".scope")}, ID,
              "as systemd names them");
    check_ids((struct own_texts){.cgroup = str_c("0::/kubepods/besteffort/pod12/" ID),
                                 .mountinfo = str_c("1 2 3 " DIR POD "/hosts /etc/hosts rw")},
              ID " " POD, "a pod's own container comes after this one");
    check_ids((struct own_texts){.podman = str_c("engine=\"podman-4.3\"\nid=\"" ID "\"\n")}, ID,
              "from Podman's file");
    check_ids((struct own_texts){.cgroup = str_c("0::/x/" ID "0"), .hostname = "5c9a3b157ee"},
              "", "longer rows of digits and shorter names are none");
    check_ids((struct own_texts){.hostname = "5c9a3b157ee3"}, "5c9a3b157ee3",
              "from the host name");
    check_ids((struct own_texts){.hostname = "5c9a3b157ee3-x"}, "", "unless it is a name");
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
       "it writes to the same directory");
    ok(!is_this(mounts,
                RUNS "\"HostnamePath\":\"" DIR ID "/hostname\",\"GraphDriver\":{\"Data\":{"
                     "\"UpperDir\":\"/var/lib/docker/overlay2/9/diff\"}}}"),
       "one that writes to another is another, like the first of a pod");
    ok(!is_this(mounts,
                "{\"State\":{\"Running\":false},\"GraphDriver\":{\"Data\":{\"UpperDir\":"
                "\"/var/lib/docker/overlay2/312d/diff\"}}}"),
       "one that does not run is not this one");
    ok(is_this(no_overlay, RUNS "\"HostnamePath\":\"/var/lib/docker/c/" ID "/hostname\"}"),
       "its host name's file, in a file system of its own");
    ok(!is_this(no_overlay, RUNS "\"HostnamePath\":\"/var/lib/docker/c/" POD "/hostname\"}"),
       "not that of another");
    ok(is_this(no_overlay, RUNS "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\","
                                "\"Destination\":\"/ws\"},{\"Type\":\"bind\",\"Source\":\"/s\","
                                "\"Destination\":\"/var/run/docker.sock\"}]}"),
       "all its mounts are here, though a link leads to one");
    ok(!is_this(no_overlay,
                RUNS "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\","
                     "\"Destination\":\"/ws\"},{\"Type\":\"bind\",\"Source\":\"/b\","
                     "\"Destination\":\"/other\"}]}"),
       "one of them is not");
    ok(!is_this(no_overlay, RUNS "\"Mounts\":[]}") && !is_this(no_overlay, "{}"),
       "what tells nothing is not believed");
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
       "binds and volumes, and no others");
    own_targets(str_c(mounts), &arena, &targets);
    is_int((long long)targets.count, 7, "all that is mounted");
    is_str(targets.v[6], "/ws/my app", "quoted bytes are read");
    targets = (struct strv){0};
    own_targets(str_c("1 2 3 / /a\\134b\\x\\04 rw\n1 2 3 / /\\777 rw\nx\n"), &arena, &targets);
    is_str(targets.v[1], "/a\\b\\x\\04", "and no others");
    is_str(targets.v[0], "/\\777", "nor what is no byte");
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
