/* SPDX-License-Identifier: MIT */
#include "init/hosts.h"

#include "base/file.h"
#include "base/limits.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *text, *line, *what;
} cases[] = {
    {"", "", "an empty file"},
    {"127.0.0.1\tlocalhost\n", "", "no name for this machine"},
    {"127.0.0.1 localhost\n10.88.0.1\thost.containers.internal\n10.88.0.3\tabc cco-x\n",
     "10.88.0.1\thost.docker.internal\n", "Podman 4.3's"},
    {"10.0.2.2\thost.containers.internal host.docker.internal\n", "", "a newer one's"},
    {"10.0.2.2 host.docker.internal\n10.0.2.3 host.containers.internal", "", "both, apart"},
    {"10.0.2.3 a host.containers.internal", "\n10.0.2.3\thost.docker.internal\n",
     "no newline at the end"},
    {"10.0.2.3 a # host.containers.internal\n", "", "a comment"},
    {"10.0.2.3 a.host.containers.internal\n", "", "another name"},
    {"host.containers.internal\n", "", "an address of that name"},
    {"fe80::1 host.containers.internal\n10.0.2.2 host.containers.internal\n",
     "fe80::1\thost.docker.internal\n", "the first of two"},
};

static void aliases(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out;

        buf_init(&out, 256);
        ok(hosts_alias(str_c(cases[i].text), &out) == 0, "%s", cases[i].what);
        ok(str_eq_c(buf_str(&out), cases[i].line), "its line");
        buf_release(&out);
    }
}

static void limit(void)
{
    struct buf out;

    buf_init(&out, 8);
    ok(hosts_alias(str_c("10.0.2.2 host.containers.internal\n"), &out) < 0 && out.len == 0,
       "past the limit");
    buf_release(&out);
}

static void in_place(void)
{
    char dir[] = "/tmp/cco-hosts.XXXXXX";
    char path[64];
    struct buf text;
    struct err e = {0};

    if (mkdtemp(dir) == NULL) {
        abort();
    }
    (void)snprintf(path, sizeof(path), "%s/hosts", dir);
    buf_init(&text, LIMIT_FILE_SMALL);
    hosts_name_host(path);
    ok(!file_exists(path), "a missing file is not made");
    ok(file_write_atomic(path, str_c("10.0.2.2 host.containers.internal\n"), 0644, &e) == 0,
       "a file");
    hosts_name_host(path);
    hosts_name_host(path);
    ok(file_read(path, &text, &e) == 0 &&
           str_eq_c(buf_str(&text),
                    "10.0.2.2 host.containers.internal\n10.0.2.2\thost.docker.internal\n"),
       "gets the line once");
    buf_release(&text);
    (void)unlink(path);
    (void)rmdir(dir);
}

int main(void)
{
    aliases();
    limit();
    in_place();
    return done_testing();
}
