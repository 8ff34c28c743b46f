/* SPDX-License-Identifier: MIT */
#include "wire/npm_metadata.h"

#include "base/buf.h"
#include "tap.h"

#define CLAUDE "@anthropic-ai/claude-code"
#define INTEGRITY                                                                              \
    "sha512-zOHw8NxxXYinL4vNrkdFfTUAri9Jdl2wIAFAmwUJW4M1cTxbhKLHND2VldySIFIpuTtPONyRmHtxU88mL" \
    "vde9Q=="
#define SIGNATURE                                                                              \
    "MEUCIEj1owBPiLzNMHX89FPMiEKFzob7CRPkh1FRNGxrhyyIAiEA7kZ4JLJU0B4Nn3XWyuyv7WYa+PDgGkY8H1b"  \
    "B5XqrM8o="
#define KEY_ID "SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U"
#define TARBALL "https://registry.npmjs.org/a/-/a.tgz"
#define SIGNED(id, sig) "{\"keyid\":\"" id "\",\"sig\":\"" sig "\"}"
#define DOCUMENT(version, tarball, integrity, signatures)                                      \
    "{\"dist-tags\":{\"latest\":\"" version "\"},\"versions\":{\"" version                     \
    "\":{\"dist\":{\"tarball\":\"" tarball "\",\"integrity\":\"" integrity                     \
    "\",\"signatures\":[" signatures "]}}}}"

static struct arena arena;

static int find(const char *text, const char *wanted, struct npm_version *out, struct err *e)
{
    const struct npm_wanted w = {.name = CLAUDE, .version = wanted, .key = &npm_key};

    err_reset(e);
    return npm_metadata_find(str_c(text), &w, &arena, out, e);
}

static void signature_is(const char *text, enum npm_signature want, const char *name)
{
    struct npm_version v = {0};
    struct err e = {0};

    ok(find(text, NULL, &v, &e) == 0 && v.signature == want, "%s", name);
}

/* registry.npmjs.org publishes this signature for this version of claude. */
static void signature_of_the_registry_is_verified(void)
{
    struct npm_version v = {0};
    struct err e = {0};

    ok(find(DOCUMENT("2.1.94", TARBALL, INTEGRITY, SIGNED(KEY_ID, SIGNATURE)), NULL, &v, &e) ==
               0 &&
           v.signature == NPM_SIGNATURE_VALID,
       "the signature that the registry publishes is valid with the pinned key");
    is_str(v.version, "2.1.94", "the latest version is found");
    is_str(v.tarball, TARBALL, "its address is returned");
    is_mem(v.sha512, 4, "\xcc\xe1\xf0\xf0", 4, "its digest is decoded");
    signature_is(DOCUMENT("2.1.95", TARBALL, INTEGRITY, SIGNED(KEY_ID, SIGNATURE)),
                 NPM_SIGNATURE_INVALID, "the signature does not hold for another version");
    signature_is(DOCUMENT("2.1.94", TARBALL, INTEGRITY " sha512-x", SIGNED(KEY_ID, SIGNATURE)),
                 NPM_SIGNATURE_INVALID, "the signature does not hold for another integrity");
    signature_is(DOCUMENT("2.1.94", TARBALL, INTEGRITY, SIGNED(KEY_ID, "AAAA")),
                 NPM_SIGNATURE_INVALID, "a signature that is not DER is invalid");
    signature_is(DOCUMENT("2.1.94", TARBALL, INTEGRITY, SIGNED(KEY_ID, "!")),
                 NPM_SIGNATURE_INVALID, "a signature that is not base64 is invalid");
    signature_is(DOCUMENT("2.1.94", TARBALL, INTEGRITY, ""), NPM_SIGNATURE_NONE,
                 "a missing signature is noticed");
    signature_is(DOCUMENT("2.1.94", TARBALL, INTEGRITY, "7,{},{\"keyid\":7,\"sig\":\"\"}"),
                 NPM_SIGNATURE_NONE, "what is not a signature does not count");
    ok(find(DOCUMENT("2.1.94", TARBALL, INTEGRITY, SIGNED("SHA256:new", SIGNATURE)), NULL, &v,
            &e) == 0 &&
           v.signature == NPM_SIGNATURE_OTHER && strcmp(v.key_id, "SHA256:new") == 0,
       "the key of a signature that is not pinned is named");
    signature_is(DOCUMENT("2.1.94", TARBALL, INTEGRITY,
                          SIGNED("SHA256:new", "AAAA") "," SIGNED(KEY_ID, SIGNATURE)),
                 NPM_SIGNATURE_VALID, "a second signature by the pinned key is found");
}

static void versions_are_chosen(void)
{
    static const char two[] =
        "{\"dist-tags\":{\"latest\":\"2.0.0\"},\"versions\":{\"1.0.0\":{\"dist\":{\"tarball\":"
        "\"https://r.example/1\",\"integrity\":\"sha1-AAAA " INTEGRITY "?x\"}},"
        "\"2.0.0\":{\"dist\":{\"tarball\":\"https://r.example/2\",\"integrity\":\"" INTEGRITY
        "\"}}}}";
    struct npm_version v = {0};
    struct err e = {0};

    ok(find(two, NULL, &v, &e) == 0 && strcmp(v.tarball, "https://r.example/2") == 0,
       "without a wish the latest version is chosen");
    ok(find(two, "1.0.0", &v, &e) == 0 && strcmp(v.tarball, "https://r.example/1") == 0,
       "a version can be chosen, and other digests are skipped");
    ok(find(two, "3.0.0", &v, &e) < 0 && e.kind == ERR_NOT_FOUND, "%s", e.text);
}

static void unusable_documents_are_refused(void)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"dist-tags\":{\"latest\":\"../../x\"},\"versions\":{\"../../x\":{}}}",
        "{\"dist-tags\":{\"latest\":\"1.0.0\"},\"versions\":{\"1.0.0\":{}}}",
        DOCUMENT("1.0.0", "file:///etc/passwd", INTEGRITY, ""),
        DOCUMENT("1.0.0", TARBALL, "", ""),
        DOCUMENT("1.0.0", TARBALL, "sha512-AAAA", ""),
        DOCUMENT("1.0.0", TARBALL, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ""),
        DOCUMENT("1.0", TARBALL, INTEGRITY, ""),
    };
    struct npm_version v = {0};
    struct err e = {0};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        ok(find(texts[i], NULL, &v, &e) < 0 && e.kind == ERR_FORMAT, "refused: %s", e.text);
    }
    ok(v.version == NULL, "nothing is returned of them");
}

/* Every truncation and every bit flip is accepted or refused, but never as validly signed. */
static void changed_documents_are_never_validly_signed(void)
{
    static const char good[] =
        DOCUMENT("2.1.94", TARBALL, INTEGRITY, SIGNED(KEY_ID, SIGNATURE));
    char copy[sizeof(good)];
    struct npm_version v = {0};
    struct err e = {0};
    bool never = true;

    for (size_t at = 0; at + 1 < sizeof(good); at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(copy, good, sizeof(good));
            copy[at] = (char)(copy[at] ^ (char)(1U << bit));
            v = (struct npm_version){0};
            never =
                never && (find(copy, NULL, &v, &e) < 0 || v.signature != NPM_SIGNATURE_VALID ||
                          (strcmp(v.version, "2.1.94") == 0 &&
                           memcmp(v.sha512, "\xcc\xe1\xf0\xf0", 4) == 0));
        }
    }
    ok(never, "a signed document with one bit flipped names the same package or is not valid");
}

int main(void)
{
    signature_of_the_registry_is_verified();
    versions_are_chosen();
    unusable_documents_are_refused();
    changed_documents_are_never_validly_signed();
    arena_release(&arena);
    return done_testing();
}
