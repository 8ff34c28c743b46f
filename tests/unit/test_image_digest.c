/* SPDX-License-Identifier: MIT */
/* What makes an image another image. */
#include "engine/images.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static struct arena arena;

static const char *digest(const struct image_input *in)
{
    struct err e = {0};
    char *out = arena_alloc(&arena, 65);
    char ignored[65];

    ok(image_digest(in, out, ignored, &e) == 0 && strlen(out) == 64, "a digest %s", e.text);
    return out;
}

static const char *inputs(const struct image_input *in)
{
    struct err e = {0};
    char *out = arena_alloc(&arena, 65);
    char ignored[65];

    ok(image_digest(in, ignored, out, &e) == 0 && strlen(out) == 64, "inputs %s", e.text);
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
                             .build_args = &none,
                             .cache_from = &none,
                             .exe = "/a",
                             .exe_digest = "1",
                             .refresh = "",
                             .proxies = &none};
    const char *first = digest(&in);
    const char *same = inputs(&in);

    is_str(digest(&in), first, "same input, same digest");
    in.exe = "/b";
    in.exe_digest = "2";
    in.refresh = "123";
    in.host_network = true;
    strv_add(&proxies, &arena, "HTTP_PROXY=x");
    in.proxies = &proxies;
    in.cache_from = &proxies;
    is_str(digest(&in), first,
           "cco itself, a refresh, proxies, networking and caches do not count");
    in.base = "debian:sid";
    ok(strcmp(digest(&in), first) != 0, "the base does");
    in.base = "debian:trixie-slim";
    strv_add(&packages, &arena, "cowsay");
    in.packages = &packages;
    ok(strcmp(digest(&in), first) != 0, "packages do");
    const char *with_package = digest(&in);

    in.packages = &none;
    in.build_args = &packages;
    ok(strcmp(digest(&in), first) != 0 && strcmp(digest(&in), with_package) != 0,
       "build arguments do, and are no packages");
    in.build_args = &none;
    in.dockerfile = str_c("FROM scratch\n");
    ok(strcmp(digest(&in), first) != 0, "a Dockerfile of the user's does");
    in.dockerfile = str_c(NULL);
    ok(fd >= 0 && write(fd, "CERT", 4) == 4, "a certificate");
    in.ca_files = cas;
    in.ca_count = 1;
    const char *with_ca = digest(&in);

    ok(strcmp(with_ca, first) != 0, "certificates do");
    is_str(inputs(&in), same, "but they are no inputs");
    ok(write(fd, "2", 1) == 1 && close(fd) == 0, "and when one changes");
    ok(strcmp(digest(&in), with_ca) != 0, "the digest does");
    (void)unlink(ca);
    arena_release(&arena);
    return done_testing();
}
