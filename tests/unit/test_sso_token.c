/* SPDX-License-Identifier: MIT */
#include "creds/sso_token.h"

#include "tap.h"

#define TOKEN                                                                                  \
    "{\"startUrl\":\"https://corp\",\"region\":\"eu-west-1\",\"accessToken\":\"t\\u002f\","    \
    "\"expiresAt\":\"2026-01-31T12:00:00Z\",\"clientId\":\"c\",\"clientSecret\":\"s\","        \
    "\"registrationExpiresAt\":\"2026-03-01T12:00:00Z\",\"refreshToken\":\"r\"}"

static void validity_is_known(void)
{
    static const struct {
        const char *text;
        bool valid;
        const char *what;
    } cases[] = {
        {TOKEN, true, "a token before its expiry"},
        {"{\"accessToken\":\"t\",\"expiresAt\":\"2026-01-31T11:59:59UTC\"}", true,
         "the form of older programs"},
        {"{\"accessToken\":\"t\",\"expiresAt\":\"2026-01-31T11:59:58Z\"}", false,
         "a token at its expiry"},
        {"{\"accessToken\":\"t\",\"expiresAt\":\"2026-01-31\"}", false,
         "a time of another form"},
        {"{\"accessToken\":\"t\"}", false, "a token without a time"},
        {"{\"accessToken\":\"\",\"expiresAt\":\"2027-01-31T11:59:59Z\"}", false,
         "an empty token"},
        {"{\"clientId\":\"c\",\"expiresAt\":\"2027-01-31T11:59:59Z\"}", false,
         "a registration without a token"},
        {"[]", false, "another value"},
        {"{", false, "text that is not JSON"},
        {"", false, "no text"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        /* 2026-01-31 11:59:58 UTC */
        ok(sso_token_is_valid(str_c(cases[i].text), 1769860798000) == cases[i].valid, "%s",
           cases[i].what);
    }
}

static void only_the_token_is_copied(void)
{
    struct err e = {0};
    struct buf out;

    buf_init(&out, 4096);
    ok(sso_token_copy(str_c(TOKEN), &out, &e) == 0, "the copy is made");
    is_str(buf_c(&out),
           "{\"accessToken\":\"t\\u002f\",\"expiresAt\":\"2026-01-31T12:00:00Z\","
           "\"region\":\"eu-west-1\",\"startUrl\":\"https://corp\"}",
           "it has nothing that renews the token");
    buf_reset(&out);
    ok(sso_token_copy(str_c("{\"refreshToken\":\"r\"}"), &out, &e) < 0 &&
           e.kind == ERR_FORMAT && out.len == 0,
       "a file without a token is not copied");
    e = (struct err){0};
    ok(sso_token_copy(str_c("x"), &out, &e) < 0, "nor is one of another form");
    buf_release(&out);
    e = (struct err){0};
    buf_init(&out, 8);
    ok(sso_token_copy(str_c(TOKEN), &out, &e) < 0 && e.kind == ERR_LIMIT,
       "the size is limited");
    buf_release(&out);
}

int main(void)
{
    struct arena a = {0};

    is_str(sso_token_file("my-sso", &a), "0ad374308c5a4e22f723adf10145eafad7c4031c.json",
           "the file has the name of its session's SHA-1");
    validity_is_known();
    only_the_token_is_copied();
    arena_release(&a);
    return done_testing();
}
