/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "image_tar.h"
#include "tap.h"

#define IMAGE                                                                                  \
    FAKE_JSON("200 OK",                                                                        \
              "{\"Id\":\"sha256:1\",\"Architecture\":\"amd64\",\"Size\":100,\"Config\":{"      \
              "\"Labels\":{\"cco.inputs\":\"" E64 "\",\"cco.digest\":\"%s\"}}}")

static char image[500];
static char saved[300];

/* Finds the digest of the image that a session here would use, with a dry run. */
static void learn_digest(char digest[65])
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
        FAKE_END};
    struct fake f;
    const char *at;

    cli_engine(&f, rules);
    (void)cli("--dry-run", NULL);
    fake_stop(&f);
    at = strstr(get_file(in_tmp("out")), "\"digest\": \"");
    if (at == NULL) {
        abort();
    }
    (void)snprintf(digest, 65, "%.64s", at + 11);
}

static void engine_saves(const char *digest, const char *tag)
{
    char manifest[300];
    char config[400];
    const struct piece p[] = {{TAR_FILE, "manifest.json", manifest},
                              {TAR_FILE, CONFIG_NAME, config},
                              {TAR_FILE, NULL, NULL}};
    struct buf tar;
    struct buf out;
    struct err e = {0};

    (void)snprintf(manifest, sizeof(manifest), MANIFEST("\"%s\""), tag);
    (void)snprintf(config, sizeof(config), CONFIG("amd64", "%s"), digest);
    put_pieces(p, &tar);
    buf_init(&out, 1 << 20);
    (void)buf_addf(&out, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", tar.len);
    (void)buf_add_str(&out, buf_str(&tar));
    (void)snprintf(saved, sizeof(saved), "@%s", in_tmp("reply"));
    (void)unlink(saved + 1);
    ok(file_write_new(saved + 1, buf_str(&out), 0600, &e) == 0,
       "the engine's image is written %s", e.text);
    buf_release(&tar);
    buf_release(&out);
}

static bool no_leftovers(void)
{
    return system("ls -A \"$T\" | grep -q tmp") != 0;
}

static void files(void)
{
    is_int(cli("image", "save", in_tmp("home/b.tar"), NULL), 0, "a bundle is saved in a file");
    ok(cli_out("b.tar") && cli_out("cco 0"), "the bundle is described: %s",
       get_file(in_tmp("out")));
    ok(system("cd \"$T\" && mkdir x && tar -C x -xf b.tar && cd x && "
              "sha256sum --quiet -c SHA256SUMS && test -x cco") == 0,
       "the checksums in the bundle are right");
    ok(no_leftovers(), "no temporary file is left");
    is_int(cli("image", "save", "-", NULL), 0, "a bundle is saved on standard output");
    ok(system("cmp \"$T/b.tar\" \"$T/../out\"") == 0, "the bytes are the same");
    ok(mkfifo(in_tmp("home/fifo"), 0600) == 0, "a FIFO is made");
    is_int(cli("image", "save", in_tmp("home/fifo"), NULL), 2,
           "a FIFO is refused as the target");
    ok(cli_err("not a regular file") && !file_is_regular(in_tmp("home/fifo")),
       "the FIFO stays");
    is_int(cli("image", "save", in_tmp("none/b.tar"), NULL), 2,
           "a missing directory is an error");
    is_int(cli("image", "save", NULL), 2, "the file must be named");
}

static void failures(const struct fake_rule *rules, const char *tag)
{
    static const struct fake_rule none[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
        FAKE_END};
    struct fake f;

    engine_saves(D64, tag);
    cli_engine(&f, rules);
    is_int(cli("image", "save", in_tmp("home/c.tar"), NULL), 125,
           "it is an error if the engine sends another image");
    ok(cli_err("labels that the bundle states") && access(in_tmp("home/c.tar"), F_OK) < 0 &&
           no_leftovers(),
       "no file is left");
    put_file(in_tmp("home/b.tar"), "old");
    is_int(cli("image", "save", in_tmp("home/b.tar"), NULL), 125,
           "a failed save over an existing file is an error");
    is_str(get_file(in_tmp("home/b.tar")), "old", "the existing file stays");
    fake_stop(&f);
    cli_engine(&f, none);
    is_int(cli("image", "save", in_tmp("home/c.tar"), NULL), 125,
           "a missing image is an error");
    ok(cli_err("cco image build"), "the hint names the command that builds it");
    fake_stop(&f);
}

int main(void)
{
    char digest[65];
    char tag[20];
    char get[80];
    const struct fake_rule rules[] = {CLI_PING,
                                      CLI_INFO,
                                      {get, saved, false},
                                      {"GET /v1.41/images/cco%3A", image, false},
                                      FAKE_END};
    struct fake f;

    cli_setup();
    (void)setenv("T", in_tmp("home"), 1);
    learn_digest(digest);
    (void)snprintf(tag, sizeof(tag), "cco:%.12s", digest);
    (void)snprintf(get, sizeof(get), "GET /v1.41/images/cco%%3A%.12s/get", digest);
    (void)snprintf(image, sizeof(image), IMAGE, digest);
    engine_saves(digest, tag);
    cli_engine(&f, rules);
    files();
    fake_stop(&f);
    failures(rules, tag);
    tmpdir_remove();
    return done_testing();
}
