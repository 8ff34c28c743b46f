/* SPDX-License-Identifier: MIT */
/* tests/e2e/test_self_container.py does the same in containers of real engines. */
#include "engine/discover_self_container.h"

#include "fake_engine.h"
#include "tap.h"
#include "tmpdir.h"

#include <unistd.h>

#define ID "5c9a3b157ee36345fc8d8ca175849cad9aac95af83555ae7a8fafebe246e11ba"
#define OTHER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena arena;
static struct fact_engine found;

/* Searches below the test's directory, with an engine that gives this reply about the container
 * ID. */
static int find(const char *reply, struct err *e)
{
    struct fake_rule rules[] = {{"GET /v1.41/containers/" OTHER "/json",
                                 FAKE_JSON("404 Not Found", "{\"message\":\"no such\"}"),
                                 false},
                                {"GET /v1.41/containers/" ID "/json", reply, false},
                                FAKE_END};
    struct engine en;
    struct fake f;
    int rc;

    fake_engine(&en, &f, rules);
    found = (struct fact_engine){.socket = "/var/run/docker.sock"};
    *e = (struct err){0};
    rc = self_container_find(&en, arena_strdup(&arena, in_tmp("r")), &arena, &found, e);
    engine_close(&en);
    fake_stop(&f);
    return rc;
}

static const struct fact_path_map *map_of(const char *here)
{
    for (size_t i = 0; i < found.path_map_count; i++) {
        if (strcmp(found.path_maps[i].local_path, here) == 0) {
            return &found.path_maps[i];
        }
    }
    return NULL;
}

#define CONTAINER(network)                                                                     \
    FAKE_JSON(                                                                                 \
        "200 OK",                                                                              \
        "{\"Id\":\"" ID                                                                        \
        "\",\"State\":{\"Running\":true},\"HostConfig\":{\"NetworkMode\":\"" network           \
        "\"},\"GraphDriver\":{\"Data\":{\"UpperDir\":\"/up\"}},\"Mounts\":["                   \
        "{\"Type\":\"bind\",\"Source\":\"/h/p\",\"Destination\":\"/ws/p\",\"RW\":true},"       \
        "{\"Type\":\"volume\",\"Source\":\"/v/n\",\"Destination\":\"/ws/p/"                    \
        "n\",\"RW\":false},"                                                                   \
        "{\"Type\":\"bind\",\"Source\":\"/h/f\",\"Destination\":\"/link/f\",\"RW\":true},"     \
        "{\"Type\":\"bind\",\"Source\":\"/h/g\",\"Destination\":\"/gone\",\"RW\":true}]}")

#define USERS(mode)                                                                            \
    FAKE_JSON("200 OK",                                                                        \
              "{\"Id\":\"" ID "\",\"State\":{\"Running\":true},\"HostConfig\":{"               \
              "\"UsernsMode\":\"" mode "\"},\"GraphDriver\":{\"Data\":{\"UpperDir\":"          \
              "\"/up\"}}}")

static void outside(void)
{
    struct err e;

    put_below("r/etc/hostname", "ci\n");
    put_below("r/proc/self/mountinfo", "1 2 0:5 / / rw - ext4 /dev/vda rw\n");
    is_int(find("", &e), 0, "a machine that is not a container is examined");
    ok(found.kind == SANDBOX_LOCAL_CONTAINER && found.path_maps == NULL &&
           found.own_network == NULL,
       "the facts do not change");
    put_below("r/.dockerenv", "");
    is_int(find("", &e), 0, "a machine that was made from an image is examined");
    ok(found.kind == SANDBOX_LOCAL_CONTAINER, "the facts do not change either");
}

static void inside(void)
{
    struct err e;

    put_below("r/proc/self/cgroup", "1:pids:/docker/" OTHER "\n0::/docker/" ID "\n");
    put_below(
        "r/proc/self/mountinfo",
        "1 2 0:5 / / rw - overlay overlay rw,upperdir=/up\n"
        "6 1 0:6 /c/hosts /etc/hosts rw - ext4 /dev/vda rw\n"
        "2 1 0:6 /h/p /ws/p rw - ext4 /dev/vda rw\n3 1 0:6 / /ws/p/tmp rw - tmpfs t rw\n"
        "4 1 0:6 /v/n /ws/p/n rw - ext4 /dev/vda rw\n5 1 0:7 / /proc rw - proc proc rw\n");
    put_below("r/ws/p/n/x", "");
    put_below("r/real/f", "");
    (void)symlink("real", in_tmp("r/link"));
    is_int(find(CONTAINER("default"), &e), 0, "a container of the engine is examined");
    ok(found.kind == SANDBOX_REMOTE_CONTAINER &&
           strstr(found.remote_why, "of this engine") != NULL && found.path_map_count == 4,
       "the engine is remote, with path maps: %s", found.remote_why);
    is_str(map_of("/ws/p")->remote_path, "/h/p", "a bind is mapped to its source");
    ok(map_of("/ws/p")->is_dir && !map_of("/ws/p")->read_only && map_of("/ws/p/n")->read_only,
       "a map knows directories and read-only mounts");
    ok(map_of("/real/f") != NULL && !map_of("/real/f")->is_dir,
       "a map has the physical path of its target");
    ok(map_of("/ws/p/tmp") != NULL && map_of("/ws/p/tmp")->remote_path == NULL,
       "a mountpoint inside of a bind that is not shared has no remote path");
    ok(map_of("/proc") == NULL && map_of("/gone") == NULL,
       "other mounts and missing targets are not mapped");
    is_str(found.own_network, "container:" ID, "the network of the container can be joined");
    is_str(found.own_userns, "",
           "without a mode of the user namespace it is the engine's default");
    (void)find(CONTAINER("host"), &e);
    is_str(found.own_network, "host", "the host's network can be joined");
    (void)find(CONTAINER("container:abc"), &e);
    is_str(found.own_network, "container:abc",
           "the network of a third container can be joined");
    (void)find(CONTAINER("none"), &e);
    ok(found.kind == SANDBOX_REMOTE_CONTAINER && found.own_network == NULL,
       "a container without a network has none to join");
    is_str(found.own_userns, "", "it has the default mode of the user namespace");
    (void)find(USERS("host"), &e);
    is_str(found.own_userns, "host", "the mode host is kept");
    (void)find(USERS("private"), &e);
    is_str(found.own_userns, "keep-id", "Podman's mode private is keep-id");
    (void)find(USERS("keep-id:uid=5"), &e);
    is_str(found.own_userns, "keep-id", "keep-id with options is keep-id");
}

static void strangers(void)
{
    struct err e;

    is_int(find(FAKE_JSON("404 Not Found", "{\"message\":\"no such container\"}"), &e), 0,
           "a container that the engine does not know is examined");
    ok(found.kind == SANDBOX_REMOTE_CONTAINER && found.path_map_count == 0 &&
           strstr(found.remote_why, "not know") != NULL,
       "the engine is remote, without path maps: %s", found.remote_why);
    is_int(find(FAKE_JSON("200 OK", "{\"State\":{\"Running\":true},\"GraphDriver\":{\"Data\":{"
                                    "\"UpperDir\":\"/other\"}}}"),
                &e),
           0, "another container that has the id is examined");
    ok(found.kind == SANDBOX_REMOTE_CONTAINER && found.path_map_count == 0,
       "it is not this one, so that the engine is remote without path maps");
    ok(find(FAKE_JSON("500 Oops", "{\"message\":\"broken\"}"), &e) < 0 &&
           e.kind == ERR_ENGINE && strstr(e.text, "broken") != NULL,
       "a refusal of the engine is an error: %s", e.text);
    ok(find(FAKE_JSON("200 OK", "{"), &e) < 0, "a reply that is not JSON is an error: %s",
       e.text);
}

/* The engine of this test is a child of this process, so that both have the same root
 * directory. */
static void next_to_us(void)
{
    struct fake_rule rules[] = {FAKE_END};
    struct engine en;
    struct err e = {0};
    struct fake f;

    fake_engine(&en, &f, rules);
    found = (struct fact_engine){0};
    ok(self_container_find(&en, "", &arena, &found, &e) == 0 &&
           found.kind == SANDBOX_LOCAL_CONTAINER,
       "an engine in the same container is local %s", e.text);
    engine_close(&en);
    fake_stop(&f);
}

int main(void)
{
    tmpdir_make();
    outside();
    inside();
    strangers();
    next_to_us();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
