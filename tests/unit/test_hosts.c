/* SPDX-License-Identifier: MIT */
#include "init/hosts.h"

#include "base/file.h"
#include "base/limits.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *text, *line, *what, *own;
} cases[] = {
    {"", "", "an empty file", ""},
    {"127.0.0.1\tlocalhost\n", "", "a file without a name of the host", ""},
    {"127.0.0.1 localhost\n10.88.0.1\thost.containers.internal\n10.88.0.3\tabc cco-x\n",
     "10.88.0.1\thost.docker.internal\n", "a file of Podman 4.3", ""},
    {"10.0.2.2\thost.containers.internal host.docker.internal\n", "",
     "a file of a newer Podman", ""},
    {"10.0.2.2 host.docker.internal\n10.0.2.3 host.containers.internal", "",
     "a file with both names on lines of their own", ""},
    {"10.0.2.3 a host.containers.internal", "\n10.0.2.3\thost.docker.internal\n",
     "a file without a newline at its end", ""},
    {"10.0.2.3 a # host.containers.internal\n", "", "a file with the name in a comment", ""},
    {"10.0.2.3 a.host.containers.internal\n", "", "a file with a longer name", ""},
    {"host.containers.internal\n", "", "a file with the name in the place of an address", ""},
    {"fe80::1 host.containers.internal\n10.0.2.2 host.containers.internal\n",
     "fe80::1\thost.docker.internal\n", "a file with two addresses", ""},
    {"127.0.0.1 localhost\n", "127.0.1.1\tvm\n", "a file without the machine's own name", "vm"},
    {"127.0.0.1 localhost\n10.0.0.9 vm.example vm\n", "", "a file with that name", "vm"},
    {"127.0.0.1 vm2", "\n127.0.1.1\tvm\n", "a file with a longer name", "vm"},
    {"10.0.2.3 host.containers.internal", "\n10.0.2.3\thost.docker.internal\n127.0.1.1\tvm\n",
     "a file without both names", "vm"},
};

static void the_line_is_made_if_it_is_missing(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out;

        buf_init(&out, 256);
        ok(hosts_missing(str_c(cases[i].text), str_c(cases[i].own), &out) == 0,
           "%s is accepted", cases[i].what);
        ok(str_eq_c(buf_str(&out), cases[i].line), "%s gets the right line", cases[i].what);
        buf_release(&out);
    }
}

static void a_line_that_does_not_fit_is_an_error(void)
{
    struct buf out;

    buf_init(&out, 8);
    ok(hosts_missing(str_c("10.0.2.2 host.containers.internal\n"), (struct str){0}, &out) < 0 &&
           out.len == 0,
       "a line that does not fit is an error");
    buf_release(&out);
}

static void the_file_is_changed_in_place(void)
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
    hosts_complete(path, str_c("vm"));
    ok(!file_exists(path), "a missing file is not created");
    ok(file_write_atomic(path, str_c("10.0.2.2 host.containers.internal\n"), 0644, &e) == 0,
       "a file is written");
    hosts_complete(path, str_c("vm"));
    hosts_complete(path, str_c("vm"));
    ok(file_read(path, &text, &e) == 0 &&
           str_eq_c(buf_str(&text),
                    "10.0.2.2 host.containers.internal\n10.0.2.2\thost.docker.internal\n"
                    "127.0.1.1\tvm\n"),
       "the file gets each line only once");
    buf_release(&text);
    (void)unlink(path);
    (void)rmdir(dir);
}

int main(void)
{
    the_line_is_made_if_it_is_missing();
    a_line_that_does_not_fit_is_an_error();
    the_file_is_changed_in_place();
    return done_testing();
}
