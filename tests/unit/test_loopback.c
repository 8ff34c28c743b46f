/* SPDX-License-Identifier: MIT */
#include "wire/loopback.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const char *const yes[] = {
    "http://localhost",
    "http://localhost:4000/v1",
    "HTTPS://LocalHost:1/",
    "http://127.0.0.1:8080",
    "socks5h://127.3.2.1:1080",
    "http://[::1]:3128",
    "http://user:p@ss@localhost/x",
    "localhost:3128",
    "127.0.0.1:1",
    "[::1]:80",
    "http://api.localhost:9",
    "postgres://u@localhost/db?x=@y",
    "http://localhost?x",
};

static const char *const no[] = {
    "",
    "localhost",
    "127.0.0.1",
    "localhost,127.0.0.1:80",
    "localhost:",
    "localhost:x",
    "://localhost",
    "http://localhost.example.org",
    "http://",
    "http://[::1",
    "http://example.org/localhost:80",
    "1:2",
    "http://x@host/@localhost",
    "http://10.0.0.1:80",
    "localhost:99999",
    "/a/b",
    "http://::1:80",
};

static void addresses_of_localhost_are_recognized(void)
{
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        ok(loopback_is_address(str_c(yes[i])), "localhost: %s", yes[i]);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        ok(!loopback_is_address(str_c(no[i])), "not localhost: '%s'", no[i]);
    }
}

/* The text is in memory of exactly its size, so that a sanitizer sees each read behind it. */
static void every_beginning_and_every_byte_can_be_read(void)
{
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        const size_t len = strlen(yes[i]);

        for (size_t cut = 0; cut <= len; cut++) {
            char *copy = malloc(cut + 1);

            memcpy(copy, yes[i], cut);
            (void)loopback_is_address(str_n(copy, cut));
            for (size_t k = 0; k < cut; k++) {
                copy[k] = (char)(copy[k] ^ 0x20);
                (void)loopback_is_address(str_n(copy, cut));
            }
            free(copy);
        }
    }
    ok(1, "mutations are accepted or refused");
}

static void a_long_host_is_refused(void)
{
    char text[600];

    memset(text, 'a', sizeof(text));
    memcpy(text, "http://", 7);
    memcpy(text + sizeof(text) - 10, ".localhost", 10);
    ok(!loopback_is_address(str_n(text, sizeof(text))), "a host that is too long");
}

int main(void)
{
    addresses_of_localhost_are_recognized();
    every_beginning_and_every_byte_can_be_read();
    a_long_host_is_refused();
    return done_testing();
}
