/* SPDX-License-Identifier: MIT */
/* What makes an image another image. */
#include "engine/engine.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static struct arena arena;

static const char *digest(const struct image_input *in)
{
    struct err e = {0};
    char *out = arena_alloc(&arena, 65);

    ok(image_digest(in, out, &e) == 0 && strlen(out) == 64, "a digest %s", e.text);
    return out;
}

int main(void)
{
    char ca[] = "/tmp/cco-digest.XXXXXX";
    int fd = mkstemp(ca);
    struct fact_path cas[] = {{ca, ca, FACT_FILE}};
    struct strv none = {0};
    struct strv packages = {0};
    struct strv proxies = {0};
    struct image_input in = {.base = "debian:trixie-slim",
                             .packages = &none,
                             .exe = "/a",
                             .exe_digest = "1",
                             .refresh = "",
                             .proxies = &none};
    const char *first = digest(&in);

    is_str(digest(&in), first, "same input, same digest");
    in.exe = "/b";
    in.exe_digest = "2";
    in.refresh = "123";
    in.host_network = true;
    strv_add(&proxies, &arena, "HTTP_PROXY=x");
    in.proxies = &proxies;
    is_str(digest(&in), first, "cco itself, a refresh, proxies and networking do not count");
    in.base = "debian:sid";
    ok(strcmp(digest(&in), first) != 0, "the base does");
    in.base = "debian:trixie-slim";
    strv_add(&packages, &arena, "cowsay");
    in.packages = &packages;
    ok(strcmp(digest(&in), first) != 0, "packages do");
    in.packages = &none;
    ok(fd >= 0 && write(fd, "CERT", 4) == 4, "a certificate");
    in.ca_files = cas;
    in.ca_count = 1;
    const char *with_ca = digest(&in);

    ok(strcmp(with_ca, first) != 0, "certificates do");
    ok(write(fd, "2", 1) == 1 && close(fd) == 0, "and when one changes");
    ok(strcmp(digest(&in), with_ca) != 0, "the digest does");
    (void)unlink(ca);
    arena_release(&arena);
    return done_testing();
}
