/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "bundle.h"
#include "cli.h"
#include "tap.h"

#define IMAGE(id, digest)                                                                      \
    FAKE_JSON("200 OK",                                                                        \
              "{\"Id\":\"sha256:" id "\",\"Size\":2034000000,\"Config\":{\"Labels\":{"         \
              "\"cco.inputs\":\"" E64 "\",\"cco.digest\":\"" digest "\"}}}")
#define CREATED "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static void put_bundle(const char *path)
{
    static const struct piece image[] = {{TAR_FILE, "manifest.json", MANIFEST("\"" TAG "\"")},
                                         {TAR_FILE, CONFIG_NAME, CONFIG("amd64", D64)},
                                         {TAR_FILE, NULL, NULL}};
    struct bundle b = {.cco = "0.0.9",
                       .arch = "amd64",
                       .tag = TAG,
                       .digest = D64,
                       .inputs = E64,
                       .id = "sha256:1",
                       .packages = "jq",
                       .claude = "2.1.7"};
    struct buf texts[BUNDLE_PARTS];
    struct buf out;
    struct tar_w t;
    struct err e = {0};

    buf_init(&texts[BUNDLE_MANIFEST], 1 << 20);
    buf_init(&texts[BUNDLE_SUMS], 1 << 20);
    buf_init(&texts[BUNDLE_CCO], 1 << 20);
    put_pieces(image, &texts[BUNDLE_IMAGE]);
    (void)buf_add_c(&texts[BUNDLE_CCO], "program");
    sum_of(buf_str(&texts[BUNDLE_CCO]), &b.files[BUNDLE_CCO]);
    sum_of(buf_str(&texts[BUNDLE_IMAGE]), &b.files[BUNDLE_IMAGE]);
    (void)bundle_write(&b, 0, &texts[BUNDLE_MANIFEST], &e);
    sum_of(buf_str(&texts[BUNDLE_MANIFEST]), &b.files[BUNDLE_MANIFEST]);
    (void)bundle_write_sums(&b, &texts[BUNDLE_SUMS], &e);
    buf_init(&out, 1 << 20);
    tar_w_init(&t, &out);
    for (int i = 0; i < BUNDLE_PARTS; i++) {
        put_entry(&t, TAR_FILE, bundle_names[i], buf_str(&texts[i]));
        buf_release(&texts[i]);
    }
    (void)tar_w_end(&t, &e);
    ok(file_write_new(path, buf_str(&out), 0600, &e) == 0, "a bundle is written %s", e.text);
    buf_release(&out);
}

#define LOADS                                                                                  \
    {                                                                                          \
        "POST /v1.41/images/load", FAKE_JSON("200 OK", "{\"stream\":\"Loaded image: x\"}"),    \
            false                                                                              \
    }

static void good(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/cco%3A0123456789ab/json", IMAGE("0123456789abcd", D64), false},
        {"POST /v1.41/images/cco%3A0123456789ab/tag", CREATED, false},
        {"DELETE /v1.41/images/cco%3Aold-0123456789ab", FAKE_JSON("200 OK", "[]"), false},
        LOADS,
        FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("image", "load", in_tmp("home/b.tar"), NULL), 0, "a bundle is loaded");
    ok(cli_out(TAG "  2.0 GB  Claude Code 2.1.7, packages: jq"), "the image is described: %s",
       get_file(in_tmp("out")));
    ok(cli_out("would use another image"),
       "the output says that sessions here use another image");
    ok(fake_saw(&f, "/tag?repo=cco&tag=loaded-f123456789ab"),
       "the image gets a tag with the hash of its inputs");
    ok(fake_saw(&f, "/tag?repo=cco&tag=old-0123456789ab") &&
           fake_saw(&f, "DELETE /v1.41/images/cco%3Aold-0123456789ab"),
       "the old tag is removed, because the image is the same");
    fake_stop(&f);
}

static void replaced(void)
{
    static const struct fake_rule refusing[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/cco%3A0123456789ab/json", IMAGE("0123456789abcd", D64), false},
        {"POST /v1.41/images/", CREATED, false},
        FAKE_END};
    static const struct fake_rule told[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/cco%3A0123456789ab/json", IMAGE("0123456789abcd", D64), false},
        {"POST /v1.41/images/load",
         FAKE_JSON("200 OK", "{\"errorDetail\":{\"message\":\"invalid diffID\"}}"), false},
        {"POST /v1.41/images/", CREATED, false},
        {"DELETE /v1.41/images/", FAKE_JSON("200 OK", "[]"), false},
        FAKE_END};
    static const struct fake_rule vanishing[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
        LOADS,
        FAKE_END};
    struct fake f;

    cli_engine(&f, told);
    is_int(cli("image", "load", in_tmp("home/b.tar"), NULL), 125,
           "an error of the engine is an error");
    ok(cli_err("invalid diffID"), "the message has the engine's reason");
    ok(fake_saw(&f, "POST /v1.41/images/cco%3Aold-0123456789ab/tag?repo=cco&tag=0123456789ab"),
       "the image that had the tag gets it back");
    fake_stop(&f);
    cli_engine(&f, vanishing);
    is_int(cli("image", "load", in_tmp("home/b.tar"), NULL), 125,
           "it is an error if the engine does not have the image");
    ok(cli_err("does not have"), "the message says that the image is missing");
    fake_stop(&f);
    cli_engine(&f, refusing);
    put_file(in_tmp("home/text"), "hello");
    is_int(cli("image", "load", in_tmp("home/text"), NULL), 125,
           "a file that is not a bundle is refused");
    is_int(cli("image", "load", "-", NULL), 125, "an empty standard input is refused");
    ok(cli_err("standard input") && cli_err("empty"), "the message says that it is empty");
    is_int(cli("image", "load", in_tmp("home/none"), NULL), 2, "a missing file is an error");
    is_int(cli("image", "load", in_tmp("home"), NULL), 2, "so is a directory");
    ok(cli_err("/home: Is a directory"), "which the message names: %s",
       get_file(in_tmp("err")));
    ok(!fake_saw(&f, "/images/load"), "the engine gets nothing of these");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    put_bundle(in_tmp("home/b.tar"));
    good();
    replaced();
    tmpdir_remove();
    return done_testing();
}
