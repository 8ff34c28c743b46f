/* SPDX-License-Identifier: MIT */
#include "wire/bundle.h"

#include "tap.h"

#include <stdlib.h>

#define D16 "0123456789abcdef"
#define D64 D16 D16 D16 D16
#define IMAGE                                                                                  \
    "\"image\":{\"tag\":\"cco:0123456789ab\",\"digest\":\"" D64 "\",\"inputs\":\"" D64         \
    "\",\"id\":\"sha256:1\",\"packages\":\"\",\"claude\":null}"
#define FILES                                                                                  \
    "\"files\":[{\"name\":\"cco\",\"size\":1,\"sha256\":\"" D64                                \
    "\"},{\"name\":\"image.tar\",\"size\":2,\"sha256\":\"" D64 "\"}]"
#define HEAD "\"cco\":\"0.1.0\",\"arch\":\"amd64\","
#define GOOD "{\"format\":1," HEAD IMAGE "," FILES "}"

static struct arena arena;

static const char *const bad[] = {
    "",
    "{}",
    "[]",
    "{\"format\":\"1\"}",
    "{\"format\":0," HEAD IMAGE "," FILES "}",
    "{\"format\":1," IMAGE "," FILES "}",
    "{\"format\":1," HEAD FILES "}",
    "{\"format\":1," HEAD IMAGE "}",
    "{\"format\":1," HEAD IMAGE ",\"files\":[]}",
    "{\"format\":1," HEAD IMAGE ",\"files\":[{\"name\":\"cco\",\"size\":1,\"sha256\":\"" D64
    "\"}]}",
    "{\"format\":1," HEAD IMAGE
    ",\"files\":[{\"name\":\"image.tar\",\"size\":1,\"sha256\":\"" D64
    "\"},{\"name\":\"cco\",\"size\":1,\"sha256\":\"" D64 "\"}]}",
    "{\"format\":1," HEAD IMAGE ",\"files\":[{\"name\":\"cco\",\"size\":-1,\"sha256\":\"" D64
    "\"},{\"name\":\"image.tar\",\"size\":1,\"sha256\":\"" D64 "\"}]}",
    "{\"format\":1," HEAD IMAGE ",\"files\":[{\"name\":\"cco\",\"size\":1,\"sha256\":\"" D16
    "\"},{\"name\":\"image.tar\",\"size\":1,\"sha256\":\"" D64 "\"}]}",
    "{\"format\":1," HEAD IMAGE ",\"files\":[{\"name\":\"cco\",\"size\":1,\"sha256\":\"" D64
    "\"},{\"name\":\"image.tar\",\"size\":1,\"sha256\":\"" D64 "\"},{}]}",
    /* The tag of another image, a tag that does not match the digest, an id with a terminal
     * sequence, inputs that are not hex digits, packages with a terminal sequence. */
    "{\"format\":1," HEAD "\"image\":{\"tag\":\"debian:latest\",\"digest\":\"" D64
    "\",\"inputs\":\"" D64 "\",\"id\":\"x\"}," FILES "}",
    "{\"format\":1," HEAD "\"image\":{\"tag\":\"cco:999999999999\",\"digest\":\"" D64
    "\",\"inputs\":\"" D64 "\",\"id\":\"x\"}," FILES "}",
    "{\"format\":1," HEAD "\"image\":{\"tag\":\"cco:0123456789ab\",\"digest\":\"" D64
    "\",\"inputs\":\"" D64 "\",\"id\":\"\\u001b[31m\"}," FILES "}",
    "{\"format\":1," HEAD "\"image\":{\"tag\":\"cco:0123456789ab\",\"digest\":\"" D64
    "\",\"inputs\":\"zz\",\"id\":\"x\"}," FILES "}",
    "{\"format\":1," HEAD "\"image\":{\"tag\":\"cco:0123456789ab\",\"digest\":\"" D64
    "\",\"inputs\":\"" D64 "\",\"id\":\"x\",\"packages\":\"jq \\u009b\"}," FILES "}",
};

static int read_it(struct str text, struct bundle *b, struct err *e)
{
    *e = (struct err){0};
    return bundle_read(text, &arena, b, e);
}

static void malformed_manifests_are_refused(void)
{
    struct bundle b;
    struct err e;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(read_it(str_c(bad[i]), &b, &e) < 0, "refused: %s (%.60s)", e.text, bad[i]);
    }
    ok(read_it(str_c("{\"format\":2}"), &b, &e) < 0 && e.kind == ERR_REFUSED &&
           e.hint[0] != '\0',
       "a newer format is refused with a hint: %s", e.text);
}

static void writing_and_reading_gives_the_same(void)
{
    struct bundle b = {.cco = "0.1.0",
                       .arch = "arm64",
                       .tag = "cco:0123456789ab",
                       .digest = D64,
                       .inputs = D64,
                       .id = "sha256:77",
                       .packages = "p q",
                       .claude = "2.1.7"};
    struct bundle back;
    struct buf out;
    struct err e = {0};
    size_t plain;

    for (int i = 0; i < BUNDLE_PARTS; i++) {
        memcpy(b.files[i].sha256, D64, sizeof(D64));
        b.files[i].size = (uint64_t)i << 40;
    }
    buf_init(&out, BUNDLE_TEXT_MAX);
    is_int(bundle_write(&b, 0, &out, &e), 0, "the manifest is written");
    plain = out.len;
    buf_reset(&out);
    is_int(bundle_write(&b, 700, &out, &e), 0, "the manifest is written with padding");
    is_int((long long)(out.len - plain), 700, "the padding has exactly the requested length");
    ok(read_it(buf_str(&out), &back, &e) == 0, "the manifest is read again %s", e.text);
    ok(strcmp(back.arch, "arm64") == 0 && strcmp(back.tag, b.tag) == 0 &&
           strcmp(back.claude, "2.1.7") == 0 && strcmp(back.packages, "p q") == 0,
       "the texts are read unchanged");
    ok(back.files[BUNDLE_IMAGE].size == (uint64_t)3 << 40 &&
           strcmp(back.files[BUNDLE_IMAGE].sha256, D64) == 0,
       "sizes and sums are read unchanged");
    buf_reset(&out);
    is_int(bundle_write_sums(&b, &out, &e), 0, "SHA256SUMS is written");
    is_str(buf_c(&out), D64 "  cco-bundle.json\n" D64 "  cco\n" D64 "  image.tar\n",
           "the sums have the form that sha256sum reads");
    ok(bundle_sums_match(&b, buf_str(&out)), "the sums match their own text");
    ok(!bundle_sums_match(&b, str_n(buf_data(&out), out.len - 1)) &&
           !bundle_sums_match(&b, str_c("")),
       "sums that were cut off do not match");
    buf_release(&out);
    buf_init(&out, 100);
    ok(bundle_write(&b, 0, &out, &e) < 0 && e.kind == ERR_LIMIT,
       "a manifest past the buffer's maximum is an error: %s", e.text);
    buf_release(&out);
}

/* Flips every bit of a valid manifest, and cuts it at every byte. */
static void mutations(void)
{
    size_t len = strlen(GOOD);
    char *copy = malloc(len);
    struct bundle b;
    struct err e;
    unsigned wrong = 0;

    for (size_t i = 0; copy != NULL && i < len * 8; i++) {
        struct arena own = {0};

        memcpy(copy, GOOD, len);
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
        e = (struct err){0};
        if (bundle_read(str_n(copy, len), &own, &b, &e) == 0) {
            wrong += strncmp(b.tag + 4, b.digest, 12) == 0 && strlen(b.inputs) == 64 ? 0U : 1U;
        }
        wrong += bundle_read(str_n(copy, i / 8), &own, &b, &e) < 0 ? 0U : 1U;
        arena_release(&own);
    }
    free(copy);
    is_int(wrong, 0, "flipped bits and truncations are refused, or give a valid manifest");
}

static void valid_manifest_is_read(void)
{
    struct bundle b;
    struct err e;

    ok(read_it(str_c(GOOD), &b, &e) == 0 && b.claude == NULL, "a valid manifest is read %s",
       e.text);
}

int main(void)
{
    valid_manifest_is_read();
    malformed_manifests_are_refused();
    writing_and_reading_gives_the_same();
    mutations();
    arena_release(&arena);
    return done_testing();
}
