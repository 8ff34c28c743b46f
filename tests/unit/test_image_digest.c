/* SPDX-License-Identifier: MIT */
/* Which inputs change the digest of an image. */
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

    ok(image_digest(in, out, ignored, &e) == 0 && strlen(out) == 64, "a digest is computed %s",
       e.text);
    return out;
}

static const char *inputs(const struct image_input *in)
{
    struct err e = {0};
    char *out = arena_alloc(&arena, 65);
    char ignored[65];

    ok(image_digest(in, ignored, out, &e) == 0 && strlen(out) == 64,
       "the inputs are computed %s", e.text);
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

    is_str(digest(&in), first, "the same input gives the same digest");
    in.exe = "/b";
    in.exe_digest = "2";
    in.refresh = "123";
    in.host_network = true;
    strv_add(&proxies, &arena, "HTTP_PROXY=x");
    in.proxies = &proxies;
    in.cache_from = &proxies;
    is_str(digest(&in), first,
           "cco, a refresh, proxies, the network and caches do not change the digest");
    in.base = "debian:sid";
    ok(strcmp(digest(&in), first) != 0, "the base changes it");
    in.base = "debian:trixie-slim";
    strv_add(&packages, &arena, "cowsay");
    in.packages = &packages;
    ok(strcmp(digest(&in), first) != 0, "packages change it");
    const char *with_package = digest(&in);

    in.packages = &none;
    in.build_args = &packages;
    ok(strcmp(digest(&in), first) != 0 && strcmp(digest(&in), with_package) != 0,
       "build arguments change it, in another way than packages");
    in.build_args = &none;
    in.dockerfile = str_c("FROM scratch\n");
    ok(strcmp(digest(&in), first) != 0, "the user's Dockerfile changes it");
    in.dockerfile = str_c(NULL);
    ok(fd >= 0 && write(fd, "CERT", 4) == 4, "a certificate is written");
    in.ca_files = cas;
    in.ca_count = 1;
    const char *with_ca = digest(&in);

    ok(strcmp(with_ca, first) != 0, "certificates change it");
    is_str(inputs(&in), same, "certificates do not change the inputs");
    ok(write(fd, "2", 1) == 1 && close(fd) == 0, "the certificate is changed");
    ok(strcmp(digest(&in), with_ca) != 0, "another certificate gives another digest");
    (void)unlink(ca);
    arena_release(&arena);
    return done_testing();
}
